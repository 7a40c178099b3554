import type { Clock } from '../call/clock.js';
import { UpstreamOverloadedError, UpstreamUnavailableError } from '../call/errors.js';
import type { AskOptions } from '../call/fetch-traces.js';

/** Bounds the requests to the contact centre, in flight and waiting, with fair queuing between tenants. */
export type Queue = ReturnType<typeof createQueue>;

/** How long a request may wait. */
export type QueuedAsk = Pick<AskOptions, 'signal' | 'deadlineAt' | 'span'>;

interface Waiter {
  readonly ask: QueuedAsk;
  readonly start: () => void;
  readonly refuse: (reason: Error) => void;
}

/**
 * Returns a queue. It serves tenants (one per VDN) round-robin, so that a tenant with 200 requests delays another by one
 * request. When the queue is full, the newest request of the tenant with the most waiting is rejected, so that no tenant
 * can fill the queue against the others. `onOverload` is called for each request rejected because the queue is full;
 * `onWait` for each that got its slot, with the time it waited. Unit: seconds.
 */
export function createQueue(
  maxConcurrency: number,
  maxQueue: number,
  clock: Clock,
  onOverload: () => void,
  onWait?: (seconds: number) => void,
) {
  /** The waiters of each tenant in order of arrival; the first tenant is served next. No set is empty. */
  const tenants = new Map<string, Set<Waiter>>();
  let inFlight = 0;
  let pausedUntil = -Infinity;
  let timer: NodeJS.Timeout | undefined;

  return {
    /**
     * Waits for a slot and returns the function that releases it, to be called once. Rejects with UpstreamOverloadedError if
     * the queue is full, at once or when a request of a tenant with fewer waiting arrives; with UpstreamUnavailableError if
     * the queue is paused beyond the deadline; with the signal's reason if it aborts while waiting. `onQueued` is called, before
     * `take` returns, unless the slot comes at once.
     */
    async take(tenant: string, ask: QueuedAsk, onQueued?: () => void): Promise<() => void> {
      ask.signal?.throwIfAborted();
      const askedAt = clock.monotonic();
      const { slot, isWaiting } = enqueue(tenant, ask);
      dispatch();
      if (isWaiting()) onQueued?.();
      if (waiting().length > maxQueue) rejectNewest(tenant);
      await slot;
      onWait?.((clock.monotonic() - askedAt) / 1000);
      return () => {
        inFlight -= 1;
        dispatch();
      };
    },
    /** Pauses the queue until an instant of the monotonic clock. */
    pauseUntil(at: number): void {
      pausedUntil = Math.max(pausedUntil, at);
      dispatch();
    },
    /** Slots taken. */
    get inFlight() {
      return inFlight;
    },
    /** Requests that wait for a slot. */
    get queued() {
      return waiting().length;
    },
    /** How long the queue stays paused (`Retry-After`); null: it is not paused. Unit: ms. */
    get pausedForMs() {
      return isPaused() ? Math.ceil(pausedUntil - clock.monotonic()) : null;
    },
    /** Stops the timer that ends a pause. */
    close: (): void => clearTimeout(timer),
  };

  function waiting(): Waiter[] {
    return [...tenants.values()].flatMap((waiters) => [...waiters]);
  }

  function isPaused(): boolean {
    return clock.monotonic() < pausedUntil;
  }

  /** `slot` resolves when the request has its slot. */
  function enqueue(tenant: string, ask: QueuedAsk): { slot: Promise<void>; isWaiting: () => boolean } {
    let isWaiting = true;
    const slot = new Promise<void>((resolve, reject) => {
      const waiters = tenants.get(tenant) ?? new Set();
      const settleAs = (settle: () => void): void => {
        ask.signal?.removeEventListener('abort', abort);
        waiters.delete(waiter);
        isWaiting = false;
        if (waiters.size === 0) tenants.delete(tenant);
        settle();
      };
      const waiter: Waiter = {
        ask,
        start: () => settleAs(resolve),
        refuse: (reason) => settleAs(() => reject(reason)),
      };
      const abort = (): void => waiter.refuse(ask.signal?.reason as Error);
      ask.signal?.addEventListener('abort', abort);
      tenants.set(tenant, waiters.add(waiter));
    });
    return { slot, isWaiting: () => isWaiting };
  }

  /** Rejects the newest request of the tenant with the most waiting; in a tie, that of the tenant that has just queued one. */
  function rejectNewest(tenant: string): void {
    let longest = tenants.get(tenant) ?? new Set();
    for (const waiters of tenants.values()) if (waiters.size > longest.size) longest = waiters;
    [...longest]
      .at(-1)
      ?.refuse(new UpstreamOverloadedError(`${maxQueue} requests are waiting for the contact centre already`));
    onOverload();
  }

  /** Starts as many requests as may run. During a pause it starts none, and runs again at the end of the pause. */
  function dispatch(): void {
    if (isPaused()) waitForPause();
    for (const [tenant, waiters] of tenants) {
      if (inFlight >= maxConcurrency || isPaused()) return;
      inFlight += 1;
      tenants.delete(tenant);
      tenants.set(tenant, waiters); // behind the other tenants
      const [first] = waiters;
      first?.start();
    }
  }

  /** Rejects the requests whose deadline comes before the end of the pause, and sets the timer for that end. */
  function waitForPause(): void {
    const retryAfterMs = pausedUntil - clock.monotonic();
    const tooLong = 'the contact centre asks for a pause that is longer than this request may take';
    for (const { ask, refuse } of waiting())
      if ((ask.deadlineAt ?? Infinity) <= pausedUntil) refuse(new UpstreamUnavailableError(tooLong, { retryAfterMs }));
    clearTimeout(timer);
    timer = setTimeout(dispatch, retryAfterMs);
    timer.unref();
  }
}
