import type { Clock } from '../call/clock.js';
import { EARLIEST_AT } from '../call/instant.js';
import type { Log } from './operator-log.js';

/** The contact centre's clock, as far as its replies tell it. */
export type ContactCentreClock = ReturnType<typeof createContactCentreClock>;

/** `Date` counts whole seconds: the true time lies in the second that it names. Unit: ms. */
const RESOLUTION_MS = 1_000;
/** A greater difference is worth a line: signatures hold the time, and may be refused. Unit: ms. */
const TOLERATED_MS = 60_000;

/**
 * Returns the clock of a contact centre. It is kept as an offset to our monotonic clock: the reply tells its time D after
 * the request was sent (s) and before the headers came (r), so the offset lies between D − r and D + 1 s − s.
 */
export function createContactCentreClock(clock: Clock, log: Log) {
  let offset: number | null = null;
  /** What the last reply said: quite another time than before is believed if two say it, for one may be anybody's mistake. */
  let lastHeard = NaN;
  let isTolerated = true;

  return {
    /** What it shows now; our wall clock until a reply has said the time. Unit: whole ms since 1970-01-01 UTC. */
    now: () => Math.round(clock.monotonic() + theirs()),
    /**
     * Takes note of the `Date` of a reply whose headers have just come (null: it has none). The first is believed; a time
     * more than a minute off from what was said before, once the next reply says it, too. Returns what the contact centre's clock
     * showed when the request was sent (`sentAt`, by the monotonic clock). Unit: whole ms since 1970-01-01 UTC.
     */
    heard(date: string | null, sentAt: number) {
      const time = Date.parse(date ?? '');
      if (time >= EARLIEST_AT) learn(time - clock.monotonic(), time + RESOLUTION_MS - sentAt);
      return Math.round(sentAt + theirs());
    },
    /** How far our wall clock is ahead of it; negative: behind; null until it has said the time. Unit: ms. */
    get aheadMs() {
      return offset === null ? null : Math.round(clock.wall() - clock.monotonic() - offset);
    },
  };

  function theirs(): number {
    return offset ?? clock.wall() - clock.monotonic();
  }

  /** The offset lies between these two. */
  function learn(least: number, most: number): void {
    offset ??= least;
    const isBelieved = isNear(least, offset) || isNear(least, lastHeard);
    lastHeard = least;
    if (isBelieved) offset = Math.min(most, Math.max(least, offset));
    const aheadMs = clock.wall() - clock.monotonic() - offset;
    if (isNear(aheadMs, 0) === isTolerated) return;
    isTolerated = !isTolerated;
    const clockAheadMs = Math.round(aheadMs);
    if (isTolerated) log.info({ clockAheadMs }, 'our clock and that of the contact centre agree again');
    else log.warn({ clockAheadMs }, 'our clock and that of the contact centre differ by more than a minute');
  }
}

function isNear(a: number, b: number): boolean {
  return Math.abs(a - b) <= TOLERATED_MS;
}
