import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  addMonths,
  canonicalLogDate,
  monthBounds,
  monthOf,
  parseCallMonth,
  type CallMonth,
} from '../../src/call/month.js';

const at = (iso: string): number => Date.parse(iso);
const month = (text: string): CallMonth => text as CallMonth;
const HOUR_MS = 3_600_000;
const ZONES = ['UTC', 'Asia/Shanghai', 'Asia/Kolkata', 'America/Sao_Paulo', 'Europe/Berlin', 'America/New_York'];

/** The first instant of a month in a zone, and why the row is there. */
const MONTH_STARTS: [zone: string, month: string, startsAt: string, where: string][] = [
  ['UTC', '2021-03', '2021-03-01T00:00:00Z', 'after a February of 28 days'],
  ['UTC', '2024-03', '2024-03-01T00:00:00Z', 'after a February of 29 days'],
  ['UTC', '2022-01', '2022-01-01T00:00:00Z', 'in a new year'],
  ['Asia/Shanghai', '2021-03', '2021-02-28T16:00:00Z', 'ahead of UTC'],
  ['Asia/Shanghai', '2022-01', '2021-12-31T16:00:00Z', 'in a new year, ahead of UTC'],
  ['America/Sao_Paulo', '2018-11', '2018-11-01T03:00:00Z', 'three days before summer time begins'],
  ['America/Sao_Paulo', '2018-12', '2018-12-01T02:00:00Z', 'in summer time'],
  ['America/Sao_Paulo', '2021-12', '2021-12-01T03:00:00Z', 'after summer time was given up'],
  ['Europe/Berlin', '2021-03', '2021-02-28T23:00:00Z', 'in winter time'],
  ['Europe/Berlin', '2021-04', '2021-03-31T22:00:00Z', 'three days after summer time began'],
  ['Europe/Berlin', '2021-10', '2021-09-30T22:00:00Z', 'in summer time'],
  ['Europe/Berlin', '2021-11', '2021-10-31T23:00:00Z', 'on the very day summer time ended'],
  ['America/New_York', '2021-03', '2021-03-01T05:00:00Z', 'in winter time'],
  ['America/New_York', '2021-04', '2021-04-01T04:00:00Z', 'in summer time'],
  ['America/New_York', '2021-11', '2021-11-01T04:00:00Z', 'six days before summer time ends'],
  ['America/New_York', '2021-12', '2021-12-01T05:00:00Z', 'in winter time again'],
];

describe('monthOf', () => {
  it.each(MONTH_STARTS)('changes in %s to %s at %s, %s', (zone, name, startsAt) => {
    expect(monthOf(at(startsAt), zone)).toBe(name);
    expect(monthOf(at(startsAt) - 1, zone)).toBe(addMonths(month(name), -1));
  });

  it('names one instant by three months at once, by zone', () => {
    expect(monthOf(at('2021-12-31T23:30:00Z'), 'UTC')).toBe('2021-12');
    expect(monthOf(at('2021-12-31T23:30:00Z'), 'Asia/Shanghai')).toBe('2022-01');
    expect(monthOf(at('2022-01-01T02:30:00Z'), 'America/New_York')).toBe('2021-12');
  });
});

describe('monthBounds', () => {
  it.each(MONTH_STARTS)('begins a month of %s, %s, at %s: %s', (zone, name, startsAt) => {
    expect(monthBounds(month(name), zone).startsAt).toBe(at(startsAt));
    expect(monthBounds(addMonths(month(name), -1), zone).endsAt).toBe(at(startsAt));
  });
});

describe('parseCallMonth', () => {
  it.each(['2021-01', '2021-12', '1999-06'])('takes %s', (text) => {
    expect(parseCallMonth(text)).toBe(text);
  });

  it.each([
    '',
    '2021',
    '2021-0',
    '2021-1',
    '2021-00',
    '2021-13',
    '21-01',
    '2021-01-01',
    '2021/01',
    ' 2021-01',
    '2021-01\n',
  ])('gives null for %j', (text) => {
    expect(parseCallMonth(text)).toBeNull();
  });
});

describe('addMonths', () => {
  it.each([
    ['2021-12', 1, '2022-01'],
    ['2021-01', -1, '2020-12'],
    ['2021-06', 0, '2021-06'],
    ['2021-06', 19, '2023-01'],
  ])('takes %s by %i to %s', (from, months, to) => {
    expect(addMonths(month(from), months)).toBe(to);
  });
});

describe('canonicalLogDate', () => {
  it.each([
    ['UTC', '2021-03-15T12:00:00Z'],
    ['Asia/Shanghai', '2021-03-15T04:00:00Z'],
    ['America/Sao_Paulo', '2021-03-15T15:00:00Z'],
    ['Europe/Berlin', '2021-03-15T11:00:00Z'],
    ['America/New_York', '2021-03-15T16:00:00Z'],
  ])('is noon of the 15th in %s: %s', (zone, noon) => {
    expect(canonicalLogDate(month('2021-03'), zone, at('2023-01-01T00:00:00Z'))).toBe(at(noon));
  });

  it('is the hour that runs while that noon is still to come', () => {
    expect(canonicalLogDate(month('2021-03'), 'UTC', at('2021-03-02T10:59:59Z'))).toBe(at('2021-03-02T10:00:00Z'));
    expect(canonicalLogDate(month('2021-03'), 'UTC', at('2021-03-15T11:59:59.999Z'))).toBe(at('2021-03-15T11:00:00Z'));
    expect(canonicalLogDate(month('2021-03'), 'UTC', at('2021-03-15T12:00:00Z'))).toBe(at('2021-03-15T12:00:00Z'));
  });

  it('does not fall back into the month before where a month begins at half an hour', () => {
    const startsAt = at('2021-02-28T18:30:00Z');
    expect(canonicalLogDate(month('2021-03'), 'Asia/Kolkata', startsAt + 60_000)).toBe(startsAt);
  });

  const zones = fc.constantFrom(...ZONES);
  const months = fc
    .tuple(fc.integer({ min: 2000, max: 2040 }), fc.integer({ min: 1, max: 12 }))
    .map(([year, number]) => month(`${year}-${String(number).padStart(2, '0')}`));
  const YEAR_MS = 366 * 24 * HOUR_MS;

  it('lies inside its month at any time, and later than now only if the whole month does', () => {
    fc.assert(
      fc.property(months, zones, fc.integer({ min: -YEAR_MS, max: YEAR_MS }), (name, zone, sinceStartMs) => {
        const { startsAt, endsAt } = monthBounds(name, zone);
        const now = startsAt + sinceStartMs;
        const logDate = canonicalLogDate(name, zone, now);
        expect(monthOf(logDate, zone)).toBe(name);
        expect(logDate).toBeGreaterThanOrEqual(startsAt);
        expect(logDate).toBeLessThan(endsAt);
        if (now >= startsAt) expect(logDate).toBeLessThanOrEqual(now);
        else expect(logDate).toBe(startsAt);
      }),
    );
  });

  it('is alike for all who ask once the noon of the 15th is past', () => {
    fc.assert(
      fc.property(months, zones, fc.nat(YEAR_MS), fc.nat(YEAR_MS), (name, zone, oneMs, otherMs) => {
        const { endsAt } = monthBounds(name, zone);
        expect(canonicalLogDate(name, zone, endsAt + oneMs)).toBe(canonicalLogDate(name, zone, endsAt + otherMs));
      }),
    );
  });

  it('is alike for all who ask within an hour before it', () => {
    const ask = (iso: string) => canonicalLogDate(month('2021-03'), 'Europe/Berlin', at(iso));
    expect(ask('2021-03-09T07:00:00.000Z')).toBe(ask('2021-03-09T07:59:59.999Z'));
    expect(ask('2021-03-09T08:00:00.000Z')).not.toBe(ask('2021-03-09T07:59:59.999Z'));
  });
});
