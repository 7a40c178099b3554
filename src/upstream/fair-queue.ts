/** The queue holds as many as it may; this one was not taken. */
export class QueueFullError extends Error {
  override readonly name = 'QueueFullError';
}

/** Lets so much work run at once, and the lanes take turns for what comes free. */
export interface FairQueue {
  /**
   * Runs the work when its turn comes. Errors: QueueFullError at once if too many wait; the signal's reason if it aborts
   * while waiting; whatever the work throws.
   */
  run<T>(lane: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T>;
  readonly running: number;
  readonly waiting: number;
}

interface Waiter {
  readonly start: () => void;
}

/**
 * Returns a queue in which `limit()` pieces of work run at once and at most `maxWaiting` wait. A lane that has put in
 * 200 pieces holds up another's one by one piece, not by 200.
 */
export function createFairQueue(limit: () => number, maxWaiting: number): FairQueue {
  /** Lanes that have someone waiting, the next to be served first. A Map keeps the order in which they came. */
  const lanes = new Map<string, Waiter[]>();
  let running = 0;
  let waiting = 0;

  return {
    get running() {
      return running;
    },
    get waiting() {
      return waiting;
    },
    async run(lane, signal, work) {
      signal?.throwIfAborted();
      if (running >= limit() || waiting > 0) {
        if (waiting >= maxWaiting) throw new QueueFullError(`${maxWaiting} requests are waiting already`);
        await turn(lane, signal);
      } else {
        running += 1;
      }
      try {
        return await work();
      } finally {
        running -= 1;
        serve();
      }
    },
  };

  /** Resolves when the lane's turn has come, with a place taken. */
  function turn(lane: string, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        start: () => {
          signal?.removeEventListener('abort', leave);
          resolve();
        },
      };
      const leave = (): void => {
        const line = lanes.get(lane) ?? [];
        line.splice(line.indexOf(waiter), 1);
        if (line.length === 0) lanes.delete(lane);
        waiting -= 1;
        reject(signal?.reason as Error);
      };
      signal?.addEventListener('abort', leave, { once: true });
      lanes.set(lane, [...(lanes.get(lane) ?? []), waiter]);
      waiting += 1;
      serve();
    });
  }

  function serve(): void {
    while (waiting > 0 && running < limit()) {
      const [lane, line] = lanes.entries().next().value as [string, Waiter[]];
      lanes.delete(lane);
      const [waiter, ...others] = line;
      if (others.length > 0) lanes.set(lane, others); // behind the other lanes
      waiting -= 1;
      running += 1;
      waiter?.start();
    }
  }
}
