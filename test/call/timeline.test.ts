import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createCall, type Call } from '../../src/call/call.js';
import { createTimeline, type CustomerTimeline } from '../../src/call/timeline.js';
import { firstInstant, orderRecords, type CallDetailRecord } from '../../src/call/trace.js';
import { BEGAN_AT, createRecord, createTrace } from '../fixtures/records.js';

const after = (seconds: number | null): number | null => (seconds === null ? null : BEGAN_AT + seconds * 1000);

/** Seconds after the call began: wait, ack, call, end. */
type Times = readonly [number | null, number | null, number | null, number | null];

function leg(deviceType: number | null, times: Times, change: Partial<CallDetailRecord> = {}): CallDetailRecord {
  const [waitBegin, ackBegin, callBegin, callEnd] = times.map(after) as [number, number, number, number];
  return createRecord({ deviceType, waitBegin, ackBegin, callBegin, callEnd, ...change });
}

const ivr = (from: number, to: number | null, change = {}) => leg(3, [null, null, from, to], change);
const queue = (from: number, to: number | null, change = {}) => leg(1, [from, null, null, to], change);
const agent = (times: Times, change = {}) => leg(2, times, change);
const final = { callIdNum: -1 };

function callOf(records: readonly CallDetailRecord[], askedAfter = 3600): Call {
  const call = createCall(createTrace(orderRecords(records).records, { askedAt: BEGAN_AT + askedAfter * 1000 }));
  if (call === null) throw new Error('no such call');
  return call;
}

function timelineOf(records: readonly CallDetailRecord[], askedAfter?: number): CustomerTimeline {
  const call = callOf(records, askedAfter);
  return createTimeline(call.trace, call.startedAt, call.endedAt);
}

/** The pieces of a timeline, as phase, from, to in seconds after the call began. */
function piecesOf(...records: readonly CallDetailRecord[]): readonly unknown[] {
  return inSeconds(timelineOf(records));
}

function inSeconds({ pieces }: CustomerTimeline): readonly unknown[] {
  return pieces.map(({ phase, from, to }) => [phase, (from - BEGAN_AT) / 1000, (to - BEGAN_AT) / 1000]);
}

describe('createTimeline', () => {
  it('tells of a menu, a queue, an agent who rings, and a conversation, each once', () => {
    expect(piecesOf(ivr(0, 20), queue(20, 50), agent([50, 52, 57, 150], final))).toEqual([
      ['IVR', 0, 20],
      ['QUEUE', 20, 52],
      ['RINGING', 52, 57],
      ['TALKING', 57, 150],
    ]);
  });

  it('counts a queue from its first time to its end, whatever ackBegin and callBegin say', () => {
    expect(piecesOf(leg(1, [null, 0, 90, 60], final))).toEqual([['QUEUE', 0, 60]]);
    expect(piecesOf(leg(1, [0, 10, 20, 60], final))).toEqual([['QUEUE', 0, 60]]);
  });

  it.each([7, 10, 14])('counts a stay at the routing device %i as routing', (deviceType) => {
    expect(piecesOf(leg(deviceType, [0, null, 3, 5], final))).toEqual([['ROUTING', 0, 5]]);
  });

  it.each([5, 8])('counts talking at the device %i as outside, from callBegin on', (deviceType) => {
    expect(piecesOf(leg(deviceType, [0, 2, 5, 60], final))).toEqual([
      ['UNACCOUNTED', 0, 5],
      ['OUTSIDE', 5, 60],
    ]);
  });

  it('counts a conference before the talking of its agents', () => {
    expect(piecesOf(agent([0, 0, 5, 120]), leg(15, [null, null, 60, 180], final))).toEqual([
      ['RINGING', 0, 5],
      ['TALKING', 5, 60],
      ['CONFERENCE', 60, 180],
    ]);
  });

  it('counts a conference from callBegin on, or from its first time if it has none', () => {
    expect(piecesOf(queue(0, 60), leg(15, [10, null, 60, 180], final))).toEqual([
      ['QUEUE', 0, 60],
      ['CONFERENCE', 60, 180],
    ]);
    expect(piecesOf(leg(15, [10, null, null, 180], final))).toEqual([['CONFERENCE', 10, 180]]);
  });

  it('counts ringing before waiting', () => {
    expect(piecesOf(queue(0, 60), agent([null, 50, 70, 90], final))).toEqual([
      ['QUEUE', 0, 50],
      ['RINGING', 50, 70],
      ['TALKING', 70, 90],
    ]);
  });

  it.each([11, 99, null])('accounts for no time at the device %p', (deviceType) => {
    const { pieces, told } = timelineOf([leg(deviceType, [0, 5, 10, 60], final)]);
    expect(pieces).toMatchObject([{ phase: 'UNACCOUNTED' }]);
    expect(told.size).toBe(0);
  });

  it('counts three queues at once as one wait', () => {
    const queues = [queue(10, 70), queue(10, 70, { deviceNo: '102' }), queue(30, 70, final)];
    expect(piecesOf(...queues, ivr(0, 10))).toEqual([
      ['IVR', 0, 10],
      ['QUEUE', 10, 70],
    ]);
  });

  it('counts talking before waiting, where a call waits for the next agent while the first still talks', () => {
    const [first, wait, second] = [agent([0, 0, 4, 120]), queue(88, 116), agent([116, 117, 120, 210], final)];
    expect(piecesOf(first, wait, second)).toEqual([
      ['RINGING', 0, 4],
      ['TALKING', 4, 210],
    ]);
  });

  it.each<[string, Partial<CallDetailRecord>]>([
    ['a consultation of two', { callType: 51 }],
    ['a consultation of three', { callType: 52 }],
    ['one through a CDN', { enterReason: 38 }],
    ['one through a PGR', { enterReason: 45 }],
    ['quality monitoring of an inbound call', { callType: 15 }],
    ['quality monitoring of an outbound call', { callType: 16 }],
  ])('does not take for the customer’s the leg of %s', (_, change) => {
    expect(piecesOf(agent([0, 0, 5, 60]), agent([60, 62, 65, 95], change), queue(95, 100, final))).toEqual([
      ['RINGING', 0, 5],
      ['TALKING', 5, 60],
      ['UNACCOUNTED', 60, 95],
      ['QUEUE', 95, 100],
    ]);
  });

  it.each([6, 7, 9, 10])('holds from a leg left with 18 to the next one entered with %i', (enterReason) => {
    const held = agent([0, 0, 5, 60], { leaveReason: 18 });
    expect(piecesOf(held, queue(70, 80), agent([null, null, 90, 120], { ...final, enterReason }))).toEqual([
      ['RINGING', 0, 5],
      ['TALKING', 5, 60],
      ['HOLD', 60, 90],
      ['TALKING', 90, 120],
    ]);
  });

  it('holds for no time where the call is taken back at once', () => {
    const back = agent([null, null, 60, 70], { callIdNum: 2, enterReason: 9 });
    expect(piecesOf(agent([0, 0, 5, 60], { leaveReason: 18 }), back, queue(70, 80, final))).toEqual([
      ['RINGING', 0, 5],
      ['TALKING', 5, 70],
      ['QUEUE', 70, 80],
    ]);
  });

  it('holds to the end of the call where nobody came back', () => {
    const consultation = agent([60, 60, 66, 96], { ...final, callType: 51 });
    expect(piecesOf(agent([0, 0, 5, 60], { leaveReason: 18 }), consultation)).toEqual([
      ['RINGING', 0, 5],
      ['TALKING', 5, 60],
      ['HOLD', 60, 96],
    ]);
  });

  it.each([5, 13, 20, 22, 23, 24, 26, 27, 49, 50, 89])(
    'counts the stay at an agent that was left with %i as ringing, whatever the times say',
    (leaveReason) => {
      expect(piecesOf(agent([0, 2, 12, 20], { ...final, leaveReason }))).toEqual([
        ['QUEUE', 0, 2],
        ['RINGING', 2, 20],
      ]);
      expect(piecesOf(agent([0, null, 12, 20], { ...final, leaveReason }))).toEqual([
        ['QUEUE', 0, 12],
        ['RINGING', 12, 20],
      ]);
    },
  );

  it('lets a phase of an agent without a begin not happen', () => {
    expect(piecesOf(agent([0, null, null, 20], final))).toEqual([['QUEUE', 0, 20]]);
    expect(piecesOf(agent([0, null, 5, 20], final))).toEqual([
      ['QUEUE', 0, 5],
      ['TALKING', 5, 20],
    ]);
    expect(piecesOf(agent([null, 0, 20, 20], final))).toEqual([['RINGING', 0, 20]]);
  });

  it('knows nothing of a leg whose times are reversed', () => {
    expect(piecesOf(ivr(0, 20), agent([25, 25, 40, 35], final))).toEqual([
      ['IVR', 0, 20],
      ['UNACCOUNTED', 20, 35],
    ]);
    const { told } = timelineOf([agent([0, 5, 10, -3600], final)]);
    expect(told.size).toBe(0);
  });

  it('ends with the call, though a leg goes on', () => {
    expect(piecesOf(agent([0, 0, 5, 500]), queue(40, 60, final))).toEqual([
      ['RINGING', 0, 5],
      ['TALKING', 5, 60],
    ]);
  });

  it('lets the open leg of a call in progress last until the trace was asked for', () => {
    const records = [ivr(0, 20), queue(20, 50), agent([50, 50, 55, null], { callIdNum: 3 })];
    expect(inSeconds(timelineOf(records, 115)).at(-1)).toEqual(['TALKING', 55, 115]);
    expect(inSeconds(timelineOf([queue(0, null)], 30))).toEqual([['QUEUE', 0, 30]]);
    expect(inSeconds(timelineOf([agent([0, 10, null, null])], 30))).toEqual([
      ['QUEUE', 0, 10],
      ['RINGING', 10, 30],
    ]);
  });

  it('lets an open leg end before it began by no clock', () => {
    expect(inSeconds(timelineOf([queue(0, 60), agent([60, 60, 65, null])], 30))).toEqual([
      ['QUEUE', 0, 60],
      ['RINGING', 60, 65],
    ]);
  });

  it('does not guess the end of an open leg once the call is over, or silent for twelve hours', () => {
    const open = agent([0, 0, 5, null]);
    expect(piecesOf(open, queue(60, 70, final))).toEqual([
      ['RINGING', 0, 5],
      ['UNACCOUNTED', 5, 60],
      ['QUEUE', 60, 70],
    ]);
    expect(inSeconds(timelineOf([open], 5 + 12 * 3600))).toEqual([['RINGING', 0, 5]]);
    expect(inSeconds(timelineOf([open], 5 + 12 * 3600 - 1)).at(-1)).toEqual(['TALKING', 5, 5 + 12 * 3600 - 1]);
  });

  it('is empty for a call without times', () => {
    expect(timelineOf([createRecord(final)])).toEqual({ pieces: [], told: new Set() });
    expect(timelineOf([agent([null, null, null, 5], final)]).pieces).toEqual([]);
  });

  it('tells of ten thousand legs and as many holds', () => {
    const holds = Array.from({ length: 10_000 }, (_, at) =>
      agent([at, at, at, at + 1], { callIdNum: at + 1, leaveReason: 18 }),
    );
    expect(piecesOf(...holds)).toEqual([['TALKING', 0, 10_000]]);
  });
});

/** Any record: few times and codes, so that legs meet, overlap, repeat and contradict each other. */
const time = fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 0, max: 40 }) }, fc.constant(null)).map(after);
const anyRecord = fc
  .record({
    callIdNum: fc.constantFrom(1, 2, 3, -1),
    deviceType: fc.constantFrom(1, 2, 2, 2, 3, 5, 7, 8, 11, 15, 99, null),
    deviceNo: fc.constantFrom('1', '2'),
    callType: fc.constantFrom(0, 7, 15, 51, null),
    enterReason: fc.constantFrom(0, 6, 9, 38, null),
    leaveReason: fc.constantFrom(0, 5, 15, 18, 89, null),
    times: fc.tuple(time, time, time, time),
    isInOrder: fc.boolean(),
  })
  .map(({ times, isInOrder, ...rest }) => {
    const known = times.filter((at) => at !== null).sort((a, b) => a - b);
    const [waitBegin, ackBegin, callBegin, callEnd] = isInOrder
      ? (times.map((at) => (at === null ? null : (known.shift() ?? null))) as typeof times)
      : times;
    return createRecord({ ...rest, waitBegin, ackBegin, callBegin, callEnd });
  });
const anyCall = fc.array(anyRecord, { minLength: 1, maxLength: 8 });
/** The same, each leg told once: which of two that contradict each other counts is not the timeline's affair. */
const legsOnce = fc.uniqueArray(anyRecord, {
  minLength: 1,
  maxLength: 8,
  selector: (record) => [record.callIdNum, record.deviceType, record.deviceNo, firstInstant(record)].join(),
});
const askedAfter = fc.integer({ min: 0, max: 60 });
const RUNS = { numRuns: 1_000 };

describe('the timeline of any call', () => {
  it('has no gap and no overlap, and its pieces together are as long as the call', () => {
    fc.assert(
      fc.property(anyCall, askedAfter, (records, asked) => {
        const call = callOf(records, asked);
        const { pieces } = createTimeline(call.trace, call.startedAt, call.endedAt);
        for (const { from, to } of pieces) expect(from).toBeLessThan(to);
        pieces.slice(1).forEach(({ from, phase }, index) => {
          expect(from).toBe(pieces[index]?.to);
          expect(phase).not.toBe(pieces[index]?.phase);
        });
        if (pieces.length > 0) expect(pieces[0]?.from).toBe(call.startedAt);
        const { durationMs } = call.durations;
        if (durationMs !== null) expect(pieces.reduce((sum, { from, to }) => sum + to - from, 0)).toBe(durationMs);
      }),
      RUNS,
    );
  });

  it('gives durations that are never negative, and together never longer than the call', () => {
    fc.assert(
      fc.property(anyCall, askedAfter, (records, asked) => {
        const { waitingMs, ringingMs, talkingMs, durationMs } = callOf(records, asked).durations;
        for (const duration of [waitingMs, ringingMs, talkingMs, durationMs])
          expect(duration ?? 0).toBeGreaterThanOrEqual(0);
        const sum = (waitingMs ?? 0) + (ringingMs ?? 0) + (talkingMs ?? 0);
        if (durationMs !== null) expect(sum).toBeLessThanOrEqual(durationMs);
      }),
      RUNS,
    );
  });

  it('depends neither on the order of the records nor on their repetition', () => {
    const shuffled = legsOnce.chain((records) =>
      fc.tuple(fc.constant(records), fc.shuffledSubarray([...records, ...records], { minLength: 2 * records.length })),
    );
    fc.assert(
      fc.property(shuffled, askedAfter, ([records, again], asked) => {
        expect(timelineOf(again, asked)).toEqual(timelineOf(records, asked));
        expect(callOf(again, asked).durations).toEqual(callOf(records, asked).durations);
      }),
      RUNS,
    );
  });
});
