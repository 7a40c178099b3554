import type { Caller } from '../access/caller.js';
import type { RateLimitResult } from '../access/rate-limit.js';
import type { TraceKey } from '../call/key.js';
import type { CallTrace } from '../call/trace.js';
import type { TraceLoader } from '../loader.js';
import type { OperationWork } from './limits/work.js';

/** What the resolvers of one operation share. */
export interface GraphContext {
  /** Found in the log, in the `x-request-id` header, and beside every error. */
  readonly requestId: string;
  /** Who asks. */
  readonly caller: Caller;
  /** Loads traces from wherever they are. */
  readonly traces: TraceLoader;
  /** Loads traces from the contact centre, renewing the caches. */
  readonly refreshedTraces: TraceLoader;
  /** Every trace that went into the answer, calls that were not found included. */
  readonly answers: CallTrace[];
  /** Failures that the answer tells as data, in `callResults`: they count as those in `errors` do. */
  readonly failures: unknown[];
  /** What the operation costs: see `costOf`. Known before its resolvers run. */
  cost: number;
  /** What the operation completes of its answer, and when; absent until its cost is known. */
  work?: OperationWork;
  /** What the caller has left; null where nothing is counted. */
  points: RateLimitResult | null;
  /** What became of taking what the operation costs, where the fast path has tried that; not to be tried again. */
  taken?: RateLimitResult | null;
  /** The calls of which the answer shows a phone number, whole or masked; one may be in it several times. */
  readonly numbersShown: Set<TraceKey>;
  /**
   * Name of the operation as metrics label it, for the line of the request; null until an operation was found, and for
   * requests that hold none.
   */
  operationName: string | null;
  /** Codes of the errors in the answer, each once, in the order in which they came; empty: none, or not answered yet. */
  outcomes: readonly string[];
  /**
   * Whether a client may store the answer: set from `isStorableRequest` with the request, and taken back by whatever
   * makes the answer depend on who asks or when. False unless it is set.
   */
  isStorable: boolean;
}
