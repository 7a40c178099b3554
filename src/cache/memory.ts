import { askOne, eachKey, type AskOptions, type FetchTraces } from '../call/fetch-traces.js';
import { traceKeyText, type TraceKey } from '../call/key.js';
import type { CallTrace } from '../call/trace.js';
import type { Invalidations } from './invalidations.js';
import { asStale, useOf } from './stale.js';
import type { TraceMemory } from './trace-memory.js';

export interface MemoryOptions {
  readonly memory: TraceMemory;
  readonly invalidations: Invalidations;
  /** True: a trace that may still change and has gone stale answers at once, and is renewed behind the answer. */
  readonly staleWhileRevalidate: boolean;
  /** The clock that dates traces. Unit: ms since 1970-01-01 UTC. */
  readonly now: () => number;
}

/**
 * Returns a stage that answers from this process's memory while a trace is fresh, and falls back on it when asking fails.
 * Failures are never kept. A refresh reads nothing, so it has nothing to fall back on either.
 */
export function withMemory(next: FetchTraces, options: MemoryOptions): FetchTraces {
  const { memory, invalidations, staleWhileRevalidate, now } = options;
  return eachKey(fetchTrace);

  async function fetchTrace(key: TraceKey, ask: AskOptions): Promise<CallTrace | Error> {
    const keyText = traceKeyText(key);
    const since = invalidations.mark();
    const held = ask.refresh ? undefined : memory.get(keyText);
    const use = useOf(held, now(), staleWhileRevalidate);
    if (!held || use === 'NONE') return askNext(key, keyText, ask, since);
    if (use === 'FRESH') return held.trace;
    if (use === 'STALE_WHILE_REVALIDATE') {
      askNext(key, keyText, { deadlineAt: ask.deadlineAt }, since).catch(() => undefined); // nobody waits for it
      return asStale(held.trace);
    }
    const renewed = await askNext(key, keyText, ask, since);
    if (!(renewed instanceof Error)) return renewed;
    return invalidations.holdsSince(keyText, since) ? asStale(held.trace) : renewed;
  }

  async function askNext(key: TraceKey, keyText: string, ask: AskOptions, since: number): Promise<CallTrace | Error> {
    const result = await askOne(next, key, ask);
    if (result instanceof Error) return result;
    const kept = memory.keep(keyText, result, since);
    // A refresh that brought nothing newer is answered with what was known before it.
    return ask.refresh && kept.source === 'MEMORY' ? asStale(kept) : kept;
  }
}
