import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../call/clock.js';
import { nameCall, TraceError, UpstreamTimeoutError, UpstreamUnavailableError } from '../call/errors.js';
import { eachKey, type AskOptions, type FetchTraces } from '../call/fetch-traces.js';
import type { TraceKey } from '../call/key.js';
import { canonicalLogDate, monthBounds } from '../call/month.js';
import type { CallTrace, ReadingNotes } from '../call/trace.js';
import type { Attempt, AttemptResult, UnsignedRequest } from './attempt.js';
import type { Endpoint } from './endpoints.js';
import { isTimeout, maxRetriesAfter } from './failure.js';
import type { QueuedAsk } from './queue.js';
import type { RetryBudget } from './retry-budget.js';
import { unlessAborted } from './time-limit.js';
import { requestBody, TRACE_PATH, traceSteps, type NumberStyle } from './wire.js';

/** What the upstream client needs. */
export interface UpstreamClientOptions {
  readonly attempt: Attempt;
  readonly budget: RetryBudget;
  /** The zone in which a call centre cuts its months: an IANA name. */
  readonly timeZoneOf: (ccId: number) => string;
  readonly numberStyle: NumberStyle;
  /** Attempts after the first. */
  readonly maxRetries: number;
  /** The contact centre's clock. Unit: ms since 1970-01-01 UTC. */
  readonly now: () => number;
  readonly clock: Clock;
  /** Called for every trace that was read, with its reading notes. */
  readonly onRead?: ((notes: ReadingNotes) => void) | undefined;
}

/**
 * Returns the contact centre as a FetchTraces: one signed POST per key. A key that fails yields one of the classes in
 * call/errors.ts, after the retries that its failure, the retry budget and the deadline allow.
 */
export function createUpstreamClient(options: UpstreamClientOptions): FetchTraces {
  const { attempt, budget, timeZoneOf, numberStyle, maxRetries, now, clock } = options;
  return eachKey(fetchTrace);

  async function fetchTrace(key: TraceKey, ask: AskOptions): Promise<CallTrace> {
    try {
      if (remainingMs(ask) <= 0) throw new UpstreamTimeoutError('no answer in time');
      budget.request();
      // An attempt may continue after its client has left; the client does not wait for it.
      return await unlessAborted(ask.signal, attemptWithRetries(requestFor(key, ask)));
    } catch (error) {
      const failure = ask.signal?.aborted ? abortFailure(ask.signal, error) : error;
      if (failure instanceof TraceError) nameCall(failure, key);
      throw failure;
    }
  }

  function requestFor(key: TraceKey, ask: AskOptions): Omit<UnsignedRequest<CallTrace>, 'mayResend'> {
    const timeZone = timeZoneOf(key.ccId);
    const month = monthBounds(key.month, timeZone);
    return {
      path: TRACE_PATH,
      body: requestBody(key, canonicalLogDate(key.month, timeZone, now()), numberStyle),
      tenant: `${key.ccId}/${key.vdn}`,
      ask,
      async read(reply, askedAt) {
        const parsed = await inTurns(traceSteps(reply, key, askedAt, month));
        options.onRead?.(parsed.notes);
        const timesNotFound = parsed.records.length === 0 ? 1 : 0;
        return { key, ...parsed, askedAt, timesNotFound, stale: false, source: 'UPSTREAM' };
      },
    };
  }

  async function attemptWithRetries(request: Omit<UnsignedRequest<CallTrace>, 'mayResend'>): Promise<CallTrace> {
    const { ask } = request;
    let avoid: Endpoint | null = null;
    let hasChangedPair = false;
    for (let retries = 0; ;) {
      const attempted: AttemptResult<CallTrace> = await attempt({
        ...request,
        avoid,
        mayResend: retries === 0,
        attemptsBefore: retries + Number(hasChangedPair),
      });
      if ('value' in attempted) return attempted.value;
      const { failure, hasOtherPair } = attempted;
      if (hasOtherPair && !hasChangedPair) {
        hasChangedPair = true;
        continue;
      }
      // The queue already waits for `Retry-After`, and every attempt waits in the queue.
      const retryAfterMs = failure instanceof TraceError ? failure.retryAfterMs : undefined;
      const pauseMs = backoffMs(retries);
      const mayRetry = retries < Math.min(maxRetries, maxRetriesAfter(failure));
      // The deadline is read here because it moves when a waiter with a later deadline joins.
      if (!mayRetry || (retryAfterMs ?? pauseMs) >= remainingMs(ask) || !budget.retry()) throw failure;
      avoid = attempted.endpoint;
      retries += 1;
      await pause(retryAfterMs === undefined ? pauseMs : 0, null, { signal: ask.signal });
    }
  }

  function remainingMs({ deadlineAt = Infinity }: QueuedAsk): number {
    return deadlineAt - clock.monotonic();
  }
}

/** Takes the steps one by one, each in a turn of the event loop, and returns the result of the last. */
async function inTurns<T>(steps: Generator<void, T>): Promise<T> {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    await nextTurn();
  }
}

/** Back-off before retry n: a random share of 200 ms · 2ⁿ⁻¹, at most 2 s. Unit: ms. */
const BACKOFF_MS = 200;
const MAX_BACKOFF_MS = 2_000;

/** Returns how long to wait before the next attempt: exponential back-off with full jitter. Unit: ms. */
export function backoffMs(retries: number): number {
  return Math.random() * Math.min(MAX_BACKOFF_MS, BACKOFF_MS * 2 ** retries);
}

/** Returns the failure for an aborted request: a timeout, or a client that left. */
function abortFailure({ reason }: AbortSignal, cause: unknown): TraceError {
  if (isTimeout(reason)) return new UpstreamTimeoutError('no answer in time', { cause });
  return new UpstreamUnavailableError('the client has left', { cause });
}
