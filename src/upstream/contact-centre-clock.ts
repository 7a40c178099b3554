import type { Clock } from '../call/clock.js';
import { EARLIEST_AT } from '../call/instant.js';
import type { Log } from './operator-log.js';

/** When a request was sent, by both of our clocks. */
export interface SentAt {
  readonly monotonic: number;
  readonly wall: number;
}

/** The contact centre's clock, as far as its replies tell it. */
export interface ContactCentreClock {
  /** What it shows now; our wall clock until a reply has told the time. Unit: ms since 1970-01-01 UTC. */
  readonly now: () => number;
  /**
   * Takes note of the `Date` of a reply whose headers have just come (null: it has none). A time more than a minute off
   * from what was told before is believed once the next reply tells it, too. Returns what the contact
   * centre's clock showed when the request was sent. Unit: ms since 1970-01-01 UTC.
   */
  heard(date: string | null, sentAt: SentAt): number;
  /** How far our wall clock is ahead of it; negative: behind; null until it has told the time. Unit: ms. */
  readonly aheadMs: number | null;
}

/** `Date` counts whole seconds: the true time lies in the second that it names. Unit: ms. */
const RESOLUTION_MS = 1_000;
/** A greater difference is worth a line: signatures hold the time, and may be refused. Unit: ms. */
const TOLERATED_MS = 60_000;

/**
 * Returns the clock of a contact centre. It is kept as an offset to our monotonic clock: the reply tells its time D after
 * the request was sent (s) and before the headers came (r), so the offset lies between D − r and D + 1 s − s.
 */
export function createContactCentreClock(clock: Clock, log: Log): ContactCentreClock {
  let offset: number | null = null;
  /** What the last reply told, if it told quite another time than those before: one alone may be anybody's mistake. */
  let doubted: number | null = null;
  let isTolerated = true;

  return {
    // In whole milliseconds, which monotonic clocks do not count in.
    now: () => Math.round(offset === null ? clock.wall() : clock.monotonic() + offset),
    heard(date, sentAt) {
      const time = date === null ? NaN : Date.parse(date);
      if (time >= EARLIEST_AT) {
        const least = time - clock.monotonic();
        const most = time + RESOLUTION_MS - sentAt.monotonic;
        const isJump = offset !== null && !isNear(least, offset);
        const isBelieved = !isJump || (doubted !== null && isNear(least, doubted));
        doubted = isBelieved ? null : least;
        if (isBelieved) offset = Math.min(most, Math.max(least, offset ?? least));
        compare(clock.wall() - clock.monotonic() - (offset ?? least));
      }
      return Math.round(offset === null ? sentAt.wall : sentAt.monotonic + offset);
    },
    get aheadMs() {
      return offset === null ? null : clock.wall() - clock.monotonic() - offset;
    },
  };

  function isNear(a: number, b: number): boolean {
    return Math.abs(a - b) <= TOLERATED_MS;
  }

  function compare(aheadMs: number): void {
    const fits = Math.abs(aheadMs) <= TOLERATED_MS;
    if (fits === isTolerated) return;
    isTolerated = fits;
    const clockAheadMs = Math.round(aheadMs);
    if (fits) log.info({ clockAheadMs }, 'our clock and that of the contact centre agree again');
    else log.warn({ clockAheadMs }, 'our clock and that of the contact centre differ by more than a minute');
  }
}
