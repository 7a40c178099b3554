import { describe, expect, it } from '@jest/globals';
import { countingNotFound, rankOf, supersedes, type TraceRank } from '../../src/call/trace-rank.js';
import { MAX_RECORDS, type CallDetailRecord } from '../../src/call/trace.js';
import { createKey, createRecord, createTrace } from '../fixtures/records.js';
import {
  ASKED_AT,
  DAY_MS,
  emptyTrace,
  finalTrace,
  HOUR_MS,
  MINUTE_MS,
  openTrace,
  SECOND_MS,
} from '../support/traces.js';

const KEY = createKey({ callId: 'call-1' });

/** A leg that ended an hour before the trace was asked for, and lasted a second. */
const ended = (callIdNum: number): CallDetailRecord =>
  createRecord({ callIdNum, callBegin: ASKED_AT - HOUR_MS - SECOND_MS, callEnd: ASKED_AT - HOUR_MS });
/** A leg that began an hour before and has no end. */
const open = (callIdNum: number): CallDetailRecord => createRecord({ callIdNum, callBegin: ASKED_AT - HOUR_MS });

describe('supersedes', () => {
  const NOW = ASKED_AT + HOUR_MS;
  const rank = (askedAt: number, completeness = 5, settled = false): TraceRank => ({ askedAt, completeness, settled });
  const CACHED = rank(ASKED_AT);

  it.each<[string, boolean, TraceRank, TraceRank]>([
    ['asked a second later, even if it tells less', true, rank(ASKED_AT + SECOND_MS, 2), CACHED],
    ['asked a second earlier, even if it tells more', false, rank(ASKED_AT - SECOND_MS, 9), CACHED],
    ['asked within the second after, that tells as much', true, rank(ASKED_AT + 999, 5), CACHED],
    ['asked within the second after, that tells less', false, rank(ASKED_AT + 999, 4), CACHED],
    ['asked within the second before, that tells more', true, rank(ASKED_AT - 999, 6), CACHED],
    ['asked within the second before, that tells as much', true, rank(ASKED_AT - 999, 5), CACHED],
    ['asked within the second before, that tells less', false, rank(ASKED_AT - 999, 4), CACHED],
    ['asked at the same time, the later to arrive', true, rank(ASKED_AT), CACHED],
    ['of no call, after an open one', true, rank(ASKED_AT + SECOND_MS, 0), CACHED],
    ['of no call, after a settled one', false, rank(ASKED_AT + 40 * DAY_MS, 0), rank(ASKED_AT, 5, true)],
    ['of the call, after a settled one', true, rank(ASKED_AT + SECOND_MS, 4), rank(ASKED_AT, 5, true)],
    ['of the call, after none', true, rank(ASKED_AT + SECOND_MS), rank(ASKED_AT, 0)],
    ['asked before a stamp a minute ahead', false, rank(NOW), rank(NOW + MINUTE_MS)],
    ['asked before a stamp more than a minute ahead', true, rank(NOW), rank(NOW + MINUTE_MS + 1)],
    ['that tells less than one more than a minute ahead', true, rank(NOW, 2), rank(NOW + DAY_MS)],
    ['of no call, beside a settled one from ahead', false, rank(NOW, 0), rank(NOW + DAY_MS, 5, true)],
  ])('is right for an answer %s: %p', (_, expected, answer, cached) => {
    expect(supersedes(answer, cached, NOW)).toBe(expected);
  });
});

describe('rankOf', () => {
  const completeness = (records: CallDetailRecord[]): number =>
    rankOf(createTrace(records, { key: KEY }), { reason: 'open' }).completeness;

  it('bears the date of the trace, and whether it is settled', () => {
    expect(rankOf(finalTrace(KEY), { reason: 'settled' })).toMatchObject({ askedAt: ASKED_AT, settled: true });
    for (const reason of ['settling', 'open', 'quiet', 'not-found'] as const)
      expect(rankOf(finalTrace(KEY), { reason }).settled).toBe(false);
  });

  it('grows with what is told: nothing, a leg, its end, another leg, the final record', () => {
    const growing = [[], [open(1)], [ended(1)], [ended(1), open(2)], [ended(1), ended(-1)]];
    const ranks = growing.map(completeness);
    expect(ranks[0]).toBe(0);
    expect([...new Set(ranks)].sort((a, b) => a - b)).toEqual(ranks);
  });

  it('puts the final record above all other records together', () => {
    const many = Array.from({ length: MAX_RECORDS }, (_, index) => ended(index + 1));
    expect(completeness([createRecord({ callIdNum: -1 })])).toBeGreaterThan(completeness(many));
  });
});

describe('countingNotFound', () => {
  const cached = emptyTrace(KEY, { timesNotFound: 3 });
  const again = emptyTrace(KEY, { askedAt: ASKED_AT + 1 });

  it('counts on from the time before that the call was not found', () => {
    expect(countingNotFound(again, cached)).toEqual({ ...again, timesNotFound: 4 });
  });

  it('does not count back what another gateway has counted further', () => {
    expect(countingNotFound({ ...again, timesNotFound: 7 }, cached).timesNotFound).toBe(7);
  });

  it.each([
    ['nothing was cached', again, undefined],
    ['nothing was cached, as Redis says it', again, null],
    ['the call had been found before', again, openTrace(KEY)],
    ['the call is found now', openTrace(KEY, { askedAt: ASKED_AT + 1 }), cached],
    ['it is the answer that is cached', { ...again, askedAt: ASKED_AT }, cached],
    ['it is an older one', { ...again, askedAt: ASKED_AT - 1 }, cached],
  ])('leaves the count as it is where %s', (_, trace, before) => {
    expect(countingNotFound(trace, before)).toBe(trace);
  });
});
