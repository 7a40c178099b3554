import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { traceKeyText, type TraceKey } from '../../../src/call/key.js';
import type { CallTrace } from '../../../src/call/trace.js';
import type { Lease, LeaseReply, TraceStore } from '../../../src/tiers/redis/store.js';
import { createKey, createRecord, createTrace } from '../../fixtures/records.js';
import { startRedis } from '../../support/redis.js';
import { DAY_MS, emptyTrace, finalTrace, HOUR_MS, MINUTE_MS, openTrace, SECOND_MS } from '../../support/traces.js';
import { eventually } from './support/eventually.js';
import { createStoreBench, type StoreBench } from './support/stores.js';

let bench: StoreBench;
beforeAll(async () => {
  bench = await createStoreBench();
});
afterEach(() => bench.clear());
afterAll(() => bench.close());

const KEY = createKey();
const nameOf = (key: TraceKey) => `${bench.redis.keyPrefix}calltrace:v1:${traceKeyText(key)}`;
const leaseNameOf = (key: TraceKey) => `${bench.redis.keyPrefix}calltrace:lease:{${nameOf(key)}}`;

/** Writes are not waited for by those who answer; tests do. */
async function written(store: TraceStore, trace: CallTrace): Promise<void> {
  store.write(trace);
  await eventually('the trace lies in Redis', async () => (await bench.redis.inside.exists(nameOf(trace.key))) === 1);
}

/** What the holder of a lease has; without one the test cannot go on. */
function leaseOf(reply: LeaseReply | undefined): Lease {
  if (!reply?.lease) throw new Error('another has the lease');
  return reply.lease;
}

describe('read and write', () => {
  it('give a trace to every gateway as it was written, but from Redis', async () => {
    const [one, other] = [await bench.open(), await bench.open()];
    const traces = [finalTrace(KEY), openTrace(createKey({ callId: 'a {b}:c*' })), emptyTrace(createKey({ vdn: 7 }))];
    for (const trace of traces) {
      await written(one.store, { ...trace, fetchedAt: bench.now });
      expect(await other.store.read(trace.key)).toEqual({ ...trace, fetchedAt: bench.now, source: 'REDIS' });
    }
    expect(await other.store.read(createKey({ vdn: 8 }))).toBeNull();
  });

  it.each([
    ['a call that is over for good, as long as it may stand in', finalTrace(KEY), 30 * DAY_MS],
    ['a call in progress, as long as it may stand in', openTrace(KEY), HOUR_MS],
    ['a call not found, longer than it is fresh, for its streak', emptyTrace(KEY), 30 * SECOND_MS + 10 * MINUTE_MS],
    ['a call not found again and again', emptyTrace(KEY, { emptyStreak: 9 }), 20 * MINUTE_MS],
  ])('keep %s', async (_, trace, keptMs) => {
    const { store } = await bench.open();
    await written(store, { ...trace, fetchedAt: bench.now - SECOND_MS });
    const leftMs = await bench.redis.inside.pttl(nameOf(KEY));
    expect(leftMs).toBeLessThanOrEqual(keptMs - SECOND_MS);
    expect(leftMs).toBeGreaterThan(keptMs - SECOND_MS - 20 * SECOND_MS); // the time the test takes
  });

  it('keep nothing that is worth nothing any more', async () => {
    const { store } = await bench.open();
    store.write({ ...openTrace(KEY), fetchedAt: bench.now - HOUR_MS });
    await written(store, { ...openTrace(createKey({ vdn: 7 })), fetchedAt: bench.now }); // goes out behind the other
    expect(await bench.redis.inside.exists(nameOf(KEY))).toBe(0);
  });

  it('overwrite whatever lies under the name', async () => {
    const { store } = await bench.open();
    const trace = { ...finalTrace(KEY), fetchedAt: bench.now };
    await bench.redis.inside.rpush(nameOf(KEY), 'a', 'list');
    expect(await store.read(KEY)).toBeNull();
    store.write(trace);
    await eventually('the trace can be read', async () => (await store.read(KEY)) !== null);
    expect(await store.read(KEY)).toEqual({ ...trace, source: 'REDIS' });
  });

  const sealKey = (id: string) => ({ id, key: randomBytes(32) });
  const phoneTrace = () =>
    createTrace(
      Array.from({ length: 3 }, () => createRecord({ callerNo: '5550100001' })),
      { fetchedAt: bench.now },
    );

  it('show a phone number to who looks into Redis, unless there are keys', async () => {
    const [plain, sealed] = [await bench.open(), await bench.open({ sealKeys: [sealKey('a')] })];
    const lies = async () => ((await bench.redis.inside.getBuffer(nameOf(KEY))) ?? Buffer.alloc(0)).toString('latin1');
    await written(plain.store, phoneTrace());
    expect(await lies()).toContain('5550100001');
    expect(await sealed.store.read(KEY)).toBeNull();

    await bench.redis.inside.del(nameOf(KEY));
    await written(sealed.store, phoneTrace());
    expect(await lies()).not.toContain('5550100001');
    expect(await sealed.store.read(KEY)).toEqual({ ...phoneTrace(), source: 'REDIS' });
    expect(await plain.store.read(KEY)).toBeNull();
  });

  it('do not take a sealed value from under another name', async () => {
    const { store } = await bench.open({ sealKeys: [sealKey('a')] });
    await written(store, phoneTrace());
    const other = createKey({ vdn: 7 });
    await bench.redis.inside.copy(nameOf(KEY), nameOf(other));
    expect(await store.read(other)).toBeNull();
    expect(await store.read(KEY)).not.toBeNull();
  });
});

describe('lease', () => {
  it('is given to one, whoever asks, until it is returned', async () => {
    const stores = await Promise.all([bench.open(), bench.open(), bench.open()]);
    const replies = await Promise.all([...stores, ...stores].map(({ store }) => store.lease(KEY)));
    const holders = replies.filter((reply) => reply?.lease);
    expect(replies.map((reply) => reply?.held)).toEqual(replies.map(() => null));
    expect(holders).toHaveLength(1);

    leaseOf(holders[0]).end('failed');
    await eventually('the next one gets it', async () => Boolean((await stores[1].store.lease(KEY))?.lease));
  });

  it('is one for each key', async () => {
    const { store } = await bench.open();
    leaseOf(await store.lease(KEY));
    leaseOf(await store.lease(createKey({ vdn: 7 })));
    leaseOf(await store.lease(createKey({ month: '2025-07' })));
    expect((await store.lease(KEY))?.lease).toBeNull();
  });

  it('is kept up while it is held, and lapses with its holder', async () => {
    const [one, other] = [await bench.open({ leaseMs: 900 }), await bench.open()];
    leaseOf(await one.store.lease(KEY));
    const token = await bench.redis.inside.get(leaseNameOf(KEY));
    const lapsesAt = Date.now() + 3 * 900;
    await eventually('three terms are over', async () => {
      expect(await bench.redis.inside.get(leaseNameOf(KEY))).toBe(token);
      return Date.now() > lapsesAt;
    });
    expect((await other.store.lease(KEY))?.lease).toBeNull();

    await one.close();
    leaseOf(await eventualLease(other.store));
    expect(await bench.redis.inside.get(leaseNameOf(KEY))).not.toBe(token);
  });

  const eventualLease = async (store: TraceStore): Promise<LeaseReply | undefined> => {
    let reply: LeaseReply | undefined;
    await eventually('the lease has lapsed', async () => {
      reply = await store.lease(KEY);
      return reply?.lease !== null;
    });
    return reply;
  };

  it('lasts no longer than its term if nobody keeps it up', async () => {
    const { store } = await bench.open({ leaseMs: 700 });
    leaseOf(await store.lease(KEY));
    const leftMs = await bench.redis.inside.pttl(leaseNameOf(KEY));
    expect(leftMs).toBeGreaterThan(0);
    expect(leftMs).toBeLessThanOrEqual(700);
  });

  it.each<[string, (name: string) => Promise<unknown>]>([
    ['a text', (name) => bench.redis.inside.set(name, 'somebody')],
    ['a list', (name) => bench.redis.inside.rpush(name, 'somebody')],
  ])('is waited for no longer than its term where %s that never lapses lies in its place', async (_, put) => {
    const { store } = await bench.open({ leaseMs: 700 });
    await put(leaseNameOf(KEY));
    expect((await store.lease(KEY))?.lease).toBeNull();
    expect(await bench.redis.inside.pttl(leaseNameOf(KEY))).toBeLessThanOrEqual(700);
    leaseOf(await eventualLease(store));
  });

  it('is ended and kept up by its holder alone', async () => {
    const [one, other] = [await bench.open({ leaseMs: 900 }), await bench.open()];
    const lost = leaseOf(await one.store.lease(KEY));
    await bench.redis.inside.set(leaseNameOf(KEY), 'of another', 'PX', 500_000);
    lost.end('landed');
    const heard = other.store.change(KEY, MINUTE_MS);
    await one.store.forget(KEY); // comes behind the end
    await heard;
    expect(await bench.redis.inside.get(leaseNameOf(KEY))).toBe('of another');

    await bench.redis.inside.del(leaseNameOf(KEY));
    leaseOf(await one.store.lease(KEY));
    await bench.redis.inside.set(leaseNameOf(KEY), 'of another', 'PX', 500_000);
    const renewedBy = Date.now() + 900;
    await eventually('a term is over', async () => {
      expect(await bench.redis.inside.pttl(leaseNameOf(KEY))).toBeGreaterThan(400_000);
      return Date.now() > renewedBy;
    });
  });

  it('comes with what its last holder wrote', async () => {
    const [one, other] = [await bench.open(), await bench.open()];
    for (let round = 0; round < 100; round += 1) {
      const key = createKey({ vdn: round + 1 });
      const lease = leaseOf(await one.store.lease(key));
      const trace = { ...finalTrace(key), fetchedAt: bench.now };
      one.store.write(trace);
      lease.end('landed');
      let next: LeaseReply | undefined;
      await eventually('the lease is free', async () => Boolean((next = await other.store.lease(key))?.lease));
      expect(next?.held).toEqual({ ...trace, source: 'REDIS' });
    }
  });

  it('wakes those who wait for it when it ends', async () => {
    const [one, other] = [await bench.open(), await bench.open()];
    const lease = leaseOf(await one.store.lease(KEY));
    const woken = other.store.change(KEY, MINUTE_MS);
    lease.end('failed');
    await woken;
    leaseOf(await other.store.lease(KEY));
  });

  it('is not left behind by one who got it too late to know', async () => {
    const server = await startRedis();
    const own = await createStoreBench({ ...server, url: server.url(), keyPrefix: '' });
    try {
      const { store } = await own.open({ commandTimeoutMs: 100 });
      server.pause();
      expect(await store.lease(KEY)).toBeUndefined();
      server.resume();
      await eventually('the lease is free', async () => Boolean((await store.lease(KEY))?.lease));
    } finally {
      await own.close();
    }
  });
});

describe('forget', () => {
  it('takes the trace out of Redis and tells the other gateways', async () => {
    const [one, other] = [await bench.open(), await bench.open()];
    await written(one.store, { ...finalTrace(KEY), fetchedAt: bench.now });
    expect(await one.store.forget(KEY)).toBe(true);
    expect(await other.store.read(KEY)).toBeNull();
    await eventually('the other hears of it', () => other.gone.length > 0);
    expect([one.gone, other.gone]).toEqual([[], [traceKeyText(KEY)]]);
  });

  it('leaves the neighbours alone', async () => {
    const { store } = await bench.open();
    const neighbour = createKey({ callId: `${KEY.callId}0` });
    await written(store, { ...finalTrace(neighbour), fetchedAt: bench.now });
    await store.forget(KEY);
    expect(await store.read(neighbour)).not.toBeNull();
  });
});
