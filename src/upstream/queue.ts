import type { Clock } from '../call/clock.js';
import { UpstreamOverloadedError, UpstreamUnavailableError } from '../call/errors.js';
import type { AskOptions } from '../call/fetch-traces.js';

/** Bounds the requests to the contact centre: so many at once, so many waiting behind, fair between lanes. */
export interface Queue {
  /**
   * Waits for a slot and returns the function that gives it back. Errors: UpstreamOverloadedError if too many wait, at
   * once or when another comes whose lane is shorter; UpstreamUnavailableError if the queue is paused beyond the
   * deadline; the signal's reason if it aborts while waiting.
   */
  take(lane: string, ask: QueuedAsk): Promise<() => void>;
  /** Starts nothing before an instant of the monotonic clock. */
  pauseUntil(at: number): void;
  /** Slots taken, and requests that wait for one. */
  readonly inFlight: number;
  readonly queued: number;
  /** How long the contact centre has asked us to wait yet; null: not at all. Unit: ms. */
  readonly pausedForMs: number | null;
  /** Stops the timer that ends a pause. */
  close(): void;
}

/** How long a request may wait. */
export type QueuedAsk = Pick<AskOptions, 'signal' | 'deadlineAt'>;

interface Waiter {
  readonly ask: QueuedAsk;
  readonly start: () => void;
  readonly refuse: (reason: Error) => void;
}

/**
 * Returns a queue. Lanes take turns, so that one that asks for 200 calls holds up another by one request; when the queue
 * is full the newest of the longest lane is refused, so that no lane can fill it against the others.
 * `onOverload` is called for each request that is refused because too many wait.
 */
export function createQueue(maxConcurrency: number, maxQueue: number, clock: Clock, onOverload: () => void): Queue {
  /** The waiters of each lane, first come first; the lane to be served next is the first. No lane is empty. */
  const lanes = new Map<string, Waiter[]>();
  let inFlight = 0;
  let pausedUntil = -Infinity;
  let timer: NodeJS.Timeout | undefined;

  return {
    async take(lane, ask) {
      ask.signal?.throwIfAborted();
      const refusal = refusalFor(ask);
      if (refusal) throw refusal;
      if (inFlight < maxConcurrency && lanes.size === 0 && !isPaused()) inFlight += 1;
      else {
        if (count() >= maxQueue) makeRoom(lane);
        await turn(lane, ask);
      }
      let isHeld = true;
      return () => {
        if (isHeld) inFlight -= 1;
        isHeld = false;
        serve();
      };
    },
    pauseUntil(at) {
      if (at <= Math.max(pausedUntil, clock.monotonic())) return;
      pausedUntil = at;
      for (const waiter of [...lanes.values()].flat()) {
        const refusal = refusalFor(waiter.ask);
        if (refusal) waiter.refuse(refusal);
      }
      resumeLater();
    },
    get inFlight() {
      return inFlight;
    },
    get queued() {
      return count();
    },
    get pausedForMs() {
      return isPaused() ? pausedUntil - clock.monotonic() : null;
    },
    close: () => clearTimeout(timer),
  };

  function count(): number {
    let sum = 0;
    for (const waiters of lanes.values()) sum += waiters.length;
    return sum;
  }

  function isPaused(): boolean {
    return clock.monotonic() < pausedUntil;
  }

  function resumeLater(): void {
    clearTimeout(timer);
    // Timers and the clock may differ by a millisecond: it looks again.
    timer = setTimeout(() => (isPaused() ? resumeLater() : serve()), Math.max(1, pausedUntil - clock.monotonic()));
    timer.unref();
  }

  /** Why who cannot wait for the end of a pause is not let in; null if there is no reason. */
  function refusalFor({ deadlineAt = Infinity }: QueuedAsk): UpstreamUnavailableError | null {
    if (!isPaused() || deadlineAt > pausedUntil) return null;
    return new UpstreamUnavailableError('the contact centre has asked us to wait longer than the client does', {
      retryAfterMs: pausedUntil - clock.monotonic(),
    });
  }

  /** Resolves when the lane's turn has come, with a slot taken. */
  function turn(lane: string, ask: QueuedAsk): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (settle: () => void): void => {
        ask.signal?.removeEventListener('abort', abort);
        const others = (lanes.get(lane) ?? []).filter((one) => one !== waiter);
        if (others.length > 0) lanes.set(lane, others);
        else lanes.delete(lane);
        settle();
      };
      const waiter: Waiter = {
        ask,
        start: () => leave(resolve),
        refuse: (reason) => leave(() => reject(reason)),
      };
      const abort = (): void => waiter.refuse(ask.signal?.reason as Error);
      ask.signal?.addEventListener('abort', abort, { once: true });
      lanes.set(lane, [...(lanes.get(lane) ?? []), waiter]);
      serve();
    });
  }

  /** Refuses the newest of the longest lane. Throws if that is the one who comes. */
  function makeRoom(lane: string): void {
    onOverload();
    const full = new UpstreamOverloadedError(`${maxQueue} requests are waiting already`);
    let longest: Waiter[] = [];
    for (const waiters of lanes.values()) if (waiters.length > longest.length) longest = waiters;
    if (longest.length <= (lanes.get(lane)?.length ?? 0) + 1) throw full;
    longest.at(-1)?.refuse(full);
  }

  function serve(): void {
    for (const [lane, [first]] of lanes) {
      if (inFlight >= maxConcurrency || isPaused()) return;
      inFlight += 1;
      first?.start();
      const others = lanes.get(lane);
      if (!others) continue;
      lanes.delete(lane);
      lanes.set(lane, others); // behind the other lanes
    }
  }
}
