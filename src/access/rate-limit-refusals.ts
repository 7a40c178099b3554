import type { RateLimiter, RateLimitResult } from './rate-limit.js';

/** A caller has no points left, or an address has sent too many wrong credentials. */
export class RateLimitedError extends Error {
  override readonly name = 'RateLimitedError';
  /** When the client may try again. Unit: ms from now. */
  readonly retryAfterMs: number;
  /** `rate_limited`: no points left; `guessing`: too many wrong credentials. For metrics and the log. */
  readonly reason: 'rate_limited' | 'guessing';

  constructor(message: string, retryAfterMs: number, reason: 'rate_limited' | 'guessing' = 'rate_limited') {
    super(message);
    this.retryAfterMs = Math.ceil(retryAfterMs);
    this.reason = reason;
  }
}

/**
 * Returns the error for a caller with too few points left. `alreadySpent`: points that this request has spent before, which
 * are part of its cost. Unit: points.
 */
export function createPointsError(taken: RateLimitResult, alreadySpent = 0): RateLimitedError {
  const [cost, left] = [taken.cost + alreadySpent, taken.remaining + alreadySpent];
  return new RateLimitedError(
    `This costs ${cost} of the ${taken.limit} points that you have per minute, and ${left} are left: ask for fewer calls, or try again later.`,
    taken.retryAfterMs,
  );
}

/**
 * Returns the message for an operation that costs more than all points of a window; null if it can be paid. Waiting does
 * not help such an operation. `cost`: of the whole operation. Unit: points.
 */
export function unaffordableMessage(cost: number, { limit }: Pick<RateLimiter, 'limit'>): string | null {
  return cost <= limit
    ? null
    : `This costs ${cost} points; a caller has ${limit} per minute, so at most ${limit} can be spent on one operation.`;
}

/** Returns the value of a `Retry-After` header. `ms`: when the client may try again, from now. */
export function retryAfterSeconds(ms: number): string {
  return String(Math.ceil(ms / 1000));
}
