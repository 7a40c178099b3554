import type { StageDependencies } from '../dependencies.js';
import { parseRedisUrl } from './address.js';
import { createCircuitBreaker, inTime, type RedisListeners } from './circuit-breaker.js';
import { createCommandSpans } from './command-spans.js';
import { connectRedis, type RedisClient, type RedisConnectionOptions } from './connection.js';
import type { RedisContext } from './context.js';
import { createEncryption, NO_ENCRYPTION, type EncryptionKey } from './encryption.js';
import { createInvalidationChannel } from './invalidation-channel.js';
import { createRedisNames } from './names.js';
import { createForget } from './tombstones.js';
import { createTraceStore } from './trace-store.js';

/** How to use Redis. */
export interface OpenRedisOptions extends RedisConnectionOptions {
  /** A command that takes longer has failed, and opens the circuit breaker. Unit: ms. */
  readonly commandTimeoutMs: number;
  /** The prefix of every key. */
  readonly keyPrefix: string;
  /** The duration of a lease: how long a gateway that dies delays the others at most. Unit: ms. */
  readonly leaseMs: number;
  /** The key ring that encrypts values; the first key encrypts. Undefined: no encryption. */
  readonly encryptionKeys: readonly [EncryptionKey, ...EncryptionKey[]] | undefined;
}

/** Redis, opened for this gateway. */
export type OpenedRedis = ReturnType<typeof openRedis>;

/** Opens Redis, which need not be reachable yet: it is used once it answers. */
export function openRedis(options: OpenRedisOptions, dependencies: StageDependencies & RedisListeners) {
  const { commandTimeoutMs, leaseMs, encryptionKeys } = options;
  const { lifeOf, now, clock, invalidations } = dependencies;
  const redis = connectRedis(options);
  const connect = (): RedisClient => connectRedis(options, true);
  const breaker = createCircuitBreaker(redis, commandTimeoutMs, dependencies);
  const names = createRedisNames(options.keyPrefix);
  const channel = createInvalidationChannel({ redis, breaker, names }, connect, invalidations, clock.monotonic);
  const encryption = encryptionKeys ? createEncryption(encryptionKeys) : NO_ENCRYPTION;
  const commandSpans = createCommandSpans(parseRedisUrl(options.url));
  const context = { redis, breaker, commandSpans, channel, encryption, names, lifeOf, now, clock, leaseMs };
  return {
    store: { ...createTraceStore(context), forget: createForget(context, connect, commandTimeoutMs) },
    persistedQueryStore: createPersistedQueryStore(context),
    get state() {
      return breaker.state;
    },
    /** The connection (of ioredis), for other stores such as rate limits. Their commands go through `run`. */
    client: redis as object,
    run: breaker.run,
    async close(): Promise<void> {
      channel.close();
      breaker.close();
      // No disconnect after a successful quit: ioredis would wait 2 s for the end of a connection that has ended.
      await inTime(redis.quit(), commandTimeoutMs).catch(() => redis.disconnect());
    },
  };
}

/** Returns the store of persisted queries, by name. Whatever Redis does, nothing rejects. */
function createPersistedQueryStore({ redis, breaker, encryption, names }: RedisContext) {
  return {
    /** Returns the text of a query; undefined if there is none, it cannot be decrypted, or Redis is unreachable. */
    async get(name: string): Promise<string | undefined> {
      const key = names.persistedQuery(name);
      const bytes = await breaker.run('read_persisted_query', () => redis.getBuffer(key));
      return bytes ? encryption.decrypt(bytes, key)?.toString() : undefined;
    },
    /** Stores a text for `ttlMs`, if Redis is reachable. Unit: ms. */
    set(name: string, text: string, ttlMs: number): void {
      const key = names.persistedQuery(name);
      const value = encryption.encrypt(Buffer.from(text), key);
      void breaker.run('write_persisted_query', () => redis.set(key, value, 'PX', ttlMs));
    },
  };
}
