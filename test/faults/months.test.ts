import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestClock, DAY_MS, HOUR_MS } from '../support/traces.js';
import { askFor, FIELDS, finishedCall } from './support/calls.js';
import type { ScriptedCentre } from './support/scripted-centre.js';
import { createSetup, type ScriptedGateway } from './support/setup.js';

/** Ten minutes after June ended. Unit: ms since 1970-01-01 UTC. */
const EARLY_IN_JULY = Date.UTC(2025, 6, 1, 0, 10);
/** A chat's ID does not tell when it began; the client believes it was in June. */
const BY_HINT = 'callId: "chat-7", logDate: "2025-06-30T23:30:00Z"';
const BY_MONTH = 'callId: "chat-7", month: "2025-06"';

describe('a call that is found in the month beside the one asked for', () => {
  const setup = createSetup(createTestClock(EARLY_IN_JULY + 3 * DAY_MS));
  let centre: ScriptedCentre;
  let gateway: ScriptedGateway;
  beforeEach(async () => {
    centre = await setup.startCentre();
    centre.answerWith(({ month }) => (month === '2025-07' ? finishedCall(EARLY_IN_JULY) : []));
    gateway = await setup.startGateway(centre);
  });
  afterEach(() => setup.close());

  it('bears the month in which it was found, and an id by which it is found again', async () => {
    const answer = await askFor(gateway, BY_HINT, `id ${FIELDS}`);
    expect(answer).toMatchObject({ month: '2025-07', complete: true });
    const id = String(answer?.['id']);
    const { body } = await gateway.query(`{ node(id: "${id}") { id ... on Call { month complete } } }`);
    expect(body).toEqual({ data: { node: { id, month: '2025-07', complete: true } } });
    const { body: entities } = await gateway.query(
      `{ _entities(representations: [{ __typename: "Call", id: "${id}" }]) { ... on Call { id month } } }`,
    );
    expect(entities).toEqual({ data: { _entities: [{ id, month: '2025-07' }] } });
    expect((await askFor(gateway, 'callId: "chat-7", month: "2025-07"', 'id'))?.['id']).toBe(id);
  });

  it.each([
    ['the date before the month', BY_HINT, BY_MONTH],
    ['the month before the date', BY_MONTH, BY_HINT],
  ])('is answered alike by all that name it in one operation, %s', async (_, first, second) => {
    const fields = `{ id month complete freshness { stale } }`;
    const { body } = await gateway.query(
      `{ a: call(vdn: 170, ${first}) ${fields} b: call(vdn: 170, ${second}) ${fields} }`,
    );
    expect(body.errors).toBeUndefined();
    expect(body.data?.['a']).toMatchObject({ month: '2025-07', complete: true, freshness: { stale: false } });
    expect(body.data?.['b']).toEqual(body.data?.['a']);
  });

  it('with legs in both months has one id, of the earlier month, whichever is asked for', async () => {
    const [queue = {}, agent = {}] = finishedCall(EARLY_IN_JULY - HOUR_MS);
    centre.answerWith(({ month }) => (month === '2025-06' ? [queue] : month === '2025-07' ? [agent] : []));
    const [asJune, asJuly] = [
      await askFor(gateway, BY_MONTH, 'id month legs { callIdNum }'),
      await askFor(gateway, 'callId: "chat-7", month: "2025-07"', 'id month legs { callIdNum }'),
    ];
    expect(asJune).toMatchObject({ month: '2025-06', legs: [{ callIdNum: 1 }, { callIdNum: -1 }] });
    expect(asJuly).toEqual(asJune);
  });
});
