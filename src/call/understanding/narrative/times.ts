import type { Say } from './messages.js';
import type { ZoneClock, ZonedTime } from './zone-clock.js';

/** A duration in words, to the second. Unit: ms. */
export function durationText(say: Say, ms: number): string {
  const all = Math.round(ms / 1000);
  const seconds = all % 60;
  const minutes = Math.floor(all / 60) % 60;
  const hours = Math.floor(all / 3_600) % 24;
  const days = Math.floor(all / 86_400);
  return say('duration', { size: sizeOf(ms, all), seconds, minutes, hours, days });
}

function sizeOf(ms: number, seconds: number): string {
  if (seconds === 0 && ms > 0) return 'NONE';
  if (seconds < 60) return 'SECONDS';
  if (seconds < 3_600) return 'MINUTES';
  return seconds < 86_400 ? 'HOURS' : 'DAYS';
}

/** A local day in words. */
export function dateText(say: Say, { year, month, day }: ZonedTime): string {
  // As texts: a year has no thousands separator.
  return say('date', { year: String(year), month: String(month), day: String(day) });
}

/** When a call was: its days, times and offset. `until` null: the start alone is known. Unit: ms since 1970-01-01 UTC. */
export function whenText(
  say: Say,
  clock: ZoneClock,
  startedAt: number | null,
  until: number | null,
  isOpen: boolean,
): string {
  const start = clock(startedAt ?? 0);
  const end = clock(until ?? startedAt ?? 0);
  return say('when', {
    form: startedAt === null ? 'NONE' : formOf(start, end),
    open: isOpen ? 'yes' : 'no',
    date: dateText(say, start),
    time: start.time,
    offset: start.offset,
    endDate: dateText(say, end),
    endTime: end.time,
    endOffset: end.offset,
  });
}

function formOf(start: ZonedTime, end: ZonedTime): string {
  if (start.offset !== end.offset) return 'OFFSETS';
  if (start.dayNumber !== end.dayNumber) return 'DAYS';
  return start.time === end.time ? 'INSTANT' : 'ONE_DAY';
}
