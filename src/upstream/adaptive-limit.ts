/**
 * How many requests the contact centre takes well at once. It hears of no other failures than those for lack of capacity:
 * a firewall that refuses, say, is quick, and would make good answers look slow.
 */
export interface ConcurrencyLimit {
  readonly value: number;
  /** A request was answered well, after so long. Unit: ms. */
  answered(latencyMs: number): void;
  /** A request failed as it does where there is too much at once: no answer in time, 429, 5xx, or no connection. */
  overloaded(): void;
}

/** Returns a limit that stays as it is. */
export function fixedLimit(value: number): ConcurrencyLimit {
  return { value, answered: () => undefined, overloaded: () => undefined };
}

/** Answers are judged together, a round at a time, for single ones scatter: as many as may be under way, but at least … */
const MIN_ROUND = 5;
/** A mean time so many times the usual one is a sign of too much at once; … */
const SLOW_FACTOR = 2;
/** … so is a larger share of failures for lack of capacity. */
const TOLERATED_SHARE = 0.1;
/** What is left of the limit after such a sign. */
const SHRINK = 0.7;
/** How far the usual time follows each round: quickly down, slowly up, so that a slow spell does not become usual. */
const FOLLOW_DOWN = 0.3;
const FOLLOW_UP = 0.02;

/**
 * Returns a limit between 1 and `max` that shrinks by a third after a round of answers that took twice their usual time
 * or failed for lack of capacity, and grows by one after a good one.
 */
export function adaptiveLimit(max: number): ConcurrencyLimit {
  let limit = max;
  let usualMs: number | undefined;
  let good = { count: 0, totalMs: 0 };
  let overloads = 0;

  return {
    get value() {
      return Math.max(1, Math.floor(limit));
    },
    answered(latencyMs) {
      good = { count: good.count + 1, totalMs: good.totalMs + latencyMs };
      endRoundIfFull();
    },
    overloaded() {
      overloads += 1;
      endRoundIfFull();
    },
  };

  function endRoundIfFull(): void {
    if (good.count + overloads < Math.max(MIN_ROUND, limit)) return;
    const meanMs = good.count > 0 ? good.totalMs / good.count : undefined;
    const slow = meanMs !== undefined && usualMs !== undefined && meanMs > usualMs * SLOW_FACTOR;
    const short = overloads > (good.count + overloads) * TOLERATED_SHARE;
    limit = slow || short ? Math.max(1, limit * SHRINK) : Math.min(max, limit + 1);
    if (meanMs !== undefined) follow(meanMs);
    good = { count: 0, totalMs: 0 };
    overloads = 0;
  }

  function follow(meanMs: number): void {
    usualMs ??= meanMs;
    usualMs += (meanMs - usualMs) * (meanMs < usualMs ? FOLLOW_DOWN : FOLLOW_UP);
  }
}
