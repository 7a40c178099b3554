/** Lots that a seed decides. */
export interface Lot {
  /** A whole number from 0 to below the limit. */
  below(limit: number): number;
  pick<T>(some: readonly T[]): T;
  /** The same in another order. */
  shuffle<T>(some: readonly T[]): T[];
}

/** Returns lots drawn by mulberry32. */
export function createLot(seed: number): Lot {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    pick: (some) => some[below(some.length)] as (typeof some)[number],
    shuffle: (some) =>
      some
        .map((one) => ({ one, at: next() }))
        .sort((a, b) => a.at - b.at)
        .map(({ one }) => one),
  };
}
