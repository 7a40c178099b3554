import type { TraceKey } from './key.js';
import type { CallTrace } from './trace.js';

/** How a question is to be answered. */
export interface AskOptions {
  /** The client waits no longer than this. It may move while a question is under way. Unit: ms of the monotonic clock. */
  readonly deadlineAt?: number | undefined;
  /** Aborted when nobody wants the answer any more. */
  readonly signal?: AbortSignal | undefined;
  /** Ask the upstream whatever the caches hold, and renew them. */
  readonly refresh?: boolean | undefined;
  /**
   * Instants at which clients believe a call was logged, by the canonical text of its key. Near the end of a month they
   * tell in which neighbour to look as well. Unit: ms since 1970-01-01 UTC.
   */
  readonly hints?: ReadonlyMap<string, readonly number[]> | undefined;
}

/**
 * Promise i answers key i: its trace, or the Error that key met. Same length, same order; none rejects, and none waits
 * for another.
 */
export type FetchTraces = (keys: readonly TraceKey[], ask?: AskOptions) => readonly Promise<CallTrace | Error>[];

/** Returns a stage that answers each key by itself. Whatever `fetchTrace` throws becomes the Error of its key. */
export function eachKey(fetchTrace: (key: TraceKey, ask: AskOptions) => Promise<CallTrace | Error>): FetchTraces {
  return (keys, ask = {}) => keys.map((key) => settled(() => fetchTrace(key, ask)));
}

/** The next stage for a single key. Never rejects, whatever that stage does. */
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
