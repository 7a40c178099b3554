import type { StageDependencies } from '../dependencies.js';
import { createCircuitBreaker, inTime, type RedisListeners } from './circuit-breaker.js';
import { connectRedis, type RedisClient, type RedisConnectionOptions } from './connection.js';
import { createRedisNames, type RedisContext } from './context.js';
import { createEncryption, NO_ENCRYPTION, type EncryptionKey } from './encryption.js';
import { createInvalidationChannel } from './invalidation-channel.js';
import { createForget } from './tombstones.js';
import { createTraceStore } from './trace-store.js';

/** How to use Redis. */
export interface OpenRedisOptions extends RedisConnectionOptions {
  /** A command that takes longer has failed, and Redis is left alone until it answers again. Unit: ms. */
  readonly commandTimeoutMs: number;
  /** Before every key. */
  readonly keyPrefix: string;
  /** A gateway that dies while it asks holds up the others no longer than this. Unit: ms. */
  readonly leaseMs: number;
  /** Keys that hide the traces; the first one encrypts. Undefined: traces lie open. */
  readonly encryptionKeys: readonly [EncryptionKey, ...EncryptionKey[]] | undefined;
}

/** Redis, opened for this gateway. */
export type OpenedRedis = ReturnType<typeof openRedis>;

/** Opens Redis, there or not: it is used when it answers. */
export function openRedis(options: OpenRedisOptions, dependencies: StageDependencies & RedisListeners) {
  const { commandTimeoutMs, leaseMs, encryptionKeys } = options;
  const { lifeOf, now, clock, invalidations } = dependencies;
  const redis = connectRedis(options);
  const connect = (): RedisClient => connectRedis(options, true);
  const breaker = createCircuitBreaker(redis, commandTimeoutMs, dependencies);
  const names = createRedisNames(options.keyPrefix);
  const channel = createInvalidationChannel({ redis, breaker, names }, connect, invalidations, clock.monotonic);
  const encryption = encryptionKeys ? createEncryption(encryptionKeys) : NO_ENCRYPTION;
  const context = { redis, breaker, channel, encryption, names, lifeOf, now, clock, leaseMs };
  return {
    store: { ...createTraceStore(context), forget: createForget(context, connect, commandTimeoutMs) },
    persistedQueryStore: createPersistedQueryStore(context),
    get state() {
      return breaker.state;
    },
    /** The connection (of ioredis), for others that share something between gateways. Their commands go through `run`. */
    client: redis as object,
    run: breaker.run,
    async close(): Promise<void> {
      channel.close();
      breaker.close();
      // Not after a farewell that was heard: ioredis would wait 2 s for the end of a connection that has ended.
      await inTime(redis.quit(), commandTimeoutMs).catch(() => redis.disconnect());
    },
  };
}

/** Returns the store of persisted queries, by name. Whatever Redis does, nothing rejects. */
function createPersistedQueryStore({ redis, breaker, encryption, names }: RedisContext) {
  return {
    /** Undefined if there is none, none that can be read, or Redis is away. */
    async get(name: string): Promise<string | undefined> {
      const key = names.persistedQuery(name);
      const bytes = await breaker.run('read_persisted_query', () => redis.getBuffer(key));
      return bytes ? encryption.decrypt(bytes, key)?.toString() : undefined;
    },
    /** Keeps a text for so long, if Redis is there. Unit: ms. */
    set(name: string, text: string, ttlMs: number): void {
      const key = names.persistedQuery(name);
      const value = encryption.encrypt(Buffer.from(text), key);
      void breaker.run('write_persisted_query', () => redis.set(key, value, 'PX', ttlMs));
    },
  };
}
