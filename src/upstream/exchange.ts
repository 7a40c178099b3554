import { UpstreamOverloadedError, type TraceErrorCode } from '../call/errors.js';
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
}

/** What an attempt came to: `ok`, or the code of its failure in lower case. */
export type AttemptOutcome = 'ok' | Lowercase<TraceErrorCode> | 'internal';

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

/**
 * Returns the function that begins an exchange: each attempt waits for its turn, is signed just before it goes, and ends
 * with a response of status 200, or throws the failure that came instead.
 */
export function createExchange(options: ExchangeOptions): (question: Question) => Attempt {
  const { endpoints, queue, lockOut, transport, limit, clockSkew, attemptTimeoutMs, onAttempt, now } = options;
  let current = 0;

  return (question) => {
    let failed: Endpoint | undefined;
    return async () => {
      const { lane, subject, signal } = question;
      try {
        lockOut.check();
        return await queue.run(lane, signal, () =>
          endpoints.run(async (endpoint) => {
            failed = endpoint;
            return authorised((way) => send(question, endpoint, way));
          }, failed),
        );
      } catch (error) {
        if (!(error instanceof QueueFullError)) throw thrownFailure(error, subject);
        throw new UpstreamOverloadedError(`${subject}: ${error.message}`, { cause: error });
      }
    };
  };

  /** Runs the request with the way that was taken last, and with the others if it is refused. */
  async function authorised(request: (way: Authorize) => Promise<Response>): Promise<Response> {
    const order = options.ways.map((_, index) => (current + index) % options.ways.length);
    const { result, index } = await lockOut.run(order.map((way) => () => request(options.ways[way] as Authorize)));
    current = order[index] ?? current;
    return result;
  }

  async function send(
    { path, body, subject, signal }: Question,
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
      const failure = thrownFailure(error, subject);
      if ('code' in failure) outcome = failure.code.toLowerCase() as AttemptOutcome;
      throw failure;
    } finally {
      const ms = performance.now() - startedAt;
      limit.ended(ms, outcome === 'upstream_timeout' || outcome === 'upstream_unavailable');
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
