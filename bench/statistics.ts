/** The middle of some values; of an even number, the mean of the two in the middle. NaN if there are none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2;
}

/** Some measurements of the same thing. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Median, least and greatest of some values, of which there is at least one. */
export function spread(values: readonly number[]): Spread {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

/** The values between which the median of what was measured lies with 95 % certainty. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** How seldom the true median may lie below the interval, and as seldom above it. */
const TAIL = 0.025;

/**
 * The 95 % interval of a median, whatever the distribution: the k-th least and k-th greatest of n values, with the
 * greatest k at which fewer than k of n throws of a coin fall on one side at most in 2.5 % of cases. Null for fewer than
 * six values, of which none is as certain as that.
 */
export function medianInterval(values: readonly number[]): Interval | null {
  const sorted = [...values].sort((a, b) => a - b);
  const count = sorted.length;
  let rank = 0;
  let throws = 0.5 ** count; // the chance of exactly `rank` of them
  for (let chance = throws; chance <= TAIL && rank < count; chance += throws) {
    throws *= (count - rank) / (rank + 1);
    rank += 1;
  }
  const [low, high] = [sorted[rank - 1], sorted[count - rank]];
  return low === undefined || high === undefined ? null : { low, high };
}
