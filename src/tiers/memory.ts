import { following } from '../call/freshness.js';
import { traceKeyText, type TraceKey } from '../call/key.js';
import type { CallTrace, FetchTraces } from '../call/trace.js';
import { asStale, worthOf, type StandInOptions } from './stand-in.js';
import type { TraceMemory } from './trace-memory.js';

/**
 * Returns a stage that answers from this process's memory while a trace is fresh, and falls back on it when asking
 * fails. Failures are never kept. A refresh reads nothing, so it has nothing to fall back on either.
 */
export function withMemory(next: FetchTraces, memory: TraceMemory, options: StandInOptions): FetchTraces {
  return async (keys, ask) => {
    const held = keys.map((key) => memory.get(traceKeyText(key)));
    const worth = held.map((trace) => (ask?.refresh ? 'NOTHING' : worthOf(trace, options)));
    const missing = keys.filter((_, index) => worth[index] === 'NOTHING' || worth[index] === 'FALLBACK');
    renewBehind(
      keys.filter((_, index) => worth[index] === 'RENEW_BEHIND'),
      ask?.deadlineAt,
    );
    const fetched = (missing.length > 0 ? await next(missing, ask) : []).values();
    return keys.map((key, index) => {
      const trace = held[index];
      if (trace && worth[index] === 'FRESH') return trace;
      if (trace && worth[index] === 'RENEW_BEHIND') return asStale(trace);
      const result = keep(key, trace, fetched.next().value ?? new Error('no answer for the key'));
      return result instanceof Error && trace && worth[index] === 'FALLBACK' ? asStale(trace) : result;
    });
  };

  function renewBehind(keys: readonly TraceKey[], deadlineAt: number | undefined): void {
    if (keys.length === 0) return;
    void next(keys, { deadlineAt }).then((results) =>
      results.forEach((result, index) => {
        const key = keys[index];
        if (key) keep(key, memory.get(traceKeyText(key)), result);
      }),
    );
  }

  function keep(key: TraceKey, held: CallTrace | undefined, result: CallTrace | Error): CallTrace | Error {
    if (result instanceof Error) return result;
    const trace = following(result, held);
    const newest = memory.get(traceKeyText(key));
    // A batch lands with its slowest key: a refresh may have brought a newer trace meanwhile. One from the future is none.
    const overtaken = newest && trace.fetchedAt < newest.fetchedAt && newest.fetchedAt <= options.now();
    if (!trace.stale && !overtaken) memory.set(traceKeyText(key), trace);
    return trace;
  }
}
