import type { CallTrace } from '../call/trace.js';
import type { TraceLoader } from '../loader.js';

/** What the resolvers of one operation share. */
export interface GraphContext {
  /** Found in the log, in the `x-request-id` header, and beside every error. */
  readonly requestId: string;
  /** Loads traces from wherever they are. */
  readonly traces: TraceLoader;
  /** Loads traces from the contact centre, renewing the caches. */
  readonly refreshedTraces: TraceLoader;
  /** Every trace that went into the answer, calls that were not found included. */
  readonly answers: CallTrace[];
}
