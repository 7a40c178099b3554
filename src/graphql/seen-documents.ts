import { LRUCache } from 'lru-cache';

/** Which documents were run before: what is run once only is worth no memory. */
export interface SeenDocuments {
  /** Whether a document is seen for the first time, by its SHA-256 or another short key; from now on it is not. */
  isNew(key: string): boolean;
}

/** Keys that are remembered, the least recently seen of which are evicted: some 2 MB. */
const MAX_DOCUMENTS = 10_000;

/** Returns a memory that has seen no document. */
export function createSeenDocuments(): SeenDocuments {
  const seen = new LRUCache<string, true>({ max: MAX_DOCUMENTS });
  return {
    isNew(key) {
      if (seen.get(key)) return false;
      seen.set(key, true);
      return true;
    },
  };
}
