import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestClock, MINUTE_MS } from '../support/traces.js';
import { askFor, byId, callIdAt, CALL_BEGAN_AT, record, second } from './support/calls.js';
import type { ScriptedCentre, WireRecord } from './support/scripted-centre.js';
import { createSetup, type ScriptedGateway } from './support/setup.js';

type Spans = Readonly<Record<'waitBegin' | 'ackBegin' | 'callBegin' | 'callEnd', number>>;

/** A record with its times in seconds after the call began. */
function stay(callIdNum: number, times: Partial<Spans>, change: WireRecord = {}): WireRecord {
  const spelled = Object.entries(times).map(([name, seconds]) => [name, second(seconds)]);
  return record(callIdNum, { ...(Object.fromEntries(spelled) as WireRecord), ...change });
}

function queue(callIdNum: number, times: Partial<Spans>, deviceNo = '101'): WireRecord {
  return stay(callIdNum, times, { deviceType: 1, deviceNo });
}

const CONSULTATION = 51;
const TOTALS = 'totals { durationMs queueMs ringingMs talkingMs unaccountedMs }';

describe('a call', () => {
  const clock = createTestClock(CALL_BEGAN_AT + 10 * MINUTE_MS);
  const setup = createSetup(clock);
  let centre: ScriptedCentre;
  let gateway: ScriptedGateway;
  let number = 0;
  beforeAll(async () => {
    centre = await setup.startCentre();
    gateway = await setup.startGateway(centre);
  });
  afterAll(() => setup.close());

  /** What the gateway tells of a call with these records. */
  function tell(records: readonly WireRecord[], fields = TOTALS): Promise<unknown> {
    centre.answerWith(() => records);
    number += 1;
    return askFor(gateway, byId(callIdAt(CALL_BEGAN_AT, number)), fields);
  }

  it('that waits in three queues at once waits as long as its customer does', async () => {
    const queues = ['101', '102', '103'].map((deviceNo, index) =>
      queue(index + 1, { waitBegin: 0, ackBegin: 60, callEnd: 60 }, deviceNo),
    );
    const agent = stay(-1, { callBegin: 60, callEnd: 70 });
    expect(await tell([...queues, agent])).toMatchObject({
      totals: { durationMs: 70_000, queueMs: 60_000, talkingMs: 10_000 },
    });
  });

  it('at two agents at once has no more talk than time', async () => {
    const legs = [
      stay(1, { callBegin: 0, callEnd: 60 }),
      stay(-1, { callBegin: 10, callEnd: 70 }, { deviceNo: '2002' }),
    ];
    expect(await tell(legs)).toMatchObject({ totals: { durationMs: 70_000, talkingMs: 70_000 } });
  });

  it('during which agents consult each other counts that as no talk of the customer', async () => {
    const legs = [
      stay(1, { callBegin: 0, callEnd: 30 }, { leaveReason: 18 }),
      stay(2, { callBegin: 30, callEnd: 50 }, { callType: CONSULTATION, deviceNo: '2002' }),
      stay(-1, { callBegin: 50, callEnd: 60 }, { enterReason: 9 }),
    ];
    expect(await tell(legs)).toMatchObject({ totals: { durationMs: 60_000, talkingMs: 40_000 } });
  });

  it('whose customer hangs up in the queue tells how long that was', async () => {
    const legs = [queue(-1, { waitBegin: 0, callEnd: 45 })];
    expect(await tell(legs)).toMatchObject({ totals: { durationMs: 45_000, queueMs: 45_000, talkingMs: 0 } });
  });

  it('in progress tells how long it has been talked so far', async () => {
    const legs = [queue(1, { waitBegin: 0, callEnd: 10 }), stay(2, { callBegin: 10 })];
    expect(await tell(legs)).toMatchObject({ totals: { queueMs: 10_000, talkingMs: 10 * MINUTE_MS - 10_000 } });
  });

  it('in progress tells no talk before anybody has answered', async () => {
    expect(await tell([queue(1, { waitBegin: 0 })])).toMatchObject({
      totals: { queueMs: 10 * MINUTE_MS, talkingMs: 0 },
    });
  });

  it('whose clock was set back while it lasted does not tell how long it was talked', async () => {
    const legs = [stay(-1, { callBegin: 60, callEnd: 10 })];
    expect(await tell(legs, `${TOTALS} durationMs legs { connectedMs durationMs } findings { code }`)).toMatchObject({
      durationMs: null,
      totals: { talkingMs: 0 },
      legs: [{ connectedMs: null, durationMs: null }],
      findings: expect.arrayContaining([{ code: 'TIME_REVERSED' }]),
    });
  });

  it.each<[string, string, WireRecord]>([
    ['UNKNOWN', 'the release cause has two meanings (551)', { releaseCause: 551 }],
    ['UNKNOWN', 'the release cause has two meanings (701)', { releaseCause: 701 }],
    ['UNKNOWN', 'the release cause has two meanings (4)', { releaseCause: 4 }],
    ['CUSTOMER', 'the leave reason names the customer', { releaseCause: 701, leaveReason: 15 }],
    ['UNKNOWN', 'the call is cleared normally at an agent', { releaseCause: 0, leaveReason: 0 }],
    ['UNKNOWN', 'a flow clears it normally at an agent', { releaseCause: 256, leaveReason: 0 }],
    ['SYSTEM', 'the call is cleared normally at a flow', { releaseCause: 0, leaveReason: 0, deviceType: 3 }],
    ['UNKNOWN', 'the chair or a problem released the conference (52)', { releaseCause: 0, leaveReason: 52 }],
  ])('was ended by %s where %s', async (party, _, codes) => {
    const legs = [queue(1, { waitBegin: 0, callEnd: 10 }), stay(-1, { callBegin: 10, callEnd: 60 }, codes)];
    expect(await tell(legs, 'endedBy')).toEqual({ endedBy: party });
  });
});
