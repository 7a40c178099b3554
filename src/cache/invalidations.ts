/**
 * What went out of date in this process, in order: whatever was begun before a key was invalidated is neither kept nor
 * shared after it. Counts, not clocks, so that no clock can be wrong about it.
 */
export interface Invalidations {
  /** The present. To be taken before a key is read or asked for. */
  mark(): number;
  /** Whatever was begun about this key by now is out of date. */
  invalidate(keyText: string): void;
  /** Whatever was begun by now is out of date: invalidations may have been missed. */
  invalidateAll(): void;
  /** Whether nothing was invalidated about a key since the mark, and nothing can have been missed. */
  holdsSince(keyText: string, mark: number): boolean;
  /** Whether this very key was invalidated since the mark. */
  wasInvalidated(keyText: string, mark: number): boolean;
  /** `listener` is told of each: the canonical text of the key, or null for all. */
  listen(listener: (keyText: string | null) => void): void;
}

/** So many keys are remembered; whatever was begun before the oldest that was dropped counts as invalidated. */
const MAX_KEYS = 10_000;

/** Returns the invalidations of one process, none so far. */
export function createInvalidations(): Invalidations {
  const listeners: ((keyText: string | null) => void)[] = [];
  /** The number of the latest invalidation of each key, the oldest first: a Map keeps the order. */
  const byKey = new Map<string, number>();
  let latest = 0;
  let ofAll = 0;
  let dropped = 0;
  const wasInvalidated = (keyText: string, mark: number): boolean => (byKey.get(keyText) ?? dropped) > mark;

  return {
    mark: () => latest,
    invalidate(keyText) {
      latest += 1;
      byKey.delete(keyText);
      byKey.set(keyText, latest);
      if (byKey.size > MAX_KEYS) dropOldest();
      listeners.forEach((listener) => listener(keyText));
    },
    invalidateAll() {
      latest += 1;
      ofAll = latest;
      listeners.forEach((listener) => listener(null));
    },
    holdsSince: (keyText, mark) => ofAll <= mark && !wasInvalidated(keyText, mark),
    wasInvalidated,
    listen: (listener) => void listeners.push(listener),
  };

  function dropOldest(): void {
    for (const [keyText, number] of byKey) {
      byKey.delete(keyText);
      dropped = number;
      return;
    }
  }
}
