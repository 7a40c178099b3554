import type { RedisClient } from './connection.js';
import type { RedisGuard } from './guard.js';
import type { Seal } from './seal.js';

/** Small texts in Redis that gateways share, under names without meaning to it. */
export interface SharedTexts {
  /** The text under a name; undefined if there is none, none that can be read, or Redis is away. */
  get(name: string): Promise<string | undefined>;
  /** Keeps a text for so long, if Redis is there. Unit: ms. */
  set(name: string, text: string, ttlMs: number): void;
}

export interface SharedTextsOptions {
  readonly redis: RedisClient;
  readonly guard: RedisGuard;
  readonly seal: Seal;
  readonly keyPrefix: string;
}

/** Returns the texts. Whatever Redis does, its promises resolve. */
export function createSharedTexts({ redis, guard, seal, keyPrefix }: SharedTextsOptions): SharedTexts {
  return {
    async get(name) {
      const key = keyOf(name);
      const bytes = await guard.run('read text', () => redis.getBuffer(key));
      return bytes ? seal.open(bytes, key)?.toString() : undefined;
    },
    set(name, text, ttlMs) {
      const key = keyOf(name);
      void guard.run('write text', () => redis.set(key, seal.close(Buffer.from(text), key), 'PX', ttlMs));
    },
  };

  function keyOf(name: string): string {
    return `${keyPrefix}calltrace:${name}`;
  }
}
