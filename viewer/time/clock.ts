import type { Language } from '../texts/catalogue.js';

/** Tells instants in a time zone. Unit: ms since 1970-01-01 UTC. */
export interface Clock {
  /** The time of day: `16:00:04`. */
  time(at: number): string;
  /** The time of day to the millisecond. */
  exact(at: number): string;
  /** Day and time in the words of the language. */
  full(at: number): string;
  /** How many days later than another instant, by the calendar. */
  daysFrom(start: number, at: number): number;
}

const DAY_MS = 86_400_000;
/** In every zone, days begin at a whole quarter of an hour of UTC. */
const QUARTER_MS = 900_000;

/** Returns the clock of a zone. Throws RangeError if there is no such zone. */
export function createClock(zone: string, language: Language): Clock {
  const locale = language === 'zh' ? 'zh-CN' : 'en-GB';
  const common = { timeZone: zone, hourCycle: 'h23' } as const;
  const parts = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;
  const time = new Intl.DateTimeFormat(locale, { ...common, ...parts });
  const exact = new Intl.DateTimeFormat(locale, { ...common, ...parts, fractionalSecondDigits: 3 });
  const full = new Intl.DateTimeFormat(locale, {
    ...common,
    ...parts,
    year: 'numeric',
    month: 'short',
    day: 'numeric',
  });
  const day = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });
  const days = new Map<number, number>();
  // Formatting is slow, and asked for with each leg.
  const dayOf = (at: number): number => {
    const quarter = Math.floor(at / QUARTER_MS);
    const known = days.get(quarter) ?? Date.parse(day.format(at));
    days.set(quarter, known);
    return known;
  };
  return {
    time: (at) => time.format(at),
    exact: (at) => exact.format(at),
    full: (at) => full.format(at),
    daysFrom: (start, at) => Math.round((dayOf(at) - dayOf(start)) / DAY_MS),
  };
}
