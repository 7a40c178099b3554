/** Names one call, as `Query.call` does. */
export interface CallKey {
  readonly vdn: number;
  readonly callId: string;
  readonly month: string | null;
  readonly ccId: number | null;
}
