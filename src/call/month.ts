import { Temporal } from 'temporal-polyfill';

declare const callMonth: unique symbol;

/** A month as `YYYY-MM`, in the upstream's time zone. It selects the upstream's table. Texts sort as months do. */
export type CallMonth = string & { readonly [callMonth]: true };

/** Returns the month of a text, or null if it is not `YYYY-MM` with a month from 01 to 12. */
export function parseCallMonth(text: string): CallMonth | null {
  return /^\d{4}-(0[1-9]|1[0-2])$/.test(text) ? (text as CallMonth) : null;
}

/** Returns the month of an instant (ms since 1970-01-01 UTC) in a time zone (IANA name). */
export function monthOf(instantMs: number, timeZone: string): CallMonth {
  const inUtc = new Date(instantMs).toISOString().slice(0, 7) as CallMonth; // no zone is more than a day away
  const { startsAt, endsAt } = monthBounds(inUtc, timeZone);
  if (instantMs < startsAt) return addMonths(inUtc, -1);
  return instantMs < endsAt ? inUtc : addMonths(inUtc, 1);
}

/** The instants of a month. Unit: ms since 1970-01-01 UTC. */
interface MonthSpan {
  /** The first instant of the month, and the first after it. */
  readonly startsAt: number;
  readonly endsAt: number;
  /** Noon of the 15th. */
  readonly middle: number;
}

/** By zone and month: calendars are slow to ask, and nearly all questions are about a few months. */
const spans = new Map<string, MonthSpan>();
const MAX_SPANS = 2_400;

function spanOf(month: CallMonth, timeZone: string): MonthSpan {
  const name = `${timeZone} ${month}`;
  const cached = spans.get(name);
  if (cached) return cached;
  const instantOf = (local: Temporal.PlainDateTime): number => local.toZonedDateTime(timeZone).epochMilliseconds;
  const first = Temporal.PlainYearMonth.from(month).toPlainDate({ day: 1 }).toPlainDateTime();
  const span = {
    startsAt: instantOf(first),
    endsAt: instantOf(first.add({ months: 1 })),
    middle: instantOf(first.with({ day: 15, hour: 12 })),
  };
  if (spans.size >= MAX_SPANS) spans.clear();
  spans.set(name, span);
  return span;
}

/** Returns the month that many months later, or earlier if negative. */
export function addMonths(month: CallMonth, months: number): CallMonth {
  return Temporal.PlainYearMonth.from(month).add({ months }).toString() as CallMonth;
}

/** Returns the first instant of a month, and the first after it. Unit: ms since 1970-01-01 UTC. */
export function monthBounds(month: CallMonth, timeZone: string): Readonly<{ startsAt: number; endsAt: number }> {
  return spanOf(month, timeZone);
}

/**
 * Returns the instant sent as `logDate` for a month, so that all requests for it are identical: noon of its 15th, or the
 * current hour if that noon lies in the future. Always inside the month. Unit: ms since 1970-01-01 UTC.
 */
export function canonicalLogDate(month: CallMonth, timeZone: string, now: number): number {
  const { startsAt, middle } = spanOf(month, timeZone);
  return middle <= now ? middle : Math.max(startsAt, now - (now % HOUR_MS));
}

const HOUR_MS = 3_600_000;
