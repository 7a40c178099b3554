import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { TraceStore } from '../../../src/cache/redis/trace-store.js';
import { traceKeyText, type TraceKey } from '../../../src/call/key.js';
import type { CallTrace } from '../../../src/call/trace.js';
import { createKey, createRecord, createTrace } from '../../fixtures/records.js';
import { startRedis } from '../../support/redis.js';
import {
  ASKED_AT,
  DAY_MS,
  emptyTrace,
  finalTrace,
  HOUR_MS,
  MINUTE_MS,
  openTrace,
  SECOND_MS,
} from '../../support/traces.js';
import { eventually } from './support/eventually.js';
import { createStoreBench, type StoreBench } from './support/stores.js';

let bench: StoreBench;
beforeAll(async () => {
  bench = await createStoreBench();
});
afterEach(() => bench.clear());
afterAll(() => bench.close());

const KEY = createKey();
const nameOf = (key: TraceKey) => `${bench.redis.keyPrefix}calltrace:v2:${traceKeyText(key)}`;
const leaseNameOf = (key: TraceKey) => `${bench.redis.keyPrefix}calltrace:lease:{${nameOf(key)}}`;
const fromRedis = (trace: CallTrace): CallTrace => ({ ...trace, source: 'SHARED_CACHE' });
const inside = () => bench.redis.inside;

type LeaseReply = Awaited<ReturnType<TraceStore['lease']>>;

/** What gives a lease back; without one the test cannot go on. */
function releaseOf(reply: LeaseReply): () => void {
  if (!reply?.release) throw new Error('another has the lease');
  return reply.release;
}

describe('read and write', () => {
  it('give a trace to every gateway as it was written, but from Redis', async () => {
    const [one, other] = [await bench.open(), await bench.open()];
    const traces = [
      finalTrace(KEY, { notes: { oddValues: 2, neighbourLegsMissing: 1 } }),
      openTrace(createKey({ callId: 'a {b}:c*' })),
      emptyTrace(createKey({ vdn: 7 }), { timesNotFound: 3 }),
    ];
    for (const trace of traces) {
      expect(await one.store.write(trace)).toBeNull();
      expect(await other.store.read(trace.key)).toEqual(fromRedis(trace));
    }
    expect(await other.store.read(createKey({ vdn: 8 }))).toBeNull();
  });

  it.each([
    ['a settled call as long as it may be answered stale', finalTrace(KEY), 30 * DAY_MS],
    ['a call in progress as long as it may be answered stale', openTrace(KEY), HOUR_MS],
    ['a call not found longer than it is fresh', emptyTrace(KEY), 30 * SECOND_MS + 10 * MINUTE_MS],
  ])('keep %s', async (_, trace, keptMs) => {
    const { store } = await bench.open();
    await store.write({ ...trace, askedAt: ASKED_AT - SECOND_MS });
    const leftMs = await inside().pttl(nameOf(KEY));
    expect(leftMs).toBeLessThanOrEqual(keptMs - SECOND_MS);
    expect(leftMs).toBeGreaterThan(keptMs - SECOND_MS - 20 * SECOND_MS); // the time the test takes
  });

  it('keep nothing that has expired', async () => {
    const { store } = await bench.open();
    expect(await store.write(openTrace(KEY, { askedAt: ASKED_AT - HOUR_MS }))).toBeNull();
    expect(await inside().exists(nameOf(KEY))).toBe(0);
  });

  it('never put an older trace in the place of a newer one, and give that one back', async () => {
    const [one, other] = [await bench.open(), await bench.open()];
    const [older, newer] = [openTrace(KEY, { askedAt: ASKED_AT - 2 * SECOND_MS }), finalTrace(KEY)];
    await one.store.write(newer);
    expect(await other.store.write(older)).toEqual(fromRedis(newer));
    expect(await other.store.read(KEY)).toEqual(fromRedis(newer));
  });

  it('put a newer trace in the place of an older one', async () => {
    const { store } = await bench.open();
    await store.write(openTrace(KEY, { askedAt: ASKED_AT - 2 * SECOND_MS }));
    expect(await store.write(finalTrace(KEY))).toBeNull();
    expect(await store.read(KEY)).toEqual(fromRedis(finalTrace(KEY)));
  });

  it('never put "no such call" in the place of a settled one', async () => {
    const { store } = await bench.open();
    await store.write(finalTrace(KEY));
    bench.clock.advance(8 * DAY_MS);
    expect(await store.write(emptyTrace(KEY, { askedAt: bench.clock.wall() }))).toEqual(fromRedis(finalTrace(KEY)));
    expect(await store.read(KEY)).toEqual(fromRedis(finalTrace(KEY)));
  });

  it('put what is asked now in the place of what is dated in the future', async () => {
    const { store } = await bench.open();
    bench.clock.setWall(ASKED_AT + 2 * HOUR_MS);
    await store.write(finalTrace(KEY, { askedAt: ASKED_AT + 2 * HOUR_MS }));
    bench.clock.setWall(ASKED_AT);
    expect(await store.write(openTrace(KEY))).toBeNull();
    expect(await store.read(KEY)).toEqual(fromRedis(openTrace(KEY)));
  });

  it.each<[string, (name: string) => Promise<unknown>]>([
    ['a list', (name) => inside().rpush(name, 'a', 'list')],
    ['an empty text', (name) => inside().set(name, '')],
    ['a foreign text', (name) => inside().set(name, '{"callId": "1"}')],
    ['a head without a body', (name) => inside().set(name, `trace ${ASKED_AT + 1_000} 5 1\n`)],
    ['the value of a wholer trace with a broken body', (name) => inside().set(name, `trace ${ASKED_AT} 9000000 1\np[`)],
    ['a tombstone of the far future', (name) => inside().set(name, `tombstone 9999999999999999 0 0\n`)],
  ])('read %s as a miss, and overwrite it', async (_, put) => {
    const { store } = await bench.open();
    await put(nameOf(KEY));
    expect(await store.read(KEY)).toBeNull();
    expect(await store.write(finalTrace(KEY))).toBeNull();
    expect(await store.read(KEY)).toEqual(fromRedis(finalTrace(KEY)));
  });

  it('neither read the values of version 1, nor write what it reads', async () => {
    const { store } = await bench.open();
    const oldName = nameOf(KEY).replace(':v2:', ':v1:');
    const oldValue = `p${JSON.stringify([2, traceKeyText(KEY), ASKED_AT, true, 0, []])}`;
    await inside().set(oldName, oldValue);
    expect(await store.read(KEY)).toBeNull();
    await store.write(openTrace(KEY));
    await store.forget([KEY]);
    const release = releaseOf(await store.lease(KEY));
    expect(await inside().get(oldName)).toBe(oldValue);
    const names = await inside().keys(`${bench.redis.keyPrefix}*`);
    expect(names.filter((name) => name.includes('calltrace:v1:'))).toEqual([oldName]);
    release();
  });

  const encryptionKey = (id: string) => ({ id, key: randomBytes(32) });
  const phoneTrace = () =>
    createTrace([1, 2, 3].map((callIdNum) => createRecord({ callIdNum, callerNo: '5550100001' })));

  it('show a phone number to who looks into Redis, unless there are keys', async () => {
    const [plain, encrypted] = [await bench.open(), await bench.open({ encryptionKeys: [encryptionKey('a')] })];
    const lies = async () => ((await inside().getBuffer(nameOf(KEY))) ?? Buffer.alloc(0)).toString('latin1');
    await plain.store.write(phoneTrace());
    expect(await lies()).toContain('5550100001');
    expect(await encrypted.store.read(KEY)).toBeNull();

    await encrypted.store.write(phoneTrace());
    expect(await lies()).not.toContain('5550100001');
    expect(await encrypted.store.read(KEY)).toEqual(fromRedis(phoneTrace()));
    expect(await plain.store.read(KEY)).toBeNull();
  });

  it('do not take an encrypted value from under another name, or with another head', async () => {
    const { store } = await bench.open({ encryptionKeys: [encryptionKey('a')] });
    await store.write(phoneTrace());
    const other = createKey({ vdn: 7 });
    await inside().copy(nameOf(KEY), nameOf(other));
    expect(await store.read(other)).toBeNull();
    expect(await store.read(KEY)).not.toBeNull();

    const value = (await inside().getBuffer(nameOf(KEY))) ?? Buffer.alloc(0);
    const settled = Buffer.from(value.toString('latin1').replace(/ 0\n/, ' 1\n'), 'latin1');
    expect(settled.equals(value)).toBe(false);
    await inside().set(nameOf(KEY), settled);
    expect(await store.read(KEY)).toBeNull();
  });
});

describe('lease', () => {
  it('is given to one, whoever asks, until it is ended', async () => {
    const stores = await Promise.all([bench.open(), bench.open(), bench.open()]);
    const replies = await Promise.all([...stores, ...stores].map(({ store }) => store.lease(KEY)));
    const holders = replies.filter((reply) => reply?.release);
    expect(replies.map((reply) => reply?.cached)).toEqual(replies.map(() => null));
    expect(holders).toHaveLength(1);

    releaseOf(holders[0])();
    await eventually('the next one gets it', async () => Boolean((await stores[1].store.lease(KEY))?.release));
  });

  it('is one for each key', async () => {
    const { store } = await bench.open();
    releaseOf(await store.lease(KEY));
    releaseOf(await store.lease(createKey({ vdn: 7 })));
    releaseOf(await store.lease(createKey({ month: '2025-07' })));
    expect((await store.lease(KEY))?.release).toBeNull();
  });

  it('is renewed while it is held, and lapses with its holder', async () => {
    const [one, other] = [await bench.open({ leaseMs: 900 }), await bench.open({ leaseMs: 900 })];
    releaseOf(await one.store.lease(KEY));
    const token = await inside().get(leaseNameOf(KEY));
    const lapsesAt = performance.now() + 3 * 900;
    await eventually('three terms are over', async () => {
      expect(await inside().get(leaseNameOf(KEY))).toBe(token);
      return performance.now() > lapsesAt;
    });
    expect((await other.store.lease(KEY))?.release).toBeNull();

    await one.close();
    await freeLease(other.store);
    expect(await inside().get(leaseNameOf(KEY))).not.toBe(token);
  });

  it('is renewed for 30 s at most, whatever its holder waits for', async () => {
    let aheadMs = 0;
    const [one, other] = [
      await bench.open({ leaseMs: 900 }, () => performance.now() + aheadMs),
      await bench.open({ leaseMs: 900 }),
    ];
    releaseOf(await one.store.lease(KEY));
    aheadMs = 25 * SECOND_MS;
    const lapsesAt = performance.now() + 2 * 900;
    await eventually('two terms are over', async () => {
      expect(await inside().exists(leaseNameOf(KEY))).toBe(1);
      return performance.now() > lapsesAt;
    });
    aheadMs = 30 * SECOND_MS;
    await freeLease(other.store);
  });

  const freeLease = async (store: TraceStore): Promise<void> => {
    await eventually('the lease has lapsed', async () => Boolean((await store.lease(KEY))?.release));
  };

  it('lasts no longer than its term if nobody renews it', async () => {
    const { store } = await bench.open({ leaseMs: 700 });
    releaseOf(await store.lease(KEY));
    const leftMs = await inside().pttl(leaseNameOf(KEY));
    expect(leftMs).toBeGreaterThan(0);
    expect(leftMs).toBeLessThanOrEqual(700);
  });

  it.each<[string, (name: string) => Promise<unknown>]>([
    ['a text that never lapses', (name) => inside().set(name, 'somebody')],
    ['a list that never lapses', (name) => inside().rpush(name, 'somebody')],
    ['a lease of an hour', (name) => inside().set(name, 'somebody', 'PX', HOUR_MS)],
  ])('is waited for no longer than its term where %s lies in its place', async (_, put) => {
    const { store } = await bench.open({ leaseMs: 700 });
    await put(leaseNameOf(KEY));
    expect((await store.lease(KEY))?.release).toBeNull();
    expect(await inside().pttl(leaseNameOf(KEY))).toBeLessThanOrEqual(700);
    await freeLease(store);
  });

  it('is ended and renewed by its holder alone', async () => {
    const [one, other] = [await bench.open({ leaseMs: 900 }), await bench.open()];
    const lost = releaseOf(await one.store.lease(KEY));
    await inside().set(leaseNameOf(KEY), 'of another', 'PX', 500_000);
    const woken = other.store.nextMessage(KEY, MINUTE_MS);
    lost();
    await woken; // comes behind the end
    expect(await inside().get(leaseNameOf(KEY))).toBe('of another');

    await inside().del(leaseNameOf(KEY));
    releaseOf(await one.store.lease(KEY));
    await inside().set(leaseNameOf(KEY), 'of another', 'PX', 500_000);
    const renewedBy = performance.now() + 900;
    await eventually('a term is over', async () => {
      expect(await inside().pttl(leaseNameOf(KEY))).toBeGreaterThan(400_000);
      return performance.now() > renewedBy;
    });
  });

  it('comes with what its last holder wrote', async () => {
    const [one, other] = [await bench.open(), await bench.open()];
    for (let round = 0; round < 100; round += 1) {
      const key = createKey({ vdn: round + 1 });
      const release = releaseOf(await one.store.lease(key));
      void one.store.write(finalTrace(key));
      release();
      let reply: LeaseReply;
      await eventually('the lease is free', async () => Boolean((reply = await other.store.lease(key))?.release));
      expect(reply?.cached).toEqual(fromRedis(finalTrace(key)));
    }
  });

  it('wakes whoever waits for it when it ends', async () => {
    const [one, other] = [await bench.open(), await bench.open()];
    const release = releaseOf(await one.store.lease(KEY));
    const woken = other.store.nextMessage(KEY, MINUTE_MS);
    release();
    await woken;
    releaseOf(await other.store.lease(KEY));
  });

  it('is not left behind by one who got it too late to know', async () => {
    const server = await startRedis();
    const own = await createStoreBench({ ...server, url: server.url(), keyPrefix: '' });
    try {
      const { store } = await own.open({ commandTimeoutMs: 100 });
      server.pause();
      expect(await store.lease(KEY)).toBeUndefined();
      server.resume();
      await eventually('the lease is free', async () => Boolean((await store.lease(KEY))?.release));
    } finally {
      await own.close();
    }
  });
});

describe('forget', () => {
  it('takes calls out of Redis and tells the other gateways', async () => {
    const [one, other] = [await bench.open(), await bench.open()];
    const keys = [KEY, createKey({ month: '2025-07' })];
    for (const key of keys) await one.store.write(finalTrace(key));
    expect(await one.store.forget(keys)).toBeNull();
    for (const key of keys) expect(await other.store.read(key)).toBeNull();
    await eventually('the other hears of it', () => other.invalidated.length === 2);
    expect([one.invalidated, other.invalidated]).toEqual([[], keys.map(traceKeyText)]);
  });

  it('leaves the neighbours alone', async () => {
    const { store } = await bench.open();
    const neighbour = createKey({ callId: `${KEY.callId}0` });
    await store.write(finalTrace(neighbour));
    await store.forget([KEY]);
    expect(await store.read(neighbour)).not.toBeNull();
  });

  it('forgets whatever lies under the name', async () => {
    const { store } = await bench.open();
    await inside().rpush(nameOf(KEY), 'a', 'list');
    expect(await store.forget([KEY])).toBeNull();
    expect(await store.read(KEY)).toBeNull();
  });

  it('keeps out of Redis what was begun by then, whatever the clocks of the gateways say', async () => {
    const [one, other] = [await bench.open(), await bench.open()];
    const before = await other.store.lease(KEY);
    before?.release?.();
    bench.clock.setWall(ASKED_AT - 3 * HOUR_MS); // of the one that forgets
    await one.store.forget([KEY]);
    bench.clock.setWall(ASKED_AT);
    for (const beganAt of [0, before?.at]) {
      expect(await other.store.write(finalTrace(KEY, { askedAt: ASKED_AT + 1_000 }), beganAt)).toBeNull();
      expect(await other.store.read(KEY)).toBeNull();
    }
    await eventually('the question after it is kept', async () => {
      const after = await other.store.lease(KEY);
      after?.release?.();
      await other.store.write(finalTrace(KEY), after?.at);
      return (await one.store.read(KEY)) !== null;
    });
  });

  it('keeps the tombstone for an hour', async () => {
    const { store } = await bench.open();
    await store.forget([KEY]);
    const leftMs = await inside().pttl(nameOf(KEY));
    expect(leftMs).toBeLessThanOrEqual(HOUR_MS);
    expect(leftMs).toBeGreaterThan(HOUR_MS - 20 * SECOND_MS);
  });
});
