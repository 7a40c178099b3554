import { describe, expect, it } from '@jest/globals';
import {
  following,
  freshUntil,
  isFresh,
  isPast,
  keptUntil,
  standsIn,
  standsInUntil,
  type Dated,
} from '../../src/call/freshness.js';
import { createKey, createRecord } from '../fixtures/records.js';
import {
  DAY_MS,
  emptyTrace,
  FETCHED_AT,
  finalTrace,
  FRESHNESS,
  HOUR_MS,
  MINUTE_MS,
  openTrace,
  SECOND_MS,
} from '../support/traces.js';

const KEY = createKey();
const notFound = (times: number): Dated => emptyTrace(KEY, { emptyStreak: times });

describe('freshUntil', () => {
  it.each([
    ['a final trace', finalTrace(KEY), 7 * DAY_MS],
    ['an unfinished trace', openTrace(KEY), 10 * SECOND_MS],
    ['a call that was not found', notFound(1), 30 * SECOND_MS],
    ['the second time', notFound(2), MINUTE_MS],
    ['the third time', notFound(3), 2 * MINUTE_MS],
    ['the fifth time', notFound(5), 8 * MINUTE_MS],
    ['the sixth time', notFound(6), 10 * MINUTE_MS],
    ['the ten thousandth time', notFound(10_000), 10 * MINUTE_MS],
    ['a streak that was never counted', notFound(0), 30 * SECOND_MS],
  ])('of %s', (_, trace, freshMs) => {
    expect(freshUntil(trace, FRESHNESS)).toBe(FETCHED_AT + freshMs);
  });

  it.each([
    ['a day ago', DAY_MS, 10 * MINUTE_MS],
    ['a moment less than a day ago', DAY_MS - 1, 10 * SECOND_MS],
  ])('of an unfinished trace whose last sign of life came %s', (_, sinceMs, freshMs) => {
    const records = [createRecord({ callIdNum: 1, waitBegin: 1, callEnd: FETCHED_AT - sinceMs })];
    expect(freshUntil(openTrace(KEY, { records }), FRESHNESS)).toBe(FETCHED_AT + freshMs);
  });

  it('of an unfinished trace that tells no time is that of a call in progress', () => {
    const records = [createRecord({ callIdNum: 1 })];
    expect(freshUntil(openTrace(KEY, { records }), FRESHNESS)).toBe(FETCHED_AT + 10 * SECOND_MS);
  });

  it('holds for the first time a call is not found even if that is set longer than the longest', () => {
    expect(freshUntil(notFound(3), { ...FRESHNESS, emptyMs: HOUR_MS })).toBe(FETCHED_AT + HOUR_MS);
  });
});

describe('standsInUntil', () => {
  it.each([
    ['a final trace', finalTrace(KEY), 30 * DAY_MS],
    ['an unfinished trace', openTrace(KEY), HOUR_MS],
  ])('of %s', (_, trace, keepMs) => {
    expect(standsInUntil(trace, FRESHNESS)).toBe(FETCHED_AT + keepMs);
    expect(standsIn(trace, FRESHNESS, FETCHED_AT + keepMs - 1)).toBe(true);
    expect(standsIn(trace, FRESHNESS, FETCHED_AT + keepMs)).toBe(false);
  });

  it.each([
    ['just then', 0],
    ['after the clock was put back', -HOUR_MS],
  ])('is never for a call that was not found, not even %s', (_, sinceMs) => {
    expect(standsIn(notFound(4), FRESHNESS, FETCHED_AT + sinceMs)).toBe(false);
  });
});

describe('keptUntil', () => {
  it('lasts as long as the trace may stand in', () => {
    expect(keptUntil(finalTrace(KEY), FRESHNESS)).toBe(FETCHED_AT + 30 * DAY_MS);
    expect(keptUntil(openTrace(KEY), FRESHNESS)).toBe(FETCHED_AT + HOUR_MS);
  });

  it('lasts as long as the trace is fresh where that is longer', () => {
    const rules = { ...FRESHNESS, keepFinalMs: 0, keepOpenMs: 0 };
    expect(keptUntil(finalTrace(KEY), rules)).toBe(FETCHED_AT + 7 * DAY_MS);
    expect(keptUntil(openTrace(KEY), rules)).toBe(FETCHED_AT + 10 * SECOND_MS);
  });

  it('lasts beyond the freshness of a call that was not found, so that the next time is known to be a further one', () => {
    expect(keptUntil(notFound(1), FRESHNESS)).toBe(FETCHED_AT + 30 * SECOND_MS + 10 * MINUTE_MS);
  });
});

describe('isFresh', () => {
  it('ends with the millisecond of freshUntil', () => {
    expect(isFresh(openTrace(KEY), FRESHNESS, FETCHED_AT + 10 * SECOND_MS - 1)).toBe(true);
    expect(isFresh(openTrace(KEY), FRESHNESS, FETCHED_AT + 10 * SECOND_MS)).toBe(false);
  });

  it('is false for a trace from more than a minute ahead, whose clock was wrong', () => {
    expect(isFresh(finalTrace(KEY), FRESHNESS, FETCHED_AT - MINUTE_MS)).toBe(true);
    expect(isFresh(finalTrace(KEY), FRESHNESS, FETCHED_AT - MINUTE_MS - 1)).toBe(false);
  });
});

describe('isPast', () => {
  /** 2025-06 in UTC has ended then. */
  const MONTH_ENDS_AT = Date.UTC(2025, 6, 1);
  const SETTLE_MS = 5 * MINUTE_MS;
  const [withoutEnd, ended] = [openTrace(KEY).records, finalTrace(KEY).records];
  const sinceEnd = (ms: number, records = withoutEnd): boolean =>
    isPast(records, MONTH_ENDS_AT, MONTH_ENDS_AT + ms, SETTLE_MS);

  it('begins a day and the settle time after the end of the month, to the millisecond', () => {
    expect(sinceEnd(DAY_MS + SETTLE_MS - 1)).toBe(false);
    expect(sinceEnd(DAY_MS + SETTLE_MS)).toBe(true);
    expect(sinceEnd(400 * DAY_MS)).toBe(true);
    expect(isPast(withoutEnd, MONTH_ENDS_AT, MONTH_ENDS_AT + DAY_MS, 0)).toBe(true);
  });

  it('asks for no final record, and makes nothing of one', () => {
    expect(sinceEnd(DAY_MS + SETTLE_MS, ended)).toBe(true);
    expect(sinceEnd(DAY_MS + SETTLE_MS - 1, ended)).toBe(false);
  });

  it.each([-HOUR_MS, 0, HOUR_MS, DAY_MS])(
    'is false %i ms after the end, when late records may still be written',
    (ms) => {
      expect(sinceEnd(ms)).toBe(false);
    },
  );

  it('is never true of a call that was not found: it may have been written into the table of another month', () => {
    expect(sinceEnd(400 * DAY_MS, [])).toBe(false);
  });
});

describe('following', () => {
  const held = emptyTrace(KEY, { emptyStreak: 3 });
  const again = emptyTrace(KEY, { fetchedAt: FETCHED_AT + 1 });

  it('counts on from the time before that the call was not found', () => {
    expect(following(again, held)).toEqual({ ...again, emptyStreak: 4 });
  });

  it('does not count back what another gateway has counted further', () => {
    expect(following({ ...again, emptyStreak: 7 }, held).emptyStreak).toBe(7);
  });

  it.each([
    ['nothing was held', again, undefined],
    ['nothing was held, as Redis says it', again, null],
    ['the call had been found before', again, openTrace(KEY)],
    ['the call is found now', openTrace(KEY, { fetchedAt: FETCHED_AT + 1 }), held],
    ['it was not the upstream that answered', { ...again, source: 'REDIS' as const }, held],
    ['it is the answer that is held, or an older one', { ...again, fetchedAt: FETCHED_AT }, held],
  ])('leaves the count as it is where %s', (_, trace, before) => {
    expect(following(trace, before)).toBe(trace);
  });
});
