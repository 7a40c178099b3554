import type { Span } from '../tracing/span.js';
import type { TraceKey } from './key.js';
import type { CallTrace } from './trace.js';

/** How a request for traces is to be answered. */
export interface AskOptions {
  /** The client's deadline. It may move while the request is in flight. Unit: ms of the monotonic clock. */
  readonly deadlineAt?: number | undefined;
  /** Aborted when no client waits for the answer any more. */
  readonly signal?: AbortSignal | undefined;
  /** True: bypass the caches, ask the upstream, and update the caches. */
  readonly refresh?: boolean | undefined;
  /**
   * The instants that clients gave as `logDate`, by the canonical text of the key. Near the end of a month they decide which
   * neighbouring month is asked too. Unit: ms since 1970-01-01 UTC.
   */
  readonly hints?: ReadonlyMap<string, readonly number[]> | undefined;
  /** The span within which the work happens; undefined: it is not traced. */
  readonly span?: Span | undefined;
}

/**
 * Promise i answers key i with its trace, or with the Error of that key. Same length, same order; no promise rejects, and
 * none waits for another.
 */
export type FetchTraces = (keys: readonly TraceKey[], ask?: AskOptions) => readonly Promise<CallTrace | Error>[];

/** Returns a stage that answers each key independently. Whatever `fetchTrace` throws becomes the Error of its key. */
export function eachKey(fetchTrace: (key: TraceKey, ask: AskOptions) => Promise<CallTrace | Error>): FetchTraces {
  return (keys, ask = {}) => keys.map((key) => settled(() => fetchTrace(key, ask)));
}

/** Asks the next stage for a single key. Never rejects, whatever that stage does. */
export function askOne(next: FetchTraces, key: TraceKey, ask: AskOptions): Promise<CallTrace | Error> {
  return settled(() => next([key], ask)[0] ?? new Error('the next stage gave no answer for the key'));
}

async function settled(work: () => Promise<CallTrace | Error> | Error): Promise<CallTrace | Error> {
  try {
    return await work();
  } catch (error) {
    return error instanceof Error ? error : new Error('a stage threw what is no Error', { cause: error });
  }
}
