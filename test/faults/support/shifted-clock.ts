import type { Clock } from '../../../src/call/clock.js';

/** The clocks of this machine, as they would be on another one. */
export interface ShiftedClock extends Clock {
  /** So much time passes on both clocks. Timers of this process do not notice. */
  advance(ms: number): void;
  /** Somebody sets the wall clock: so far ahead of the right time, or behind it if negative. Unit: ms. */
  setWallAhead(ms: number): void;
}

/** Returns clocks that go on as those of this machine do, right at first. */
export function createShiftedClock(): ShiftedClock {
  const { now } = Date;
  let passed = 0;
  let ahead = 0;
  return {
    wall: () => now() + passed + ahead,
    monotonic: () => performance.now() + passed,
    advance: (ms) => void (passed += ms),
    setWallAhead: (ms) => void (ahead = ms),
  };
}
