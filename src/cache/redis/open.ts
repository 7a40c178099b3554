import { Cluster } from 'ioredis';
import type { Clock } from '../../call/clock.js';
import type { Dated, Life } from '../../call/life.js';
import type { Invalidations } from '../invalidations.js';
import { createCircuitBreaker, inTime, type RedisCircuitBreaker, type RedisFailure } from './circuit-breaker.js';
import { connectRedis, type RedisClient, type RedisConnectionOptions } from './connection.js';
import { createRedisNames } from './context.js';
import { createEncryption, NO_ENCRYPTION, type EncryptionKey } from './encryption.js';
import { createInvalidationChannel } from './invalidation-channel.js';
import { createPersistedQueryStore } from './persisted-query-store.js';
import { createReconnect } from './reconnect.js';
import { createTombstones } from './tombstones.js';
import { createTraceStore } from './trace-store.js';

/** How to use Redis. */
export interface OpenRedisOptions extends RedisConnectionOptions {
  /** A command that takes longer has failed, and Redis is left alone until it answers again. Unit: ms. */
  readonly commandTimeoutMs: number;
  /** Before every key and channel. */
  readonly keyPrefix: string;
  /** A gateway that dies while it asks holds up the others no longer than this. Unit: ms. */
  readonly leaseMs: number;
  /** Keys that hide the traces; the first one encrypts. Undefined: traces lie open. */
  readonly encryptionKeys: readonly [EncryptionKey, ...EncryptionKey[]] | undefined;
}

/** What `openRedis` needs besides its options. */
export interface RedisDependencies {
  /** How long a trace holds. */
  readonly lifeOf: (trace: Dated) => Life;
  /** The clock that dates traces. Unit: ms since 1970-01-01 UTC. */
  readonly now: () => number;
  readonly clock: Clock;
  /** Told what the other gateways invalidate, and when that may have been missed. */
  readonly invalidations: Pick<Invalidations, 'invalidate' | 'invalidateAll'>;
  /** Told of every command that failed. */
  readonly onFailure?: ((kind: RedisFailure) => void) | undefined;
  readonly log: { info(text: string): void; warn(fields: object, text: string): void };
}

/** Redis, opened for this gateway. */
export type OpenedRedis = ReturnType<typeof openRedis>;

/** Opens Redis, there or not: it is used when it answers. One log line at each change of its state. */
export function openRedis(options: OpenRedisOptions, dependencies: RedisDependencies) {
  const { commandTimeoutMs, leaseMs, encryptionKeys } = options;
  const { lifeOf, now, clock, invalidations, log } = dependencies;
  const redis = connectRedis(options);
  const breaker = createBreaker(redis, commandTimeoutMs, dependencies);
  const names = createRedisNames(options.keyPrefix);
  const channel = createInvalidationChannel({
    channel: names.invalidations,
    connect: () => connectRedis(options),
    publish: (message) => breaker.attempt('publish', () => redis.publish(names.invalidations, message)),
    invalidations,
    monotonic: clock.monotonic,
    onSilence() {
      if (breaker.state === 'up') log.warn({}, 'Redis: invalidation messages are not heard: memory is emptied');
    },
  });
  const encryption = encryptionKeys ? createEncryption(encryptionKeys) : NO_ENCRYPTION;
  const context = { redis, breaker, channel, encryption, names, now, leaseMs };
  const store = createTraceStore(context, lifeOf, clock.monotonic);
  const tombstones = createTombstones(context, () => connectRedis(options, true), commandTimeoutMs);
  return {
    store: { ...store, forget: tombstones.forget },
    texts: createPersistedQueryStore(context),
    get state() {
      return breaker.state;
    },
    /** The connection (of ioredis), for others that share something between gateways. Their commands go through `run`. */
    client: redis as object,
    run: breaker.run,
    async close(): Promise<void> {
      await channel.close();
      breaker.close();
      tombstones.close();
      // Not after a farewell that was heard: ioredis would wait 2 s for the end of a connection that has ended.
      await inTime(redis.quit(), commandTimeoutMs).catch(() => redis.disconnect());
    },
  };
}

/** The circuit breaker of the connection, which replaces one that leads to a replica. */
function createBreaker(redis: RedisClient, timeoutMs: number, dependencies: RedisDependencies): RedisCircuitBreaker {
  const { log, clock, onFailure } = dependencies;
  const reconnect = createReconnect(() => {
    breaker.suspend();
    redis.disconnect(true);
  }, clock.monotonic);
  const breaker = createCircuitBreaker(() => pingAll(redis), timeoutMs, {
    onDown: (error) => log.warn(describe(error), 'Redis is away: answers come from memory and the contact centre'),
    onUp: () => log.info('Redis answers again'),
    onRefused: (error) => log.warn(describe(error), 'Redis refuses commands: what it refuses is done without it'),
    onAccepted() {
      log.info('Redis takes commands again');
      reconnect.reset();
    },
    onReadOnly: () => reconnect.now(),
    onFailure,
  });
  redis.on('ready', () => breaker.connected());
  redis.on('error', (error: Error) => breaker.disconnected(error));
  redis.on('close', () => {
    if (breaker.state === 'up') breaker.disconnected(new Error('the connection to Redis was closed'));
  });
  return breaker;
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
 * What may be said of an error in the log. Errors of ioredis carry the command they are about, and Redis repeats one that
 * it does not know: passwords, and whole traces.
 */
function describe(error: Error): { err: { type: string; message: string } } {
  const { code } = error as NodeJS.ErrnoException; // stands alone where several addresses of a host were tried
  const [message] = error.message.split(', with args', 1);
  return { err: { type: error.name, message: message || (code ?? '') } };
}
