import { createAbortError, isCallTraceError, type CallTraceError } from './errors.js';
import { LONGEST_TIMER_MS } from './timer.js';

/** When a request is sent again. */
export interface RetryOptions {
  /** Most retries of a request; 0 for none. */
  readonly retries: number;
  /** No retry begins later than this after the first attempt. Unit: ms. */
  readonly retryForMs: number;
  /** Before the first retry, if the gateway does not say when; doubles with each. Unit: ms. */
  readonly pauseMs: number;
  /** Called before each pause. What it throws is ignored. */
  readonly onRetry: ((error: CallTraceError, pauseMs: number) => void) | undefined;
}

/** Retries of all requests of a client: a tenth of them, beside a stock. A gateway in trouble is not asked twice as much. */
export interface RetryBudget {
  /** Takes a retry; returns false if none is left. */
  take(): boolean;
  /** Something was answered. */
  earn(): void;
}

/** Most retries in stock. */
const STOCK = 10;
/** What an answer adds to the stock. */
const EARNED = 0.1;
/** The longest pause that the gateway did not ask for. Unit: ms. */
const MAX_PAUSE_MS = 10_000;

/** Returns a budget whose stock is full. */
export function createRetryBudget(): RetryBudget {
  let stock = STOCK;
  return {
    take() {
      if (stock < 1) return false;
      stock -= 1;
      return true;
    },
    earn: () => void (stock = Math.min(STOCK, stock + EARNED)),
  };
}

/**
 * Returns what `once` fulfils with: at the first attempt, or at a later one if those before failed in a retryable way.
 * Rejects with the last error if no retry is left, if the gateway wants to be left alone for longer than there is time,
 * or, with the code `ABORTED`, if `signal` is aborted in a pause.
 */
export async function withRetries<Result>(
  once: () => Promise<Result>,
  { retries, retryForMs, pauseMs: firstPauseMs, onRetry }: RetryOptions,
  budget: RetryBudget,
  signal: AbortSignal | undefined,
): Promise<Result> {
  const beganAt = performance.now();
  for (let retry = 0; ; retry += 1) {
    try {
      const result = await once();
      budget.earn();
      return result;
    } catch (error) {
      if (!isCallTraceError(error) || !error.retryable || retry >= retries) throw error;
      const pauseMs = pauseBefore(retry, error.retryAfterMs, firstPauseMs);
      const isTooLong = pauseMs > LONGEST_TIMER_MS || performance.now() - beganAt + pauseMs > retryForMs;
      if (isTooLong || !budget.take()) throw error;
      tell(onRetry, error, pauseMs);
      await pause(pauseMs, error, signal);
    }
  }
}

/** A caller's log that fails must not fail what was asked. */
function tell(onRetry: RetryOptions['onRetry'], error: CallTraceError, pauseMs: number): void {
  try {
    onRetry?.(error, pauseMs);
  } catch {
    // The request goes on.
  }
}

/** Never shorter than the gateway asks for; spread, so that clients which failed together do not come back together. */
function pauseBefore(retry: number, retryAfterMs: number | null, firstPauseMs: number): number {
  if (retryAfterMs !== null) return retryAfterMs + Math.random() * Math.min(1_000, 100 + retryAfterMs / 10);
  const longest = Math.min(MAX_PAUSE_MS, firstPauseMs * 2 ** retry);
  return longest / 2 + (Math.random() * longest) / 2;
}

function pause(ms: number, { requestId }: CallTraceError, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      reject(createAbortError('Not asked again: the signal was aborted.', requestId, signal));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', end);
      resolve();
    }, ms);
    signal?.addEventListener('abort', end, { once: true });
    if (signal?.aborted) end();
  });
}
