import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startRedis, type RedisServer } from '../../support/redis.js';
import {
  CALLER_NO,
  COMMAND_TIMEOUT_MS,
  createEstate,
  expectOneDelay,
  nameInRedis,
  newKey,
  OUTAGE,
  type Estate,
  type TestGateway,
} from './support/estate.js';
import { eventually } from './support/eventually.js';

const REFUSES = 'Redis refuses commands: the gateway works without them';
const ACCEPTS = 'Redis accepts commands again';

describe('gateways whose Redis fails', () => {
  let redis: RedisServer;
  let estate: Estate;
  const others: RedisServer[] = [];
  beforeEach(async () => {
    redis = await startRedis({ settings: { 'repl-diskless-sync-delay': '0' } });
    estate = createEstate();
  });
  afterEach(async () => {
    redis.resume();
    await estate.close();
    await Promise.all([redis, ...others.splice(0)].map((server) => server.close()));
  });

  /** Two gateways that can use Redis. */
  async function openPair(url = redis.url()): Promise<[TestGateway, TestGateway]> {
    const pair: [TestGateway, TestGateway] = [estate.open({ url }), estate.open({ url })];
    await eventually('both can use Redis', () => pair.every((gateway) => gateway.redis.state === 'up'));
    return pair;
  }

  const bothAre = (pair: readonly TestGateway[], state: TestGateway['redis']['state']) =>
    eventually(`both find Redis ${state}`, () => pair.every((gateway) => gateway.redis.state === state));
  const linesOf = (pair: readonly TestGateway[]) => pair.map(({ lines }) => lines);
  const failuresOf = (pair: readonly TestGateway[]) => pair.map(({ failures }) => ({ ...failures }));

  /** Both have said that Redis refuses, and then that it does not any more: it is known when a write has come back. */
  async function accepted(pair: readonly TestGateway[]): Promise<void> {
    await eventually('both say more', () => pair.every(({ lines }) => lines.length > 1));
    expect(linesOf(pair)).toEqual([
      [REFUSES, ACCEPTS],
      [REFUSES, ACCEPTS],
    ]);
  }

  it('say nothing of a Redis that does what it is asked', async () => {
    const pair = await openPair();
    const { answers, shared } = await estate.underLoad(...pair, () => pause(500));
    expect(shared).toBe(answers / 2);
    expect(estate.total).toBe(shared);
    expect(linesOf(pair)).toEqual([[], []]);
    expect(failuresOf(pair)).toEqual([0, 0].map(() => ({ lost: 0, refused: 0 })));
  });

  it('do without a Redis that is not there at the start, and use it once it is', async () => {
    await redis.kill();
    const pair: [TestGateway, TestGateway] = [estate.open({ url: redis.url() }), estate.open({ url: redis.url() })];
    const { shared } = await estate.underLoad(...pair, () =>
      eventually('both know', () => pair.every(({ lines }) => lines.length > 0)),
    );
    expect(shared).toBe(0);
    expect(failuresOf(pair)).toEqual([0, 0].map(() => ({ lost: 0, refused: 0 })));

    await redis.start();
    await estate.sharing(...pair);
    expect(linesOf(pair)).toEqual([OUTAGE, OUTAGE]);
  });

  it('do without a Redis that is killed under load, and use it again once it is back', async () => {
    const pair = await openPair();
    const load = await estate.underLoad(...pair, async () => {
      await redis.kill();
      await bothAre(pair, 'down');
      let failures = failuresOf(pair);
      await eventually('what was under way has failed', async () => {
        const before = failures;
        await pause(100);
        failures = failuresOf(pair);
        return isDeepStrictEqual(failures, before);
      });
      await pause(1_000);
      expect(failuresOf(pair)).toEqual(failures);
      await redis.start();
      await bothAre(pair, 'up');
      await estate.sharing(...pair);
    });
    expectOneDelay(load, pair);
    expect(linesOf(pair)).toEqual([OUTAGE, OUTAGE]);
  });

  it.each([
    ['for a moment', 1_500],
    ['until the connection is given up', 7_000],
  ])('do without a Redis that is paused under load %s, and use it again once it goes on', async (_, forMs) => {
    const pair = await openPair();
    const load = await estate.underLoad(...pair, async () => {
      redis.pause();
      await bothAre(pair, 'down');
      await pause(2 * COMMAND_TIMEOUT_MS); // what was under way has failed as well
      const failures = failuresOf(pair);
      await pause(forMs);
      expect(failuresOf(pair)).toEqual(failures);
      redis.resume();
      await bothAre(pair, 'up');
      await estate.sharing(...pair);
    });
    expectOneDelay(load, pair);
    expect(linesOf(pair)).toEqual([OUTAGE, OUTAGE]);
  });

  it('close in time while Redis is paused', async () => {
    const [one] = await openPair();
    redis.pause();
    const begun = Date.now();
    await one.close();
    expect(Date.now() - begun).toBeLessThan(4_000); // the connection itself would be given up after 5 s
  });

  it('do without the writes that a full Redis refuses, and go on reading from it', async () => {
    const pair = await openPair();
    const known = Array.from({ length: 5 }, () => newKey());
    for (const key of known) await pair[0].ask(key);
    await eventually('all lie in Redis', async () => (await redis.inside.exists(...known.map(nameInRedis))) === 5);
    await redis.inside.config('SET', 'maxmemory-policy', 'noeviction');
    await redis.inside.config('SET', 'maxmemory', '1');
    for (const key of known) {
      expect(await estate.share(...pair)).toBe('UPSTREAM');
      expect((await pair[1].ask(key)).source).toBe('SHARED_CACHE');
    }
    expect(linesOf(pair)).toEqual([[REFUSES], [REFUSES]]);
    expect(pair.map(({ failures }) => [failures.lost, failures.refused > 0])).toEqual([
      [0, true],
      [0, true],
    ]);

    await redis.inside.config('SET', 'maxmemory', '0');
    await estate.sharing(...pair);
    await estate.sharing(pair[1], pair[0]);
    await accepted(pair);
  });

  it('do without the writes that a replica refuses, and write once it is the master', async () => {
    const replica = await startRedis({ settings: { replicaof: `${redis.host} ${redis.port}` } });
    others.push(replica);
    const [writer] = await openPair();
    const pair = await openPair(replica.url());
    const known = Array.from({ length: 5 }, () => newKey());
    for (const key of known) await writer.ask(key);
    await eventually('all have reached the replica', async () => {
      return (await replica.inside.exists(...known.map(nameInRedis))) === 5;
    });
    for (const key of known) {
      expect(await estate.share(...pair)).toBe('UPSTREAM');
      await bothAre(pair, 'up'); // they may have looked whether the address leads to a master by now
      expect((await pair[1].ask(key)).source).toBe('SHARED_CACHE');
    }
    expect(await pair[0].forget(newKey())).toBe('SHARED_CACHE_REFUSED');
    expect(linesOf(pair)).toEqual([[REFUSES], [REFUSES]]);
    expect(pair.map(({ failures }) => failures.refused > 0)).toEqual([true, true]);

    await replica.inside.replicaof('NO', 'ONE');
    await bothAre(pair, 'up');
    expect(await pair[0].forget(newKey())).toBeNull();
    await estate.sharing(...pair);
    await estate.sharing(pair[1], pair[0]);
    await accepted(pair);
  });

  it('say why a call could not be forgotten', async () => {
    const [one] = await openPair();
    await redis.inside.config('SET', 'maxmemory', '1');
    expect(await one.forget(newKey())).toBe('SHARED_CACHE_REFUSED');
    await redis.inside.config('SET', 'maxmemory', '0');
    expect(await one.forget(newKey())).toBeNull();
    redis.pause();
    expect(await one.forget(newKey())).toBe('SHARED_CACHE_UNREACHABLE');
    expect(await one.forget(newKey())).toBe('SHARED_CACHE_UNREACHABLE');
  });

  it('answer a question whose trace cannot be written within one command timeout', async () => {
    const [one] = await openPair();
    estate.latencyMs = 50;
    const answer = one.ask(newKey());
    await eventually('it is asked', () => estate.total === 1);
    redis.pause();
    const pausedAt = performance.now();
    expect((await answer).source).toBe('UPSTREAM');
    expect(performance.now() - pausedAt).toBeLessThan(COMMAND_TIMEOUT_MS + 500);
  });

  it('write neither a trace nor a password into the log when they speak of Redis', async () => {
    await redis.inside.config('SET', 'maxmemory', '1');
    const [one] = await openPair();
    expect((await one.ask(newKey())).records[0]?.callerNo).toBe(CALLER_NO);
    const stranger = estate.open({ url: redis.url('somebody:pass-that-is-secret') });
    await eventually('it is turned away', () => stranger.lines.length > 0);
    await eventually('the full one has said so', () => one.lines.length > 0);
    const fields = [...one.fields, ...stranger.fields];
    const error = { err: { type: expect.any(String), message: expect.any(String) } };
    expect(fields).toEqual([error, error]);
    expect(JSON.stringify(fields)).not.toContain('pass-that-is-secret');
    expect(JSON.stringify(fields)).not.toContain(CALLER_NO);
  });

  describe('take for a miss, and overwrite,', () => {
    /** Changes what lies in Redis under a call's name. */
    type Change = (name: string) => Promise<unknown>;
    const put =
      (make: (bytes: Buffer) => Buffer | string): Change =>
      async (name) =>
        redis.inside.set(name, make((await redis.inside.getBuffer(name)) ?? Buffer.alloc(0)));
    const instead =
      (fill: (name: string) => Promise<unknown>): Change =>
      async (name) => {
        await redis.inside.del(name);
        await fill(name);
      };
    it.each<[string, Change]>([
      ['a list', instead((name) => redis.inside.rpush(name, 'a'))],
      ['a hash', instead((name) => redis.inside.hset(name, 'a', '1'))],
      ['a stream', instead((name) => redis.inside.xadd(name, '*', 'a', '1'))],
      ['an empty value', put(() => '')],
      ['a truncated value', put((bytes) => bytes.subarray(0, bytes.length - 20))],
      ['a value of an older version', put((bytes) => bytes.subarray(bytes.indexOf('\n') + 1))],
      [
        'a trace with an absurd time',
        put((bytes) => bytes.toString().replace(/\d{13}(?=,null,null,")/, '9000000000000000')),
      ],
      ['a foreign value', put(() => '{"key": "1"}')],
      ['noise', put(() => Buffer.from(Array.from({ length: 256 }, (_, i) => i)))],
      ['the trace of another call', put((bytes) => bytes.toString().replaceAll(/\d{10}-/g, '1736000000-'))],
    ])('%s', async (_, change) => {
      const [writer, pair] = [estate.open({ url: redis.url() }), await openPair()];
      await eventually('the writer can use Redis', () => writer.redis.state === 'up');
      const key = newKey();
      await writer.ask(key);
      await eventually('it lies in Redis', async () => (await redis.inside.exists(nameInRedis(key))) === 1);
      const dump = await redis.inside.dump(nameInRedis(key));
      await change(nameInRedis(key));
      expect(await redis.inside.dump(nameInRedis(key))).not.toBe(dump);

      const before = estate.countOf(key);
      expect(await estate.share(...pair, key)).toBe('SHARED_CACHE');
      expect(estate.countOf(key)).toBe(before + 1);
      expect(linesOf(pair)).toEqual([[], []]);
      expect(pair.map(({ failures }) => failures.lost)).toEqual([0, 0]); // nobody waited for a command's timeout
    });
  });
});
