import { Temporal } from 'temporal-polyfill';
import { beginOf, type TraceRecord } from './trace-record.js';

/**
 * The records that lie in the table which `logDate` selects. There is one table for each month *number*, without a
 * year, cut in the contact centre's time zone; a record lies where its begin falls.
 */
export function inTableOf(logDate: number, timeZone: string, records: readonly TraceRecord[]): TraceRecord[] {
  const table = monthNumber(logDate, timeZone);
  return records.filter((record) => monthNumber(beginOf(record), timeZone) === table);
}

/** When the month after that of `instant` begins in the zone. Unit: ms since 1970-01-01 UTC. */
export function nextMonthBegins(instant: number, timeZone: string): number {
  const firstOfMonth = inZone(instant, timeZone).toPlainDate().with({ day: 1 });
  return firstOfMonth.add({ months: 1 }).toZonedDateTime(timeZone).epochMilliseconds;
}

function monthNumber(instant: number, timeZone: string): number {
  return inZone(instant, timeZone).month;
}

function inZone(instant: number, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timeZone);
}
