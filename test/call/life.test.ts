import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isFresh, isUsable, lifeOf, mayBeginBefore, type Dated, type LifeReason } from '../../src/call/life.js';
import { MAX_RECORDS, type CallDetailRecord, type CallTrace, type ReadingNotes } from '../../src/call/trace.js';
import { createKey, createRecord, createTrace } from '../fixtures/records.js';
import {
  ASKED_AT,
  DAY_MS,
  emptyTrace,
  finalTrace,
  HOUR_MS,
  LIFE_RULES,
  lifeByDefault,
  MINUTE_MS,
  openTrace,
  SECOND_MS,
} from '../support/traces.js';

/** A key whose call ID does not tell when the call began. */
const KEY = createKey({ callId: 'call-1' });
const JUNE_BEGINS_AT = Date.UTC(2025, 5, 1);
const JUNE_ENDS_AT = Date.UTC(2025, 6, 1);
/** From then on the records of June change no more. */
const JUNE_IS_PAST_AT = JUNE_ENDS_AT + DAY_MS + LIFE_RULES.settleMs;

/** A leg that ended so long before the trace was asked for, and lasted a second. */
const endedAgo = (ms: number, callIdNum: number, askedAt = ASKED_AT): CallDetailRecord =>
  createRecord({ callIdNum, callBegin: askedAt - ms - SECOND_MS, callEnd: askedAt - ms });
/** A leg that began so long ago and has no end. */
const begunAgo = (ms: number, callIdNum: number, askedAt = ASKED_AT): CallDetailRecord =>
  createRecord({ callIdNum, callBegin: askedAt - ms });
const traceOf = (records: CallDetailRecord[], change: Partial<CallTrace> = {}): Dated =>
  createTrace(records, { key: KEY, ...change });
const notFound = (change: Partial<CallTrace> = {}): Dated => emptyTrace(KEY, change);
/** A call that is not found and whose ID says that it began so long before it was asked for. */
const notFoundBegunAgo = (ms: number, timesNotFound = 1): Dated =>
  emptyTrace(createKey({ callId: `${ASKED_AT - ms}-7` }), { timesNotFound });

/** A situation, the trace, and what is to be said of it: why, and how long it is fresh. */
type LifeRow = [situation: string, trace: Dated, reason: LifeReason, freshMs: number];

const OVER = [1, 2, -1];
const FIVE_MINUTES = 5 * MINUTE_MS;
const AT_DEVICES = (ms: number, numbers: number[]): Dated => traceOf(numbers.map((number) => endedAgo(ms, number)));

const SETTLED: LifeRow[] = [
  ['over for the settle window', AT_DEVICES(FIVE_MINUTES, OVER), 'settled', 7 * DAY_MS],
  ['over for two days', AT_DEVICES(2 * DAY_MS, OVER), 'settled', 7 * DAY_MS],
  ['of one device, which has the final record alone', AT_DEVICES(HOUR_MS, [-1]), 'settled', 7 * DAY_MS],
  ['with one leg twice under one number', AT_DEVICES(HOUR_MS, [1, 1, 2, -1]), 'settled', 7 * DAY_MS],
  ['whose legs are counted from 0', AT_DEVICES(HOUR_MS, [0, 1, 2, -1]), 'settled', 7 * DAY_MS],
  [
    'that began in the month before, with the legs of this month',
    traceOf(
      [3, 4, -1].map((number) => endedAgo(HOUR_MS, number, JUNE_BEGINS_AT + 2 * HOUR_MS)),
      { askedAt: JUNE_BEGINS_AT + 2 * HOUR_MS },
    ),
    'settled',
    7 * DAY_MS,
  ],
  [
    'of a month long over',
    traceOf(
      OVER.map((number) => endedAgo(HOUR_MS, number)),
      { askedAt: JUNE_IS_PAST_AT },
    ),
    'settled',
    7 * DAY_MS,
  ],
];

const withEnd = (callIdNum: number, callEnd: number | null): Dated =>
  traceOf([1, 2, -1].map((number) => ({ ...endedAgo(HOUR_MS, number), ...(number === callIdNum ? { callEnd } : {}) })));

const SETTLING: LifeRow[] = [
  ['over since just now', AT_DEVICES(0, OVER), 'settling', 10 * SECOND_MS],
  ['over for 100 s', AT_DEVICES(100 * SECOND_MS, OVER), 'settling', 10 * SECOND_MS],
  ['over for a moment more than 100 s', AT_DEVICES(100 * SECOND_MS + 10, OVER), 'settling', 10 * SECOND_MS + 1],
  [
    'over for a moment less than the settle window',
    AT_DEVICES(FIVE_MINUTES - 10, OVER),
    'settling',
    30 * SECOND_MS - 1,
  ],
  [
    'whose final leg ended a moment too late',
    withEnd(-1, ASKED_AT - FIVE_MINUTES + 10),
    'settling',
    30 * SECOND_MS - 1,
  ],
  ['of which any other leg did', withEnd(1, ASKED_AT - FIVE_MINUTES + 10), 'settling', 30 * SECOND_MS - 1],
  ['whose end lies a minute ahead', withEnd(-1, ASKED_AT + MINUTE_MS), 'settling', 10 * SECOND_MS],
  ['whose end lies an hour ahead', withEnd(-1, ASKED_AT + HOUR_MS), 'settling', 6 * MINUTE_MS],
  ['with a number missing', AT_DEVICES(HOUR_MS, [1, 3, -1]), 'settling', 6 * MINUTE_MS],
  ['without its first leg, begun well within the month', AT_DEVICES(HOUR_MS, [2, 3, -1]), 'settling', 6 * MINUTE_MS],
  ['with a number missing, counted from 0', AT_DEVICES(HOUR_MS, [0, 1, 3, -1]), 'settling', 6 * MINUTE_MS],
  ['with an open leg', withEnd(2, null), 'settling', 6 * MINUTE_MS],
  ['whose final leg is open', withEnd(-1, null), 'settling', 6 * MINUTE_MS],
  [
    'whose neighbouring month could not be asked',
    traceOf(AT_DEVICES(HOUR_MS, OVER).records.slice(), { notes: { neighbourLegsMissing: 1 } }),
    'settling',
    6 * MINUTE_MS,
  ],
  [
    'with a hole for 99 min 50 s',
    AT_DEVICES(100 * MINUTE_MS - 10 * SECOND_MS, [1, 3, -1]),
    'settling',
    599 * SECOND_MS,
  ],
  ['with a hole for 100 min', AT_DEVICES(100 * MINUTE_MS, [1, 3, -1]), 'settling', 10 * MINUTE_MS],
  ['with a hole for a moment less than a day', AT_DEVICES(DAY_MS - 1, [1, 3, -1]), 'settling', 10 * MINUTE_MS],
  [
    'all of whose times are those of a clock that is 20 min ahead',
    traceOf(
      OVER.map((callIdNum) =>
        createRecord({ callIdNum, callBegin: ASKED_AT + 19 * MINUTE_MS, callEnd: ASKED_AT + 20 * MINUTE_MS }),
      ),
    ),
    'settling',
    2 * MINUTE_MS,
  ],
];

const OPEN: LifeRow[] = [
  ['without a final record', AT_DEVICES(0, [1, 2]), 'open', 10 * SECOND_MS],
  ['with an open leg and no final record', traceOf([begunAgo(HOUR_MS, 1)]), 'open', 10 * SECOND_MS],
  ['without a sign of life for a moment less than a day', traceOf([begunAgo(DAY_MS - 1, 1)]), 'open', 10 * SECOND_MS],
  [
    'that began long ago and gave a sign of life within the day',
    traceOf([begunAgo(9 * DAY_MS, 1), createRecord({ callIdNum: 2, waitBegin: ASKED_AT - DAY_MS + 1 })]),
    'open',
    10 * SECOND_MS,
  ],
  [
    'whose times lie ahead',
    traceOf([createRecord({ callIdNum: 1, callBegin: ASKED_AT + MINUTE_MS })]),
    'open',
    10 * SECOND_MS,
  ],
  ['that tells no time, in a month that runs', traceOf([createRecord()]), 'open', 10 * SECOND_MS],
  [
    'that tells no time, begun by its ID within the day',
    traceOf([createRecord()], { key: createKey({ callId: `${ASKED_AT - DAY_MS + 1}-7` }) }),
    'open',
    10 * SECOND_MS,
  ],
];

const QUIET: LifeRow[] = [
  ['without a final record', AT_DEVICES(DAY_MS, [1, 2]), 'quiet', 10 * MINUTE_MS],
  ['with a number missing', AT_DEVICES(DAY_MS, [1, 3, -1]), 'quiet', 10 * MINUTE_MS],
  [
    'with an open leg',
    traceOf([...OVER.map((number) => endedAgo(DAY_MS, number)), begunAgo(DAY_MS, 3)]),
    'quiet',
    10 * MINUTE_MS,
  ],
  ['whose final leg is open', traceOf([endedAgo(DAY_MS, 1), begunAgo(DAY_MS, -1)]), 'quiet', 10 * MINUTE_MS],
  [
    'whose neighbouring month could not be asked',
    traceOf(
      OVER.map((number) => endedAgo(DAY_MS, number)),
      { notes: { neighbourLegsMissing: 1 } },
    ),
    'quiet',
    10 * MINUTE_MS,
  ],
  [
    'that tells no time, begun by its ID a day ago',
    traceOf([createRecord()], { key: createKey({ callId: `${ASKED_AT - DAY_MS}-7` }) }),
    'quiet',
    10 * MINUTE_MS,
  ],
  [
    'that tells no time, a day after the end of its month',
    traceOf([createRecord()], { askedAt: JUNE_ENDS_AT + DAY_MS }),
    'quiet',
    10 * MINUTE_MS,
  ],
  [
    'a moment before its month counts as past',
    traceOf([begunAgo(2 * DAY_MS, 1)], { askedAt: JUNE_IS_PAST_AT - 1 }),
    'quiet',
    10 * MINUTE_MS,
  ],
  ['once its month is past', traceOf([begunAgo(2 * DAY_MS, 1)], { askedAt: JUNE_IS_PAST_AT }), 'quiet', DAY_MS],
];

const NOT_FOUND: LifeRow[] = [
  ['the first time', notFound(), 'not-found', 30 * SECOND_MS],
  ['the second time', notFound({ timesNotFound: 2 }), 'not-found', MINUTE_MS],
  ['the fifth time', notFound({ timesNotFound: 5 }), 'not-found', 8 * MINUTE_MS],
  ['the sixth time', notFound({ timesNotFound: 6 }), 'not-found', 10 * MINUTE_MS],
  ['the ten thousandth time', notFound({ timesNotFound: 10_000 }), 'not-found', 10 * MINUTE_MS],
  ['and never counted', notFound({ timesNotFound: 0 }), 'not-found', 30 * SECOND_MS],
  ['40 s after it began', notFoundBegunAgo(40 * SECOND_MS), 'not-found', 4 * SECOND_MS],
  ['a moment more than 10 s after it began', notFoundBegunAgo(10_010), 'not-found', 1_001],
  ['10 s after it began', notFoundBegunAgo(10 * SECOND_MS), 'not-found', SECOND_MS],
  ['as it began', notFoundBegunAgo(0), 'not-found', SECOND_MS],
  ['before it began, by its ID', notFoundBegunAgo(-HOUR_MS), 'not-found', SECOND_MS],
  ['5 min after it began', notFoundBegunAgo(5 * MINUTE_MS), 'not-found', 30 * SECOND_MS],
  ['99 min after it began, the sixth time', notFoundBegunAgo(99 * MINUTE_MS, 6), 'not-found', 594 * SECOND_MS],
  ['100 min after it began, the sixth time', notFoundBegunAgo(100 * MINUTE_MS, 6), 'not-found', 10 * MINUTE_MS],
  [
    'whose ID begins with what is no time',
    emptyTrace(createKey({ callId: '9999999999-7' })),
    'not-found',
    30 * SECOND_MS,
  ],
  ['a moment before its month counts as past', notFound({ askedAt: JUNE_IS_PAST_AT - 1 }), 'not-found', 30 * SECOND_MS],
  ['once its month is past', notFound({ askedAt: JUNE_IS_PAST_AT }), 'not-found', 7 * DAY_MS],
];

/** How long a trace is usable as a stale answer, and how long it is kept, by reason. Null: never, and beyond its freshness. */
const USABLE_MS: Readonly<Record<LifeReason, number | null>> = {
  settled: 30 * DAY_MS,
  settling: HOUR_MS,
  open: HOUR_MS,
  quiet: 30 * DAY_MS,
  'not-found': null,
};

describe('lifeOf', () => {
  describe.each([
    ['a call', SETTLED],
    ['a call that is over', SETTLING],
    ['a call in progress', OPEN],
    ['a call without a sign of life for a day', QUIET],
    ['a call that was not found', NOT_FOUND],
  ])('judges %s', (_, rows) => {
    it.each(rows)('%s', (__, trace, reason, freshMs) => {
      const usableMs = USABLE_MS[reason];
      expect(lifeByDefault(trace)).toEqual({
        reason,
        freshFrom: trace.askedAt - MINUTE_MS,
        freshUntil: trace.askedAt + freshMs,
        usableUntil: usableMs === null ? -Infinity : trace.askedAt + usableMs,
        keepUntil: trace.askedAt + (usableMs ?? freshMs + 10 * MINUTE_MS),
      });
    });
  });

  it('keeps a trace for as long as it is fresh where that is longer than it may stand in', () => {
    const rules = { ...LIFE_RULES, keepSettledMs: 0, keepOpenMs: 0 };
    expect(lifeOf(finalTrace(KEY), rules).keepUntil).toBe(ASKED_AT + 7 * DAY_MS);
    expect(lifeOf(openTrace(KEY), rules).keepUntil).toBe(ASKED_AT + 10 * SECOND_MS);
  });

  it('holds for the first time a call is not found even if that is set longer than the longest', () => {
    const rules = { ...LIFE_RULES, notFoundMs: HOUR_MS };
    expect(lifeOf(notFound({ timesNotFound: 3 }), rules).freshUntil).toBe(ASKED_AT + HOUR_MS);
  });

  it('settles a call as it ends where the settle window is 0', () => {
    expect(lifeOf(AT_DEVICES(0, OVER), { ...LIFE_RULES, settleMs: 0 }).reason).toBe('settled');
  });

  it('judges a trace of as many records as there may be', () => {
    const numbers = Array.from({ length: MAX_RECORDS - 1 }, (_, index) => index + 1);
    expect(lifeByDefault(AT_DEVICES(HOUR_MS, [...numbers, -1])).reason).toBe('settled');
    expect(lifeByDefault(AT_DEVICES(HOUR_MS, [...numbers.slice(0, -2), MAX_RECORDS, -1])).reason).toBe('settling');
  });

  const instant = fc.oneof(fc.constant(null), fc.integer({ min: ASKED_AT - 3 * DAY_MS, max: ASKED_AT + DAY_MS }));
  const record = fc
    .record({ callIdNum: fc.constantFrom(1, 2, 3, 4, -1), waitBegin: instant, callBegin: instant, callEnd: instant })
    .map(createRecord);
  const notes = fc.constantFrom<ReadingNotes>({}, { oddValues: 1 }, { neighbourLegsMissing: 1 });
  const traces = fc
    .tuple(fc.array(record, { maxLength: 6 }), notes, fc.constantFrom(KEY, createKey()))
    .map(([records, noticed, key]): Dated => createTrace(records, { key, notes: noticed }));

  it('calls only that settled which has its final record, no hole, no open leg and the settle window behind it', () => {
    fc.assert(
      fc.property(traces, (trace) => {
        const { reason } = lifeByDefault(trace);
        if (reason !== 'settled') return;
        const numbers = new Set(trace.records.map(({ callIdNum }) => callIdNum));
        expect(numbers.delete(-1)).toBe(true);
        expect([...numbers].sort()).toEqual([...numbers].map((_, index) => index + 1));
        expect(trace.records.every(({ callEnd }) => callEnd !== null && callEnd + FIVE_MINUTES <= ASKED_AT)).toBe(true);
        expect(trace.notes.neighbourLegsMissing).toBeUndefined();
      }),
      { numRuns: 2_000 },
    );
  });

  it('never takes it back that a call is settled, and never keeps a trace for less than it is good for', () => {
    fc.assert(
      fc.property(traces, fc.nat(400 * DAY_MS), (trace, laterMs) => {
        const [now, later] = [lifeByDefault(trace), lifeByDefault({ ...trace, askedAt: trace.askedAt + laterMs })];
        if (now.reason === 'settled') expect(later.reason).toBe('settled');
        for (const life of [now, later]) {
          expect(life.keepUntil).toBeGreaterThanOrEqual(Math.max(life.freshUntil, life.usableUntil));
          expect(life.freshUntil - life.freshFrom).toBeGreaterThanOrEqual(MINUTE_MS + SECOND_MS);
        }
      }),
    );
  });
});

describe('isFresh', () => {
  const life = lifeByDefault(openTrace(KEY));

  it('ends with the millisecond of freshUntil', () => {
    expect(isFresh(life, ASKED_AT + 10 * SECOND_MS - 1)).toBe(true);
    expect(isFresh(life, ASKED_AT + 10 * SECOND_MS)).toBe(false);
  });

  it('is false for a trace from more than a minute ahead, whose clock was wrong', () => {
    expect(isFresh(life, ASKED_AT - MINUTE_MS)).toBe(true);
    expect(isFresh(life, ASKED_AT - MINUTE_MS - 1)).toBe(false);
  });
});

describe('isUsable', () => {
  it('ends with the millisecond of usableUntil', () => {
    const life = lifeByDefault(openTrace(KEY));
    expect(isUsable(life, ASKED_AT + HOUR_MS - 1)).toBe(true);
    expect(isUsable(life, ASKED_AT + HOUR_MS)).toBe(false);
  });

  it('is never true of a call that was not found, not even after the clock was put back', () => {
    const life = lifeByDefault(notFound());
    expect([isUsable(life, ASKED_AT), isUsable(life, ASKED_AT - HOUR_MS), isUsable(life, -DAY_MS)]).toEqual([
      false,
      false,
      false,
    ]);
  });
});

describe('mayBeginBefore', () => {
  const at = (instant: number): CallDetailRecord[] => [createRecord({ callIdNum: 3, callBegin: instant })];
  it.each<[string, boolean, string, CallDetailRecord[]]>([
    ['its ID says so', true, `${JUNE_BEGINS_AT - 1}-7`, at(JUNE_BEGINS_AT + 20 * DAY_MS)],
    ['its ID says that it began with the month', false, `${JUNE_BEGINS_AT}-7`, at(JUNE_BEGINS_AT)],
    ['its first leg lies at the edge', true, 'call-1', at(JUNE_BEGINS_AT + 12 * HOUR_MS)],
    ['its first leg lies beyond the edge', false, 'call-1', at(JUNE_BEGINS_AT + 12 * HOUR_MS + 1)],
    ['one of its legs does', true, 'call-1', [...at(JUNE_BEGINS_AT + 20 * DAY_MS), ...at(JUNE_BEGINS_AT)]],
    ['it tells no time', false, 'call-1', [createRecord({ callEnd: JUNE_BEGINS_AT })]],
  ])('where %s: %p', (_, expected, callId, records) => {
    expect(mayBeginBefore(createKey({ callId }), records, LIFE_RULES)).toBe(expected);
  });
});
