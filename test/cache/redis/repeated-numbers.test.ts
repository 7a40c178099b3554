import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { withMonthEdge } from '../../../src/cache/month-edge.js';
import { withRedis } from '../../../src/cache/redis/redis-stage.js';
import type { FetchTraces } from '../../../src/call/fetch-traces.js';
import { monthBounds } from '../../../src/call/month.js';
import { orderRecords, type CallDetailRecord } from '../../../src/call/trace.js';
import { DEFAULT_READINGS, understand } from '../../../src/call/understanding/understand.js';
import { createKey, createRecord, createTrace } from '../../fixtures/records.js';
import { HOUR_MS, lifeByDefault, traceFor, upstreamOf, type RecordingStage } from '../../support/traces.js';
import { createStoreBench, type StoreBench } from './support/stores.js';

let bench: StoreBench;
beforeAll(async () => {
  bench = await createStoreBench();
});
afterEach(() => bench.clear());
afterAll(() => bench.close());

const JUNE = Date.parse('2025-06-01T00:00:00Z');
const legAt = (callIdNum: number, seconds: number): CallDetailRecord =>
  createRecord({ callIdNum, deviceType: 3, callBegin: JUNE + seconds * 1_000, callEnd: JUNE + (seconds + 5) * 1_000 });
/** What the contact centre has of one call: each month repeats a leg of its own, and both have leg 2. */
const TABLES: Readonly<Record<string, readonly CallDetailRecord[]>> = {
  '2025-05': [legAt(1, -10), legAt(1, -10), legAt(2, -5)],
  '2025-06': [legAt(2, -5), legAt(3, 0), legAt(-1, 5), legAt(-1, 5), legAt(-1, 5)],
};
const [MAY, ELSEWHERE] = [createKey({ callId: 'call-1', month: '2025-05' }), createKey({ callId: 'call-2' })];

/** The contact centre, whose repetitions reading has noted. */
function contactCentre(): RecordingStage {
  return upstreamOf((key) => {
    const { records, duplicates, repeatedNumbers } = orderRecords(TABLES[key.month] ?? []);
    const noted = duplicates > 0 ? { repeatedNumbers, notes: { duplicateRecords: duplicates } } : {};
    return createTrace(records, { key, askedAt: bench.clock.wall(), ...noted });
  });
}

/** A gateway that asks over the month edge and Redis. */
async function openGateway(upstream: RecordingStage): Promise<FetchTraces> {
  const { store, invalidations } = await bench.open();
  const { wall: now } = bench.clocks;
  const redis = withRedis(upstream.fetchTraces, {
    ...{ store, lifeOf: lifeByDefault, now, clock: bench.clocks, invalidations },
  });
  const monthBoundsOf = ({ month }: { month: typeof MAY.month }) => monthBounds(month, 'UTC');
  return withMonthEdge(redis, { edgeMs: 12 * HOUR_MS, monthBoundsOf, now });
}

const duplicates = (trace: Parameters<typeof understand>[0]) =>
  understand(trace, DEFAULT_READINGS).findings.filter(({ code }) => code === 'DUPLICATE_RECORD');

describe('the numbers of legs that came more than once', () => {
  it.each(['2025-05', '2025-06'])(
    'are those of both months, asked for in %s, from the upstream as from Redis',
    async (month) => {
      const upstream = contactCentre();
      const [one, other] = [await openGateway(upstream), await openGateway(upstream)];
      const key = createKey({ callId: 'call-1', month });
      const asked = await traceFor(one, key);
      const held = await traceFor(other, key);
      expect(asked).toMatchObject({ key: MAY, source: 'UPSTREAM', notes: { duplicateRecords: 4 } });
      expect(new Set(asked.repeatedNumbers)).toEqual(new Set([1, 2, -1]));
      expect(held).toEqual({ ...asked, source: 'SHARED_CACHE' });
      expect(upstream.batches.flatMap(({ keys }) => keys)).toHaveLength(2);
      expect(duplicates(held)).toMatchObject([{ legs: [1, 2, 4], count: 4 }]);
    },
  );

  it('are none of a call whose legs came once', async () => {
    const upstream = upstreamOf((key) => createTrace([legAt(1, 60), legAt(-1, 65)], { key }));
    const [one, other] = [await openGateway(upstream), await openGateway(upstream)];
    expect(await traceFor(one, ELSEWHERE)).not.toHaveProperty('repeatedNumbers');
    const held = await traceFor(other, ELSEWHERE);
    expect(held.source).toBe('SHARED_CACHE');
    expect(held).not.toHaveProperty('repeatedNumbers');
    expect(duplicates(held)).toEqual([]);
  });
});
