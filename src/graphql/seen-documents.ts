import { LRUCache } from 'lru-cache';

/** The documents that ran before, so that documents which run only once use no memory. */
export interface SeenDocuments {
  /** Records a document, by its SHA-256 or another short key. Returns whether it is new. */
  isNew(key: string): boolean;
}

/** Most keys in memory, some 2 MB; the least recently used are evicted. */
const MAX_DOCUMENTS = 10_000;

/** Returns an empty memory of documents. */
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
