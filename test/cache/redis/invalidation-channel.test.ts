import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createCircuitBreaker } from '../../../src/cache/redis/circuit-breaker.js';
import { connectRedis, type RedisClient } from '../../../src/cache/redis/connection.js';
import { createInvalidationChannel, type InvalidationChannel } from '../../../src/cache/redis/invalidation-channel.js';
import { createRedisNames } from '../../../src/cache/redis/names.js';
import { countListeners, cutListeners, startRedis, type RedisServer } from '../../support/redis.js';
import { eventually } from './support/eventually.js';

/** Longer than a test may take. Unit: ms. */
const LONG_MS = 60_000;
/** Longer than any silence that is passed over. Unit: ms. */
const SILENCE_MS = 5_000;
const STREAM = 'calltrace:v2:invalidations';

interface Member {
  readonly channel: InvalidationChannel;
  /** What was invalidated in it since it reads: canonical texts of keys, or `all`. */
  readonly invalidated: string[];
  readonly redis: RedisClient;
  readonly state: () => 'up' | 'down';
}

describe('createInvalidationChannel', () => {
  let server: RedisServer;
  let monotonic: number;
  let members: Member[];
  const open: { close(): unknown }[] = [];
  beforeAll(async () => {
    server = await startRedis({ settings: { 'repl-diskless-sync-delay': '0' } });
  });
  beforeEach(() => {
    [members, monotonic] = [[], 0];
  });
  afterEach(async () => {
    server.resume();
    for (const one of open.splice(0).reverse()) await one.close();
    await server.start();
    await server.inside.call('ACL', 'SETUSER', 'default', '+@all');
    await server.inside.flushall();
    await eventually('nobody listens', async () => (await countListeners(server)) === 0);
  });
  afterAll(() => server.close());

  const listen = (count: number) =>
    eventually(`${count} gateways listen`, async () => (await countListeners(server)) === count);
  const tell = (...fields: string[]) => server.inside.xadd(STREAM, '*', ...fields);
  const tellOf = (key: string) => tell('kind', 'invalidate', 'key', key, 'by', 'somebody');

  /** A gateway that reads. */
  async function join(url = server.url()): Promise<Member> {
    const redis = connectRedis({ url, protocol: 3 });
    const breaker = createCircuitBreaker(redis, 1_000, { log: { info: () => undefined, warn: () => undefined } });
    const invalidated: string[] = [];
    const channel = createInvalidationChannel(
      { redis, breaker, names: createRedisNames('') },
      () => connectRedis({ url, protocol: 3 }, true),
      {
        invalidate: (keyText) => void invalidated.push(keyText),
        invalidateAll: () => void invalidated.push('all'),
      },
      () => monotonic,
    );
    open.push({ close: () => (redis.status === 'end' ? undefined : redis.disconnect()) }, breaker, channel);
    const member = { channel, invalidated, redis, state: () => breaker.state };
    members.push(member);
    await eventually('it has begun to read', () => invalidated.length > 0);
    expect(invalidated.splice(0)).toEqual(['all']);
    return member;
  }

  const heard = ({ invalidated }: Member, ...keys: string[]) =>
    eventually(`it hears of ${keys.join(' ')}`, () => keys.every((key) => invalidated.includes(key)));

  it('wakes everybody who waits for a key, whether it was invalidated or its lease has ended', async () => {
    const [one, other] = [await join(), await join()];
    for (const what of ['invalidate', 'done'] as const) {
      const waits = [one, one, other].map(({ channel }) => channel.nextMessage('a', LONG_MS));
      await one.channel[what]('a');
      await Promise.all(waits);
    }
  });

  it('wakes nobody who waits for another key, except when the time is over', async () => {
    const { channel } = await join();
    const woken: string[] = [];
    const waits = ['b', 'c', 'a'].map((key) =>
      channel.nextMessage(key, key === 'a' ? LONG_MS : 500).then(() => woken.push(key)),
    );
    await channel.done('a');
    await Promise.all(waits);
    expect(woken).toEqual(['a', 'b', 'c']);
  });

  it('wakes at once', async () => {
    const { channel } = await join();
    await listen(1);
    const begun = performance.now();
    for (let i = 0; i < 20; i += 1) {
      const wait = channel.nextMessage('a', LONG_MS);
      await channel.done('a');
      await wait;
    }
    expect(performance.now() - begun).toBeLessThan(20 * 500); // by polls alone each would take a second
  });

  it('invalidates a key in all gateways but the one that says so', async () => {
    const [one, other] = [await join(), await join()];
    for (const key of ['a', 'b'])
      expect(await one.channel.invalidate(key)).toMatchObject({ value: expect.any(String) });
    await heard(other, 'a', 'b');
    const last = one.channel.nextMessage('c', LONG_MS);
    await other.channel.done('c'); // comes behind whatever one had said
    await last;
    expect([one.invalidated, other.invalidated]).toEqual([[], ['a', 'b']]);
  });

  it('misses none of a thousand, and takes them in their order', async () => {
    const [one, other] = [await join(), await join()];
    const keys = Array.from({ length: 1_000 }, (_, i) => String(i));
    await Promise.all(keys.map((key) => one.channel.invalidate(key)));
    await heard(other, '999');
    expect(other.invalidated).toEqual(keys);
    expect(await server.inside.xlen(STREAM)).toBeGreaterThanOrEqual(1_000);
  });

  it('keeps the stream short', async () => {
    for (let i = 0; i < 200; i += 1) {
      const pipeline = server.inside.pipeline();
      for (let j = 0; j < 100; j += 1) pipeline.xadd(STREAM, '*', 'kind', 'done', 'key', 'a', 'by', 'somebody');
      await pipeline.exec();
    }
    const { channel } = await join();
    await channel.done('a');
    expect(await server.inside.xlen(STREAM)).toBeLessThan(11_000);
  });

  it('reads a backlog page by page, and nothing of what is too long to be ours', async () => {
    const [member] = [await join()];
    const inside = server.inside.pipeline();
    for (let n = 0; n < 950; n += 1)
      inside.xadd(STREAM, '*', 'kind', 'invalidate', 'key', `key-${n}`, 'by', 'somebody');
    for (let n = 0; n < 60; n += 1) inside.xadd(STREAM, '*', 'what', 'x'.repeat(1_000_000));
    inside.xadd(STREAM, '*', 'kind', 'invalidate', 'key', 'last', 'by', 'somebody');
    await inside.exec();
    await heard(member, 'last');
    expect(member.invalidated).toHaveLength(951);
    expect(member.state()).toBe('up');
  });

  it('passes over what it cannot read', async () => {
    const member = await join();
    await tell('hello', 'world');
    await tell('kind', 'invalidate', 'key', 'x'.repeat(10), 'by', 'somebody', 'and', 'more');
    await tell('kind', 'invalidate');
    await tell('kind', 'unheard of', 'key', 'error', 'by', 'somebody');
    await tellOf('a');
    await heard(member, 'a');
    expect(member.invalidated).toEqual(['x'.repeat(10), 'a']);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['the stream is gone', () => server.inside.flushall()],
    ['it is shorter than what was read', () => server.inside.xtrim(STREAM, 'MAXLEN', 0)],
    [
      'it is another one',
      () => server.inside.multi().del(STREAM).xadd(STREAM, '1-1', 'kind', 'invalidate', 'key', 'missed').exec(),
    ],
    [
      'it is another one of which more was said',
      async () => {
        await server.inside.multi().del(STREAM).xadd(STREAM, '*', 'kind', 'done', 'key', 'b', 'by', 'x').exec();
        await tellOf('missed');
      },
    ],
  ])('invalidates all, once, where %s, and goes on from there', async (_, lose) => {
    const member = await join();
    await tellOf('a');
    await heard(member, 'a');
    await lose();
    await heard(member, 'all');
    await tellOf('z');
    await heard(member, 'z');
    // Something may be said before the loss is noticed.
    expect(member.invalidated.filter((key) => key !== 'missed')).toEqual(['a', 'all', 'z']);
  });

  it('invalidates all where another server has taken over, which may lack what the last one was told', async () => {
    const replica = await startRedis({ settings: { replicaof: `${server.host} ${server.port}` } });
    open.unshift(replica);
    await tellOf('a');
    await eventually('the replica has it', async () => (await replica.inside.xlen(STREAM)) === 1);
    const member = await join(replica.url());
    await tellOf('b');
    await heard(member, 'b');
    await replica.inside.replicaof('NO', 'ONE');
    await heard(member, 'all');
    expect(member.invalidated).toEqual(['b', 'all']);
  });

  it('reads afterwards what was said while it was not connected', async () => {
    const member = await join();
    await tellOf('a');
    await heard(member, 'a');
    await server.inside.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await Promise.all([tellOf('b'), tellOf('c')]);
    await heard(member, 'b', 'c');
    await listen(1);
    expect(member.invalidated).toEqual(['a', 'b', 'c']);
  });

  it('goes on where the connection on which it waits is cut', async () => {
    const member = await join();
    await listen(1);
    await cutListeners(server);
    await tellOf('a');
    await heard(member, 'a');
    await listen(1);
    expect(member.invalidated).toEqual(['a']);
  });

  it('invalidates all once where Redis is away for long, and reads afterwards what was said meanwhile', async () => {
    const member = await join();
    await tellOf('a');
    await heard(member, 'a');
    server.pause();
    await eventually('Redis is away', () => member.state() === 'down');
    monotonic += SILENCE_MS - 1;
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(member.invalidated).toEqual(['a']);
    monotonic += 1;
    await heard(member, 'all');
    monotonic += SILENCE_MS;
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(member.invalidated).toEqual(['a', 'all']);
    server.resume();
    await tellOf('b');
    await heard(member, 'b');
    expect(member.invalidated).toEqual(['a', 'all', 'b']);
  });

  it('invalidates all every second where Redis is there and does not let it read', async () => {
    const member = await join();
    await server.inside.call('ACL', 'SETUSER', 'default', '-xrange');
    monotonic += SILENCE_MS;
    await eventually('nothing is kept for longer than a second', () => member.invalidated.length >= 3);
    expect([new Set(member.invalidated), member.state()]).toEqual([new Set(['all']), 'up']);
    await server.inside.call('ACL', 'SETUSER', 'default', '+xrange');
    await tellOf('a');
    await heard(member, 'a');
    expect(member.invalidated.lastIndexOf('all')).toBeLessThan(member.invalidated.indexOf('a'));
  });

  it('tells that a message could not be sent', async () => {
    const { channel, redis } = await join();
    await server.inside.call('ACL', 'SETUSER', 'default', '-xadd');
    expect(await channel.invalidate('a')).toEqual({ failure: 'refused' });
    redis.disconnect();
    await eventually('it is not connected', () => members[0]?.state() === 'down');
    expect(await channel.invalidate('a')).toEqual({ failure: 'lost' });
  });
});
