/** Compares our clock with the contact centre's: a signature holds the time, and a wrong one is refused. */
export interface ClockSkew {
  /** Takes note of a response's `Date` header. */
  note(date: string | null): void;
  /** How far we are ahead of the contact centre; negative: behind; null until it has told its time. Unit: ms. */
  readonly aheadMs: number | null;
}

/** More than this is worth a word: signatures may be refused. Unit: ms. */
const TOLERATED_MS = 60_000;

/** Returns a comparison; `onChange` is told when the clocks fall apart, and when they agree again. */
export function createClockSkew(now: () => number, onChange: (aheadMs: number, tolerated: boolean) => void): ClockSkew {
  let aheadMs: number | null = null;
  let tolerated = true;
  return {
    note(date) {
      const theirs = date === null ? NaN : Date.parse(date);
      if (Number.isNaN(theirs)) return;
      aheadMs = now() - theirs;
      const fits = Math.abs(aheadMs) <= TOLERATED_MS;
      if (fits !== tolerated) onChange(aheadMs, fits);
      tolerated = fits;
    },
    get aheadMs() {
      return aheadMs;
    },
  };
}
