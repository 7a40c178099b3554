import { InvalidCallKeyError } from '../../errors.js';

/** An instant as the clocks of a zone show it. */
export interface ZonedTime {
  readonly year: number;
  /** Range: 1 to 12. */
  readonly month: number;
  readonly day: number;
  /** `HH:MM:SS`, 00 to 23 hours. */
  readonly time: string;
  /** Of the zone at that instant: `UTC`, `UTC+8`, `UTC-3:30`. */
  readonly offset: string;
  /** Days since 1970-01-01 there: equal for two instants of one local day. */
  readonly dayNumber: number;
}

/** Returns how the clocks of a zone show an instant (ms since 1970-01-01 UTC). */
export type ZoneClock = (at: number) => ZonedTime;

/** Returns the clock of an IANA time zone. Throws InvalidCallKeyError for a name that is none. */
export function createZoneClock(timeZone: string): ZoneClock {
  const format = createFormat(timeZone);
  return (at) => {
    const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
    const [year, month, day] = [Number(parts.year), Number(parts.month), Number(parts.day)];
    return {
      year,
      month,
      day,
      time: `${parts.hour}:${parts.minute}:${parts.second}`,
      offset: `UTC${(parts.timeZoneName ?? '').replace(/^GMT/, '')}`.replace(/\+0$/, ''),
      dayNumber: Date.UTC(year, month - 1, day) / 86_400_000,
    };
  };
}

function createFormat(timeZone: string): Intl.DateTimeFormat {
  try {
    // Offsets such as +08:30 are zones to some versions of Node only.
    if (!/^[A-Za-z]/.test(timeZone)) throw new RangeError('no name');
    return new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
      timeZone,
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
      timeZoneName: 'shortOffset',
    });
  } catch {
    throw new InvalidCallKeyError('timeZone', 'timeZone must name an IANA time zone, such as "UTC" or "Asia/Shanghai"');
  }
}
