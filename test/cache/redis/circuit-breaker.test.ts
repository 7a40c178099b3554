import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { connectRedis, type RedisClient } from '../../../src/cache/redis/connection.js';
import {
  createCircuitBreaker,
  type RedisCircuitBreaker,
  type RedisFailure,
} from '../../../src/cache/redis/circuit-breaker.js';
import { startRedis, type RedisServer } from '../../support/redis.js';
import { eventually } from './support/eventually.js';

const TIMEOUT_MS = 300;
const AWAY = 'Redis is unreachable: answers come from memory and the contact centre';
const BACK = 'Redis answers again';
const REFUSES = 'Redis refuses commands: the gateway works without them';
const ACCEPTS = 'Redis accepts commands again';

describe('createCircuitBreaker', () => {
  let server: RedisServer;
  let client: RedisClient;
  let breaker: RedisCircuitBreaker;
  /** What was logged. */
  let events: string[];
  let failures: Record<RedisFailure, number>;
  beforeAll(async () => {
    server = await startRedis();
  });
  beforeEach(async () => {
    const told: string[] = [];
    client = connectRedis({ url: server.url(), protocol: 3 });
    breaker = createCircuitBreaker(client, TIMEOUT_MS, {
      log: {
        info: (line) => told.push(line),
        warn: (fields, line) => told.push(`${line} (${(fields as { err: { message: string } }).err.message})`),
      },
      onFailure: (kind) => (failures[kind] += 1),
    });
    events = told;
    failures = { lost: 0, refused: 0 };
    await eventually('Redis is there', () => breaker.state === 'up');
  });
  afterEach(async () => {
    breaker.close();
    if (client.status !== 'end') client.disconnect();
    server.resume();
    await server.start();
    await server.inside.replicaof('NO', 'ONE');
    await server.inside.config('SET', 'maxmemory', '0');
    await server.inside.flushall();
  });
  afterAll(() => server.close());

  const set = (name = 'a') => breaker.run('write', () => client.set(name, '1'));
  const get = (name = 'a') => breaker.run('read', () => client.get(name));

  it('gives what the command returns, and says nothing while all is well', async () => {
    expect(await set()).toBe('OK');
    expect(await get()).toBe('1');
    expect(await get('b')).toBeNull();
    expect(events).toEqual([]);
  });

  it('takes Redis for away until it is there, without a word', async () => {
    const other = connectRedis({ url: server.url(), protocol: 3 });
    const early = createCircuitBreaker(other, TIMEOUT_MS, {
      log: { info: (line) => events.push(line), warn: (_, line) => events.push(line) },
    });
    let tried = 0;
    expect(await early.run('read', () => Promise.resolve((tried += 1)))).toBeUndefined();
    expect([early.state, tried]).toEqual(['down', 0]);
    await eventually('Redis is there', () => early.state === 'up');
    expect(await early.run('read', () => Promise.resolve((tried += 1)))).toBe(1);
    expect(events).toEqual([]);
    early.close();
    other.disconnect();
  });

  it('lets a paused Redis cost one timeout, and tries nothing more until it answers again', async () => {
    server.pause();
    const begun = Date.now();
    expect(await Promise.all([get(), get('b'), set()])).toEqual([undefined, undefined, undefined]);
    expect(Date.now() - begun).toBeGreaterThanOrEqual(TIMEOUT_MS - 1);
    expect(breaker.state).toBe('down');

    let tried = 0;
    for (let i = 0; i < 1000; i += 1) {
      await breaker.run('read', () => {
        tried += 1;
        return client.get('a');
      });
    }
    expect(tried).toBe(0);
    expect(events).toEqual([`${AWAY} (Redis did not answer within ${TIMEOUT_MS} ms)`]);
    expect(failures).toEqual({ lost: 3, refused: 0 });

    server.resume();
    await eventually('Redis is back', () => breaker.state === 'up');
    expect(await set()).toBe('OK');
    expect(events.slice(1)).toEqual([BACK]);
  });

  it('hears of a lost connection before any command does, and finds Redis again by itself', async () => {
    await server.kill();
    await eventually('the loss is noticed', () => breaker.state === 'down');
    expect(await set()).toBeUndefined();
    await server.start();
    await eventually('Redis is back', () => breaker.state === 'up');
    expect(await set()).toBe('OK');
    expect(events).toEqual([`${AWAY} (the connection to Redis was closed)`, BACK]);
  });

  it('tells once that Redis refuses, goes on with what it takes, and tells once that it refuses nothing more', async () => {
    await set();
    await server.inside.config('SET', 'maxmemory', '1');
    for (let i = 0; i < 3; i += 1) {
      expect(await set()).toBeUndefined();
      expect(await breaker.run('renew', () => client.append('a', '2'))).toBeUndefined();
      expect(await get()).toBe('1');
    }
    expect(breaker.state).toBe('up');
    expect(events).toEqual([expect.stringContaining(`${REFUSES} (OOM `)]);
    expect(failures).toEqual({ lost: 0, refused: 6 });

    await server.inside.config('SET', 'maxmemory', '0');
    expect(await set()).toBe('OK');
    expect(events).toHaveLength(1);
    expect(await breaker.run('renew', () => client.append('a', '2'))).toBe(2);
    expect(events.slice(1)).toEqual([ACCEPTS]);
  });

  it('does not blame Redis for a process that is too busy to look for replies', async () => {
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    const work = () => {
      const until = Date.now() + 2 * TIMEOUT_MS;
      while (Date.now() < until);
    };
    const sent = get();
    await turn();
    const behind = get('b'); // goes out when the reply to the first has been seen
    for (let i = 0; i < 3; i += 1) {
      work();
      await turn();
    }
    expect(await Promise.all([sent, behind])).toEqual([null, null]);
    expect(events).toEqual([]);
  });

  it('tells how a command failed', async () => {
    expect(await breaker.attempt('write', () => client.set('a', '1'))).toEqual({ value: 'OK' });
    expect(await breaker.attempt('write', () => client.lpush('a', '1'))).toEqual({ failure: 'refused' });
    server.pause();
    expect(await breaker.attempt('write', () => client.set('a', '1'))).toEqual({ failure: 'lost' });
    expect(await breaker.attempt('write', () => client.set('a', '1'))).toEqual({ failure: 'lost' });
  });

  it.each<[string, () => Promise<unknown>]>([
    ['a command', () => set()],
    ['a script', () => breaker.run('lease', () => client.eval("return redis.call('set', KEYS[1], 'a')", 1, 'a'))],
  ])(
    'connects anew where %s is refused because Redis is a replica, at once, then seldom, without an outage',
    async (_, write) => {
      await server.inside.replicaof('127.0.0.1', 1);
      let connections = 0;
      client.on('connect', () => (connections += 1));
      const waiting = breaker.run('read', () => client.blpop('a list', 10));
      await write();
      expect([breaker.state, await get()]).toEqual(['down', undefined]);
      expect(await waiting).toBeUndefined();
      await eventually('Redis is there again', () => breaker.state === 'up');
      for (let i = 0; i < 10; i += 1) await write();
      expect([breaker.state, connections]).toEqual(['up', 1]);
      expect(await get()).toBeNull(); // it is read as before
      expect(events).toEqual([expect.stringContaining(`${REFUSES} (`)]);

      await eventually('it looks again whether it may write', async () => (await write(), connections === 2), 10_000);
      await server.inside.replicaof('NO', 'ONE');
      await eventually('Redis takes it', async () => (await write()) !== undefined);
      expect(events.slice(1)).toEqual([ACCEPTS]);
    },
  );

  it.each([
    ['MOVED 1 127.0.0.1:1', 'up', 'refused'],
    ['ASK 1 127.0.0.1:1', 'up', 'refused'],
    ['TRYAGAIN some keys', 'up', 'refused'],
    ['CLUSTERDOWN the cluster is down', 'down', 'lost'],
    ['MASTERDOWN the link is down', 'down', 'lost'],
    ['LOADING the dataset', 'down', 'lost'],
    ['WRONGTYPE of a key', 'up', 'refused'],
  ] as const)('takes the error %s for what it means', async (text, state, failure) => {
    const reply = `return redis.error_reply('${text}')`;
    expect(await breaker.attempt('lease', () => client.eval(reply, 0))).toEqual({ failure });
    expect([breaker.state, failures[failure]]).toEqual([state, 1]);
  });

  it('does not say what a command was about', async () => {
    await breaker.run('write', () => client.call('unheard-of', 'secret'));
    expect(events).toEqual([expect.stringContaining('unheard-of')]);
    expect(events.join()).not.toContain('secret');
  });

  it('does nothing once it is closed', async () => {
    breaker.close();
    client.disconnect();
    let tried = 0;
    expect(await breaker.run('read', () => Promise.resolve((tried += 1)))).toBeUndefined();
    expect([tried, ...events]).toEqual([0]);
  });
});
