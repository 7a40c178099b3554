import type { Clock } from '../call/clock.js';
import { UpstreamOverloadedError, UpstreamUnavailableError } from '../call/errors.js';
import type { AskOptions } from '../call/fetch-traces.js';

/** Bounds the requests to the contact centre: so many at once, so many waiting behind, fair between lanes. */
export type Queue = ReturnType<typeof createQueue>;

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
 * `onOverload` is called for each request that is refused because too many wait, `onWait` for each that got its slot, with
 * the time that it waited. Unit: seconds.
 */
export function createQueue(
  maxConcurrency: number,
  maxQueue: number,
  clock: Clock,
  onOverload: () => void,
  onWait?: (seconds: number) => void,
) {
  /** The waiters of each lane, first come first; the lane to be served next is the first. No lane is empty. */
  const lanes = new Map<string, Set<Waiter>>();
  let inFlight = 0;
  let pausedUntil = -Infinity;
  let timer: NodeJS.Timeout | undefined;

  return {
    /**
     * Waits for a slot and returns the function that gives it back, to be called once. Errors: UpstreamOverloadedError if
     * too many wait, at once or when another comes whose lane is shorter; UpstreamUnavailableError if the queue is paused
     * beyond the deadline; the signal's reason if it aborts while waiting.
     */
    async take(lane: string, ask: QueuedAsk): Promise<() => void> {
      ask.signal?.throwIfAborted();
      const askedAt = clock.monotonic();
      const turn = enqueue(lane, ask);
      serve();
      if (waiting().length > maxQueue) makeRoom(lane);
      await turn;
      onWait?.((clock.monotonic() - askedAt) / 1000);
      return () => {
        inFlight -= 1;
        serve();
      };
    },
    /** Starts nothing before an instant of the monotonic clock. */
    pauseUntil(at: number): void {
      pausedUntil = Math.max(pausedUntil, at);
      serve();
    },
    /** Slots taken. */
    get inFlight() {
      return inFlight;
    },
    /** Requests that wait for a slot. */
    get queued() {
      return waiting().length;
    },
    /** How long the contact centre has asked us to wait yet (`Retry-After`); null: not at all. Unit: ms. */
    get pausedForMs() {
      return isPaused() ? pausedUntil - clock.monotonic() : null;
    },
    /** Stops the timer that ends a pause. */
    close: (): void => clearTimeout(timer),
  };

  function waiting(): Waiter[] {
    return [...lanes.values()].flatMap((waiters) => [...waiters]);
  }

  function isPaused(): boolean {
    return clock.monotonic() < pausedUntil;
  }

  /** Resolves when the lane's turn has come, with a slot taken. */
  function enqueue(lane: string, ask: QueuedAsk): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiters = lanes.get(lane) ?? new Set();
      const leave = (settle: () => void): void => {
        ask.signal?.removeEventListener('abort', abort);
        waiters.delete(waiter);
        if (waiters.size === 0) lanes.delete(lane);
        settle();
      };
      const waiter: Waiter = {
        ask,
        start: () => leave(resolve),
        refuse: (reason) => leave(() => reject(reason)),
      };
      const abort = (): void => waiter.refuse(ask.signal?.reason as Error);
      ask.signal?.addEventListener('abort', abort);
      lanes.set(lane, waiters.add(waiter));
    });
  }

  /** Refuses the newest of the longest lane; where others are as long, it is that of the one who comes. */
  function makeRoom(lane: string): void {
    let longest = lanes.get(lane) ?? new Set();
    for (const waiters of lanes.values()) if (waiters.size > longest.size) longest = waiters;
    [...longest]
      .at(-1)
      ?.refuse(new UpstreamOverloadedError(`${maxQueue} requests are waiting for the contact centre already`));
    onOverload();
  }

  /** Starts as many as may run; in a pause none, but then it is looked again at its end. */
  function serve(): void {
    if (isPaused()) waitForPause();
    for (const [lane, waiters] of lanes) {
      if (inFlight >= maxConcurrency || isPaused()) return;
      inFlight += 1;
      lanes.delete(lane);
      lanes.set(lane, waiters); // behind the other lanes
      const [first] = waiters;
      first?.start();
    }
  }

  /** Refuses those who cannot wait so long. */
  function waitForPause(): void {
    const retryAfterMs = pausedUntil - clock.monotonic();
    const tooLong = 'the contact centre asks for a pause that is longer than this request may take';
    for (const { ask, refuse } of waiting())
      if ((ask.deadlineAt ?? Infinity) <= pausedUntil) refuse(new UpstreamUnavailableError(tooLong, { retryAfterMs }));
    clearTimeout(timer);
    timer = setTimeout(serve, retryAfterMs);
    timer.unref();
  }
}
