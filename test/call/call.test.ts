import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createCall, type Call, type LegDurations } from '../../src/call/call.js';
import type { CallDetailRecord } from '../../src/call/trace.js';
import { BEGAN_AT, createRecord, createTrace } from '../fixtures/records.js';

const SECOND = 1000;
const after = (seconds: number): number => BEGAN_AT + seconds * SECOND;

/** A menu, a queue, an agent who rings and talks: what each leg tells, and how the customer hangs up. */
const IVR = createRecord({
  callIdNum: 1,
  callerNo: '5550100001',
  mediaType: 5,
  deviceType: 3,
  callBegin: after(0),
  callEnd: after(20),
  releaseCause: 258,
});
const QUEUE = createRecord({
  callIdNum: 2,
  callerNo: '5550100009',
  calleeNo: '55500100',
  callType: 0,
  deviceType: 1,
  waitBegin: after(20),
  ackBegin: after(50),
  callBegin: after(50),
  callEnd: after(50),
});
const AGENT = createRecord({
  callIdNum: -1,
  deviceType: 2,
  waitBegin: after(50),
  ackBegin: after(52),
  callBegin: after(57),
  callEnd: after(150),
  releaseCause: 531,
  leaveReason: 15,
});

function callOf(...records: CallDetailRecord[]): Call {
  const call = createCall(createTrace(records));
  if (call === null) throw new Error('no such call');
  return call;
}

/** The same, asked for so many seconds after the call began. */
function callAskedAfter(seconds: number, ...records: CallDetailRecord[]): Call {
  const call = createCall(createTrace(records, { askedAt: after(seconds) }));
  if (call === null) throw new Error('no such call');
  return call;
}

function durationsOf(record: Partial<CallDetailRecord>): LegDurations | undefined {
  return callOf(createRecord(record)).legs[0]?.durations;
}

describe('createCall', () => {
  it('is null for a trace without records: no such call', () => {
    expect(createCall(createTrace([]))).toBeNull();
  });

  it('numbers the places of the legs and marks the last one', () => {
    const { legs } = callOf(IVR, QUEUE, AGENT);
    expect(legs.map(({ callIdNum, position, isLast }) => [callIdNum, position, isLast])).toEqual([
      [1, 1, false],
      [2, 2, false],
      [-1, 3, true],
    ]);
    expect(legs[1]).toMatchObject(QUEUE);
  });

  it('takes from the first leg that has one what holds for the whole call', () => {
    expect(callOf(IVR, QUEUE, AGENT)).toMatchObject({
      callerNo: '5550100001',
      calleeNo: '55500100',
      mediaType: 5,
      subMediaType: null,
      callType: 0,
    });
  });

  it('takes the end, its cause and who ended it from the final CDR alone', () => {
    expect(callOf(IVR, QUEUE, AGENT)).toMatchObject({
      complete: true,
      releaseCause: 531,
      endedBy: 'CUSTOMER',
      startedAt: after(0),
      endedAt: after(150),
    });
  });

  it('tells how long the customer waited, was rung for and talked, and spans the call from end to end', () => {
    expect(callOf(IVR, QUEUE, AGENT).durations).toEqual({
      waitingMs: 32 * SECOND,
      ringingMs: 5 * SECOND,
      talkingMs: 93 * SECOND,
      durationMs: 150 * SECOND,
    });
  });

  it('counts waiting in three queues at once as one wait, no longer than the call', () => {
    const first = { ...QUEUE, waitBegin: after(10), ackBegin: after(70), callBegin: after(70), callEnd: after(70) };
    const queues = [first, { ...first, callIdNum: 3, deviceNo: '102' }, { ...first, callIdNum: -1, deviceNo: '103' }];
    expect(callOf({ ...IVR, callEnd: after(10) }, ...queues).durations).toMatchObject({
      waitingMs: 60 * SECOND,
      durationMs: 70 * SECOND,
    });
  });

  it('counts talking with two agents at once as one conversation, no longer than the call', () => {
    const helper = { ...AGENT, callIdNum: 4, deviceNo: '2002', waitBegin: null, ackBegin: null, callBegin: after(60) };
    const longer = { ...helper, callEnd: after(900) };
    expect(callOf(IVR, QUEUE, helper, AGENT).durations.talkingMs).toBe(93 * SECOND);
    expect(callOf(IVR, QUEUE, longer, AGENT).durations.talkingMs).toBe(93 * SECOND);
  });

  it('does not count a consultation of agents as talking of the customer', () => {
    const held = { ...AGENT, callIdNum: 3, callEnd: after(100), leaveReason: 18 };
    const consultation = createRecord({
      callIdNum: 4,
      deviceType: 2,
      callType: 51,
      callBegin: after(100),
      callEnd: after(130),
    });
    const back = createRecord({
      callIdNum: -1,
      deviceType: 2,
      enterReason: 9,
      callBegin: after(130),
      callEnd: after(150),
    });
    expect(callOf(IVR, QUEUE, held, consultation, back).durations.talkingMs).toBe((43 + 20) * SECOND);
  });

  it('tells how long a customer waited who hung up in the queue', () => {
    const queue = { ...QUEUE, callIdNum: -1, ackBegin: null, callBegin: null, leaveReason: 89 };
    expect(callOf(IVR, queue).durations).toEqual({
      waitingMs: 30 * SECOND,
      ringingMs: null,
      talkingMs: 0,
      durationMs: 50 * SECOND,
    });
  });

  it('counts conferences, and devices outside with which nobody knows who talked, as talking', () => {
    const conference = createRecord({ callIdNum: 4, deviceType: 15, callBegin: after(150), callEnd: after(180) });
    const outside = createRecord({ callIdNum: -1, deviceType: 5, callBegin: after(180), callEnd: after(190) });
    expect(callOf(IVR, QUEUE, { ...AGENT, callIdNum: 3 }, conference, outside).durations.talkingMs).toBe(133 * SECOND);
  });

  it('counts as 0 what a customer talked who met machines alone, or an agent who did not answer', () => {
    expect(callOf({ ...IVR, callIdNum: -1 }).durations.talkingMs).toBe(0);
    expect(callOf({ ...AGENT, callEnd: AGENT.callBegin, leaveReason: 5 }).durations.talkingMs).toBe(0);
    expect(callOf({ ...AGENT, leaveReason: 5 }).durations).toMatchObject({ ringingMs: 98 * SECOND, talkingMs: 0 });
  });

  it('knows no talking where the clock was set back in the middle of it', () => {
    const turned = { ...AGENT, callEnd: after(57 - 3600) };
    expect(callOf(IVR, QUEUE, turned).durations).toEqual({
      waitingMs: 30 * SECOND,
      ringingMs: null,
      talkingMs: null,
      durationMs: null,
    });
    const first = { ...AGENT, callIdNum: 3, callEnd: after(100) };
    const second = createRecord({ callIdNum: -1, deviceType: 2, callBegin: after(120), callEnd: after(110) });
    expect(callOf(IVR, QUEUE, first, second).durations).toMatchObject({
      talkingMs: 43 * SECOND,
      durationMs: 110 * SECOND,
    });
  });

  it('knows neither end nor cause of a call in progress, but how long the customer has talked so far', () => {
    const talking = { ...AGENT, callIdNum: 3, callEnd: null };
    expect(callAskedAfter(117, IVR, QUEUE, talking)).toMatchObject({
      complete: false,
      releaseCause: null,
      endedBy: null,
      startedAt: after(0),
      endedAt: null,
      durations: { waitingMs: 32 * SECOND, ringingMs: 5 * SECOND, talkingMs: 60 * SECOND, durationMs: null },
    });
  });

  it('tells how long the customer of a call in progress has waited so far', () => {
    const waiting = { ...QUEUE, ackBegin: null, callBegin: null, callEnd: null };
    expect(callAskedAfter(55, IVR, waiting).durations).toMatchObject({ waitingMs: 35 * SECOND, talkingMs: 0 });
  });

  it('does not count the time since a call without a final CDR fell silent', () => {
    const talking = { ...AGENT, callIdNum: 3, callEnd: null };
    expect(callAskedAfter(3 * 86_400, IVR, QUEUE, talking).durations).toMatchObject({
      waitingMs: 32 * SECOND,
      talkingMs: null,
    });
  });

  it('starts a call at the earliest instant of any leg, not of the first', () => {
    const late = createRecord({ callIdNum: 1, callBegin: after(9) });
    const early = createRecord({ callIdNum: -1, ackBegin: after(3), callEnd: after(10) });
    expect(callOf(late, early)).toMatchObject({ startedAt: after(3), durations: { durationMs: 7 * SECOND } });
  });

  it('is complete with a final CDR that has no end', () => {
    expect(callOf({ ...AGENT, callEnd: null })).toMatchObject({ complete: true, endedAt: null, releaseCause: 531 });
  });

  it('tells the party UNKNOWN, not null, where the final CDR names nobody', () => {
    expect(callOf(createRecord({ callIdNum: -1 })).endedBy).toBe('UNKNOWN');
  });

  it('keeps the trace it tells of', () => {
    const trace = createTrace([AGENT], { stale: true, source: 'SHARED_CACHE' });
    expect(createCall(trace)).toMatchObject({ key: trace.key, trace });
  });
});

describe('the legs of one number', () => {
  it('are counted, in order, so that each can have an id of its own', () => {
    const numbers = [1, 1, 2, 1, -1, -2, -1];
    const records = numbers.map((callIdNum, index) => createRecord({ callIdNum, callBegin: after(index) }));
    expect(callOf(...records).legs.map(({ occurrence }) => occurrence)).toEqual([1, 2, 1, 3, 1, 1, 2]);
  });
});

describe('the durations of a leg', () => {
  it('come from the pairs of instants that exist', () => {
    const none = { waitingMs: null, ringingMs: null, connectedMs: null, durationMs: null };
    const [waitBegin, ackBegin, callBegin, callEnd] = [after(0), after(1), after(3), after(7)];
    expect(durationsOf({})).toEqual(none);
    expect(durationsOf({ callEnd })).toEqual(none);
    expect(durationsOf({ waitBegin })).toEqual(none);
    expect(durationsOf({ waitBegin, ackBegin })).toEqual({ ...none, waitingMs: SECOND });
    expect(durationsOf({ waitBegin, callBegin })).toEqual(none);
    expect(durationsOf({ ackBegin, callBegin })).toEqual({ ...none, ringingMs: 2 * SECOND });
    expect(durationsOf({ callBegin, callEnd })).toEqual({ ...none, connectedMs: 4 * SECOND, durationMs: 4 * SECOND });
    expect(durationsOf({ waitBegin, callEnd })).toEqual({ ...none, durationMs: 7 * SECOND });
  });

  it('are 0 for an unanswered leg, whose end is its begin', () => {
    const same = after(0);
    expect(durationsOf({ waitBegin: same, ackBegin: same, callBegin: same, callEnd: same })).toEqual({
      waitingMs: 0,
      ringingMs: 0,
      connectedMs: 0,
      durationMs: 0,
    });
  });

  it('are not known where the clock was set back in between', () => {
    expect(durationsOf({ callBegin: after(0), callEnd: after(-3600) })).toMatchObject({
      connectedMs: null,
      durationMs: null,
    });
    expect(durationsOf({ waitBegin: after(9), ackBegin: after(8), callEnd: after(10) })).toMatchObject({
      waitingMs: null,
      durationMs: 2 * SECOND,
    });
  });

  it('are the time between two instants, or null if they stand in the wrong order', () => {
    const instant = fc.option(fc.integer({ min: 1, max: 1e13 }));
    const record = fc.record({ waitBegin: instant, ackBegin: instant, callBegin: instant, callEnd: instant });
    fc.assert(
      fc.property(record, (instants) => {
        const { waitBegin, ackBegin, callBegin, callEnd } = instants;
        const durations = durationsOf(instants);
        const between = (from: number | null, to: number | null) =>
          from === null || to === null || from > to ? null : to - from;
        expect(durations?.waitingMs).toBe(between(waitBegin, ackBegin));
        expect(durations?.ringingMs).toBe(between(ackBegin, callBegin));
        expect(durations?.connectedMs).toBe(between(callBegin, callEnd));
        expect(durations?.durationMs ?? 0).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
