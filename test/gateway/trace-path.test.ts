import { afterEach, describe, expect, it } from '@jest/globals';
import pino from 'pino';
import type { Clock } from '../../src/call/clock.js';
import { traceKeyText, type TraceKey } from '../../src/call/key.js';
import { monthOf } from '../../src/call/month.js';
import { loadConfig } from '../../src/config/config.js';
import { exampleCallId } from '../../simulator/scenarios.js';
import { startSimulator, type Simulator } from '../../simulator/simulator.js';
import { openTracePath, type TracePath } from '../../src/gateway/trace-path.js';
import { eventually } from '../cache/redis/support/eventually.js';
import { createKey } from '../fixtures/records.js';
import { describeFetchTraces, FAILING } from '../support/contract.js';
import { environmentFor } from '../support/gateway.js';
import { startRedis } from '../support/redis.js';
import {
  answerFor,
  createTestClock,
  DAY_MS,
  HOUR_MS,
  MINUTE_MS,
  SECOND_MS,
  traceFor,
  type TestClock,
} from '../support/traces.js';

interface Line {
  readonly path: TracePath;
  readonly simulator: Simulator;
  close(): Promise<void>;
}

/** The path of the data without Redis, from the month edge to a contact centre that shares its clock and zone. */
async function layPath(
  clock: Clock,
  environment: Readonly<Record<string, string>> = {},
  centreNow = clock.wall,
): Promise<Line> {
  const simulator = await startSimulator({ now: centreNow, timeZone: environment['CMS_TIME_ZONE'] ?? 'UTC' });
  const config = loadConfig({ ...environmentFor(simulator), CMS_MAX_RETRIES: '0', ...environment }, (path) => {
    throw new Error(`no test of this kind reads a file, such as ${path}`);
  });
  const path = openTracePath(config, pino({ level: 'silent' }), clock);
  return {
    path,
    simulator,
    async close() {
      await path.close();
      await simulator.close();
    },
  };
}

describeFetchTraces('the whole path without Redis', async ({ clock }) => {
  const line = await layPath(clock);
  line.simulator.configure({ fault: 'result-0100002', faultCallIds: [FAILING.callId] });
  return { fetchTraces: line.path.fetchTraces, close: () => line.close() };
});

describeFetchTraces('the whole path over Redis', async ({ clock }) => {
  const redis = await startRedis();
  const line = await layPath(clock, { REDIS_URL: redis.url() });
  line.simulator.configure({ fault: 'result-0100002', faultCallIds: [FAILING.callId] });
  await eventually('Redis is in use', () => line.path.redis === 'up');
  return {
    fetchTraces: line.path.fetchTraces,
    async close() {
      await line.close();
      await redis.close();
    },
  };
});

describe('openTracePath without Redis', () => {
  /** 2025-06-20T12:00:00Z, later than the noon of the 15th in every zone. */
  const NOON = Date.UTC(2025, 5, 20, 12);
  let clock: TestClock;
  let line: Line | undefined;
  const start = async (environment?: Readonly<Record<string, string>>): Promise<Line> => {
    clock = createTestClock(NOON);
    line = await layPath(clock, environment);
    return line;
  };
  afterEach(() => line?.close());

  describe.each([
    ['UTC', '2025-06-01T00:00:00Z'],
    ['Asia/Shanghai', '2025-05-31T16:00:00Z'],
    ['America/Sao_Paulo', '2025-06-01T03:00:00Z'],
  ])('for a call that crosses the end of May in %s, at %s', (zone, juneBegins) => {
    const callId = exampleCallId('crosses-month-end', Date.UTC(2025, 4, 10, 9) / 1000);
    const [may, june] = [createKey({ callId, month: '2025-05' }), createKey({ callId, month: '2025-06' })];

    it.each([
      ['May', may],
      ['June', june],
    ])('gives the whole call to one who asks in %s, with a request for each month', async (_, key) => {
      const { path, simulator } = await start({ CMS_TIME_ZONE: zone });
      const trace = await traceFor(path.fetchTraces, key);
      expect(trace).toMatchObject({ key: may, stale: false, source: 'UPSTREAM' });
      expect(path.lifeOf(trace).reason).toBe('settled');
      expect(trace.records.map(({ callIdNum }) => callIdNum)).toEqual([1, 2, 3, -1]);
      const [last, first] = [trace.records.at(-1), trace.records[0]];
      expect(first?.callBegin).toBeLessThan(Date.parse(juneBegins));
      expect(last?.callBegin).toBeGreaterThanOrEqual(Date.parse(juneBegins));
      expect(simulator.total).toBe(2);
      const months = simulator.requests.map(({ logDate }) => monthOf(logDate ?? 0, zone));
      expect([...months].sort()).toEqual(['2025-05', '2025-06']);
    });

    it('holds each month under its own key, the settled one for seven days, the other for one', async () => {
      const { path, simulator } = await start({ CMS_TIME_ZONE: zone });
      await traceFor(path.fetchTraces, may);
      const again = await Promise.all(path.fetchTraces([may, june]));
      expect(again.map((trace) => (trace instanceof Error ? trace : trace.records.length))).toEqual([4, 4]);
      expect(simulator.total).toBe(2);
      const asked = (): string[] => simulator.requests.slice(2).map(({ logDate }) => monthOf(logDate ?? 0, zone));
      clock.advance(DAY_MS - SECOND_MS);
      await traceFor(path.fetchTraces, june);
      expect(asked()).toEqual([]);
      clock.advance(SECOND_MS);
      await traceFor(path.fetchTraces, june);
      expect(asked()).toEqual(['2025-05']);
      clock.advance(6 * DAY_MS);
      await traceFor(path.fetchTraces, june);
      expect(asked().sort()).toEqual(['2025-05', '2025-05', '2025-06']);
    });
  });

  it('asks once for a call far from the ends of its month, however often it is asked', async () => {
    const { path, simulator } = await start();
    const key = createKey({ callId: exampleCallId('transferred-to-a-queue', Date.UTC(2025, 5, 15, 9) / 1000) });
    await Promise.all(Array.from({ length: 50 }, () => traceFor(path.fetchTraces, key)));
    clock.advance(6 * DAY_MS);
    expect(await traceFor(path.fetchTraces, key)).toMatchObject({ stale: false, source: 'MEMORY' });
    expect(simulator.total).toBe(1);
  });

  it('answers with what it holds, marked as stale, while the contact centre fails', async () => {
    const { path, simulator } = await start();
    const key = createKey({ callId: exampleCallId('in-progress', NOON / 1000 - 3600) });
    const first = await traceFor(path.fetchTraces, key);
    simulator.configure({ fault: 'http-503' });
    clock.advance(MINUTE_MS);
    expect(await answerFor(path.fetchTraces, key)).toEqual({ ...first, source: 'MEMORY', stale: true });
    expect(await answerFor(path.fetchTraces, key, { refresh: true })).toBeInstanceOf(Error);
    simulator.configure({ fault: null });
    expect(await traceFor(path.fetchTraces, key)).toMatchObject({ stale: false, askedAt: clock.wall() });
  });

  it('forgets a call and its neighbouring months, and no other', async () => {
    const { path, simulator } = await start();
    const crossing = exampleCallId('crosses-month-end', Date.UTC(2025, 4, 10, 9) / 1000);
    const other = createKey({ callId: exampleCallId('ivr-only', Date.UTC(2025, 5, 15, 9) / 1000) });
    const keys = [createKey({ callId: crossing, month: '2025-05' }), other];
    await Promise.all(path.fetchTraces(keys));
    expect(simulator.total).toBe(3);
    await expect(path.forget(createKey({ callId: crossing, month: '2025-06' }))).resolves.toBeNull();
    await Promise.all(path.fetchTraces(keys));
    expect(simulator.countOf(crossing)).toBe(4);
    expect(simulator.countOf(other.callId)).toBe(1);
  });

  it('keeps nothing of a question that was under way when its call was forgotten', async () => {
    const { path, simulator } = await start();
    const key = createKey({ callId: exampleCallId('ivr-only', Date.UTC(2025, 5, 15, 9) / 1000) });
    simulator.configure({ latencyMs: 100 });
    const before = traceFor(path.fetchTraces, key);
    await eventually('the contact centre is asked', () => simulator.inFlight === 1);
    await expect(path.forget(key)).resolves.toBeNull();
    const after = traceFor(path.fetchTraces, key);
    expect(await before).toMatchObject({ source: 'UPSTREAM' });
    expect(await after).toMatchObject({ source: 'UPSTREAM' });
    expect(simulator.countOf(key.callId)).toBe(2);
    expect(await traceFor(path.fetchTraces, key)).toMatchObject({ source: 'MEMORY' });
    expect(simulator.countOf(key.callId)).toBe(2);
  });

  it('asks no month before that in which a call began', async () => {
    const { path, simulator } = await start();
    const key = createKey({ callId: '1748736600-404' }); // ten minutes into June, and not found
    for (const minutes of [0, 10, 10]) {
      clock.advance(minutes * MINUTE_MS);
      await traceFor(path.fetchTraces, key);
    }
    expect(simulator.requests.map(({ logDate }) => monthOf(logDate ?? 0, 'UTC'))).toEqual(
      simulator.requests.map(() => '2025-06'),
    );
    expect(simulator.total).toBe(3);
  });

  it('answers 199 of 200 calls, and others that ask for them, while the contact centre hangs over one', async () => {
    const { path, simulator } = await start();
    const keys = Array.from({ length: 200 }, (_, index) =>
      createKey({
        callId: exampleCallId(index % 2 ? 'ivr-only' : 'crosses-month-end', Date.UTC(2025, 5, 10) / 1000 + index),
      }),
    );
    const [slow] = keys as [TraceKey];
    simulator.configure({ fault: 'hang-before-headers', faultCallIds: [slow.callId] });
    const client = new AbortController();
    const first = path.fetchTraces(keys, { signal: client.signal });
    const others = keys.slice(1);
    for (const answers of [first.slice(1), path.fetchTraces(others)]) {
      const traces = await Promise.all(answers);
      expect(traces.map((trace) => (trace instanceof Error ? trace : trace.stale))).toEqual(others.map(() => false));
    }
    client.abort();
    expect(await first[0]).toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
  });

  it('goes by the contact centre’s clock, whatever ours is set to', async () => {
    const key = createKey({ callId: exampleCallId('in-progress', NOON / 1000 - 3600) });
    const centre = createTestClock(NOON);
    const ours = createTestClock(NOON);
    line = await layPath(ours, {}, centre.wall);
    const { fetchTraces } = line.path;
    const ask = () => traceFor(fetchTraces, key);
    expect(await ask()).toMatchObject({ askedAt: NOON, source: 'UPSTREAM' });
    for (const setTo of [NOON + 2 * HOUR_MS, NOON - 2 * HOUR_MS]) {
      ours.setWall(setTo);
      expect(await ask()).toMatchObject({ source: 'MEMORY' });
      for (const one of [ours, centre]) one.advance(10 * SECOND_MS);
      const askedAt = centre.wall();
      expect(await ask()).toMatchObject({ askedAt, source: 'UPSTREAM' });
      expect(await ask()).toMatchObject({ askedAt, source: 'MEMORY' });
    }
  });

  describe('what it holds', () => {
    const known = (callId: string, loggedAt?: number) => {
      const key = createKey({ callId });
      return { key, text: traceKeyText(key), ...(loggedAt === undefined ? {} : { loggedAt }) };
    };

    it('is given while it is fresh, and until it is forgotten', async () => {
      const { path } = await start();
      const call = known(exampleCallId('ivr-only', Date.UTC(2025, 5, 15, 9) / 1000));
      expect(path.cachedTrace(call, clock.wall())).toBeUndefined();
      const trace = await traceFor(path.fetchTraces, call.key);
      expect(path.cachedTrace(call, clock.wall())).toEqual({ ...trace, source: 'MEMORY' });
      expect(path.cachedTrace(call, clock.wall() + 7 * DAY_MS - 1)).toBeDefined();
      expect(path.cachedTrace(call, clock.wall() + 7 * DAY_MS)).toBeUndefined();
      await path.forget(call.key);
      expect(path.cachedTrace(call, clock.wall())).toBeUndefined();
    });

    it('is not given to one whose belief makes the month beside worth asking', async () => {
      const { path } = await start();
      const callId = 'call-404';
      await traceFor(path.fetchTraces, known(callId).key);
      expect(path.cachedTrace(known(callId), clock.wall())).toMatchObject({ records: [] });
      expect(path.cachedTrace(known(callId, Date.UTC(2025, 5, 1)), clock.wall())).toBeUndefined();
    });
  });

  it('says that there is no Redis', async () => {
    const { path } = await start();
    expect(path.redis).toBe('off');
  });
});
