import { Temporal } from 'temporal-polyfill';

declare const callMonth: unique symbol;

/** A month as `YYYY-MM`, in the upstream's time zone: it chooses the upstream's table. Texts sort as months do. */
export type CallMonth = string & { readonly [callMonth]: true };

/** The month a text names, or null if it is not `YYYY-MM` with a month from 01 to 12. */
export function parseCallMonth(text: string): CallMonth | null {
  return /^\d{4}-(0[1-9]|1[0-2])$/.test(text) ? (text as CallMonth) : null;
}

/** The month in which an instant (ms since 1970-01-01 UTC) lies in a zone (IANA name). */
export function monthOf(instantMs: number, timeZone: string): CallMonth {
  for (const { month, startsAt, endsAt } of metSpans.get(timeZone) ?? []) {
    if (startsAt <= instantMs && instantMs < endsAt) return month;
  }
  const date = Temporal.Instant.fromEpochMilliseconds(instantMs).toZonedDateTimeISO(timeZone).toPlainDate();
  return spanOf(date.toPlainYearMonth().toString() as CallMonth, timeZone).month;
}

/** Where a month lies in a zone. Unit of all instants: ms since 1970-01-01 UTC. */
interface MonthSpan {
  readonly month: CallMonth;
  /** The first instant of the month, and the first after it. */
  readonly startsAt: number;
  readonly endsAt: number;
  /** Noon of the 15th. */
  readonly middle: number;
}

/** The months met last, by zone: calendars are slow to ask, and nearly all questions are about a few months. */
const metSpans = new Map<string, MonthSpan[]>();
const MAX_ZONES = 100;
const MAX_MONTHS = 24;

function spanOf(month: CallMonth, timeZone: string): MonthSpan {
  const met = metSpans.get(timeZone) ?? [];
  const known = met.find((span) => span.month === month);
  if (known) return known;
  const first = Temporal.PlainYearMonth.from(month).toPlainDate({ day: 1 }).toPlainDateTime();
  const span = {
    month,
    startsAt: instantOf(first, timeZone),
    endsAt: instantOf(first.add({ months: 1 }), timeZone),
    middle: instantOf(first.with({ day: 15, hour: 12 }), timeZone),
  };
  if (metSpans.size >= MAX_ZONES && !metSpans.has(timeZone)) metSpans.clear();
  metSpans.set(timeZone, [span, ...met.slice(0, MAX_MONTHS - 1)]);
  return span;
}

/** The month so many months later, or earlier if negative. */
export function addMonths(month: CallMonth, months: number): CallMonth {
  return Temporal.PlainYearMonth.from(month).add({ months }).toString() as CallMonth;
}

/** The first instant of a month, and the first after it. Unit: ms since 1970-01-01 UTC. */
export function monthBounds(month: CallMonth, timeZone: string): Readonly<{ startsAt: number; endsAt: number }> {
  return spanOf(month, timeZone);
}

/**
 * The instant sent as `logDate` for a month, so that all requests for it are alike: noon of its 15th, or the current
 * hour while that noon is still to come. Always inside the month. Unit: ms since 1970-01-01 UTC.
 */
export function canonicalLogDate(month: CallMonth, timeZone: string, now: number): number {
  const { startsAt, middle } = spanOf(month, timeZone);
  return middle <= now ? middle : Math.max(startsAt, now - (now % HOUR_MS));
}

const HOUR_MS = 3_600_000;

function instantOf(local: Temporal.PlainDateTime, timeZone: string): number {
  return local.toZonedDateTime(timeZone).epochMilliseconds;
}
