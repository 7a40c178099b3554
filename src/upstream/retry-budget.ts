import type { Clock } from '../call/clock.js';

/** In each window, retries are at most this share of the requests; but so many are always allowed, for a lone request. */
const WINDOW_MS = 10_000;
const SHARE = 0.2;
const FLOOR = 10;

/** Bounds retries by what is asked, so that an outage is not multiplied. */
export type RetryBudget = ReturnType<typeof createRetryBudget>;

/** Returns a budget. A window begins with the first request or retry after the end of the last one. */
export function createRetryBudget(clock: Clock) {
  let window = { endsAt: -Infinity, requests: 0, retries: 0 };

  return {
    /** A request was made for the first time. */
    request: () => void (current().requests += 1),
    /** Whether a retry may be made; it is counted if so. */
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
