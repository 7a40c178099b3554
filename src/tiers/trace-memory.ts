import { LRUCache } from 'lru-cache';
import type { CallDetailRecord, CallTrace } from '../call/trace.js';

/** Traces by the canonical text of their key. */
export interface TraceMemory {
  get(keyText: string): CallTrace | undefined;
  set(keyText: string, trace: CallTrace): void;
  delete(keyText: string): void;
  clear(): void;
  /** Estimate of what is held. Unit: bytes. */
  readonly bytes: number;
}

/** Returns a memory of at most so many bytes, by estimate; the least recently used traces give way. */
export function createTraceMemory(maxBytes: number): TraceMemory {
  const cache = new LRUCache<string, CallTrace>({ maxSize: maxBytes, sizeCalculation: estimateBytes });
  return {
    get: (keyText) => cache.get(keyText),
    set: (keyText, trace) => void cache.set(keyText, { ...trace, source: 'MEMORY' }),
    delete: (keyText) => void cache.delete(keyText),
    clear: () => cache.clear(),
    get bytes() {
      return cache.calculatedSize;
    },
  };
}

/** On V8, with some room to spare: 18 fields, of which four are heap numbers and five short strings. Unit: bytes. */
const RECORD_BYTES = 600;
/** The trace, its key, and its place in the cache. Unit: bytes. */
const TRACE_BYTES = 700;

function estimateBytes(trace: CallTrace, keyText: string): number {
  const texts = trace.records.reduce((bytes, record) => bytes + textBytes(record), 0);
  return TRACE_BYTES + keyText.length + trace.records.length * RECORD_BYTES + texts;
}

/** What texts take beyond the room that RECORD_BYTES has for short ones. Unit: bytes. */
function textBytes({ callerNo, calleeNo, deviceNo, deviceIn, currentSkillId }: CallDetailRecord): number {
  const length = [callerNo, calleeNo, deviceNo, deviceIn, currentSkillId].reduce(
    (sum, text) => sum + (text?.length ?? 0),
    0,
  );
  return Math.max(0, length - SHORT_TEXTS) * 2;
}

/** Five texts of a usual record. Unit: characters. */
const SHORT_TEXTS = 100;
