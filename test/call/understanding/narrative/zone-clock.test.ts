import { describe, expect, it } from '@jest/globals';
import { Temporal } from 'temporal-polyfill';
import { InvalidCallKeyError } from '../../../../src/call/errors.js';
import { createZoneClock } from '../../../../src/call/understanding/narrative/zone-clock.js';

describe('createZoneClock', () => {
  it('shows in every zone what its clocks show, before and after they are changed', () => {
    for (const timeZone of Intl.supportedValuesOf('timeZone')) {
      const clock = createZoneClock(timeZone);
      const summer = Temporal.Instant.from('2025-02-15T22:59:59Z').toZonedDateTimeISO(timeZone);
      const changed = summer.getTimeZoneTransition('next') ?? summer;
      for (const zoned of [summer, changed.subtract({ seconds: 1 }), changed]) {
        const { year, month, day } = zoned;
        const time = zoned.toPlainTime().toString({ smallestUnit: 'second' });
        const shown = clock(zoned.epochMilliseconds);
        expect({ timeZone, ...shown }).toMatchObject({ timeZone, year, month, day, time });
        expect(`${timeZone} ${offsetNs(shown.offset)}`).toBe(`${timeZone} ${zoned.offsetNanoseconds}`);
        const days = Temporal.PlainDate.from('1970-01-01').until(zoned.toPlainDate(), { largestUnit: 'day' }).days;
        expect(shown.dayNumber).toBe(days);
      }
    }
  });

  it.each([
    ['UTC', 'UTC'],
    ['Asia/Shanghai', 'UTC+8'],
    ['America/St_Johns', 'UTC-2:30'],
    ['Asia/Kathmandu', 'UTC+5:45'],
  ])('writes the offset of %s as %s', (timeZone, offset) => {
    expect(createZoneClock(timeZone)(Date.UTC(2025, 5, 15)).offset).toBe(offset);
  });

  it.each(['', 'Mars/Olympus', '+08:30', '-01', '2025', 'UTC\n', '上海'])(
    'throws for %j what to give instead',
    (timeZone) => {
      expect(() => createZoneClock(timeZone)).toThrow(InvalidCallKeyError);
      expect(() => createZoneClock(timeZone)).toThrow('timeZone must name an IANA time zone, such as "UTC"');
    },
  );
});

function offsetNs(offset: string): number {
  const [, sign = '+', hours = '0', minutes = '0'] = /^UTC(?:([+-])(\d+)(?::(\d+))?)?$/.exec(offset) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000_000_000 + 0;
}
