import { Cluster } from 'ioredis';
import type { FreshnessRules } from '../../call/freshness.js';
import { connectRedis, type RedisClient, type RedisConnectionOptions } from './connection.js';
import { createGuard, inTime, type RedisGuard } from './guard.js';
import { createNews, type NewsEvents } from './news.js';
import { createSeal, OPEN_SEAL, type SealKey } from './seal.js';
import { createTraceStore, type TraceStore } from './store.js';
import { createSharedTexts, type SharedTexts } from './texts.js';

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

interface Surroundings extends NewsEvents {
  readonly freshness: FreshnessRules;
  readonly now: () => number;
  /** Told of every command that failed. */
  readonly onFailure?: ((kind: 'lost' | 'refused') => void) | undefined;
  readonly log: { info(text: string): void; warn(fields: object, text: string): void };
}

/** Redis, opened for this gateway. */
export interface OpenedRedis {
  readonly store: TraceStore;
  readonly texts: SharedTexts;
  readonly state: 'up' | 'down';
  /** The connection (of ioredis), for others that share something between gateways. Their commands go through `run`. */
  readonly client: object;
  /** See RedisGuard. */
  readonly run: RedisGuard['run'];
  close(): Promise<void>;
}

/** Opens Redis, there or not: it is used when it answers. One log line at each change of its state. */
export function openRedis(options: OpenRedisOptions, surroundings: Surroundings): OpenedRedis {
  const { freshness, now, onFailure, log } = surroundings;
  const redis = connectRedis(options);
  const guard = createGuard(() => pingAll(redis), options.commandTimeoutMs, {
    onDown: (error) => log.warn(sayable(error), 'Redis is away: answers come from memory and the contact centre'),
    onUp: () => log.info('Redis answers again'),
    onRefused: (error) => log.warn(sayable(error), 'Redis refuses commands: what it refuses is done without it'),
    onAccepted: () => log.info('Redis takes commands again'),
    onFailure,
  });
  redis.on('ready', () => guard.found());
  redis.on('error', (error: Error) => guard.lost(error));
  redis.on('close', () => guard.lost(new Error('the connection to Redis was closed')));
  const news = createNews(redis, `${options.keyPrefix}calltrace:news`, surroundings);
  const seal = options.sealKeys ? createSeal(options.sealKeys) : OPEN_SEAL;
  return {
    store: createTraceStore({ ...options, redis, guard, news, seal, freshness, now }),
    texts: createSharedTexts({ ...options, redis, guard, seal }),
    get state() {
      return guard.state;
    },
    client: redis,
    run: guard.run.bind(guard),
    async close() {
      guard.close();
      news.close();
      // Not after a farewell that was heard: ioredis would wait 2 s for the end of a connection that has ended.
      await inTime(redis.quit(), options.commandTimeoutMs).catch(() => redis.disconnect());
    },
  };
}

/** A sign of life; of a Cluster, of every master that serves keys: without one of them it would fail again and again. */
async function pingAll(redis: RedisClient): Promise<unknown> {
  if (!(redis instanceof Cluster)) return redis.ping();
  const connected = new Map(redis.nodes('master').map((node) => [`${node.options.host}:${node.options.port}`, node]));
  const serving = new Set(redis.slots.map(([master]) => master));
  return Promise.all(
    [...serving].map((master = '') => {
      const node = connected.get(master);
      if (!node) throw new Error('a part of the Cluster is away');
      return node.ping();
    }),
  );
}

/**
 * What may be said of an error. Errors of ioredis carry the command they are about, and Redis repeats one that it does
 * not know: passwords, and whole traces.
 */
function sayable(error: Error): { err: { type: string; message: string } } {
  const { code } = error as NodeJS.ErrnoException; // stands alone where several addresses of a host were tried
  const [message] = error.message.split(', with args', 1);
  return { err: { type: error.name, message: message || (code ?? '') } };
}
