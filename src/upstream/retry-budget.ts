/** Bounds retries by what is asked, so that an outage is not multiplied. */
export interface RetryBudget {
  /** A request was made for the first time. */
  request(): void;
  /** Whether a retry may be made; it is counted if so. */
  retry(): boolean;
}

/** How many retries are allowed. */
export interface RetryBudgetOptions {
  /** Retries at most this share of the requests of the window. Range: 0 to 1. */
  readonly share: number;
  /** But so many in a window are always allowed, so that a lone request may be retried. */
  readonly floor: number;
  /** Unit: ms. */
  readonly windowMs: number;
  /** A clock that is never set. Unit: ms. */
  readonly monotonic: () => number;
}

/** Windows are cut into this many slices, dropped one by one. */
const SLICES = 10;

/** Returns a budget over a sliding window. */
export function createRetryBudget({ share, floor, windowMs, monotonic }: RetryBudgetOptions): RetryBudget {
  const sliceMs = windowMs / SLICES;
  let slices: { at: number; requests: number; retries: number }[] = [];

  return {
    request: () => void (current().requests += 1),
    retry() {
      const slice = current();
      const requests = slices.reduce((total, one) => total + one.requests, 0);
      const retries = slices.reduce((total, one) => total + one.retries, 0);
      const allowed = retries + 1 <= Math.max(floor, requests * share);
      if (allowed) slice.retries += 1;
      return allowed;
    },
  };

  function current(): { requests: number; retries: number } {
    const at = Math.floor(monotonic() / sliceMs);
    slices = slices.filter((slice) => slice.at > at - SLICES);
    let slice = slices.at(-1);
    if (slice?.at !== at) slices.push((slice = { at, requests: 0, retries: 0 }));
    return slice;
  }
}
