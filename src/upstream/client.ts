import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../call/clock.js';
import { nameCall, TraceError, UpstreamTimeoutError, UpstreamUnavailableError } from '../call/errors.js';
import { eachKey, type AskOptions, type FetchTraces } from '../call/fetch-traces.js';
import type { TraceKey } from '../call/key.js';
import { canonicalLogDate, monthBounds } from '../call/month.js';
import type { CallTrace, ReadingNotes } from '../call/trace.js';
import type { Attempt, Attempted, Question } from './attempt.js';
import type { Endpoint } from './endpoints.js';
import { isTimeout, retriesWorth } from './failure.js';
import type { QueuedAsk } from './queue.js';
import type { RetryBudget } from './retry-budget.js';
import { unlessAborted } from './time-limit.js';
import { parseTrace, requestBody, type NumberStyle } from './wire.js';

/** How traces are asked for. */
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
  /** Told of every trace that was read, with what was noticed. */
  readonly onRead?: ((notes: ReadingNotes) => void) | undefined;
}

const PATH = '/rest/cmsapp/v1/openapi/vdn/querycalltracedetail';

/**
 * Returns the contact centre as a FetchTraces: one signed POST per key. A key that fails meets one of the classes in
 * call/errors.ts, after as many attempts as its failures are worth and the budget and the deadline allow.
 */
export function createUpstreamClient(options: UpstreamClientOptions): FetchTraces {
  const { attempt, budget, timeZoneOf, numberStyle, maxRetries, now, clock } = options;
  return eachKey(fetchTrace);

  async function fetchTrace(key: TraceKey, ask: AskOptions): Promise<CallTrace> {
    try {
      if (remainingMs(ask) <= 0) throw new UpstreamTimeoutError('no answer in time');
      budget.request();
      // An attempt may go on without its client; the client does not wait for that.
      return await unlessAborted(ask.signal, attemptUntilDone(questionFor(key, ask)));
    } catch (error) {
      const failure = ask.signal?.aborted ? leftFailure(ask.signal, error) : error;
      if (failure instanceof TraceError) nameCall(failure, key);
      throw failure;
    }
  }

  function questionFor(key: TraceKey, ask: AskOptions): Omit<Question<CallTrace>, 'mayResend'> {
    const timeZone = timeZoneOf(key.ccId);
    const month = monthBounds(key.month, timeZone);
    return {
      path: PATH,
      body: requestBody(key, canonicalLogDate(key.month, timeZone, now()), numberStyle),
      lane: `${key.ccId}/${key.vdn}`,
      ask,
      read(reply, askedAt) {
        const { records, notes } = parseTrace(reply, key, askedAt, month);
        options.onRead?.(notes);
        const timesNotFound = records.length === 0 ? 1 : 0;
        return { key, records, askedAt, timesNotFound, notes, stale: false, source: 'UPSTREAM' };
      },
    };
  }

  async function attemptUntilDone(question: Omit<Question<CallTrace>, 'mayResend'>): Promise<CallTrace> {
    const { ask } = question;
    let not: Endpoint | null = null;
    let hasChangedPair = false;
    for (let retries = 0; ;) {
      const attempted: Attempted<CallTrace> = await attempt({ ...question, not, mayResend: retries === 0 });
      if ('value' in attempted) return attempted.value;
      const { failure, hasOtherPair } = attempted;
      if (hasOtherPair && !hasChangedPair) {
        hasChangedPair = true;
        continue;
      }
      // `Retry-After` binds the queue, which every attempt waits in.
      const askedMs = failure instanceof TraceError ? failure.retryAfterMs : undefined;
      const pauseMs = backoffMs(retries);
      const isWorthIt = retries < Math.min(maxRetries, retriesWorth(failure));
      // Read now: the deadline moves while others join who have more time.
      if (!isWorthIt || (askedMs ?? pauseMs) >= remainingMs(ask) || !budget.retry()) throw failure;
      not = attempted.endpoint;
      retries += 1;
      await pause(askedMs === undefined ? pauseMs : 0, null, { signal: ask.signal });
    }
  }

  function remainingMs({ deadlineAt = Infinity }: QueuedAsk): number {
    return deadlineAt - clock.monotonic();
  }
}

/** Back-off before retry n: a random share of 200 ms · 2ⁿ⁻¹, at most 2 s. Unit: ms. */
const BACKOFF_MS = 200;
const MAX_BACKOFF_MS = 2_000;

/** How long to wait before a further attempt: back-off with full jitter. Unit: ms. */
export function backoffMs(retries: number): number {
  return Math.random() * Math.min(MAX_BACKOFF_MS, BACKOFF_MS * 2 ** retries);
}

/** Nobody waits any more, or not in time. */
function leftFailure({ reason }: AbortSignal, cause: unknown): TraceError {
  if (isTimeout(reason)) return new UpstreamTimeoutError('no answer in time', { cause });
  return new UpstreamUnavailableError('nobody waits any more', { cause });
}
