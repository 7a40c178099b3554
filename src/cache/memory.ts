import { LRUCache } from 'lru-cache';
import { askOne, eachKey, type AskOptions, type FetchTraces } from '../call/fetch-traces.js';
import { traceKeyText, type TraceKey } from '../call/key.js';
import { isFresh, isUsable, type Life } from '../call/life.js';
import { asStale, betterOf } from '../call/trace-rank.js';
import type { CallTrace } from '../call/trace.js';
import type { StageDependencies } from './dependencies.js';

export interface MemoryOptions extends Pick<StageDependencies, 'invalidations' | 'now'> {
  readonly memory: TraceMemory;
  /** True: a stale trace that may still change is returned at once and renewed in the background (stale-while-revalidate). */
  readonly staleWhileRevalidate: boolean;
}

/**
 * Returns a stage that answers from the memory of this process while a trace is fresh, and with the stale trace if the next
 * stage fails (stale-if-error). It never stores failures. A refresh does not read the memory, so it has no stale answer.
 */
export function withMemory(next: FetchTraces, options: MemoryOptions): FetchTraces {
  const { memory, invalidations, staleWhileRevalidate, now } = options;
  return eachKey(fetchTrace);

  async function fetchTrace(key: TraceKey, ask: AskOptions): Promise<CallTrace | Error> {
    const keyText = traceKeyText(key);
    const since = invalidations.mark();
    const entry = ask.refresh ? undefined : memory.get(keyText);
    if (entry && isFresh(entry.life, now())) return entry.trace;
    if (!entry || !isUsable(entry.life, now())) return askNext(key, keyText, ask, since);
    if (staleWhileRevalidate && entry.life.reason !== 'settled') {
      void renew(key, keyText, ask, since);
      return asStale(entry.trace);
    }
    const renewed = await askNext(key, keyText, ask, since);
    return renewed instanceof Error && invalidations.holdsSince(keyText, since) ? asStale(entry.trace) : renewed;
  }

  /** Renews a trace in the background, as a trace of its own: nobody waits for it. */
  async function renew(key: TraceKey, keyText: string, ask: AskOptions, since: number): Promise<void> {
    const span = ask.span?.detached('renew call') ?? undefined;
    await askNext(key, keyText, { deadlineAt: ask.deadlineAt, span }, since).catch(() => undefined);
    span?.end();
  }

  async function askNext(key: TraceKey, keyText: string, ask: AskOptions, since: number): Promise<CallTrace | Error> {
    const result = await askOne(next, key, ask);
    if (result instanceof Error) return result;
    const stored = memory.store(keyText, result, since);
    // If the refresh brought nothing newer, the stored trace is the answer.
    return ask.refresh && stored.source === 'MEMORY' ? asStale(stored) : stored;
  }
}

/** Traces by the canonical text of their key. */
export type TraceMemory = ReturnType<typeof createTraceMemory>;

/** A stored trace, how long it stays fresh and usable, and the bytes stored beside it. */
interface Entry {
  readonly trace: CallTrace;
  readonly life: Life;
  readonly extraBytes: number;
}

/** Returns a memory of at most `maxBytes`, by estimate; 0: no memory. It evicts the least recently used traces. */
export function createTraceMemory(maxBytes: number, { lifeOf, invalidations, now }: Omit<StageDependencies, 'clock'>) {
  const cache = new LRUCache<string, Entry>({
    maxSize: Math.max(1, maxBytes), // no trace fits into one byte
    sizeCalculation: ({ trace, extraBytes }, keyText) => estimateBytes(trace, keyText) + extraBytes,
  });
  invalidations.listen((keyText) => {
    if (keyText === null) cache.clear();
    else cache.delete(keyText);
  });
  return {
    /** Returns the entry of a key, fresh or not. */
    get: (keyText: string) => cache.get(keyText),
    /**
     * Stores an answer and returns it, unless the stored trace is newer: then that is returned. `since` is the mark of the
     * invalidations before the request; an answer that was invalidated since is not stored.
     */
    store(keyText: string, answer: CallTrace, since: number): CallTrace {
      if (!invalidations.holdsSince(keyText, since)) return answer;
      const cached = cache.peek(keyText)?.trace;
      const better = betterOf(answer, cached, lifeOf, now());
      if (better === cached || better.stale) return better; // a stale trace is not stored, so that the next request goes on to the next stage
      cache.set(keyText, { trace: { ...better, source: 'MEMORY' }, life: lifeOf(better), extraBytes: 0 });
      return better;
    },
    /** Sets the bytes stored beside a trace, which count as long as the trace is stored. */
    weigh(keyText: string, trace: CallTrace, bytes: number): void {
      const entry = cache.peek(keyText);
      // A new object each time: the cache computes the size of new objects only.
      if (entry?.trace === trace) cache.set(keyText, { ...entry, extraBytes: bytes });
    },
    /** Estimate of the stored bytes. Unit: bytes. */
    get bytes() {
      return cache.calculatedSize;
    },
  };
}

/** Measured on V8, with a margin: a trace with its key and its entry; a record. Unit: bytes. */
const TRACE_BYTES = 800;
const RECORD_BYTES = 320;

function estimateBytes({ records }: CallTrace, keyText: string): number {
  let characters = keyText.length;
  for (const record of records)
    for (const value of Object.values(record)) if (typeof value === 'string') characters += value.length;
  return TRACE_BYTES + records.length * RECORD_BYTES + characters * 2;
}
