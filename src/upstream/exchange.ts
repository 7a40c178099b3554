import { TraceError, UpstreamOverloadedError, UpstreamTimeoutError, type TraceErrorCode } from '../call/errors.js';
import type { ConcurrencyLimit } from './adaptive-limit.js';
import { SigningProxyError, type Authorize } from './authorize.js';
import type { ClockSkew } from './clock-skew.js';
import type { Endpoint, Endpoints } from './endpoints.js';
import { isTimeout, statusFailure, thrownFailure } from './failure.js';
import { QueueFullError, type FairQueue } from './fair-queue.js';
import type { LockOutGuard } from './lock-out.js';
import type { ReusedConnections } from './reused-connection.js';
import { withTimeLimit } from './time-limit.js';
import type { Transport, UpstreamReply } from './transport.js';
import type { TroubleWatch } from './trouble.js';

/** One request of the interface, before it is signed. */
export interface Question {
  readonly path: string;
  readonly body: string;
  /** Names operation, VDN and call, for messages. */
  readonly subject: string;
  /** Questions of one lane wait behind each other; lanes take turns. */
  readonly lane: string;
  /** Ends the attempt. A TimeoutError as its reason says that the asker's time is up, any other that nobody waits. */
  readonly signal: AbortSignal | undefined;
  /** Reads a reply of status 200. Throws the failure that it stands for instead. */
  readonly read: (text: string) => void;
}

/**
 * What an attempt came to: `ok`, the code of its failure in lower case, that nobody waited for it any more, or that the
 * signing proxy gave no signature and nothing was sent.
 */
export type AttemptOutcome = 'ok' | Lowercase<TraceErrorCode> | 'abandoned' | 'unsigned' | 'internal';

export interface ExchangeOptions {
  readonly endpoints: Endpoints;
  readonly queue: FairQueue;
  readonly lockOut: LockOutGuard;
  /** The ways to be authorised: if the contact centre refuses one, the next is tried, and kept if it is taken. */
  readonly ways: readonly Authorize[];
  readonly transport: Transport;
  readonly limit: ConcurrencyLimit;
  readonly clockSkew: ClockSkew;
  readonly reused: ReusedConnections;
  readonly trouble: TroubleWatch;
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
export type Attempt = () => Promise<void>;

/** Source: "Request Description", Table 1, row 1. */
const CONTENT_TYPE = 'application/json; charset=UTF-8';

/**
 * Returns the function that begins an exchange: each attempt waits for its turn, is signed just before it goes, and ends
 * once a reply of status 200 has been read, or throws the failure that came instead.
 */
export function createExchange(options: ExchangeOptions): (question: Question) => Attempt {
  const { endpoints, queue, lockOut, ways, transport, limit, clockSkew, reused, trouble, attemptTimeoutMs, now } =
    options;

  return (question) => {
    let failed: Endpoint | undefined;
    return async () => {
      const { lane, subject, signal } = question;
      try {
        lockOut.check();
        return await queue.run(lane, signal, () =>
          endpoints.run(async (endpoint) => {
            failed = endpoint;
            return lockOut.run(ways.length, signal, (way) => send(question, endpoint, ways[way] as Authorize));
          }, failed),
        );
      } catch (error) {
        if (!(error instanceof QueueFullError)) throw thrownFailure(error, subject);
        throw new UpstreamOverloadedError(`${subject}: ${error.message}`, { cause: error });
      }
    };
  };

  async function send(question: Question, endpoint: Endpoint, way: Authorize): Promise<void> {
    const startedAt = performance.now();
    let failure: unknown = null;
    try {
      await askOnce(question, endpoint, way);
    } catch (error) {
      failure = failureOf(error, question, performance.now() - startedAt);
      throw failure;
    } finally {
      const ms = performance.now() - startedAt;
      const outcome = outcomeOf(failure, question.signal);
      if (outcome === 'ok') limit.answered(ms);
      if (outcome === 'upstream_timeout' || outcome === 'upstream_unavailable') limit.overloaded();
      trouble.note(failure);
      options.onAttempt(outcome, ms);
    }
  }

  async function askOnce(question: Question, endpoint: Endpoint, way: Authorize): Promise<void> {
    const { subject, signal } = question;
    const url = new URL(question.path, endpoint.baseUrl);
    const reply = await post(url, question.body, way, signal);
    clockSkew.note(reply.header('date'));
    const failure = statusFailure(reply, subject, now());
    if (failure) throw failure;
    question.read(reply.text);
  }

  /** What a thrown error stands for; as it is where it says nothing against the address: the asker left, or came late. */
  function failureOf(error: unknown, { subject, signal }: Question, ms: number): unknown {
    if (!signal?.aborted || error instanceof SigningProxyError) return thrownFailure(error, subject);
    const hadTime = ms >= attemptTimeoutMs / 2;
    if (!hadTime || !isTimeout(signal.reason)) return error;
    return new UpstreamTimeoutError(`${subject}: no answer in time`, { cause: error });
  }

  /** Signed now, so that a retry carries a fresh time; the text signed is the text sent. */
  async function post(url: URL, body: string, way: Authorize, signal: AbortSignal | undefined): Promise<UpstreamReply> {
    const unsigned = {
      host: options.host ?? url.host,
      'content-type': CONTENT_TYPE,
      'content-length': String(Buffer.byteLength(body)),
    };
    const headers = { ...unsigned, authorization: await way({ method: 'POST', url, headers: unsigned, body }, signal) };
    return withTimeLimit(attemptTimeoutMs, signal, (cut) => {
      const send = () => transport.post({ url, headers, body, signal: cut });
      // A connection that was closed while idle, as by a firewall: the contact centre is there, and has not answered.
      return send().catch((error: unknown) => {
        if (reused.wasClosed(error)) return send();
        throw error;
      });
    });
  }
}

function outcomeOf(failure: unknown, signal: AbortSignal | undefined): AttemptOutcome {
  if (failure === null) return 'ok';
  if (failure instanceof SigningProxyError) return 'unsigned';
  if (failure instanceof TraceError) return failure.code.toLowerCase() as AttemptOutcome;
  return signal?.aborted ? 'abandoned' : 'internal';
}
