/** Why there is no answer. */
export class AskError extends Error {
  /** Of the gateway's error codes; `UNREACHABLE` and `UNREADABLE` where it gave none, `CHANGING` where its answers do not fit. */
  readonly code: string;
  readonly requestId: string | null;
  /** When it may help to ask again; null if that is not known. Unit: ms. */
  readonly retryAfterMs: number | null;

  constructor(code: string, message: string, requestId: string | null = null, retryAfterMs: number | null = null) {
    super(message);
    this.code = code;
    this.requestId = requestId;
    this.retryAfterMs = retryAfterMs;
  }
}
