import type { Clock } from '../call/clock.js';
import { TraceError, UpstreamTimeoutError, UpstreamUnavailableError } from '../call/errors.js';
import { eachKey, type AskOptions, type FetchTraces } from '../call/fetch-traces.js';
import type { TraceKey } from '../call/key.js';
import { canonicalLogDate, monthBounds } from '../call/month.js';
import type { CallTrace, ReadingNotes } from '../call/trace.js';
import type { Attempt, Attempted, FailedAttempt, Question } from './attempt.js';
import type { Endpoint } from './endpoints.js';
import { isTimeout, OUTCOMES } from './failure-cause.js';
import { withSubject } from './failure.js';
import type { RetryBudget } from './retry-budget.js';
import { pause, unlessAborted } from './time-limit.js';
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

  async function fetchTrace(key: TraceKey, ask: AskOptions): Promise<CallTrace | Error> {
    const subject = `call ${key.callId} in VDN ${key.vdn}`;
    try {
      return await askFor(key, ask);
    } catch (error) {
      return withSubject(ask.signal?.aborted ? leftFailure(ask.signal, error) : toError(error), subject);
    }
  }

  async function askFor(key: TraceKey, ask: AskOptions): Promise<CallTrace> {
    if (remainingMs(ask) <= 0) throw new UpstreamTimeoutError('no answer in time');
    const timeZone = timeZoneOf(key.ccId);
    const month = monthBounds(key.month, timeZone);
    const question = {
      path: PATH,
      body: requestBody(key, canonicalLogDate(key.month, timeZone, now()), numberStyle),
      lane: `${key.ccId}/${key.vdn}`,
      ask,
      read: (reply, askedAt): CallTrace => {
        const { records, notes } = parseTrace(reply, key, askedAt, month);
        options.onRead?.(notes);
        const timesNotFound = records.length === 0 ? 1 : 0;
        return { key, records, askedAt, timesNotFound, notes, stale: false, source: 'UPSTREAM' };
      },
    } satisfies Partial<Question<CallTrace>>;
    budget.request();
    return attemptUntilDone(question, ask);
  }

  async function attemptUntilDone<T>(question: Omit<Question<T>, 'mayResend' | 'not'>, ask: AskOptions): Promise<T> {
    let not: Endpoint | null = null;
    let hasChangedPair = false;
    for (let retries = 0; ;) {
      ask.signal?.throwIfAborted();
      // An attempt may go on without its client; the client does not wait for that.
      const attempted: Attempted<T> = await unlessAborted(
        ask.signal,
        attempt({ ...question, not, mayResend: retries === 0 }),
      );
      if ('value' in attempted) return attempted.value;
      if (attempted.hasOtherPair && !hasChangedPair) {
        hasChangedPair = true;
        continue;
      }
      const pauseMs = backoffMs(attempted.failure, retries);
      const isWorthIt = retries < Math.min(maxRetries, retriesWorth(attempted));
      // Read now: the deadline moves while others join who have more time.
      if (!isWorthIt || pauseMs >= remainingMs(ask) || !budget.retry()) throw attempted.failure;
      not = attempted.endpoint;
      retries += 1;
      await pause(isBoundByQueue(attempted.failure) ? 0 : pauseMs, ask.signal);
    }
  }

  function remainingMs({ deadlineAt = Infinity }: AskOptions): number {
    return deadlineAt - clock.monotonic();
  }
}

/** How often a failed attempt is worth another. */
function retriesWorth({ failure, outcome }: FailedAttempt): number {
  if (!OUTCOMES[outcome].isRetried) return 0;
  if (outcome === 'rejected') return failure instanceof TraceError && failure.retryable ? 1 : 0;
  const isPassing = outcome !== 'http_5xx' || (failure instanceof TraceError && PASSING_5XX.has(failure.status ?? 0));
  return isPassing ? Infinity : 0;
}

const PASSING_5XX: ReadonlySet<number> = new Set([502, 503, 504]);
/** Back-off before retry n: a random share of 200 ms · 2ⁿ⁻¹, at most 2 s. Unit: ms. */
const BACKOFF_MS = 200;
const MAX_BACKOFF_MS = 2_000;

/** How long the next attempt has to wait: as long as the contact centre asked for, else back-off with full jitter. Unit: ms. */
export function backoffMs(failure: Error, retries: number): number {
  if (isBoundByQueue(failure)) return failure.retryAfterMs;
  return Math.random() * Math.min(MAX_BACKOFF_MS, BACKOFF_MS * 2 ** retries);
}

/** `Retry-After` binds the queue, which every attempt waits in. */
function isBoundByQueue(failure: Error): failure is TraceError & { readonly retryAfterMs: number } {
  return failure instanceof TraceError && failure.retryAfterMs !== undefined;
}

/** Nobody waits any more, or not in time. */
function leftFailure({ reason }: AbortSignal, cause: unknown): TraceError {
  return isTimeout(reason)
    ? new UpstreamTimeoutError('no answer in time', { cause })
    : new UpstreamUnavailableError('nobody waits any more', { cause });
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error('what was thrown is no Error', { cause: error });
}
