import type { CallTrace } from '../../call/trace.js';
import type { GraphContext } from '../context.js';
import type { Limits } from '../limits/limits.js';
import type { Turns } from '../limits/turns.js';
import { legCounts } from '../limits/item-counts.js';
import { STEPS_PER_DERIVED_LEG } from '../limits/work.js';
import { fieldsOfCall } from '../limits/weight.js';
import type { FallbackReason } from './fallback.js';
import type { KeyQuestion } from './key-cache.js';
import type { Root } from './plan.js';
import type { ViewCache } from './view-cache.js';
import type { View } from './view.js';

/** The traces in memory. */
export interface MemoryTraces {
  /** Returns the trace of a key if it is in memory, complete and fresh at `now` (ms since 1970-01-01 UTC). */
  get(key: KeyQuestion, now: number): CallTrace | undefined;
  /** Sets the bytes stored beside a trace, for as long as the trace stays in memory. */
  weigh(key: KeyQuestion, trace: CallTrace, bytes: number): void;
}

/** One call of one field. */
export interface RequestedCall {
  readonly root: Root;
  readonly key: KeyQuestion;
}

export interface ViewLoaderOptions {
  readonly memory: MemoryTraces;
  readonly views: ViewCache;
  readonly limits: Pick<Limits, 'fields'>;
  readonly turns: Turns;
}

/** Returns the views of all calls in order, or why one of them is unavailable. Never rejects. */
export type LoadViews = (
  calls: readonly RequestedCall[],
  context: GraphContext,
  now: number,
) => Promise<readonly View[] | FallbackReason>;

/** How many fields of a view are written in the time in which the standard path completes one: measured 3 to 7. */
const FIELDS_AT_ONCE = 4;

/**
 * Returns a function that loads what is not in memory as the standard path does, and makes the views that are not kept,
 * a bounded number of fields in each turn of the event loop. `now` in ms since 1970-01-01 UTC.
 */
export function createViewLoader({ memory, views, limits, turns }: ViewLoaderOptions): LoadViews {
  return async (calls, context, now) => {
    let fields = 0;
    const all = await Promise.all(calls.map(viewOf));
    return all.find((view) => typeof view === 'string') ?? (all as readonly View[]);

    async function viewOf({ root, key }: RequestedCall): Promise<View | FallbackReason> {
      const { seesNumbers } = context.caller;
      const trace = await traceOf(key, context, now);
      if (!trace) return 'load_failed';
      const kept = views.get(root, trace, seesNumbers);
      if (kept) return kept;
      const own = fieldsOfCall(root.weight, legCounts(trace.records.length));
      fields += own;
      if (fields > limits.fields) return 'too_long';
      const derivation = root.weight.isDerived ? trace.records.length * STEPS_PER_DERIVED_LEG : 0;
      const turn = turns.take(context, Math.ceil(own / FIELDS_AT_ONCE) + derivation);
      if (turn) await turn;
      return views.make(root, key, trace, seesNumbers) ?? 'field_failed';
    }
  };

  /** Null if the trace could not be loaded. The standard path, if it must answer, gets the same result from the loader. */
  async function traceOf(key: KeyQuestion, { traces }: GraphContext, now: number): Promise<CallTrace | null> {
    const trace = memory.get(key, now);
    if (trace) {
      traces.prime(key, trace);
      return trace;
    }
    try {
      return await traces.load(key);
    } catch {
      return null; // the loader remembers why
    }
  }
}
