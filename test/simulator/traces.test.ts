import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DRAWN_NAMES, exampleCallId, LEGS_ON_REQUEST, type DrawnName } from '../../simulator/scenarios.js';
import { startSimulator, type Simulator } from '../../simulator/simulator.js';
import { traceOf } from '../../simulator/trace.js';
import { asOf, beginOf, FINAL } from '../../simulator/trace-record.js';
import { askTrace, legNumbers, rows } from './support/ask.js';
import { createClock, NOON } from './support/clock.js';

const HOUR_MS = 3_600_000;
const STARTED_SECONDS = NOON / 1000 - 7200;
const WORLD = { seed: 1, timeZone: 'UTC', now: NOON };

function trace(name: DrawnName, change: { seed?: number; vdn?: number; ccId?: number; now?: number } = {}) {
  const { seed = 1, now = NOON, vdn = 170, ccId = 1 } = change;
  const query = { ccId, vdn, callId: exampleCallId(name, STARTED_SECONDS), logDate: NOON };
  return traceOf(query, { ...WORLD, seed, now });
}

describe('a trace', () => {
  it('is the same for the same call, seed, call centre and VDN', () => {
    expect(trace('three-party')).toEqual(trace('three-party'));
  });

  it.each([{ seed: 2 }, { vdn: 171 }, { ccId: 2 }])('is another one with %o', (change) => {
    expect(trace('three-party', change)).not.toEqual(trace('three-party'));
  });

  it.each(DRAWN_NAMES.filter((name) => !['in-progress', 'crosses-month-end'].includes(name)))(
    'of %s is numbered from 1 and ends with the final record',
    (name) => {
      const numbers = trace(name).map((record) => record.callIdNum);
      expect(numbers).toEqual([...numbers.slice(0, -1).map((_, index) => index + 1), FINAL]);
    },
  );

  it.each(DRAWN_NAMES)('of %s has times in order, plain fake numbers, and devices of known types', (name) => {
    for (const record of trace(name)) {
      const times = [record.waitBegin, record.ackBegin, record.callBegin, record.callEnd].filter(
        (time) => time !== null,
      );
      expect(times).toEqual([...times].sort((a, b) => a - b));
      expect(`${record.callerNo} ${record.calleeNo}`).toMatch(/5550/);
      expect([1, 2, 3, 5, 15]).toContain(record.deviceType);
    }
  });

  it.each<[DrawnName, number[], number[], number]>([
    ['ivr-only', [3], [15], 0],
    ['menu-queue-agent', [3, 1, 2], [0, 0, 15], 531],
    ['hung-up-while-waiting', [3, 1], [0, 89], 701],
    ['no-answer-then-overflow', [3, 1, 2, 1, 1, 2], [0, 0, 5, 1, 0, 16], 1281],
    ['transferred-to-a-queue', [3, 1, 2, 1, 2], [0, 0, 17, 0, 15], 531],
    ['transferred-after-consulting', [3, 1, 2, 2, 2], [0, 0, 18, 11, 16], 1281],
    ['three-party', [3, 1, 2, 2, 15], [0, 0, 10, 10, 15], 531],
    ['outbound-preview', [2, 5], [0, 15], 531],
    ['social-chat', [1, 2], [0, 16], 1281],
  ])('of %s tells its story by devices, leave reasons and release cause', (name, devices, reasons, cause) => {
    const records = trace(name);
    expect(records.map((record) => record.deviceType)).toEqual(devices);
    expect(records.map((record) => record.leaveReason)).toEqual(reasons);
    expect(records.at(-1)?.releaseCause).toBe(cause);
  });

  it('of a social chat names the channel, that of a telephone call does not', () => {
    expect(trace('social-chat')[0]).toMatchObject({ mediaType: 53, subMediaType: expect.any(Number) });
    expect(trace('transferred-to-a-queue')[0]).toMatchObject({ mediaType: 5, subMediaType: null });
  });

  it('of an unanswered agent begins and ends its call at once', () => {
    const unanswered = trace('no-answer-then-overflow')[2];
    expect(unanswered?.callEnd).toBe(unanswered?.callBegin);
  });

  it('of a three-party call has the colleague come while the first agent is still there', () => {
    const [, , first, colleague] = trace('three-party');
    expect(first && colleague && beginOf(colleague) < (first.callEnd ?? 0)).toBe(true);
  });

  it('of a call in progress has no final record and an open last stay, however late it is', () => {
    const records = asOf(NOON + HOUR_MS, trace('in-progress', { now: NOON + HOUR_MS }));
    expect(records.map((record) => record.callIdNum)).toEqual([1, 2, 3]);
    expect(records.at(-1)).toMatchObject({ callEnd: null, leaveReason: null });
  });

  it('of the longest call has 400 records', () => {
    expect(trace('four-hundred-legs')).toHaveLength(400);
  });

  it.each([6, 6_000])('of %i legs is told on request, and ends with the final record', (legs) => {
    const callId = `${STARTED_SECONDS - 50_000}-${LEGS_ON_REQUEST + legs}`;
    const numbers = traceOf({ ccId: 1, vdn: 170, callId, logDate: NOON }, WORLD).map((record) => record.callIdNum);
    expect(numbers).toEqual([...Array.from({ length: legs - 1 }, (_, index) => index + 1), FINAL]);
  });

  it('of any other number is an ordinary story, and not always the same one', () => {
    const query = (number: number) => ({ ccId: 1, vdn: 170, callId: `${STARTED_SECONDS}-${number}`, logDate: NOON });
    const traces = Array.from({ length: 60 }, (_, index) => traceOf(query(1000 + index), WORLD));
    expect(traces.every((records) => records.at(-1)?.callIdNum === FINAL && records.length <= 6)).toBe(true);
    expect(new Set(traces.map((records) => records.map((record) => record.deviceType).join())).size).toBeGreaterThan(5);
  });

  it('of a call ID in milliseconds begins at that millisecond', () => {
    const query = { ccId: 1, vdn: 170, callId: `${NOON - HOUR_MS + 7}-2`, logDate: NOON };
    expect(beginOf(traceOf(query, WORLD)[0] ?? fail())).toBe(NOON - HOUR_MS + 7);
  });
});

describe('the simulator in time', () => {
  const clock = createClock();
  let simulator: Simulator;
  beforeEach(async () => {
    simulator = await startSimulator({ now: clock.now });
  });
  afterEach(() => simulator.close());

  it.each(['call-without-prefix', `${NOON / 1000 + 60}-2`, `${STARTED_SECONDS}-404`, '12345-1'])(
    'finds nothing for %s',
    async (callId) => {
      expect(rows(await askTrace(simulator, { callId, logDate: NOON }))).toEqual([]);
    },
  );

  it('shows a call that has just begun as unfinished, and finishes it later', async () => {
    const question = { callId: exampleCallId('menu-queue-agent', clock.now() / 1000), logDate: NOON };
    expect(legNumbers(await askTrace(simulator, question))).toEqual([1]);
    clock.forward(HOUR_MS);
    expect(legNumbers(await askTrace(simulator, question))).toEqual([1, 2, -1]);
  });

  it('gives every client the same reply', async () => {
    const question = { callId: exampleCallId('three-party', STARTED_SECONDS), logDate: NOON };
    const first = await askTrace(simulator, question);
    expect((await askTrace(simulator, question)).text).toBe(first.text);
  });
});

function fail(): never {
  throw new Error('There is no record');
}
