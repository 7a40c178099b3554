import { describe, expect, it } from '@jest/globals';
import { InvalidCallKeyError } from '../../src/call/errors.js';
import { CLOCK_ALLOWANCE_MS, EARLIEST_AT, isPlausible, parseLogDate } from '../../src/call/instant.js';
import { refusal } from './support/refusal.js';

const NOW = Date.parse('2025-06-15T12:00:00Z');

describe('isPlausible', () => {
  it('believes in instants from 2000 to a day ahead of our clock', () => {
    expect(isPlausible(EARLIEST_AT, NOW)).toBe(true);
    expect(isPlausible(EARLIEST_AT - 1, NOW)).toBe(false);
    expect(isPlausible(NOW + CLOCK_ALLOWANCE_MS, NOW)).toBe(true);
    expect(isPlausible(NOW + CLOCK_ALLOWANCE_MS + 1, NOW)).toBe(false);
  });
});

describe('parseLogDate', () => {
  it.each<[string | number]>([
    [1_615_717_765_000],
    ['1615717765000'],
    ['2021-03-14T10:29:25Z'],
    ['2021-03-14T10:29:25.000Z'],
    ['2021-03-14T18:29:25+08:00'],
    ['2021-03-14T06:29:25-04:00'],
    ['2021-03-14T10:29:25.0004Z'],
  ])('reads %p', (input) => {
    expect(parseLogDate(input, NOW)).toBe(1_615_717_765_000);
  });

  const RANGE = /between 2000-01-01 and now/;
  it.each<[string, string | number, RegExp]>([
    ['nonsense', 'yesterday', /ISO 8601 with an offset/],
    ['an empty text', '', /ISO 8601 with an offset/],
    ['a day that is not', '2021-02-30T10:00:00Z', /ISO 8601 with an offset/],
    ['a time without offset', '2021-03-14T18:29:25', /\+08:00.*without Z or an offset/],
    ['a day without time', '2021-03-14', /\+08:00.*without Z or an offset/],
    ['seconds as a number', 1_615_717_765, /seconds.*1615717765000/],
    ['seconds as a text', '1615717765', /seconds.*1615717765000/],
    ['the future in milliseconds', NOW + CLOCK_ALLOWANCE_MS + 1, RANGE],
    ['the future in ISO 8601', '2025-06-16T12:00:01Z', RANGE],
    ['the last century', '1999-12-31T23:59:59Z', RANGE],
    ['a negative number', -1_615_717_765_000, RANGE],
    ['a negative number as a text', '-1615717765000', RANGE],
    ['zero', 0, RANGE],
    ['half a millisecond', 1_615_717_765_000.5, RANGE],
    ['not a number', NaN, RANGE],
    ['more than any number', Infinity, RANGE],
    ['more digits than an instant has', '9'.repeat(400), RANGE],
  ])('refuses %s and says what to give', (_, input, says) => {
    const error = refusal(() => parseLogDate(input, NOW));
    expect(error).toBeInstanceOf(InvalidCallKeyError);
    expect(error.argument).toBe('logDate');
    expect(error.message).toMatch(says);
  });
});
