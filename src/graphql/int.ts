/** The greatest number that GraphQL's Int holds; durations and ages stop there. */
export const MAX_INT = 2_147_483_647;

/** A number of milliseconds as GraphQL's Int can hold it. */
export function asInt(ms: number): number;
export function asInt(ms: number | null): number | null;
export function asInt(ms: number | null): number | null {
  return ms === null ? null : Math.min(MAX_INT, Math.ceil(ms));
}

/** Whether a value of a variable is one that GraphQL takes for an Int: an integer of 32 bits. */
export function isInt(value: unknown): value is number {
  return typeof value === 'number' && (value | 0) === value;
}
