import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startSimulator, type Simulator } from '../simulator/simulator.js';
import { environmentFor, newCallId } from './support/gateway.js';
import { startGatewayProcess, type GatewayProcess } from './support/gateway-process.js';
import { countListeners, openSharedRedis, type SharedRedis } from './support/redis.js';
import { eventually } from './cache/redis/support/eventually.js';

const MINUTE_MS = 60_000;
const LATENCY_MS = 300;
/** Who has waited for two of them asks: a burst of this file must be over by then. Unit: ms. */
const LEASE_MS = 2_000;
/** What a busy machine may add. Unit: ms. */
const SLACK_MS = 5_000;

interface Answer {
  readonly callId: string;
  readonly freshness: { readonly source: string; readonly askedAt: string };
}

/** The call, asked of one gateway; rejects if there was an error. */
async function ask(gateway: GatewayProcess, callId: string, refresh = false): Promise<Answer> {
  const { body } = await gateway.query(
    'query ($callId: ID!, $refresh: Boolean!) { call(vdn: 170, callId: $callId, refresh: $refresh) { callId freshness { source askedAt } } }',
    { callId, refresh },
  );
  if (body.errors) throw new Error(JSON.stringify(body.errors));
  return body.data?.['call'] as Answer;
}

describe.each([2, 4])('%i gateways over one Redis', (count) => {
  let redis: SharedRedis;
  let simulator: Simulator;
  let gateways: GatewayProcess[];
  const gateway = (index: number): GatewayProcess => {
    const one = gateways[index % gateways.length];
    if (!one) throw new Error('there are no gateways');
    return one;
  };

  beforeAll(async () => {
    redis = await openSharedRedis();
    simulator = await startSimulator();
    gateways = [];
    await fill();
  }, MINUTE_MS);
  beforeEach(() => {
    simulator.reset();
    simulator.configure({ latencyMs: LATENCY_MS });
  });
  afterEach(fill, MINUTE_MS);
  afterAll(async () => {
    await Promise.all(gateways.map((one) => one.kill()));
    await simulator.close();
    await redis.close();
  });

  /** Starts as many gateways as are missing; fulfils once each has written to Redis and receives invalidation messages. */
  async function fill(): Promise<void> {
    simulator.configure({ latencyMs: 0 });
    const environment = {
      ...environmentFor(simulator),
      REDIS_URL: redis.url,
      REDIS_KEY_PREFIX: redis.keyPrefix,
      REDIS_COMMAND_TIMEOUT_MS: '1000', // a busy machine is not a slow Redis
      CACHE_LEASE_MS: String(LEASE_MS),
    };
    const started = await Promise.allSettled(
      Array.from({ length: count - gateways.length }, () => startGatewayProcess(environment)),
    );
    gateways.push(...started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])));
    for (const one of started) if (one.status === 'rejected') throw one.reason;
    await Promise.all(
      gateways.map((one) =>
        eventually('the gateway uses Redis', async () => {
          const { callId } = await ask(one, newCallId());
          return (await redis.inside.exists(`${redis.keyPrefix}calltrace:v2:1:170:2025-01:${callId}`)) === 1;
        }),
      ),
    );
    await eventually('all receive invalidation messages', async () => {
      return (await countListeners(redis)) === count;
    });
  }

  /** What each gateway answers once all do so from memory; they empty it once when another has fallen silent. */
  async function allRemember(callId: string): Promise<Answer[]> {
    let answers: Answer[] = [];
    await eventually('all answer from memory', async () => {
      answers = await Promise.all(gateways.map((one) => ask(one, callId)));
      return answers.every(({ freshness }) => freshness.source === 'MEMORY');
    });
    return answers;
  }

  it('ask once for a call that 500 clients want at once', async () => {
    const callId = newCallId();
    const answers = await Promise.all(Array.from({ length: 500 }, (_, i) => ask(gateway(i), callId)));
    expect(simulator.total).toBe(1);
    expect(new Set(answers.map((answer) => answer.callId))).toEqual(new Set([callId]));
    expect(new Set(answers.map(({ freshness }) => freshness.askedAt)).size).toBe(1);
  });

  it('ask once for each of 120 calls that are wanted from all of them at once', async () => {
    const callIds = Array.from({ length: 120 }, () => newCallId());
    const answers = await Promise.all(
      callIds.flatMap((callId, i) => [ask(gateway(i), callId), ask(gateway(i + 1), callId)]),
    );
    expect(answers.map(({ callId }) => callId)).toEqual(callIds.flatMap((callId) => [callId, callId]));
    expect(callIds.map((callId) => simulator.countOf(callId))).toEqual(callIds.map(() => 1));
    expect(simulator.total).toBe(120);
  });

  it('wait for one that is killed while it asks no longer than its lease', async () => {
    simulator.configure({ latencyMs: 1_000 });
    const callId = newCallId();
    const victim = gateway(0);
    const lost = ask(victim, callId).catch(() => 'lost');
    await eventually('it asks', () => simulator.inFlight === 1);
    const askedAt = Date.now();
    const others = gateways.slice(1).map((one) => ask(one, callId));
    await victim.kill();
    gateways = gateways.slice(1);
    await Promise.all(others);
    expect(Date.now() - askedAt).toBeLessThan(LEASE_MS + 1_000 + SLACK_MS);
    expect(await lost).toBe('lost');
    expect(simulator.countOf(callId)).toBe(2);
  });

  it('see what one of them was told to refresh', async () => {
    const callId = newCallId();
    await Promise.all(gateways.map((one) => ask(one, callId)));
    const [remembered] = await allRemember(callId);
    const { freshness } = await ask(gateway(0), callId, true);
    expect(freshness.askedAt > (remembered?.freshness.askedAt ?? '')).toBe(true);
    for (const one of gateways) {
      await eventually('it answers with the newer', async () => {
        return (await ask(one, callId)).freshness.askedAt === freshness.askedAt;
      });
    }
    expect(simulator.countOf(callId)).toBe(2);
  });

  it('forget what one of them was told to forget', async () => {
    const callId = newCallId();
    await Promise.all(gateways.map((one) => ask(one, callId)));
    const { body } = await gateway(0).query(
      `mutation { forgetCall(vdn: 170, callId: "${callId}") { forgotten problem } }`,
    );
    expect(body).toEqual({ data: { forgetCall: { forgotten: true, problem: null } } });
    const before = simulator.countOf(callId);
    expect(before).toBe(1);
    expect((await ask(gateway(0), callId)).freshness.source).toBe('UPSTREAM');
    for (const one of gateways.slice(1))
      await eventually('the other asks anew', async () => (await ask(one, callId)).freshness.source !== 'MEMORY');
    // What is asked for within two seconds after it is answered, but not kept in Redis: each asks once at most.
    expect(simulator.countOf(callId)).toBeLessThanOrEqual(1 + count);
    await allRemember(callId);
  });

  it('say nothing of Redis while it is well', () => {
    expect(gateways.flatMap(({ lines }) => lines.filter((line) => line.includes('Redis')))).toEqual([]);
  });
});
