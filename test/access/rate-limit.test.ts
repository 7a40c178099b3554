import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  createRateLimiter,
  type RateLimiter,
  type RateLimitOptions,
  type RateLimitResult,
} from '../../src/access/rate-limit.js';
import { createInvalidations } from '../../src/cache/invalidations.js';
import { openRedis, type OpenedRedis } from '../../src/cache/redis/open.js';
import { startRedis, type RedisServer } from '../support/redis.js';
import { startRedisCluster } from '../support/redis-cluster.js';
import { lifeByDefault } from '../support/traces.js';
import { eventually } from '../cache/redis/support/eventually.js';

const clock = { wall: () => Date.now(), monotonic: () => performance.now() };
const ALONE = { redis: null, keyPrefix: '' };

describe('a rate limiter without Redis', () => {
  it('gives a caller so many points in a window, and says what is left', async () => {
    const limiter = createRateLimiter({ ...ALONE, limit: 10 });
    const before = Date.now();
    const first = await limiter.consume('alice', 4);
    expect(first).toEqual({
      allowed: true,
      limit: 10,
      cost: 4,
      remaining: 6,
      resetAt: expect.any(Number),
      retryAfterMs: 0,
    });
    expect(first.resetAt).toBeGreaterThanOrEqual(before + 60_000);
    expect(first.resetAt).toBeLessThanOrEqual(Date.now() + 60_000);
    expect(await limiter.consume('alice', 7)).toMatchObject({ allowed: false, cost: 7, remaining: 6 });
    expect(await limiter.consume('alice', 6)).toMatchObject({ allowed: true, remaining: 0 });
    const refused = await limiter.consume('alice', 1);
    expect(refused).toMatchObject({ allowed: false, remaining: 0, resetAt: first.resetAt });
    expect(refused.retryAfterMs).toBeGreaterThan(0);
    expect(refused.retryAfterMs).toBeLessThanOrEqual(60_000);
  });

  it('keeps callers apart', async () => {
    const limiter = createRateLimiter({ ...ALONE, limit: 1 });
    expect((await limiter.consume('alice', 1)).allowed).toBe(true);
    expect((await limiter.consume('alice', 1)).allowed).toBe(false);
    expect((await limiter.consume('bob', 1)).allowed).toBe(true);
  });

  it('never allows what costs more than the limit, and takes nothing for it', async () => {
    const limiter = createRateLimiter({ ...ALONE, limit: 10 });
    for (const cost of [11, 1e12, Infinity, NaN]) expect((await limiter.consume('alice', cost)).allowed).toBe(false);
    expect(await limiter.consume('alice', 10)).toMatchObject({ allowed: true, remaining: 0 });
  });

  it('rounds a broken cost up', async () => {
    const limiter = createRateLimiter({ ...ALONE, limit: 10 });
    expect(await limiter.consume('alice', 8.1)).toMatchObject({ allowed: true, cost: 9, remaining: 1 });
  });

  it('gives all points again when the window is over, and not before', async () => {
    const limiter = createRateLimiter({ ...ALONE, limit: 3, windowSeconds: 1 });
    const { resetAt } = await limiter.consume('alice', 3);
    await eventually('a point is there again', async () => {
      const { allowed } = await limiter.consume('alice', 1);
      expect(!allowed || Date.now() >= resetAt).toBe(true);
      return allowed;
    });
    expect(await limiter.consume('alice', 2)).toMatchObject({ allowed: true, remaining: 0 });
  });

  it('answers at once once it holds points', async () => {
    const limiter = createRateLimiter({ ...ALONE, limit: 1000 });
    const first = limiter.consume('alice', 1);
    expect(first).toBeInstanceOf(Promise);
    await first;
    expect(limiter.consume('alice', 1)).toMatchObject({ allowed: true, remaining: 998 });
  });
});

describe('rate limiters that share a Redis', () => {
  let server: RedisServer;
  const opened: OpenedRedis[] = [];
  const lines: string[] = [];
  beforeAll(async () => {
    server = await startRedis();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((redis) => redis.close()));
    await server.start();
    await server.inside.flushall();
    lines.length = 0;
  });
  afterAll(() => server.close());

  async function open(limit: number, more: Partial<RateLimitOptions> & { url?: string } = {}): Promise<RateLimiter> {
    const redis = openRedis(
      {
        url: more.url ?? server.url(),
        protocol: 3,
        commandTimeoutMs: 10_000,
        keyPrefix: '',
        leaseMs: 2_000,
        encryptionKeys: undefined,
      },
      {
        lifeOf: lifeByDefault,
        now: Date.now,
        clock,
        invalidations: createInvalidations(),
        log: { info: (text) => lines.push(text), warn: (_, text) => lines.push(text) },
      },
    );
    opened.push(redis);
    await eventually('Redis is in use', () => redis.state === 'up');
    return createRateLimiter({ limit, redis, keyPrefix: '', ...more });
  }

  /** How many points are given in all, if so many takes of this cost go to the limiters by turns, all at once. */
  async function pointsGiven(
    limiters: readonly RateLimiter[],
    takes: number,
    cost: number,
    caller = 'alice',
  ): Promise<number> {
    const taken: RateLimitResult[] = await Promise.all(
      Array.from(
        { length: takes },
        (_, i) => limiters[i % limiters.length]?.consume(caller, cost) as Promise<RateLimitResult>,
      ),
    );
    return taken.filter(({ allowed }) => allowed).length * cost;
  }

  it.each([
    [1000, 1],
    [1000, 7],
    [20, 1],
    [10, 3],
  ])('give no more than the limit of %i in all, at %i a time and all at once', async (limit, cost) => {
    const limiters = [await open(limit), await open(limit), await open(limit)];
    const given = await pointsGiven(limiters, 3 * limit, cost);
    expect(given).toBeLessThanOrEqual(limit);
    // What may lie unspent in each: a portion and a half, and less than one cost.
    expect(given).toBeGreaterThanOrEqual(limit - 3 * (1.5 * Math.ceil(limit / 50) + cost));
  });

  it('give no more than the limit in all, one after the other', async () => {
    const [one, other] = [await open(100), await open(100)];
    let given = 0;
    for (let i = 0; i < 150; i++) if ((await (i % 2 ? one : other).consume('alice', 1)).allowed) given += 1;
    expect(given).toBeLessThanOrEqual(100);
    expect(given).toBeGreaterThanOrEqual(94);
  });

  it('give the limit anew in each window, and no more', async () => {
    const limiters = [await open(50, { windowSeconds: 1 }), await open(50, { windowSeconds: 1 })];
    const startedAt = Date.now();
    let given = 0;
    // Windows begin with a point, so that there are no more of them than seconds begun.
    while (Date.now() < startedAt + 2_500) given += await pointsGiven(limiters, 100, 1);
    const windows = Math.floor((Date.now() - startedAt) / 1000) + 1;
    expect(given).toBeGreaterThan(50);
    expect(given).toBeLessThanOrEqual(50 * windows);
  });

  it('ask Redis once for many takes', async () => {
    const limiter = await open(1000);
    await server.inside.config('RESETSTAT');
    await limiter.consume('alice', 1);
    let waited = 0;
    for (let i = 1; i < 1000; i++) {
      const taken = limiter.consume('alice', 1);
      if (taken instanceof Promise) waited += 1;
      expect((await taken).allowed).toBe(true);
      if (i % 5 === 0) await pause(5);
    }
    const calls = /cmdstat_incrby:calls=(\d+)/.exec(await server.inside.info('commandstats'))?.[1];
    expect(Number(calls)).toBeLessThanOrEqual(60);
    // The next portion is there before the last one is spent, unless the machine is very busy.
    expect(waited).toBeLessThan(25);
  });

  it('keep nothing of a caller in Redis but a number, and not for longer than a window', async () => {
    const limiter = await open(100, { keyPrefix: 'estate:' });
    await limiter.consume('token:alice@example.com', 1);
    const keys = await server.inside.keys('*');
    expect(keys).toEqual([expect.stringMatching(/^estate:calltrace:points:[\w-]{22}$/)]);
    expect(await server.inside.get(keys[0] ?? '')).toMatch(/^\d+$/);
    const ttl = await server.inside.pttl(keys[0] ?? '');
    expect(ttl).toBeGreaterThan(0);
    expect(ttl).toBeLessThanOrEqual(60_000);
  });

  it('count each for itself while Redis is away, from where they were, with one line in the log', async () => {
    const limiter = await open(10);
    for (let i = 0; i < 4; i++) expect((await limiter.consume('alice', 1)).allowed).toBe(true);
    await server.kill();
    await eventually('it is known that Redis is away', () => opened[0]?.state === 'down');
    let given = 0;
    for (let i = 0; i < 20; i++) if ((await limiter.consume('alice', 1)).allowed) given += 1;
    expect(given).toBe(6);
    expect((await limiter.consume('bob', 10)).allowed).toBe(true);
    expect((await limiter.consume('bob', 1)).allowed).toBe(false);
    expect(lines).toEqual([expect.stringMatching(/^Redis is unreachable/)]);
  });

  it('do not wait for a Redis that hangs', async () => {
    const limiter = await open(10);
    server.pause();
    try {
      expect((await limiter.consume('alice', 1)).allowed).toBe(true);
      expect((await limiter.consume('alice', 10)).allowed).toBe(false);
    } finally {
      server.resume();
    }
  });

  it('work on a Cluster', async () => {
    const cluster = await startRedisCluster();
    try {
      const limiters = [await open(100, { url: cluster.url }), await open(100, { url: cluster.url })];
      const callers = Array.from({ length: 30 }, (_, i) => `key:${i}`);
      for (const caller of callers) {
        const given = await pointsGiven(limiters, 240, 1, caller);
        expect(given).toBeLessThanOrEqual(100);
        expect(given).toBeGreaterThanOrEqual(92);
      }
      expect(lines).toEqual([]);
    } finally {
      await Promise.all(opened.splice(0).map((redis) => redis.close()));
      await cluster.close();
    }
  }, 60_000);
});
