import type { Clock } from '../call/clock.js';
import { TraceError, UpstreamAuthError, UpstreamUnavailableError } from '../call/errors.js';
import type { Authorize } from './authorize.js';
import type { ContactCentreClock } from './contact-centre-clock.js';
import type { Endpoint, EndpointChoice, Endpoints } from './endpoints.js';
import { causeOf, isTimeout, resultFailure, statusFailure, thrownFailure, type FailureCause } from './failure.js';
import type { LockoutGuard, Permit } from './lockout.js';
import type { Queue, QueuedAsk } from './queue.js';
import { readText } from './reply-body.js';
import { withTimeLimit } from './time-limit.js';
import type { Transport } from './transport.js';
import { parseReply, SUCCESS, type Reply } from './wire.js';

/** One request of the interface, before it is signed. */
export interface Question<T> extends EndpointChoice {
  readonly path: string;
  readonly body: string;
  /** Questions of one lane wait behind each other; lanes take turns. */
  readonly lane: string;
  readonly ask: QueuedAsk;
  /** Whether the request may go out once more over another connection, if its own turned out to be closed. */
  readonly mayResend: boolean;
  /** Reads a successful reply. `askedAt`: when it was asked, in ms since 1970-01-01 UTC. Throws UpstreamMalformedError. */
  readonly read: (reply: Reply, askedAt: number) => T;
}

/** A value, or why there is none. `hasOtherPair`: the signature was refused, and other keys may be tried at once. */
export type Attempted<T> =
  { readonly value: T } | { readonly failure: Error; readonly endpoint: Endpoint; readonly hasOtherPair: boolean };

/** Makes one attempt. Errors: those of queue, guard and endpoints, with nothing sent; the signal's reason. */
export type Attempt = <T>(question: Question<T>) => Promise<Attempted<T>>;

/** The parts that an attempt goes through. */
export interface AttemptOptions {
  readonly queue: Queue;
  readonly guard: LockoutGuard;
  readonly endpoints: Endpoints;
  /** How to be authorised, for each pair of keys. */
  readonly signers: readonly Authorize[];
  readonly transport: Transport;
  readonly centreClock: ContactCentreClock;
  readonly clock: Clock;
  /** The Host header, where it is not the address. */
  readonly host: string | undefined;
  /** From the first byte out to the last byte in. Unit: ms. */
  readonly attemptTimeoutMs: number;
  /** Told of every attempt. */
  readonly onAttempt: (cause: FailureCause, endpoint: Endpoint, seconds: number) => void;
}

/** Source: "Request Description", Table 1, row 1. */
const CONTENT_TYPE = 'application/json; charset=UTF-8';
/** The queue waits no longer than this, whatever `Retry-After` says. Unit: ms. */
const LONGEST_RETRY_AFTER_MS = 60_000;

/**
 * Returns the function that makes attempts. Each takes anew, in this order: a slot of the queue, a permit, an address, a
 * signature, a time limit; and has given all back when it ends.
 */
export function createAttempt(options: AttemptOptions): Attempt {
  const { queue, guard, endpoints, signers, transport, centreClock, clock, attemptTimeoutMs } = options;

  return async (question) => {
    guard.check();
    const release = await queue.take(question.lane, question.ask);
    let permit: Permit | undefined;
    try {
      permit = await guard.take(question.ask.signal);
      return await attemptAt(endpoints.take(question), permit, question);
    } finally {
      permit?.end('unwritten'); // unless it has ended otherwise
      release();
    }
  };

  async function attemptAt<T>(
    { endpoint, pass }: ReturnType<Endpoints['take']>,
    permit: Permit,
    question: Question<T>,
  ): Promise<Attempted<T>> {
    const startedAt = clock.monotonic();
    // What decides about a key or an address lives until that is decided, though its client leaves.
    const signal = permit.isTrial || pass.isProbe ? undefined : question.ask.signal;
    let cause: FailureCause = { outcome: 'ok', code: null };
    try {
      return { value: await exchange(endpoint, permit, question, signal) };
    } catch (error) {
      const isLeft = isAbandoned(error, signal, clock.monotonic() - startedAt);
      const failure = isLeft ? new UpstreamUnavailableError('nobody waits any more') : thrownFailure(error);
      cause = isLeft ? { outcome: 'abandoned', code: null } : causeOf(failure);
      const hasOtherPair = cause.outcome === 'signature_refused' && guard.hasOtherThan(permit.pair);
      return { failure, endpoint, hasOtherPair };
    } finally {
      pass.end(cause);
      options.onAttempt(cause, endpoint, (clock.monotonic() - startedAt) / 1000);
    }
  }

  /** One request, signed now, and what its reply says. */
  async function exchange<T>(
    endpoint: Endpoint,
    permit: Permit,
    { path, body, mayResend, read }: Question<T>,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    const url = new URL(path, endpoint.baseUrl);
    const unsigned = {
      host: options.host ?? url.host,
      'content-type': CONTENT_TYPE,
      'content-length': String(Buffer.byteLength(body)),
    };
    const sign = signers[permit.pair] as Authorize;
    const authorization = await sign({ method: 'POST', url, headers: unsigned, body }, signal);
    const seen = { sentAt: null as number | null, askedAt: clock.wall(), failure: null as TraceError | null };
    const posting = {
      headers: { ...unsigned, authorization },
      body, // the very text that was signed
      mayResend: mayResend && !permit.isTrial, // each trial shows its signature once
      onSending: () => void (seen.sentAt = clock.monotonic()),
      onHeaders(status: number, headers: Headers) {
        // An error page may be anybody's, with a clock of its own.
        const date = status === 200 ? headers.get('date') : null;
        if (seen.sentAt !== null) seen.askedAt = centreClock.heard(date, seen.sentAt);
        seen.failure = statusFailure(status, headers, centreClock.now());
        settle(permit, seen.failure);
      },
    };
    try {
      return await withTimeLimit(attemptTimeoutMs, signal, async (cut) => {
        const response = await transport.post(url, { ...posting, signal: cut });
        if (seen.failure) throw seen.failure;
        const reply = parseReply(await readText(response));
        if (reply.resultCode !== null) permit.proved(); // only who may sign is told a result code
        if (reply.resultCode !== SUCCESS) throw resultFailure(reply.resultCode);
        return read(reply, seen.askedAt);
      });
    } finally {
      if (seen.sentAt !== null) permit.end('lost'); // unless a status came
    }
  }

  /** What a status says of the key, and to everybody. */
  function settle(permit: Permit, failure: TraceError | null): void {
    permit.end(failure instanceof UpstreamAuthError ? failure.refusal : 'answered');
    // `Retry-After` is meant for everybody, not for the one who was told.
    const waitMs = Math.min(failure?.retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS);
    if (waitMs > 0) queue.pauseUntil(clock.monotonic() + waitMs);
  }

  /** The client left, or its time was up before the attempt had half of its own: that says nothing of the contact centre. */
  function isAbandoned(error: unknown, signal: AbortSignal | undefined, ms: number): boolean {
    if (signal?.aborted !== true || error instanceof TraceError) return false;
    return !isTimeout(signal.reason) || ms < attemptTimeoutMs / 2;
  }
}
