import type { Clock } from '../call/clock.js';
import { EARLIEST_AT } from '../call/instant.js';
import type { Log } from './operator-log.js';

/** The contact centre's clock, estimated from the `Date` headers of its replies. */
export type ContactCentreClock = ReturnType<typeof createContactCentreClock>;

/** `Date` counts whole seconds: the true time lies within that second. Unit: ms. */
const RESOLUTION_MS = 1_000;
/** A greater difference is logged: signatures hold the time, so the contact centre may refuse them. Unit: ms. */
const TOLERATED_MS = 60_000;

/**
 * Returns the clock of a contact centre, stored as an offset to our monotonic clock. A reply with time D was dated after
 * its request was sent (s) and before its headers arrived (r), so the offset lies between D − r and D + 1 s − s.
 */
export function createContactCentreClock(clock: Clock, log: Log) {
  let offset: number | null = null;
  /** The offset of the last reply: a very different time is accepted once two replies in a row agree on it. */
  let lastOffset = NaN;
  let isTolerated = true;

  return {
    /** The current time; that of our wall clock until a reply had a date. Unit: whole ms since 1970-01-01 UTC. */
    now: () => Math.round(clock.monotonic() + currentOffset()),
    /**
     * Records the `Date` of a reply whose headers have just arrived (null: no such header). The first date is accepted at
     * once; a date more than a minute off from the earlier ones is accepted when the next reply confirms it. Returns the
     * contact centre's time when the request was sent (`sentAt`, by the monotonic clock). Unit: whole ms since 1970-01-01 UTC.
     */
    observe(date: string | null, sentAt: number) {
      const time = Date.parse(date ?? '');
      if (time >= EARLIEST_AT) adjust(time - clock.monotonic(), time + RESOLUTION_MS - sentAt);
      return Math.round(sentAt + currentOffset());
    },
    /** How far our wall clock is ahead of this one; negative: behind; null until a reply had a date. Unit: ms. */
    get aheadMs() {
      return offset === null ? null : Math.round(clock.wall() - clock.monotonic() - offset);
    },
  };

  function currentOffset(): number {
    return offset ?? clock.wall() - clock.monotonic();
  }

  /** Moves the offset into the range of a reply. */
  function adjust(least: number, most: number): void {
    offset ??= least;
    const isConfirmed = isNear(least, offset) || isNear(least, lastOffset);
    lastOffset = least;
    if (isConfirmed) offset = Math.min(most, Math.max(least, offset));
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
