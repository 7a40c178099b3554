import type { Clock } from '../call/clock.js';
import { TraceError, UpstreamAuthError, UpstreamTimeoutError, UpstreamUnavailableError } from '../call/errors.js';
import type { Authorize } from './signers.js';
import type { ContactCentreClock } from './contact-centre-clock.js';
import type { Endpoint, EndpointChoice, Endpoints } from './endpoints.js';
import { causeOf, isTimeout, resultFailure, statusFailure, thrownFailure, type FailureCause } from './failure.js';
import type { LockoutGuard, Permit } from './lockout.js';
import type { Queue, QueuedAsk } from './queue.js';
import { attemptSpan, takeSlot } from './spans.js';
import { readText } from './body-text.js';
import type { Span } from '../tracing/span.js';
import { withTimeLimit } from './time-limit.js';
import type { Transport } from './transport.js';
import { parseReply, SUCCESS, type Reply } from './wire.js';

/** One request to the contact centre, before it is signed. */
export interface UnsignedRequest<T> extends EndpointChoice {
  readonly path: string;
  readonly body: string;
  /** The tenant that the queue counts the request for: requests of one tenant wait behind each other. */
  readonly tenant: string;
  readonly ask: QueuedAsk;
  /** Whether the request may be sent once more over another connection if its own turned out to be closed. */
  readonly mayResend: boolean;
  /** The attempts before this one for the same call. Default: 0. */
  readonly attemptsBefore?: number;
  /** Reads a successful reply. `askedAt`: when the request was sent, in ms since 1970-01-01 UTC. Throws UpstreamMalformedError. */
  readonly read: (reply: Reply, askedAt: number) => T | Promise<T>;
}

/** The value of a reply, or why there is none. `hasOtherPair`: the signature was refused, and the other pair of keys may be tried at once. */
export type AttemptResult<T> =
  { readonly value: T } | { readonly failure: Error; readonly endpoint: Endpoint; readonly hasOtherPair: boolean };

/** Makes one attempt. Rejects with the errors of queue, guard and endpoints if nothing was sent, or with the signal's reason. */
export type Attempt = <T>(request: UnsignedRequest<T>) => Promise<AttemptResult<T>>;

/** The parts that an attempt uses. */
export interface AttemptOptions {
  readonly queue: Queue;
  readonly guard: LockoutGuard;
  readonly endpoints: Endpoints;
  /** One signer for each pair of keys. */
  readonly signers: readonly Authorize[];
  readonly transport: Transport;
  readonly centreClock: ContactCentreClock;
  readonly clock: Clock;
  /** The Host header; undefined: host and port of the address. */
  readonly host: string | undefined;
  /** Limit from the first byte sent to the last byte received. Unit: ms. */
  readonly attemptTimeoutMs: number;
  /** Whether the contact centre gets the trace context of a traced request, in headers that are not signed. Default: false. */
  readonly sendsTraceparent?: boolean | undefined;
  /** Called after every attempt. */
  readonly onAttempt: (cause: FailureCause, endpoint: Endpoint, seconds: number) => void;
}

/** Source: "Request Description", Table 1, row 1. */
const CONTENT_TYPE = 'application/json; charset=UTF-8';
/** The queue pauses no longer than this, even if `Retry-After` asks for more. Unit: ms. */
const LONGEST_RETRY_AFTER_MS = 60_000;

/**
 * Returns the function that makes attempts. Each attempt acquires, in this order, a slot of the queue, a permit, an
 * address, a signature and a time limit, and releases all of them when it ends.
 */
export function createAttempt(options: AttemptOptions): Attempt {
  const { queue, guard, endpoints, signers, transport, centreClock, clock, attemptTimeoutMs } = options;

  return async (request) => {
    guard.check();
    const release = await takeSlot(queue, request, clock);
    let permit: Permit | undefined;
    try {
      permit = await guard.take(request.ask.signal);
      return await attemptAt(endpoints.take(request), permit, request);
    } finally {
      permit?.end('unwritten'); // no effect if the permit has ended already
      release();
    }
  };

  async function attemptAt<T>(
    { endpoint, pass }: ReturnType<Endpoints['take']>,
    permit: Permit,
    request: UnsignedRequest<T>,
  ): Promise<AttemptResult<T>> {
    const startedAt = clock.monotonic();
    // A trial of a key or a probe of an address runs to its end even if its client leaves.
    const signal = permit.isTrial || pass.isProbe ? undefined : request.ask.signal;
    const span = attemptSpan(request, endpoint);
    let cause: FailureCause = { outcome: 'ok', code: null };
    try {
      return { value: await exchange(endpoint, permit, request, signal, span) };
    } catch (error) {
      const isAbandonedAttempt = isAbandoned(error, signal, clock.monotonic() - startedAt);
      const failure = isAbandonedAttempt ? new UpstreamUnavailableError('the client has left') : thrownFailure(error);
      cause = isAbandonedAttempt ? { outcome: 'abandoned', code: null } : causeOf(failure);
      const hasOtherPair = cause.outcome === 'signature_refused' && guard.hasOtherPair(permit.pair);
      return { failure, endpoint, hasOtherPair };
    } finally {
      pass.end(cause);
      if (cause.outcome !== 'ok') span?.fail(cause.outcome);
      span?.end();
      options.onAttempt(cause, endpoint, (clock.monotonic() - startedAt) / 1000);
    }
  }

  /** Signs and sends one request, and returns what its reply holds. */
  async function exchange<T>(
    endpoint: Endpoint,
    permit: Permit,
    { path, body, mayResend, read }: UnsignedRequest<T>,
    signal: AbortSignal | undefined,
    span: Span | undefined,
  ): Promise<T> {
    const url = new URL(path, endpoint.baseUrl);
    const unsigned = {
      host: options.host ?? url.host,
      'content-type': CONTENT_TYPE,
      'content-length': String(Buffer.byteLength(body)),
    };
    const sign = signers[permit.pair] as Authorize;
    const authorization = await sign({ method: 'POST', url, headers: unsigned, body }, signal);
    const progress = {
      sentAt: null as number | null,
      askedAt: clock.wall(),
      hasBegun: false, // a status came
      failure: null as TraceError | null,
    };
    const posting = {
      headers: { ...unsigned, authorization, ...(options.sendsTraceparent && span?.headers) },
      body, // exactly the text that was signed
      mayResend: mayResend && !permit.isTrial, // a trial sends its signature once only
      onSending: () => void (progress.sentAt = clock.monotonic()),
      onHeaders(status: number, headers: Headers) {
        span?.set({ 'http.response.status_code': status });
        // An error page may come from a proxy with a different clock.
        const date = status === 200 ? headers.get('date') : null;
        progress.hasBegun = true;
        if (progress.sentAt !== null) progress.askedAt = centreClock.observe(date, progress.sentAt);
        progress.failure = statusFailure(status, headers, centreClock.now());
        applyStatus(permit, progress.failure);
      },
    };
    try {
      return await withTimeLimit(attemptTimeoutMs, signal, async (attemptSignal) => {
        const response = await transport.post(url, { ...posting, signal: attemptSignal });
        if (progress.failure) throw progress.failure;
        const reply = parseReply(await readText(response));
        span?.set({ 'calltrace.result_code': reply.resultCode ?? undefined });
        if (reply.resultCode !== null) permit.prove(); // a result code comes only after an accepted signature
        if (reply.resultCode !== SUCCESS) throw resultFailure(reply.resultCode);
        return await read(reply, progress.askedAt);
      });
    } catch (error) {
      // By the time limit, not by the client's deadline.
      if (!progress.hasBegun || !isTimeout(error) || error === signal?.reason) throw error;
      throw new UpstreamTimeoutError('the reply did not end in time', { cause: error });
    } finally {
      if (progress.sentAt !== null) permit.end('lost'); // no effect if a status came
    }
  }

  /** Applies a status to the permit and, with `Retry-After`, to the queue. */
  function applyStatus(permit: Permit, failure: TraceError | null): void {
    permit.end(failure instanceof UpstreamAuthError ? failure.refusal : 'answered');
    // `Retry-After` holds for all requests, not only for the one that received it.
    const waitMs = Math.min(failure?.retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS);
    if (waitMs > 0) queue.pauseUntil(clock.monotonic() + waitMs);
  }

  /**
   * Whether the client left, or its deadline passed before half of the attempt's time limit: neither says anything about
   * the contact centre.
   */
  function isAbandoned(error: unknown, signal: AbortSignal | undefined, ms: number): boolean {
    if (signal?.aborted !== true || error instanceof TraceError) return false;
    return !isTimeout(signal.reason) || ms < attemptTimeoutMs / 2;
  }
}
