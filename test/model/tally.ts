/** Counts what was met: a property that never met a stale answer says nothing about them. */
export interface Tally {
  count(what: string, times?: number): void;
  readonly counts: Readonly<Record<string, number>>;
}

/** Nothing counted yet. */
export function createTally(): Tally {
  const counts: Record<string, number> = {};
  return {
    counts,
    count(what, times = 1) {
      counts[what] = (counts[what] ?? 0) + times;
    },
  };
}
