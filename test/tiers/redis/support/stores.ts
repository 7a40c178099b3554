import { openRedis, type OpenedRedis, type OpenRedisOptions } from '../../../../src/tiers/redis/open.js';
import { openSharedRedis, type SharedRedis } from '../../../support/redis.js';
import { FETCHED_AT, FRESHNESS } from '../../../support/traces.js';
import { eventually } from './eventually.js';

/** What one gateway has of Redis. */
export interface OpenedStore extends OpenedRedis {
  /** What it was told to take out of its memory. */
  readonly gone: readonly string[];
}

/** One Redis for a test file, and the gateways that open it. */
export interface StoreBench {
  readonly redis: SharedRedis;
  /** The clock of all gateways; stands at `FETCHED_AT` when a test begins. Unit: ms since 1970-01-01 UTC. */
  now: number;
  /** Fulfils once the gateway can use Redis and hears the news. */
  open(options?: Partial<OpenRedisOptions>): Promise<OpenedStore>;
  /** Closes the gateways and empties Redis, for the next test. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

/** Long enough for any machine, so that a slow one is not taken for a fault. Unit: ms. */
const PATIENCE_MS = 10_000;

/** Starts a Redis if none is given; it is closed with the bench. */
export async function createStoreBench(given?: SharedRedis): Promise<StoreBench> {
  const redis = given ?? (await openSharedRedis());
  const channel = `${redis.keyPrefix}calltrace:news`;
  const open: OpenedStore[] = [];
  const bench: StoreBench = {
    redis,
    now: FETCHED_AT,
    async open(options) {
      const gone: string[] = [];
      const opened = openRedis(
        {
          url: redis.url,
          protocol: 3,
          commandTimeoutMs: PATIENCE_MS,
          keyPrefix: redis.keyPrefix,
          leaseMs: 60_000,
          sealKeys: undefined,
          ...options,
        },
        {
          freshness: FRESHNESS,
          now: () => bench.now,
          onGone: (keyText) => gone.push(keyText),
          onMissed: () => gone.push('all'),
          log: { info: () => undefined, warn: () => undefined },
        },
      );
      const store = Object.assign(opened, { gone });
      open.push(store);
      await eventually('the gateway can use Redis', () => opened.state === 'up');
      await eventually('the gateway hears the news', async () => {
        const [, listeners] = (await redis.inside.pubsub('NUMSUB', channel)) as [string, number];
        return listeners === open.length;
      });
      return store;
    },
    async clear() {
      await Promise.all(open.splice(0).map((store) => store.close()));
      const keys = await redis.inside.keys(`${redis.keyPrefix}*`);
      if (keys.length > 0) await redis.inside.del(...keys);
      await eventually('nobody listens any more', async () => {
        const [, listeners] = (await redis.inside.pubsub('NUMSUB', channel)) as [string, number];
        return listeners === 0;
      });
      bench.now = FETCHED_AT;
    },
    async close() {
      await Promise.all(open.splice(0).map((store) => store.close()));
      await redis.close();
    },
  };
  return bench;
}
