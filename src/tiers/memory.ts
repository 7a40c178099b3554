import { LRUCache } from 'lru-cache';
import { freshUntil, type FreshnessRules } from '../call/freshness.js';
import { traceKeyText, type TraceKey } from '../call/key.js';
import type { CallTrace, FetchTraces } from '../call/trace.js';

export interface MemoryOptions {
  /** Bound of the traces held, by estimate. Unit: bytes. */
  readonly maxBytes: number;
  readonly freshness: FreshnessRules;
  /** Unit: ms since 1970-01-01 UTC. */
  readonly now: () => number;
}

/** Returns a stage that keeps traces in this process, the least recently used giving way. Failures are never kept. */
export function withMemory(next: FetchTraces, { maxBytes, freshness, now }: MemoryOptions): FetchTraces {
  const cache = new LRUCache<string, CallTrace>({ maxSize: maxBytes, sizeCalculation: estimateBytes });

  return async (keys, ask) => {
    const held = keys.map((key) => (ask?.refresh ? undefined : read(key)));
    const missing = keys.filter((_, index) => held[index] === undefined);
    if (missing.length === 0) return held as CallTrace[];
    const fetched = (await next(missing, ask)).values();
    return keys.map(
      (key, index) => held[index] ?? keep(key, fetched.next().value ?? new Error('no answer for the key')),
    );
  };

  function read(key: TraceKey): CallTrace | undefined {
    const trace = cache.get(traceKeyText(key));
    return trace && freshUntil(trace, freshness) > now() ? trace : undefined;
  }

  function keep(key: TraceKey, trace: CallTrace | Error): CallTrace | Error {
    if (!(trace instanceof Error)) cache.set(traceKeyText(key), { ...trace, source: 'MEMORY' });
    return trace;
  }
}

/** Measured on V8: an 18-field record of small integers, heap numbers and short strings. Unit: bytes. */
const RECORD_BYTES = 600;
const TRACE_BYTES = 500;

function estimateBytes(trace: CallTrace, text: string): number {
  return TRACE_BYTES + text.length + trace.records.length * RECORD_BYTES;
}
