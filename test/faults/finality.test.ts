import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestClock, DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, type TestClock } from '../support/traces.js';
import { askFor, byId, callIdAt, CALL_BEGAN_AT, finishedCall, record, runningCall, second } from './support/calls.js';
import type { ScriptedCentre } from './support/scripted-centre.js';
import { createSetup, type Setup } from './support/setup.js';

const CALL_ID = callIdAt(CALL_BEGAN_AT);

describe('a call is final', () => {
  let clock: TestClock;
  let setup: Setup;
  let centre: ScriptedCentre;
  beforeEach(async () => {
    clock = createTestClock(CALL_BEGAN_AT + HOUR_MS);
    setup = createSetup(clock);
    centre = await setup.startCentre();
  });
  afterEach(() => setup.close());

  it('once it is over for minutes and every record is there', async () => {
    const gateway = await setup.startGateway(centre);
    centre.answerWith(() => finishedCall());
    expect(await askFor(gateway, byId(CALL_ID))).toMatchObject({ complete: true, freshness: { final: true } });
    clock.advance(6 * DAY_MS);
    expect((await askFor(gateway, byId(CALL_ID)))?.freshness).toMatchObject({ source: 'MEMORY', final: true });
  });

  it.each(['month: "2024-06"', 'logDate: "2024-06-15T08:00:00Z"'])(
    'never because of a table of last year, which holds this year’s calls: by %s there is no such call',
    async (month) => {
      const gateway = await setup.startGateway(centre);
      centre.answerWith(({ month }) => (month.endsWith('-06') ? runningCall() : []));
      expect(await askFor(gateway, `callId: "chat-7", ${month}`)).toBeNull();
      expect(await askFor(gateway, 'callId: "chat-7", month: "2025-06"')).toMatchObject({
        complete: false,
        freshness: { final: false },
      });
    },
  );

  it('not while it goes on, though its month is over', async () => {
    clock.setWall(Date.UTC(2025, 6, 5));
    const gateway = await setup.startGateway(centre);
    const beganAt = Date.UTC(2025, 5, 20);
    centre.answerWith(({ month }) => (month === '2025-06' ? runningCall(beganAt) : []));
    const callId = callIdAt(beganAt);
    expect(await askFor(gateway, byId(callId))).toMatchObject({ complete: false, freshness: { final: false } });
    centre.answerWith(({ month }) => (month === '2025-06' ? finishedCall(beganAt) : []));
    clock.advance(DAY_MS + SECOND_MS);
    expect(await askFor(gateway, byId(callId))).toMatchObject({ complete: true, freshness: { final: true } });
  });

  it('by the clock that stamped its end, though ours is ten minutes ahead', async () => {
    centre = await setup.startCentre({ aheadMs: -10 * MINUTE_MS });
    const gateway = await setup.startGateway(centre);
    const endedAt = clock.wall() - 11 * MINUTE_MS; // a minute ago for the contact centre
    centre.answerWith(() => [record(-1, { callBegin: endedAt - MINUTE_MS, callEnd: endedAt })]);
    expect((await askFor(gateway, byId(CALL_ID)))?.freshness.final).toBe(false);
    clock.advance(5 * MINUTE_MS);
    expect((await askFor(gateway, byId(CALL_ID)))?.freshness.final).toBe(true);
  });

  it('by the clock that stamped its end, though ours is an hour behind; that is worth one line of the log', async () => {
    centre = await setup.startCentre({ aheadMs: HOUR_MS });
    const gateway = await setup.startGateway(centre);
    const endedAt = clock.wall() + HOUR_MS - 10 * MINUTE_MS;
    centre.answerWith(() => [record(-1, { callBegin: endedAt - MINUTE_MS, callEnd: endedAt })]);
    for (let asked = 0; asked < 5; asked += 1) {
      expect((await askFor(gateway, byId(CALL_ID)))?.freshness.final).toBe(true);
      clock.advance(11 * SECOND_MS);
    }
    expect(centre.questions).toHaveLength(1);
    expect(gateway.logLines.filter((line) => line.includes('differ by more than a minute'))).toHaveLength(1);
  });

  it('not yet when it ends in the future of the only clock there is, and is seldom asked for then', async () => {
    centre = await setup.startCentre({ aheadMs: null });
    const gateway = await setup.startGateway(centre);
    const endedAt = clock.wall() + HOUR_MS;
    centre.answerWith(() => [record(-1, { callBegin: endedAt - MINUTE_MS, callEnd: endedAt })]);
    for (let asked = 0; asked < 5; asked += 1) {
      expect((await askFor(gateway, byId(CALL_ID)))?.freshness).toMatchObject({ final: false, stale: false });
      clock.advance(11 * SECOND_MS);
    }
    expect(centre.questions).toHaveLength(1);
  });

  it.each([
    ['the final record', [record(1, { callBegin: second(0), callEnd: second(9) }), record(-1, { callEnd: '0' })]],
    ['a leg', [record(1, { callBegin: second(0), callEnd: 0 }), ...finishedCall().slice(1)]],
  ])('not while %s has no end, and is asked for every ten minutes at most', async (_, records) => {
    clock.advance(3 * DAY_MS);
    const gateway = await setup.startGateway(centre);
    centre.answerWith(() => records);
    for (let asked = 0; asked < 10; asked += 1) {
      const answer = await askFor(gateway, byId(CALL_ID));
      expect(answer).toMatchObject({ complete: true, freshness: { final: false, stale: false } });
      clock.advance(MINUTE_MS);
    }
    expect(centre.questions).toHaveLength(1);
    await askFor(gateway, byId(CALL_ID));
    expect(centre.questions).toHaveLength(2);
  });

  it('not with a hole in the numbers of its records: the late one appears within minutes', async () => {
    const [first, last] = [finishedCall().slice(0, 1), finishedCall().slice(1)];
    const late = record(2, { callBegin: second(10), callEnd: second(20) });
    const third = record(3, { callBegin: second(20), callEnd: second(30) });
    const gateway = await setup.startGateway(centre);
    centre.answerWith(() => [...first, third, ...last]);
    const numbers = async () => (await askFor(gateway, byId(CALL_ID)))?.legs.map(({ callIdNum }) => callIdNum);
    expect((await askFor(gateway, byId(CALL_ID)))?.freshness.final).toBe(false);
    expect(await numbers()).toEqual([1, 3, -1]);
    centre.answerWith(() => [...first, late, third, ...last]);
    clock.advance(10 * MINUTE_MS);
    expect(await numbers()).toEqual([1, 2, 3, -1]);
    expect((await askFor(gateway, byId(CALL_ID)))?.freshness.final).toBe(true);
  });
});
