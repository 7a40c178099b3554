import { following, isFresh } from '../call/freshness.js';
import { traceKeyText, type TraceKey } from '../call/key.js';
import type { AskOptions, CallTrace, FetchTraces } from '../call/trace.js';
import { asStale, worthOf, type StandInOptions } from './stand-in.js';
import type { TraceMemory } from './trace-memory.js';

/** Returns what looks for a trace that answers as it is at an instant (ms since 1970-01-01 UTC), in this process's memory. */
export function freshIn(
  memory: TraceMemory,
  { freshness }: Pick<StandInOptions, 'freshness'>,
): (keyText: string, at: number) => CallTrace | undefined {
  return (keyText, at) => {
    const held = memory.get(keyText);
    return held && isFresh(held, freshness, at) ? held : undefined;
  };
}

/**
 * Returns a stage that answers from this process's memory while a trace is fresh, and falls back on it when asking
 * fails. Failures are never kept. A refresh reads nothing, so it has nothing to fall back on either.
 */
export function withMemory(next: FetchTraces, memory: TraceMemory, options: StandInOptions): FetchTraces {
  return (keys, ask = {}) => Promise.all(keys.map((key) => fetchTrace(key, ask)));

  async function fetchTrace(key: TraceKey, ask: AskOptions): Promise<CallTrace | Error> {
    const held = memory.get(traceKeyText(key));
    const worth = ask.refresh ? 'NOTHING' : worthOf(held, options);
    if (!held || worth === 'NOTHING') return askNext(key, ask);
    if (worth === 'FRESH') return held;
    if (worth === 'RENEW_BEHIND') {
      void askNext(key, { deadlineAt: ask.deadlineAt });
      return asStale(held);
    }
    const renewed = await askNext(key, ask);
    const older = renewed instanceof Error || (renewed.stale && renewed.fetchedAt < held.fetchedAt);
    return older ? asStale(held) : renewed;
  }

  async function askNext(key: TraceKey, ask: AskOptions): Promise<CallTrace | Error> {
    const [result = new Error('no answer for the key')] = await next([key], ask);
    if (result instanceof Error) return result;
    const keyText = traceKeyText(key);
    const held = memory.get(keyText);
    const trace = following(result, held);
    // A refresh may have brought a newer trace meanwhile; one dated in the future is not newer.
    const overtaken = held && trace.fetchedAt < held.fetchedAt && held.fetchedAt <= options.now();
    if (!trace.stale && !overtaken) memory.set(keyText, trace);
    return trace;
  }
}
