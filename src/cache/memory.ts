import { LRUCache } from 'lru-cache';
import { askOne, eachKey, type AskOptions, type FetchTraces } from '../call/fetch-traces.js';
import { traceKeyText, type TraceKey } from '../call/key.js';
import { asStale, betterOf, isFresh, isUsable, type Life } from '../call/life.js';
import type { CallTrace } from '../call/trace.js';
import type { StageDependencies } from './dependencies.js';

export interface MemoryOptions extends Pick<StageDependencies, 'invalidations' | 'now'> {
  readonly memory: TraceMemory;
  /** True: a trace that may still change and has gone stale answers at once, and is renewed behind the answer. */
  readonly staleWhileRevalidate: boolean;
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
    if (held && isFresh(held.life, now())) return held.trace;
    if (!held || !isUsable(held.life, now())) return askNext(key, keyText, ask, since);
    if (staleWhileRevalidate && held.life.reason !== 'settled') {
      askNext(key, keyText, { deadlineAt: ask.deadlineAt }, since).catch(() => undefined); // nobody waits for it
      return asStale(held.trace);
    }
    const renewed = await askNext(key, keyText, ask, since);
    return renewed instanceof Error && invalidations.holdsSince(keyText, since) ? asStale(held.trace) : renewed;
  }

  async function askNext(key: TraceKey, keyText: string, ask: AskOptions, since: number): Promise<CallTrace | Error> {
    const result = await askOne(next, key, ask);
    if (result instanceof Error) return result;
    const kept = memory.keep(keyText, result, since);
    // A refresh that brought nothing newer is answered with what was known before it.
    return ask.refresh && kept.source === 'MEMORY' ? asStale(kept) : kept;
  }
}

/** Traces by the canonical text of their key. */
export type TraceMemory = ReturnType<typeof createTraceMemory>;

/** A trace that is kept, how long it holds, and what is kept beside it. */
interface Entry {
  readonly trace: CallTrace;
  readonly life: Life;
  readonly besideBytes: number;
}

/** Returns a memory of at most so many bytes, by estimate, 0 for none; the least recently used traces are evicted. */
export function createTraceMemory(maxBytes: number, { lifeOf, invalidations, now }: Omit<StageDependencies, 'clock'>) {
  const cache = new LRUCache<string, Entry>({
    maxSize: Math.max(1, maxBytes), // no trace has room in a byte
    sizeCalculation: ({ trace, besideBytes }, keyText) => estimateBytes(trace, keyText) + besideBytes,
  });
  invalidations.listen((keyText) => {
    if (keyText === null) cache.clear();
    else cache.delete(keyText);
  });
  return {
    /** What is kept, fresh or not. */
    get: (keyText: string) => cache.get(keyText),
    /**
     * Keeps an answer and returns it, unless what is held counts for more: then that is returned. `since` is the mark of
     * the invalidations before it was asked for; what was invalidated since is not kept.
     */
    keep(keyText: string, answer: CallTrace, since: number): CallTrace {
      if (!invalidations.holdsSince(keyText, since)) return answer;
      const held = cache.peek(keyText)?.trace;
      const better = betterOf(answer, held, lifeOf, now());
      if (better === held || better.stale) return better; // whoever asks after a stale one is to ask further
      cache.set(keyText, { trace: { ...better, source: 'MEMORY' }, life: lifeOf(better), besideBytes: 0 });
      return better;
    },
    /** Tells how many bytes are kept beside a trace, from now on and for as long as it is held: they count, too. */
    weigh(keyText: string, trace: CallTrace, bytes: number): void {
      const held = cache.peek(keyText);
      // A new object each time: the cache does not weigh anew what it holds already.
      if (held?.trace === trace) cache.set(keyText, { ...held, besideBytes: bytes });
    },
    /** Estimate of what is held. Unit: bytes. */
    get bytes() {
      return cache.calculatedSize;
    },
  };
}

/** On V8, measured, with some room to spare: the trace, its key and its place in the cache; a record. Unit: bytes. */
const TRACE_BYTES = 800;
const RECORD_BYTES = 320;

function estimateBytes({ records }: CallTrace, keyText: string): number {
  let characters = keyText.length;
  for (const record of records)
    for (const value of Object.values(record)) if (typeof value === 'string') characters += value.length;
  return TRACE_BYTES + records.length * RECORD_BYTES + characters * 2;
}
