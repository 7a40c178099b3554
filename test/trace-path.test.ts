import { afterEach, describe, expect, it } from '@jest/globals';
import pino from 'pino';
import { monthOf } from '../src/call/month.js';
import { loadConfig } from '../src/config.js';
import { exampleCallId } from '../src/simulator/scenarios.js';
import { startSimulator, type Simulator } from '../src/simulator/simulator.js';
import { openTracePath, type TracePath } from '../src/trace-path.js';
import { createKey } from './fixtures/records.js';
import { describeFetchTraces, FAILING } from './support/contract.js';
import { environmentFor } from './support/gateway.js';
import { startRedis } from './support/redis.js';
import { answerFor, DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, traceFor } from './support/traces.js';
import { eventually } from './tiers/redis/support/eventually.js';

interface Line {
  readonly path: TracePath;
  readonly simulator: Simulator;
  close(): Promise<void>;
}

/** The path of the data without Redis, from the month edge to a contact centre whose clock and zone it shares. */
async function layPath(now: () => number, environment: Readonly<Record<string, string>> = {}): Promise<Line> {
  const simulator = await startSimulator({ now, timeZone: environment['CMS_TIME_ZONE'] ?? 'UTC' });
  const config = loadConfig({ ...environmentFor(simulator), CMS_MAX_RETRIES: '0', ...environment }, (path) => {
    throw new Error(`no test of this kind reads a file, such as ${path}`);
  });
  const path = openTracePath(config, pino({ level: 'silent' }), now);
  return {
    path,
    simulator,
    async close() {
      await path.close();
      await simulator.close();
    },
  };
}

describeFetchTraces('the whole path without Redis', async ({ now }) => {
  const line = await layPath(now);
  line.simulator.configure({ fault: 'result-0100002', faultCallIds: [FAILING.callId] });
  return { fetchTraces: line.path.fetchTraces, close: () => line.close() };
});

describeFetchTraces('the whole path over Redis', async ({ now }) => {
  const redis = await startRedis();
  const line = await layPath(now, { REDIS_URL: redis.url() });
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
  let clock = NOON;
  let line: Line | undefined;
  const start = async (environment?: Readonly<Record<string, string>>): Promise<Line> => {
    clock = NOON;
    line = await layPath(() => clock, environment);
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
      expect(trace).toMatchObject({ key, final: true, stale: false, source: 'UPSTREAM' });
      expect(trace.records.map(({ callIdNum }) => callIdNum)).toEqual([1, 2, 3, -1]);
      const [last, first] = [trace.records.at(-1), trace.records[0]];
      expect(first?.callBegin).toBeLessThan(Date.parse(juneBegins));
      expect(last?.callBegin).toBeGreaterThanOrEqual(Date.parse(juneBegins));
      expect(simulator.total).toBe(2);
      const months = simulator.requests.map(({ logDate }) => monthOf(logDate ?? 0, zone));
      expect([...months].sort()).toEqual(['2025-05', '2025-06']);
    });

    it('holds each month under its own key', async () => {
      const { path, simulator } = await start({ CMS_TIME_ZONE: zone });
      await traceFor(path.fetchTraces, may);
      const again = await path.fetchTraces([may, june]);
      expect(again.map((trace) => (trace as typeof trace & { records: unknown[] }).records.length)).toEqual([4, 4]);
      expect(simulator.total).toBe(2);
      // The month of either part is long over, so that both are fresh for seven days, the one without a final leg too.
      clock += 7 * DAY_MS - SECOND_MS;
      await traceFor(path.fetchTraces, june);
      expect(simulator.total).toBe(2);
      clock += SECOND_MS;
      await traceFor(path.fetchTraces, june);
      const months = simulator.requests.map(({ logDate }) => monthOf(logDate ?? 0, zone));
      expect(months.slice(2).sort()).toEqual(['2025-05', '2025-06']);
    });
  });

  it('asks once for a call far from the ends of its month, however often it is asked', async () => {
    const { path, simulator } = await start();
    const key = createKey({ callId: exampleCallId('blind-transfer', Date.UTC(2025, 5, 15, 9) / 1000) });
    await Promise.all(Array.from({ length: 50 }, () => traceFor(path.fetchTraces, key)));
    clock += 6 * 24 * HOUR_MS;
    expect(await traceFor(path.fetchTraces, key)).toMatchObject({ final: true, source: 'MEMORY' });
    expect(simulator.total).toBe(1);
  });

  it('answers with what it holds, marked as stale, while the contact centre fails', async () => {
    const { path, simulator } = await start();
    const key = createKey({ callId: exampleCallId('in-progress', NOON / 1000 - 3600) });
    const first = await traceFor(path.fetchTraces, key);
    simulator.configure({ fault: 'http-503' });
    clock += MINUTE_MS;
    expect(await answerFor(path.fetchTraces, key)).toEqual({ ...first, source: 'MEMORY', stale: true });
    expect(await answerFor(path.fetchTraces, key, { refresh: true })).toBeInstanceOf(Error);
    simulator.configure({ fault: null });
    expect(await traceFor(path.fetchTraces, key)).toMatchObject({ stale: false, fetchedAt: clock });
  });

  it('forgets a call and its neighbouring months, and no other', async () => {
    const { path, simulator } = await start();
    const crossing = exampleCallId('crosses-month-end', Date.UTC(2025, 4, 10, 9) / 1000);
    const other = createKey({ callId: exampleCallId('ivr-only', Date.UTC(2025, 5, 15, 9) / 1000) });
    const keys = [createKey({ callId: crossing, month: '2025-05' }), other];
    await path.fetchTraces(keys);
    expect(simulator.total).toBe(3);
    await expect(path.forget(createKey({ callId: crossing, month: '2025-06' }))).resolves.toBe(true);
    await path.fetchTraces(keys);
    expect(simulator.countOf(crossing)).toBe(4);
    expect(simulator.countOf(other.callId)).toBe(1);
  });

  it('says that there is no Redis', async () => {
    const { path } = await start();
    expect(path.redis).toBe('off');
  });
});
