import { TraceError, UpstreamOverloadedError, UpstreamTimeoutError, type TraceErrorCode } from '../call/errors.js';
import type { ConcurrencyLimit } from './adaptive-limit.js';
import type { Authorize } from './authorize.js';
import type { ClockSkew } from './clock-skew.js';
import type { Endpoint, Endpoints } from './endpoints.js';
import { statusFailure, thrownFailure } from './failure.js';
import { QueueFullError, type FairQueue } from './fair-queue.js';
import type { LockOutGuard } from './lock-out.js';
import { withTimeLimit } from './time-limit.js';
import type { Transport } from './transport.js';

/** One request of the interface, before it is signed. */
export interface Question {
  readonly path: string;
  readonly body: string;
  /** Names operation, VDN and call, for messages. */
  readonly subject: string;
  /** Questions of one lane wait behind each other; lanes take turns. */
  readonly lane: string;
  readonly signal: AbortSignal | undefined;
  /** Unit: ms since 1970-01-01 UTC; Infinity: none. */
  readonly deadlineAt: number;
}

/** What an attempt came to: `ok`, the code of its failure in lower case, or that nobody waited for it any more. */
export type AttemptOutcome = 'ok' | Lowercase<TraceErrorCode> | 'abandoned' | 'internal';

export interface ExchangeOptions {
  readonly endpoints: Endpoints;
  readonly queue: FairQueue;
  readonly lockOut: LockOutGuard;
  /** The ways to be authorised: if the contact centre refuses one, the next is tried, and kept if it is taken. */
  readonly ways: readonly Authorize[];
  readonly transport: Transport;
  readonly limit: ConcurrencyLimit;
  readonly clockSkew: ClockSkew;
  /** The Host header, where it is not the address. */
  readonly host: string | undefined;
  /** One attempt, from the first byte out to the last byte in. Unit: ms. */
  readonly attemptTimeoutMs: number;
  /** Told of every attempt. */
  readonly onAttempt: (outcome: AttemptOutcome, ms: number) => void;
  /** Unit: ms since 1970-01-01 UTC. */
  readonly now: () => number;
}

/** Makes attempts at one question; an address that has just failed it is taken last. */
export type Attempt = () => Promise<Response>;

/** Source: "Request Description", Table 1, row 1. */
const CONTENT_TYPE = 'application/json; charset=UTF-8';
/** A timer and the clock may differ by so much: an abort this near to the deadline is the deadline's. Unit: ms. */
const DEADLINE_SLACK_MS = 20;

/**
 * Returns the function that begins an exchange: each attempt waits for its turn, is signed just before it goes, and ends
 * with a response of status 200, or throws the failure that came instead.
 */
export function createExchange(options: ExchangeOptions): (question: Question) => Attempt {
  const { endpoints, queue, lockOut, ways, transport, limit, clockSkew, attemptTimeoutMs, onAttempt, now } = options;

  return (question) => {
    let failed: Endpoint | undefined;
    return async () => {
      const { lane, subject, signal } = question;
      try {
        lockOut.check();
        return await queue.run(lane, signal, () =>
          endpoints.run(async (endpoint) => {
            failed = endpoint;
            return lockOut.run(ways.length, (way) => send(question, endpoint, ways[way] as Authorize));
          }, failed),
        );
      } catch (error) {
        if (!(error instanceof QueueFullError)) throw thrownFailure(error, subject);
        throw new UpstreamOverloadedError(`${subject}: ${error.message}`, { cause: error });
      }
    };
  };

  async function send(
    { path, body, subject, signal, deadlineAt }: Question,
    endpoint: Endpoint,
    way: Authorize,
  ): Promise<Response> {
    const startedAt = performance.now();
    let outcome: AttemptOutcome = 'internal';
    try {
      const response = await withTimeLimit(attemptTimeoutMs, signal, (attemptSignal) =>
        post(new URL(path, endpoint.baseUrl), body, way, attemptSignal),
      );
      clockSkew.note(response.headers.get('date'));
      const failure = statusFailure(response, subject, now());
      if (failure) throw failure;
      outcome = 'ok';
      return response;
    } catch (error) {
      const hadTime = performance.now() - startedAt >= attemptTimeoutMs / 2;
      if (signal?.aborted && !(hadTime && now() >= deadlineAt - DEADLINE_SLACK_MS)) {
        outcome = 'abandoned';
        throw error; // as it is: a client that left, or a deadline just after the begin, says nothing against the address
      }
      const failure = signal?.aborted
        ? new UpstreamTimeoutError(`${subject}: no answer in time`, { cause: error })
        : thrownFailure(error, subject);
      if (failure instanceof TraceError) outcome = failure.code.toLowerCase() as AttemptOutcome;
      throw failure;
    } finally {
      const ms = performance.now() - startedAt;
      if (outcome !== 'abandoned') {
        limit.ended(ms, outcome === 'upstream_timeout' || outcome === 'upstream_unavailable');
      }
      onAttempt(outcome, ms);
    }
  }

  /** Signed now, so that a retry carries a fresh time; the text signed is the text sent. */
  async function post(url: URL, body: string, way: Authorize, signal: AbortSignal): Promise<Response> {
    const headers = {
      host: options.host ?? url.host,
      'content-type': CONTENT_TYPE,
      'content-length': String(Buffer.byteLength(body)),
    };
    const authorization = await way({ method: 'POST', url, headers, body });
    return transport.post({ url, headers: { ...headers, authorization }, body, signal });
  }
}
