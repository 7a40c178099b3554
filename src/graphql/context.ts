import type { Caller } from '../access/caller.js';
import type { RateLimitResult } from '../access/rate-limit.js';
import type { TraceKey } from '../call/key.js';
import type { CallTrace } from '../call/trace.js';
import type { TraceLoader } from '../loader.js';
import type { Span } from '../tracing/span.js';
import type { OperationWork } from './limits/work.js';

/** What the resolvers of one operation share. */
export interface GraphContext {
  /** The request ID in the log, the `x-request-id` header and every error. */
  readonly requestId: string;
  /** The caller. */
  readonly caller: Caller;
  /** Loads traces, from the caches where possible. */
  readonly traces: TraceLoader;
  /** Loads traces from the contact centre, and updates the caches. */
  readonly refreshedTraces: TraceLoader;
  /** Whether an answer would come too late: the deadline has passed, or the client has left. */
  readonly isTooLate: () => boolean;
  /** Every trace in the answer, including calls that were not found. */
  readonly answers: CallTrace[];
  /** Failures that the answer has as data, in `callResults`. They count like those in `errors`. */
  readonly failures: unknown[];
  /** The cost of the operation (see `costOf`), set before its resolvers run. */
  cost: number;
  /** What the operation completes of its answer, and when; absent until its cost is known. */
  work?: OperationWork;
  /** The caller's points; null without a limit. */
  points: RateLimitResult | null;
  /** The result if the fast path has already charged the cost of the operation, which must not be charged twice. */
  taken?: RateLimitResult | null;
  /** The calls whose phone numbers the answer shows, masked or not; a call may be listed several times. */
  readonly numbersShown: Set<TraceKey>;
  /**
   * The label of the operation's name, for the request line; null before the operation is resolved, and for requests without
   * one.
   */
  operationName: string | null;
  /** The distinct error codes of the answer, in order of appearance; empty: none, or not answered yet. */
  outcomes: readonly string[];
  /**
   * Whether a client may store the answer: initially `isStorableRequest`, and reset by anything that makes the answer depend
   * on the caller or the time. Default: false.
   */
  isStorable: boolean;
  /** The span of the operation; null: it is not traced. */
  span: Span | null;
  /** The header that names the span of the client, unchecked: for log lines. */
  traceparent: string | readonly string[] | undefined;
}
