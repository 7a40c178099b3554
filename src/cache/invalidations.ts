/**
 * The invalidations of this process in order. An answer whose request began before its key was invalidated is neither cached
 * nor shared afterwards. The order comes from a counter, so that no clock matters.
 */
export type Invalidations = ReturnType<typeof createInvalidations>;

/** Most keys that are stored; requests that began before the latest evicted one count as invalidated. */
const MAX_KEYS = 10_000;

/** Returns the invalidations of one process, at first none. */
export function createInvalidations() {
  const listeners: ((keyText: string | null) => void)[] = [];
  /** The number of the latest invalidation of each key, oldest first: a Map keeps the order. */
  const byKey = new Map<string, number>();
  let latest = 0;
  /** The number of the latest invalidation of every key. */
  let latestForAll = 0;
  return {
    /** Returns a mark for this moment. Take it before reading or requesting a key. */
    mark: () => latest,
    /** Invalidates every request for this key that has begun. */
    invalidate(keyText: string): void {
      latest += 1;
      byKey.delete(keyText);
      byKey.set(keyText, latest);
      const [oldest] = byKey;
      if (oldest && byKey.size > MAX_KEYS) {
        byKey.delete(oldest[0]);
        latestForAll = oldest[1];
      }
      listeners.forEach((listener) => listener(keyText));
    },
    /** Invalidates every request that has begun, because invalidation messages may have been missed. */
    invalidateAll(): void {
      latest += 1;
      latestForAll = latest;
      byKey.clear();
      listeners.forEach((listener) => listener(null));
    },
    /** Whether a key was not invalidated since the mark. */
    holdsSince: (keyText: string, mark: number) => latestForAll <= mark && (byKey.get(keyText) ?? 0) <= mark,
    /** Calls `listener` for each invalidation: with the canonical text of the key, or null for all keys. */
    listen: (listener: (keyText: string | null) => void) => void listeners.push(listener),
  };
}
