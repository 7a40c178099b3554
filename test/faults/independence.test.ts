import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HOUR_MS } from '../support/traces.js';
import { AnswerError, askFor, byId, callIdAt, CALL_BEGAN_AT, finishedCall, record } from './support/calls.js';
import {
  hang,
  type CentreAnswer,
  type CentreQuestion,
  type ScriptedCentre,
  type WireRecord,
} from './support/scripted-centre.js';
import { createSetup, type ScriptedGateway } from './support/setup.js';

/** Half an hour before June ends. Unit: ms since 1970-01-01 UTC. */
const LATE_IN_JUNE = Date.UTC(2025, 5, 30, 23, 30);
const HANGING = callIdAt(CALL_BEGAN_AT, 901);
const FAILING = callIdAt(CALL_BEGAN_AT, 902);
const ACROSS_MONTHS = callIdAt(LATE_IN_JUNE, 903);

/** A call whose first leg lies in June and whose last one in July. */
const LEGS_OF_JUNE = [record(1, { deviceType: '1', waitBegin: LATE_IN_JUNE, callEnd: LATE_IN_JUNE + 60_000 })];
const LEGS_OF_JULY = [record(-1, { callBegin: LATE_IN_JUNE + 60_000, callEnd: LATE_IN_JUNE + HOUR_MS })];

function script({ callId, month }: CentreQuestion): CentreAnswer {
  if (callId === HANGING) return hang();
  if (callId === FAILING) return { body: '{"resultCode":"0101001","resultDesc":"no"}' };
  if (callId === ACROSS_MONTHS) return month === '2025-06' ? LEGS_OF_JUNE : LEGS_OF_JULY;
  return finishedCall();
}

interface ListItem {
  readonly callId: string;
  readonly complete: boolean;
  readonly legs: readonly unknown[];
  readonly freshness: { readonly stale: boolean };
}

function listOf(callIds: readonly string[]): string {
  const keys = callIds.map((callId) => `{ vdn: 170, callId: "${callId}" }`).join(' ');
  return `{ calls(keys: [${keys}]) { callId complete legs { callIdNum } freshness { stale } } }`;
}

describe('a list of calls', () => {
  const setup = createSetup();
  let centre: ScriptedCentre;
  let gateway: ScriptedGateway;
  beforeEach(async () => {
    centre = await setup.startCentre();
    centre.answerWith(script);
  });
  afterEach(() => setup.close());

  async function startGateway(deadlineMs: number): Promise<void> {
    const limit = String(deadlineMs);
    gateway = await setup.startGateway(centre, { REQUEST_DEADLINE_MS: limit, CMS_ATTEMPT_TIMEOUT_MS: limit });
  }

  it('tells a finished call with legs in two months whole while another of its calls hangs', async () => {
    await startGateway(3_000);
    const { body } = await gateway.query(listOf([ACROSS_MONTHS, HANGING]));
    expect(body.errors?.map(({ path, extensions }) => [path, extensions['code']])).toEqual([
      [['calls', 1], 'UPSTREAM_TIMEOUT'],
    ]);
    expect(body.data?.['calls']).toEqual([
      {
        callId: ACROSS_MONTHS,
        complete: true,
        legs: [{ callIdNum: 1 }, { callIdNum: -1 }],
        freshness: { stale: false },
      },
      null,
    ]);
  });

  it('keeps nobody else waiting: of 200 calls one hangs, one fails, one lies in two months', async () => {
    await startGateway(12_000); // time enough for a busy machine to answer 197 questions one by one
    const ordinary = Array.from({ length: 197 }, (_, index) => callIdAt(CALL_BEGAN_AT + index * 1000, index));
    const callIds = [HANGING, ...ordinary.slice(0, 100), FAILING, ACROSS_MONTHS, ...ordinary.slice(100)];
    let isAnswered = false;
    const first = gateway.query(listOf(callIds)).finally(() => (isAnswered = true));

    for (const callId of ordinary) expect((await askFor(gateway, byId(callId)))?.complete).toBe(true);
    expect(isAnswered).toBe(false);

    const { body } = await first;
    const answered = body.data?.['calls'] as readonly (ListItem | null)[];
    const right = callIds.filter((callId) => callId !== HANGING && callId !== FAILING);
    expect(answered.flatMap((call) => (call ? [call.callId] : []))).toEqual(right);
    const wrong = answered.filter((call) => call && (!call.complete || call.freshness.stale || call.legs.length !== 2));
    expect(wrong).toEqual([]);
    const codes = body.errors?.map(({ path, extensions }) => [path, extensions['code']]);
    expect(codes).toHaveLength(2);
    expect(codes).toContainEqual([['calls', 0], 'UPSTREAM_TIMEOUT']);
    expect(codes).toContainEqual([['calls', 101], 'UPSTREAM_REJECTED']);
    expect(new Set(centre.questions.map(({ callId, month }) => `${callId} ${month}`)).size).toBe(
      centre.questions.length,
    );
  });

  it('answers all others when one has more records than any call can', async () => {
    await startGateway(10_000);
    const monstrous = callIdAt(Date.now() - HOUR_MS, 904);
    const records: WireRecord[] = Array.from({ length: 150_000 }, (_, index) => ({ callIdNum: index + 1 }));
    centre.answerWith((question) => (question.callId === monstrous ? records : script(question)));
    const usual = callIdAt(CALL_BEGAN_AT, 905);
    const { body } = await gateway.query(listOf([monstrous, usual]));
    expect(body.errors?.map(({ path, extensions }) => [path, extensions['code']])).toEqual([
      [['calls', 0], 'UPSTREAM_MALFORMED'],
    ]);
    expect(body.data?.['calls']).toMatchObject([null, { callId: usual, complete: true }]);
    const again = askFor(gateway, byId(monstrous));
    await expect(again).rejects.toThrow(AnswerError);
    expect(centre.questions.filter(({ callId }) => callId === monstrous)).toHaveLength(2);
  });
});
