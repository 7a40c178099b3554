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

  it('takes the end and its cause from the final CDR alone', () => {
    expect(callOf(IVR, QUEUE, AGENT)).toMatchObject({
      complete: true,
      releaseCause: 531,
      startedAt: after(0),
      endedAt: after(150),
    });
  });

  it('knows neither end nor cause nor length of a call in progress', () => {
    const talking = { ...AGENT, callIdNum: 3, callEnd: null };
    expect(callOf(IVR, QUEUE, talking)).toMatchObject({
      complete: false,
      releaseCause: null,
      startedAt: after(0),
      endedAt: null,
      durationMs: null,
    });
  });

  it('starts a call at the earliest instant of any leg, not of the first', () => {
    const late = createRecord({ callIdNum: 1, callBegin: after(9) });
    const early = createRecord({ callIdNum: -1, ackBegin: after(3), callEnd: after(10) });
    expect(callOf(late, early)).toMatchObject({ startedAt: after(3), durationMs: 7 * SECOND });
  });

  it('is complete with a final CDR that has no end', () => {
    expect(callOf({ ...AGENT, callEnd: null })).toMatchObject({ complete: true, endedAt: null, releaseCause: 531 });
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
