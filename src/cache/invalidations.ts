/**
 * What went out of date in this process, in order: whatever was begun before a key was invalidated is neither kept nor
 * shared after it. Counts, not clocks, so that no clock can be wrong about it.
 */
export type Invalidations = ReturnType<typeof createInvalidations>;

/** So many keys are remembered; whatever was begun before the latest that was dropped counts as out of date. */
const MAX_KEYS = 10_000;

/** Returns the invalidations of one process, none so far. */
export function createInvalidations() {
  const listeners: ((keyText: string | null) => void)[] = [];
  /** The number of the latest invalidation of each key, the oldest first: a Map keeps the order. */
  const byKey = new Map<string, number>();
  let latest = 0;
  /** The number of the latest one that counts for every key. */
  let ofAll = 0;
  return {
    /** The present. To be taken before a key is read or asked for. */
    mark: () => latest,
    /** Whatever was begun about this key by now is out of date. */
    invalidate(keyText: string): void {
      latest += 1;
      byKey.delete(keyText);
      byKey.set(keyText, latest);
      const [oldest] = byKey;
      if (oldest && byKey.size > MAX_KEYS) {
        byKey.delete(oldest[0]);
        ofAll = oldest[1];
      }
      listeners.forEach((listener) => listener(keyText));
    },
    /** Whatever was begun by now is out of date: invalidations may have been missed. */
    invalidateAll(): void {
      latest += 1;
      ofAll = latest;
      byKey.clear();
      listeners.forEach((listener) => listener(null));
    },
    /** Whether nothing was invalidated about a key since the mark, and nothing can have been missed. */
    holdsSince: (keyText: string, mark: number) => ofAll <= mark && (byKey.get(keyText) ?? 0) <= mark,
    /** `listener` is told of each: the canonical text of the key, or null for all. */
    listen: (listener: (keyText: string | null) => void) => void listeners.push(listener),
  };
}
