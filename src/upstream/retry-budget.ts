import type { Clock } from '../call/clock.js';

/** Bounds retries by what is asked, so that an outage is not multiplied. */
export interface RetryBudget {
  /** A request was made for the first time. */
  request(): void;
  /** Whether a retry may be made; it is counted if so. */
  retry(): boolean;
}

/** Retries are at most this share of the requests of the window; but so many are always allowed, for a lone request. */
const SHARE = 0.2;
const FLOOR = 10;
/** The window slides by slices of this length. Unit: ms. */
const SLICE_MS = 1_000;
const SLICES = 10;

/** Returns a budget over a sliding window of ten seconds. */
export function createRetryBudget(clock: Clock): RetryBudget {
  let slices: { at: number; requests: number; retries: number }[] = [];

  return {
    request: () => void (current().requests += 1),
    retry() {
      const slice = current();
      const requests = slices.reduce((total, one) => total + one.requests, 0);
      const retries = slices.reduce((total, one) => total + one.retries, 0);
      const isAllowed = retries + 1 <= Math.max(FLOOR, requests * SHARE);
      if (isAllowed) slice.retries += 1;
      return isAllowed;
    },
  };

  function current(): { requests: number; retries: number } {
    const at = Math.floor(clock.monotonic() / SLICE_MS);
    let slice = slices.at(-1);
    if (slice?.at !== at) {
      slice = { at, requests: 0, retries: 0 };
      slices = [...slices.filter((one) => one.at > at - SLICES), slice];
    }
    return slice;
  }
}
