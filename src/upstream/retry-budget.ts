import type { Clock } from '../call/clock.js';

/** Per window, retries may be this share of the requests, and at least FLOOR, so that a single request can be retried. */
const WINDOW_MS = 10_000;
const SHARE = 0.2;
const FLOOR = 10;

/** Limits retries to a share of the requests, so that retries do not multiply the load of an outage. */
export type RetryBudget = ReturnType<typeof createRetryBudget>;

/** Returns a budget. A window begins with the first request or retry after the previous window. */
export function createRetryBudget(clock: Clock) {
  let window = { endsAt: -Infinity, requests: 0, retries: 0 };

  return {
    /** Counts a request (its first attempt). */
    request: () => void (current().requests += 1),
    /** Returns whether a retry is allowed, and counts it if so. */
    retry() {
      const { requests, retries } = current();
      const isAllowed = retries + 1 <= Math.max(FLOOR, requests * SHARE);
      if (isAllowed) window.retries += 1;
      return isAllowed;
    },
  };

  function current(): typeof window {
    const now = clock.monotonic();
    if (now >= window.endsAt) window = { endsAt: now + WINDOW_MS, requests: 0, retries: 0 };
    return window;
  }
}
