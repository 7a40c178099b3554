import type { FreshnessRules } from '../../call/freshness.js';
import { connectRedis, type RedisConnectionOptions } from './connection.js';
import { createGuard } from './guard.js';
import { createNews } from './news.js';
import { createSeal, OPEN_SEAL, type SealKey } from './seal.js';
import { createTraceStore, type TraceStore } from './store.js';

export interface OpenRedisOptions extends RedisConnectionOptions {
  /** A command that takes longer has failed, and Redis is left alone until it answers again. Unit: ms. */
  readonly commandTimeoutMs: number;
  /** Before every key and channel. */
  readonly keyPrefix: string;
  /** A gateway that dies while it asks holds up the others no longer than this. Unit: ms. */
  readonly leaseMs: number;
  /** Keys that hide the traces; the first one closes. Undefined: traces lie open. */
  readonly sealKeys: readonly [SealKey, ...SealKey[]] | undefined;
}

interface Surroundings {
  readonly freshness: FreshnessRules;
  readonly now: () => number;
  /** Told the keys whose traces another gateway has renewed or forgotten. */
  readonly onGone: (keyText: string) => void;
  readonly log: { info(text: string): void; warn(fields: object, text: string): void };
}

/** Redis, opened for this gateway. */
export interface OpenedRedis {
  readonly store: TraceStore;
  readonly state: 'up' | 'down';
  close(): Promise<void>;
}

/** Opens Redis, there or not: it is used when it answers. One log line at each change of its state. */
export function openRedis(options: OpenRedisOptions, { freshness, now, onGone, log }: Surroundings): OpenedRedis {
  const redis = connectRedis(options);
  const guard = createGuard(() => redis.ping(), options.commandTimeoutMs, {
    onDown: (error) => log.warn({ err: error }, 'Redis is away: answers come from memory and the contact centre'),
    onUp: () => log.info('Redis answers again'),
    onRefused: (error) => log.warn({ err: error }, 'Redis refuses commands: what it refuses is done without it'),
    onAccepted: () => log.info('Redis takes commands again'),
  });
  redis.on('error', (error: Error) => guard.lost(error));
  redis.on('close', () => guard.lost(new Error('the connection to Redis was closed')));
  const news = createNews(redis, `${options.keyPrefix}calltrace:news`, onGone);
  const seal = options.sealKeys ? createSeal(options.sealKeys) : OPEN_SEAL;
  return {
    store: createTraceStore({ ...options, redis, guard, news, seal, freshness, now }),
    get state() {
      return guard.state;
    },
    async close() {
      guard.close();
      news.close();
      await redis.quit().catch(() => undefined);
      redis.disconnect();
    },
  };
}
