import { createLine, type Line } from './line.js';

/** The queue holds as many as it may, and this one was the one to go. */
export class QueueFullError extends Error {
  override readonly name = 'QueueFullError';
}

/** Lets so much work run at once, and the lanes take turns for what comes free. */
export interface FairQueue {
  /**
   * Runs the work when its turn comes. Errors: QueueFullError if too many wait, at once or when another comes whose lane
   * is shorter; the signal's reason if it aborts while waiting; whatever the work throws.
   */
  run<T>(lane: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T>;
  readonly running: number;
  readonly waiting: number;
}

/** One that waits; either way it leaves its line. */
interface Waiter {
  start(): void;
  refuse(reason: Error): void;
}

/**
 * Returns a queue in which `limit()` pieces of work run at once and at most `maxWaiting` wait. A lane that has put in
 * 200 pieces holds up another's one by one piece, not by 200; and it is the longest lane that loses its newest when the
 * queue is full, so a lane cannot fill it against the others.
 */
export function createFairQueue(limit: () => number, maxWaiting: number): FairQueue {
  /** Lanes that have someone waiting, the next to be served first. A Map keeps the order in which they came. */
  const lanes = new Map<string, Line<Waiter>>();
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
      if (running < limit() && waiting === 0) {
        running += 1;
      } else {
        if (waiting >= maxWaiting) makeRoom(lane);
        await turn(lane, signal);
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
      const line = lanes.get(lane) ?? createLine<Waiter>();
      lanes.set(lane, line);
      const abort = (): void => {
        leave();
        reject(signal?.reason as Error);
      };
      const leaveLine = line.join({
        start() {
          leave();
          resolve();
        },
        refuse(reason) {
          leave();
          reject(reason);
        },
      });
      const leave = (): void => {
        signal?.removeEventListener('abort', abort);
        leaveLine();
        if (line.length === 0) lanes.delete(lane);
        waiting -= 1;
      };
      signal?.addEventListener('abort', abort, { once: true });
      waiting += 1;
      serve();
    });
  }

  /** Refuses the newest of the longest lane. Throws if that is the one who comes. */
  function makeRoom(lane: string): void {
    const full = new QueueFullError(`${maxWaiting} requests are waiting already`);
    const lengthWithIt = (lanes.get(lane)?.length ?? 0) + 1;
    let longest: Line<Waiter> | undefined;
    for (const line of lanes.values()) if (line.length > (longest?.length ?? lengthWithIt)) longest = line;
    if (!longest) throw full;
    longest.last?.refuse(full);
  }

  function serve(): void {
    while (running < limit()) {
      const [next] = lanes;
      if (!next) return;
      const [lane, line] = next;
      lanes.delete(lane);
      if (line.length > 1) lanes.set(lane, line); // behind the other lanes
      running += 1;
      line.first?.start();
    }
  }
}
