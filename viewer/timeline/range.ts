/** A part of a call. Unit: ms since 1970-01-01 UTC. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** The shortest part that can be shown. Unit: ms. */
const SHORTEST_MS = 1_000;
/** Room on either side of what is zoomed to, by its length. */
const MARGIN = 0.15;

/** Where an instant lies in a range: 0 at its begin, 100 at its end. */
export function percentAt(range: Range, at: number): number {
  return ((at - range.from) / Math.max(1, range.to - range.from)) * 100;
}

/** Returns a range with its middle kept, longer by a factor, within the whole. Null: it is the whole. */
export function zoomed(range: Range, factor: number, whole: Range): Range | null {
  const half = Math.max(SHORTEST_MS, (range.to - range.from) * factor) / 2;
  const middle = (range.from + range.to) / 2;
  return within({ from: middle - half, to: middle + half }, whole);
}

/** Returns a range moved by a part of its length, as far as the whole goes. */
export function panned(range: Range, part: number, whole: Range): Range | null {
  const wanted = (range.to - range.from) * part;
  const by = Math.min(Math.max(wanted, whole.from - range.from), whole.to - range.to);
  return within({ from: range.from + by, to: range.to + by }, whole);
}

/** Returns the range that shows a part with some room about it. */
export function around(part: Range, whole: Range): Range | null {
  const room = Math.max(SHORTEST_MS / 2, (part.to - part.from) * MARGIN);
  return within({ from: part.from - room, to: part.to + room }, whole);
}

/** Returns a range cut at the ends of the whole, in whole ms; null if nothing is cut off the whole by it. */
export function within(range: Range, whole: Range): Range | null {
  const from = Math.max(whole.from, Math.round(range.from));
  const to = Math.min(whole.to, Math.round(range.to));
  if (to - from < 1 || (from <= whole.from && to >= whole.to)) return null;
  return { from, to };
}

/** Steps between ticks that read well. Unit: ms. */
const STEPS = [
  ...[100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000],
  ...[60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000],
  ...[3_600_000, 7_200_000, 14_400_000, 28_800_000, 86_400_000],
];

/** Returns the instants to mark in a range, counted from `origin`: at most so many. */
export function ticksOf(range: Range, origin: number, most: number): number[] {
  const length = range.to - range.from;
  const step = STEPS.find((one) => length / one <= most) ?? Math.ceil(length / most / 86_400_000) * 86_400_000;
  const ticks = [];
  for (let at = origin + Math.ceil((range.from - origin) / step) * step; at <= range.to; at += step) ticks.push(at);
  return ticks;
}
