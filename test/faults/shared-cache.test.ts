import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../cache/redis/support/eventually.js';
import { environmentFor } from '../support/gateway.js';
import { startGatewayProcess } from '../support/gateway-process.js';
import { startRedis, type RedisServer } from '../support/redis.js';
import { createTestClock, DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, type TestClock } from '../support/traces.js';
import {
  AnswerError,
  askFor,
  byId,
  callIdAt,
  CALL_BEGAN_AT,
  finishedCall,
  runningCall,
  second,
} from './support/calls.js';
import type { ScriptedCentre, WireRecord } from './support/scripted-centre.js';
import { createSetup, type ScriptedGateway, type Setup } from './support/setup.js';

/** More records than any call can have. */
const MONSTROUS: WireRecord[] = Array.from({ length: 150_000 }, (_, index) => ({ callIdNum: index + 1 }));

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());
beforeEach(() => redis.inside.flushall());

/** An answer of the contact centre that is on its way until it is let in. */
function answerOnItsWay(records: readonly WireRecord[]) {
  let arrive = (): void => undefined;
  const answer = new Promise<readonly WireRecord[]>((resolve) => (arrive = () => resolve(records)));
  return { answer, arrive };
}

describe('what gateways share', () => {
  const callId = callIdAt(CALL_BEGAN_AT);
  let clock: TestClock;
  let setup: Setup;
  let centre: ScriptedCentre;
  const start = (): Promise<ScriptedGateway> => setup.startGateway(centre, { REDIS_URL: redis.url() });
  beforeEach(async () => {
    clock = createTestClock(CALL_BEGAN_AT + 2 * MINUTE_MS);
    setup = createSetup(clock);
    centre = await setup.startCentre();
  });
  afterEach(() => setup.close());

  it('is never an older state of a call in place of a newer one, however late that arrives', async () => {
    const [slow, quick, third] = [await start(), await start(), await start()];
    const { answer, arrive } = answerOnItsWay(runningCall());
    centre.answerWith(() => answer);
    const late = askFor(slow, byId(callId));
    await eventually('it asks', () => centre.questions.length === 1);
    await redis.inside.del(await redis.inside.keys('*lease*')); // as if it had lapsed
    clock.advance(30 * SECOND_MS);
    centre.answerWith(() => finishedCall());
    expect((await askFor(quick, byId(callId)))?.complete).toBe(true);
    arrive();
    await late;
    for (const gateway of [slow, quick, third]) expect((await askFor(gateway, byId(callId)))?.complete).toBe(true);
  });

  it('is not enough for a refresh if another gateway asked for it before that', async () => {
    const [first, second] = [await start(), await start()];
    const { answer, arrive } = answerOnItsWay(runningCall());
    centre.answerWith(() => answer);
    const asked = askFor(first, byId(callId));
    await eventually('it asks', () => centre.questions.length === 1);
    clock.advance(30 * SECOND_MS);
    centre.answerWith(() => finishedCall());
    const refreshed = askFor(second, `${byId(callId)}, refresh: true`);
    await eventually('the other waits', async () => /lease_waits_total 1$/m.test(await second.metrics()));
    arrive();
    expect(await refreshed).toMatchObject({ complete: true, freshness: { source: 'UPSTREAM' } });
    expect(centre.questions).toHaveLength(2);
    await asked;
  });

  it('keeps a final call that the contact centre has purged, marked stale', async () => {
    clock.advance(HOUR_MS);
    centre.answerWith(() => finishedCall());
    expect((await askFor(await start(), byId(callId)))?.freshness.final).toBe(true);
    clock.advance(8 * DAY_MS);
    centre.answerWith(() => []);
    for (const gateway of [await start(), await start()]) {
      expect(await askFor(gateway, byId(callId))).toMatchObject({ complete: true, freshness: { stale: true } });
    }
  });

  it('is nothing where a value is beyond all bounds: the contact centre is asked', async () => {
    clock.advance(HOUR_MS);
    centre.answerWith(() => finishedCall());
    await askFor(await start(), byId(callId));
    const [name = ''] = await redis.inside.keys(`*calltrace:v*${callId}`);
    const value = (await redis.inside.getBuffer(name))?.toString('latin1') ?? '';
    const absurd = value.replaceAll(String(second(60)), '9000000000000000');
    expect(absurd).not.toBe(value);
    await redis.inside.set(name, Buffer.from(absurd, 'latin1'));
    expect(await askFor(await start(), byId(callId), 'endedAt freshness { source }')).toEqual({
      endedAt: '2025-06-15T08:01:00.000Z',
      freshness: { source: 'UPSTREAM' },
    });
    expect((await askFor(await start(), byId(callId)))?.freshness.source).toBe('SHARED_CACHE'); // it was overwritten
  });
});

describe('a gateway that asks for others', () => {
  const callId = callIdAt(Date.now() - HOUR_MS);
  const setup = createSetup();
  let centre: ScriptedCentre;
  const start = (leaseMs: number): Promise<ScriptedGateway> =>
    setup.startGateway(centre, {
      REDIS_URL: redis.url(),
      CACHE_LEASE_MS: String(leaseMs),
      REQUEST_DEADLINE_MS: '8000',
    });
  beforeEach(async () => {
    centre = await setup.startCentre();
  });
  afterEach(() => setup.close());

  it('holds them up no longer than two of its leases, though its lease is said to last an hour', async () => {
    const [holder, other] = [await start(500), await start(500)];
    let fail = (): void => undefined;
    const failure = new Promise<{ status: number; body: string }>((resolve) => {
      fail = () => resolve({ status: 500, body: '' });
    });
    centre.answerWith(() => failure);
    const failed = askFor(holder, byId(callId)).catch(() => 'failed');
    await eventually('it asks', () => centre.questions.length === 1);
    const [lease = ''] = await redis.inside.keys('*lease*');
    await redis.inside.set(lease, 'of nobody', 'PX', HOUR_MS);
    fail();
    expect(await failed).toBe('failed');
    centre.answerWith(() => finishedCall(Date.now() - HOUR_MS));
    expect((await askFor(other, byId(callId)))?.complete).toBe(true);
  });

  it('holds nobody up once it has met a reply with more records than any call can have', async () => {
    const [holder, other] = [await start(5_000), await start(5_000)];
    centre.answerWith(() => MONSTROUS);
    await expect(askFor(holder, byId(callId))).rejects.toThrow(AnswerError);
    centre.answerWith(() => finishedCall(Date.now() - HOUR_MS));
    expect((await askFor(other, byId(callId)))?.complete).toBe(true);
  });

  it('lives on when it meets such a reply behind a stale answer', async () => {
    centre.answerWith(() => runningCall(Date.now() - HOUR_MS));
    const gateway = await startGatewayProcess({
      ...environmentFor(centre),
      REDIS_URL: redis.url(),
      REDIS_COMMAND_TIMEOUT_MS: '5000', // a gateway that loses Redis on a busy machine empties its memory
      CACHE_STALE_WHILE_REVALIDATE: 'true',
      CACHE_OPEN_TTL_SECONDS: '0',
    });
    try {
      const document = `{ call(vdn: 170, callId: "${callId}") { complete freshness { stale } } }`;
      const answer = { data: { call: { complete: false, freshness: { stale: true } } } };
      await gateway.query(document);
      centre.answerWith(() => MONSTROUS);
      expect((await gateway.query(document)).body).toEqual(answer);
      await eventually('it has renewed the call', () => centre.questions.length === 2);
      await eventually('it has met the reply', async () => {
        const { body } = await gateway.query(document);
        expect(body).toEqual(answer);
        return centre.questions.length > 2; // the next renewal began, for the one before has ended
      });
    } finally {
      await gateway.kill();
    }
  });
});
