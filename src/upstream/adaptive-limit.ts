/** How many requests the contact centre takes well at once. */
export interface ConcurrencyLimit {
  readonly value: number;
  /** A request ended: after so long, and whether it failed for lack of capacity. Unit: ms. */
  ended(latencyMs: number, overloaded: boolean): void;
}

/** Returns a limit that stays as it is. */
export function fixedLimit(value: number): ConcurrencyLimit {
  return { value, ended: () => undefined };
}

/** A latency so many times the usual one is a sign of too much at once. */
const SLOW_FACTOR = 2;
/** What is left of the limit after such a sign. */
const SHRINK = 0.7;
/** How far the usual latency follows each answer: quickly down, slowly up, so that a slow spell does not become usual. */
const FOLLOW_DOWN = 0.3;
const FOLLOW_UP = 0.01;

/**
 * Returns a limit between 1 and `max` that shrinks by a third when answers take twice their usual time or fail for lack
 * of capacity, at most once per round of answers, and grows by one per round of good ones.
 */
export function adaptiveLimit(max: number): ConcurrencyLimit {
  let limit = max;
  let usualMs: number | undefined;
  let untilShrink = 0;

  return {
    get value() {
      return Math.max(1, Math.floor(limit));
    },
    ended(latencyMs, overloaded) {
      untilShrink -= 1;
      const slow = usualMs !== undefined && latencyMs > usualMs * SLOW_FACTOR;
      if (!overloaded) follow(latencyMs);
      if (!overloaded && !slow) {
        limit = Math.min(max, limit + 1 / limit);
      } else if (untilShrink <= 0) {
        limit = Math.max(1, limit * SHRINK);
        untilShrink = Math.ceil(limit);
      }
    },
  };

  function follow(latencyMs: number): void {
    usualMs ??= latencyMs;
    usualMs += (latencyMs - usualMs) * (latencyMs < usualMs ? FOLLOW_DOWN : FOLLOW_UP);
  }
}
