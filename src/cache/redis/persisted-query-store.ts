import type { RedisContext } from './context.js';

/** The persisted queries that gateways share. */
export type PersistedQueryStore = ReturnType<typeof createPersistedQueryStore>;

/** Returns the store. Whatever Redis does, its promises resolve. */
export function createPersistedQueryStore({ redis, breaker, encryption, names }: RedisContext) {
  return {
    /** The text under a name; undefined if there is none, none that can be read, or Redis is away. */
    async get(name: string): Promise<string | undefined> {
      const key = names.persistedQuery(name);
      const bytes = await breaker.run('read persisted query', () => redis.getBuffer(key));
      return bytes ? encryption.decrypt(bytes, key)?.toString() : undefined;
    },
    /** Keeps a text for so long, if Redis is there. Unit: ms. */
    set(name: string, text: string, ttlMs: number): void {
      const key = names.persistedQuery(name);
      const value = encryption.encrypt(Buffer.from(text), key);
      void breaker.run('write persisted query', () => redis.set(key, value, 'PX', ttlMs));
    },
  };
}
