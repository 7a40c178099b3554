import type { Clock } from '../../../../src/call/clock.js';
import { openRedis, type OpenedRedis, type OpenRedisOptions } from '../../../../src/cache/redis/open.js';
import { createInvalidations, type Invalidations } from '../../../../src/cache/invalidations.js';
import { openSharedRedis, type SharedRedis } from '../../../support/redis.js';
import { createTestClock, lifeByDefault, type TestClock } from '../../../support/traces.js';
import { eventually } from './eventually.js';

/** What one gateway has of Redis. */
export interface OpenedStore extends OpenedRedis {
  /** What was invalidated in it: canonical texts of keys, or `all`. */
  readonly invalidated: readonly string[];
  readonly invalidations: Invalidations;
}

/** One Redis for a test file, and the gateways that open it. */
export interface StoreBench {
  readonly redis: SharedRedis;
  /** The clocks of all gateways; the wall clock stands at `ASKED_AT` when a test begins. */
  readonly clock: TestClock;
  /** The same clocks, for whoever needs them beyond a test. */
  readonly clocks: Clock;
  /**
   * Fulfils once the gateway can use Redis and hears the invalidation messages. Its leases and its silences are timed by
   * the clock of this machine, unless another is given: moving the clocks of the bench would be a silence.
   */
  open(options?: Partial<OpenRedisOptions>, monotonic?: Clock['monotonic']): Promise<OpenedStore>;
  /** Closes the gateways and empties Redis, for the next test. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

/** Long enough for any machine, so that a slow one is not taken for a fault. Unit: ms. */
const PATIENCE_MS = 10_000;

/** Starts a Redis if none is given; it is closed with the bench. */
export async function createStoreBench(given?: SharedRedis): Promise<StoreBench> {
  const redis = given ?? (await openSharedRedis());
  const open: OpenedStore[] = [];
  let clock = createTestClock();
  const clocks: Clock = { wall: () => clock.wall(), monotonic: () => clock.monotonic() };
  return {
    redis,
    get clock() {
      return clock;
    },
    clocks,
    async open(options, monotonic = () => performance.now()) {
      const invalidated: string[] = [];
      const invalidations = createInvalidations();
      invalidations.listen((keyText) => void invalidated.push(keyText ?? 'all'));
      const opened = openRedis(
        {
          url: redis.url,
          protocol: 3,
          commandTimeoutMs: PATIENCE_MS,
          keyPrefix: redis.keyPrefix,
          leaseMs: 60_000,
          encryptionKeys: undefined,
          ...options,
        },
        {
          lifeOf: lifeByDefault,
          now: clocks.wall,
          clock: { wall: clocks.wall, monotonic },
          invalidations,
          log: { info: () => undefined, warn: () => undefined },
        },
      );
      const store = Object.assign(opened, { invalidated, invalidations });
      open.push(store);
      await eventually('the gateway can use Redis', () => opened.state === 'up');
      await eventually('it reads what the others say', () => invalidated.splice(0).length > 0);
      return store;
    },
    async clear() {
      await Promise.all(open.splice(0).map((store) => store.close()));
      const keys = await redis.inside.keys(`${redis.keyPrefix}*`);
      if (keys.length > 0) await redis.inside.del(...keys);
      clock = createTestClock();
    },
    async close() {
      await Promise.all(open.splice(0).map((store) => store.close()));
      await redis.close();
    },
  };
}
