import ky from 'ky';
import type { Clock } from '../call/clock.js';
import { TraceError, UpstreamTimeoutError, UpstreamUnavailableError } from '../call/errors.js';
import type { Authorize } from './authorize.js';
import type { ContactCentreClock, SentAt } from './contact-centre-clock.js';
import type { Endpoint, EndpointChoice, Endpoints } from './endpoints.js';
import { causeOf, isTimeout, OUTCOMES, type AttemptOutcome, type FailureCause } from './failure-cause.js';
import { refusalOf, resultFailure, statusFailure } from './failure.js';
import type { LockoutGuard, Permit, PermitEnd } from './lockout.js';
import type { Queue, QueuedAsk } from './queue.js';
import { decodeBody } from './reply-body.js';
import { withTimeLimit } from './time-limit.js';
import type { ExchangeOptions, Transport } from './transport.js';
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

/** What an attempt came to. */
export type Attempted<T> = { readonly value: T } | FailedAttempt;

/** An attempt that was made and failed. */
export interface FailedAttempt {
  readonly failure: Error;
  readonly outcome: AttemptOutcome;
  readonly endpoint: Endpoint;
  /** The signature was refused, and another pair of keys may be tried at once. */
  readonly hasOtherPair: boolean;
}

/** Makes one attempt. Errors: those of queue, guard and endpoints, with nothing sent; the signal's reason. */
export type Attempt = <T>(question: Question<T>) => Promise<Attempted<T>>;

/** The parts that an attempt goes through. */
export interface AttemptOptions {
  readonly queue: Queue;
  readonly guard: LockoutGuard;
  readonly endpoints: Endpoints;
  /** How to be authorised, for each pair of keys. */
  readonly authorize: readonly Authorize[];
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
  const { queue, guard, endpoints, authorize, transport, centreClock, clock, attemptTimeoutMs } = options;

  return async (question) => {
    guard.check();
    const release = await queue.take(question.lane, question.ask);
    try {
      const permit = await guard.take(question.ask.signal);
      try {
        return await attemptAt(endpoints.take(question), permit, question);
      } finally {
        permit.end('UNWRITTEN'); // unless it has ended otherwise
      }
    } finally {
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
      const failure = isLeft ? new UpstreamUnavailableError('nobody waits any more') : traceErrorOf(error);
      cause = isLeft ? { outcome: 'abandoned', code: null } : causeOf(failure);
      const { outcome } = cause;
      const hasOtherPair = outcome === 'signature_refused' && guard.hasOtherThan(permit.pair);
      return { failure, outcome, endpoint, hasOtherPair };
    } finally {
      pass.end(OUTCOMES[cause.outcome].verdict);
      options.onAttempt(cause, endpoint, (clock.monotonic() - startedAt) / 1000);
    }
  }

  /** One request, signed now, and its reply. */
  async function exchange<T>(
    endpoint: Endpoint,
    permit: Permit,
    question: Question<T>,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    const url = new URL(question.path, endpoint.baseUrl);
    const request = {
      method: 'POST',
      body: question.body,
      headers: await signedHeaders(url, question, permit, signal),
    };
    const sent: { at: SentAt | null } = { at: null };
    let askedAt = clock.wall();
    const watch: Omit<ExchangeOptions, 'signal'> = {
      mayResend: question.mayResend && !permit.isTrial, // each trial shows its signature once
      onSending() {
        sent.at = { monotonic: clock.monotonic(), wall: clock.wall() };
      },
      onHeaders(status, headers) {
        permit.end(permitEnd(status, headers));
        if (sent.at) askedAt = centreClock.heard(headers.get('date'), sent.at);
        bindQueue(status, headers);
      },
    };
    try {
      return await withTimeLimit(attemptTimeoutMs, signal, async (cut) => {
        const response = await ky(url, {
          ...{ ...request, retry: 0, throwHttpErrors: false, timeout: false },
          fetch: (input) => transport.fetch(input as Request, { ...watch, signal: cut }),
        });
        return await read(response, permit, (reply) => question.read(reply, askedAt));
      });
    } finally {
      if (sent.at) permit.end('LOST'); // unless a status came
    }
  }

  /** The text signed is the text sent. */
  async function signedHeaders(
    url: URL,
    { body }: Pick<Question<unknown>, 'body'>,
    { pair }: Permit,
    signal: AbortSignal | undefined,
  ): Promise<Record<string, string>> {
    const headers = {
      host: options.host ?? url.host,
      'content-type': CONTENT_TYPE,
      'content-length': String(Buffer.byteLength(body)),
    };
    const sign = authorize[pair];
    if (!sign) throw new RangeError(`there is no pair of keys ${pair}`);
    return { ...headers, authorization: await sign({ method: 'POST', url, headers, body }, signal) };
  }

  async function read<T>(response: Response, permit: Permit, parse: (reply: Reply) => T): Promise<T> {
    const failure = statusFailure(response.status, response.headers, centreClock.now());
    if (failure) throw failure;
    const bytes = new Uint8Array(await response.arrayBuffer());
    const reply = parseReply(decodeBody(bytes, response.headers.get('content-type')));
    if (reply.resultCode !== null) permit.proved(); // only who may sign is told a result code
    if (reply.resultCode !== SUCCESS) throw resultFailure(reply.resultCode);
    return parse(reply);
  }

  /** `Retry-After` is meant for everybody, not for the one who was told. */
  function bindQueue(status: number, headers: Headers): void {
    const { retryAfterMs = 0 } = statusFailure(status, headers, centreClock.now()) ?? {};
    if (retryAfterMs > 0) queue.pauseUntil(clock.monotonic() + Math.min(retryAfterMs, LONGEST_RETRY_AFTER_MS));
  }

  /** The client left, or its time was up before the attempt had half of its own: that says nothing of the contact centre. */
  function isAbandoned(error: unknown, signal: AbortSignal | undefined, ms: number): boolean {
    if (signal?.aborted !== true || error instanceof TraceError) return false;
    return !isTimeout(signal.reason) || ms < attemptTimeoutMs / 2;
  }
}

/** The failure that anything thrown on the way stands for. An error of our own comes back as it is. */
function traceErrorOf(error: unknown): Error {
  if (error instanceof TraceError) return error;
  const { outcome } = causeOf(error);
  if (outcome === 'timeout') return new UpstreamTimeoutError('no answer in time', { cause: error });
  if (outcome === 'internal' && error instanceof Error) return error;
  return new UpstreamUnavailableError('the contact centre could not be reached', { cause: error });
}

function permitEnd(status: number, headers: Headers): PermitEnd {
  const refusal = refusalOf(status, headers);
  if (refusal === 'SIGNATURE') return 'REFUSED';
  return refusal === 'ADDRESS_LOCKED' ? 'LOCKED' : 'OTHER_STATUS';
}
