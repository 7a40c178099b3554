import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestClock, DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, type TestClock } from '../support/traces.js';
import { askFor, byId, callIdAt, CALL_BEGAN_AT, finishedCall, record } from './support/calls.js';
import type { ScriptedCentre } from './support/scripted-centre.js';
import { createSetup, type Setup } from './support/setup.js';

const CALL_ID = callIdAt(CALL_BEGAN_AT);
/** A call at one device, begun in the first hours of June, and already over. */
const EARLY_IN_JUNE = Date.UTC(2025, 5, 1, 3);
const ONE_DEVICE = [record(-1, { callBegin: EARLY_IN_JUNE, callEnd: EARLY_IN_JUNE + MINUTE_MS })];

describe('what is known of a call', () => {
  let clock: TestClock;
  let setup: Setup;
  let centre: ScriptedCentre;
  beforeEach(async () => {
    clock = createTestClock(CALL_BEGAN_AT + HOUR_MS);
    setup = createSetup(clock);
    centre = await setup.startCentre();
  });
  afterEach(() => setup.close());

  it('stays, marked stale, when the contact centre has purged a final call, to the end of its keeping', async () => {
    const gateway = await setup.startGateway(centre);
    centre.answerWith(() => finishedCall());
    await askFor(gateway, byId(CALL_ID));
    centre.answerWith(() => []);
    for (let days = 7; days < 30; days += 7) {
      clock.advance(7 * DAY_MS);
      const answer = await askFor(gateway, byId(CALL_ID));
      expect(answer).toMatchObject({ complete: true, freshness: { stale: true, final: true } });
    }
    expect(centre.questions.length).toBeGreaterThan(1);
    clock.advance(2 * DAY_MS + MINUTE_MS);
    expect(await askFor(gateway, byId(CALL_ID))).toBeNull();
  });

  it('does not hide a call for longer than a tenth of its age', async () => {
    clock.setWall(CALL_BEGAN_AT + 10 * SECOND_MS);
    const gateway = await setup.startGateway(centre);
    for (let asked = 0; asked < 5; asked += 1) {
      expect(await askFor(gateway, byId(CALL_ID))).toBeNull();
      clock.advance(5 * SECOND_MS);
    }
    centre.answerWith(() => [record(1, { callBegin: CALL_BEGAN_AT })]);
    clock.advance(3.5 * SECOND_MS); // a tenth of 35 s
    expect(await askFor(gateway, byId(CALL_ID))).toMatchObject({ complete: false });
  });

  it('holds for a call at one device that began as its month did, and asks for no month that cannot have it', async () => {
    const gateway = await setup.startGateway(centre);
    centre.answerWith(({ month }) => (month === '2025-06' ? ONE_DEVICE : []));
    const callId = callIdAt(EARLY_IN_JUNE);
    for (let hours = 0; hours < 24; hours += 4) {
      const answer = await askFor(gateway, byId(callId));
      expect(answer?.freshness).toMatchObject({ final: true, stale: false });
      clock.advance(4 * HOUR_MS);
    }
    expect(centre.questions).toEqual([{ callId, vdn: 170, month: '2025-06' }]);
    centre.answerWith(() => ({ status: 503, body: '' }));
    expect((await askFor(gateway, byId(callId)))?.freshness).toMatchObject({ final: true, stale: false });
  });

  it('includes for days that the month before, long over, has no more legs of a call', async () => {
    const gateway = await setup.startGateway(centre);
    centre.answerWith(({ month }) => (month === '2025-06' ? ONE_DEVICE : []));
    const questions = 'callId: "chat-7", month: "2025-06"'; // its ID does not tell when it began
    for (let hours = 0; hours < 24; hours += 4) {
      expect((await askFor(gateway, questions))?.freshness).toMatchObject({ final: true, stale: false });
      clock.advance(4 * HOUR_MS);
    }
    expect(centre.questions.map(({ month }) => month)).toEqual(['2025-06', '2025-05']);
    centre.answerWith(() => ({ status: 503, body: '' }));
    expect((await askFor(gateway, questions))?.freshness).toMatchObject({ final: true, stale: false });
  });
});
