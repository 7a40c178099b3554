import type { RateLimiter, Taken } from './rate-limit.js';

/** A caller has no points left, or an address has tried too many credentials. */
export class RateLimitedError extends Error {
  override readonly name = 'RateLimitedError';
  /** When it may help to ask again. Unit: ms from now. */
  readonly retryAfterMs: number;
  /** Whether points ran out, or an address has tried too many credentials. For metrics and the log. */
  readonly reason: 'rate_limited' | 'guessing';

  constructor(message: string, retryAfterMs: number, reason: 'rate_limited' | 'guessing' = 'rate_limited') {
    super(message);
    this.retryAfterMs = retryAfterMs;
    this.reason = reason;
  }
}

/**
 * The refusal of a caller who has too few points left. `alreadySpent`: points that this request spent before, which
 * belong to what it costs. Unit: points.
 */
export function createPointsError(taken: Taken, alreadySpent = 0): RateLimitedError {
  const [cost, left] = [taken.cost + alreadySpent, taken.remaining + alreadySpent];
  return new RateLimitedError(
    `This costs ${cost} of the ${taken.limit} points that you have per minute, and ${left} are left: ask for less, or later.`,
    taken.retryAfterMs,
  );
}

/**
 * The message for an operation that costs more than all points of a window; null if it can be paid. Such an operation is
 * refused for good, since waiting does not help. `cost`: of the whole operation. Unit: points.
 */
export function unaffordableMessage(cost: number, { limit }: Pick<RateLimiter, 'limit'>): string | null {
  return cost <= limit
    ? null
    : `This costs ${cost} points; a caller has ${limit} per minute, so at most ${limit} can be spent on one operation.`;
}

/** Returns what a `Retry-After` header says. `ms`: when it may help to ask again, from now. */
export function retryAfterSeconds(ms: number): string {
  return String(Math.ceil(ms / 1000));
}
