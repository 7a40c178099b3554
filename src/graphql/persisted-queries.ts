import { createHash } from 'node:crypto';
import type { PersistedQueryOptions } from '@apollo/server';
import { LRUCache } from 'lru-cache';

/** The store that gateways share. While it is unreachable, `get` finds nothing and `set` does nothing; neither fails. */
export interface SharedTexts {
  get(name: string): Promise<string | undefined>;
  /** Unit: ms. */
  set(name: string, text: string, ttlMs: number): void;
}

/** Size of the store in this process. Unit: bytes. */
const MEMORY_BYTES = 4 * 1024 * 1024;
/** A longer document is answered but not stored: clients may send any number of them. Unit: bytes. */
const MAX_DOCUMENT_BYTES = 16 * 1024;
/** Unit: ms. */
const SHARED_TTL_MS = 24 * 3_600_000;

/** The prefix that Apollo Server adds to the hash. */
const PREFIX = 'apq:';

/**
 * Returns Apollo Server's store of persisted queries: in memory, and in the store that gateways share. A shared text that
 * does not match its hash, or exceeds the limits, is ignored, since others can write there.
 */
export function createPersistedQueries(
  shared: SharedTexts | null,
  isWithinLimits: (text: string) => boolean,
): NonNullable<PersistedQueryOptions['cache']> {
  const memory = new LRUCache<string, string>({ maxSize: MEMORY_BYTES, sizeCalculation: (text) => text.length + 64 });
  return {
    async get(name) {
      const known = memory.get(name);
      if (known !== undefined) return known;
      const text = await shared?.get(name);
      if (text === undefined || name !== `${PREFIX}${sha256(text)}` || !isWithinLimits(text)) return undefined;
      memory.set(name, text);
      return text;
    },
    set(name, text) {
      if (Buffer.byteLength(text) <= MAX_DOCUMENT_BYTES) {
        memory.set(name, text);
        shared?.set(name, text, SHARED_TTL_MS);
      }
      return Promise.resolve();
    },
    delete: (name) => Promise.resolve(memory.delete(name)),
  };
}

/** Returns the hash by which clients name a document: SHA-256 of its text in UTF-8, in lower-case hex. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
