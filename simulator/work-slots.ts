/** Lets a limited number of requests be worked on at once; the rest wait in the order in which they came. */
export interface WorkSlots {
  /** Fulfils when a slot is free, with a function that gives it back; rejects if the client leaves before. */
  take(gone: AbortSignal): Promise<() => void>;
  /** Lets waiting requests in if the limit has grown. */
  recheck(): void;
}

/** Slots whose limit is asked anew each time. */
export function createWorkSlots(limit: () => number): WorkSlots {
  const waiting = new Set<() => void>();
  let taken = 0;

  function recheck(): void {
    for (const enter of waiting) {
      if (taken >= limit()) return;
      waiting.delete(enter);
      taken += 1;
      enter();
    }
  }

  function release(): void {
    taken -= 1;
    recheck();
  }

  function take(gone: AbortSignal): Promise<() => void> {
    return new Promise((resolve, reject) => {
      gone.throwIfAborted();
      const enter = () => resolve(release);
      gone.addEventListener(
        'abort',
        () => waiting.delete(enter) && reject(new Error('The client left while it waited')),
        { once: true },
      );
      waiting.add(enter);
      recheck();
    });
  }

  return { take, recheck };
}
