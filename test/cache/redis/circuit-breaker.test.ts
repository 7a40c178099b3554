import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { connectRedis, type RedisClient } from '../../../src/cache/redis/connection.js';
import { createCircuitBreaker, type RedisCircuitBreaker } from '../../../src/cache/redis/circuit-breaker.js';
import { startRedis, type RedisServer } from '../../support/redis.js';
import { eventually } from './support/eventually.js';

const TIMEOUT_MS = 300;

describe('createCircuitBreaker', () => {
  let server: RedisServer;
  let client: RedisClient;
  let breaker: RedisCircuitBreaker;
  let events: string[];
  beforeAll(async () => {
    server = await startRedis();
  });
  beforeEach(async () => {
    const told: string[] = [];
    const redis = connectRedis({ url: server.url(), protocol: 3 });
    const created = createCircuitBreaker(() => redis.ping(), TIMEOUT_MS, {
      onDown: (error) => told.push(`down: ${error.message}`),
      onUp: () => told.push('up'),
      onRefused: (error) => told.push(`refused: ${error.message.split(' ')[0] ?? ''}`),
      onAccepted: () => told.push('accepted'),
      onReadOnly: () => told.push('read-only'),
    });
    redis.on('error', (error: Error) => created.disconnected(error));
    redis.on('close', () => {
      if (created.state === 'up') created.disconnected(new Error('closed'));
    });
    redis.on('ready', () => created.connected());
    [client, breaker, events] = [redis, created, told];
    await eventually('Redis is there', () => breaker.state === 'up');
  });
  afterEach(async () => {
    breaker.close();
    client.disconnect();
    server.resume();
    await server.start();
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
    const early = createCircuitBreaker(() => client.ping(), TIMEOUT_MS, {
      onDown: () => events.push('down'),
      onUp: () => events.push('up'),
      onRefused: () => events.push('refused'),
      onAccepted: () => events.push('accepted'),
    });
    let tried = 0;
    expect(await early.run('read', () => Promise.resolve((tried += 1)))).toBeUndefined();
    expect([early.state, tried]).toEqual(['down', 0]);
    early.connected();
    expect(await early.run('read', () => Promise.resolve((tried += 1)))).toBe(1);
    expect(events).toEqual([]);
    early.close();
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
    expect(events).toEqual([`down: Redis did not answer within ${TIMEOUT_MS} ms`]);

    server.resume();
    await eventually('Redis is back', () => breaker.state === 'up');
    expect(await set()).toBe('OK');
    expect(events.slice(1)).toEqual(['up']);
  });

  it('hears of a lost connection before any command does, and finds Redis again by itself', async () => {
    await server.kill();
    await eventually('the loss is noticed', () => breaker.state === 'down');
    expect(await set()).toBeUndefined();
    await server.start();
    await eventually('Redis is back', () => breaker.state === 'up');
    expect(await set()).toBe('OK');
    expect(events).toEqual(['down: closed', 'up']);
  });

  it('tells once that Redis refuses, goes on with what it takes, and tells once that it refuses nothing more', async () => {
    await set();
    await server.inside.config('SET', 'maxmemory', '1');
    for (let i = 0; i < 3; i += 1) {
      expect(await set()).toBeUndefined();
      expect(await breaker.run('append', () => client.append('a', '2'))).toBeUndefined();
      expect(await get()).toBe('1');
    }
    expect(breaker.state).toBe('up');
    expect(events).toEqual(['refused: OOM']);

    await server.inside.config('SET', 'maxmemory', '0');
    expect(await set()).toBe('OK');
    expect(events).toEqual(['refused: OOM']);
    expect(await breaker.run('append', () => client.append('a', '2'))).toBe(2);
    expect(events).toEqual(['refused: OOM', 'accepted']);
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

  it('says nothing of a connection that is replaced on purpose, and tries no command meanwhile', async () => {
    const waiting = breaker.run('read', () => client.blpop('a list', 10));
    breaker.suspend();
    expect([breaker.state, await set()]).toEqual(['down', undefined]);
    client.disconnect(true);
    expect(await waiting).toBeUndefined();
    await eventually('Redis is back', () => breaker.state === 'up');
    expect(await set()).toBe('OK');
    expect(events).toEqual([]);
  });

  it('tells of every command that was refused because Redis is a replica', async () => {
    await server.inside.replicaof('127.0.0.1', 1);
    await set();
    await breaker.run('script', () => client.eval("return redis.call('set', KEYS[1], 'a')", 1, 'a'));
    await server.inside.replicaof('NO', 'ONE');
    expect(events).toEqual(['refused: READONLY', 'read-only', 'read-only']);
  });

  it('does nothing once it is closed', async () => {
    breaker.close();
    breaker.disconnected(new Error('too late'));
    let tried = 0;
    expect(await breaker.run('read', () => Promise.resolve((tried += 1)))).toBeUndefined();
    expect([tried, ...events]).toEqual([0]);
  });
});
