import { LRUCache } from 'lru-cache';
import type { CallDetailRecord, CallTrace } from '../call/trace.js';

/** Traces by the canonical text of their key. */
export interface TraceMemory {
  get(keyText: string): CallTrace | undefined;
  set(keyText: string, trace: CallTrace): void;
  delete(keyText: string): void;
  clear(): void;
  /** Tells how many bytes are kept beside a trace, from now on and for as long as it is held: they count, too. */
  weigh(keyText: string, trace: CallTrace, bytes: number): void;
  /** Estimate of what is held. Unit: bytes. */
  readonly bytes: number;
}

/** A trace, and how many bytes are kept beside it. */
interface Held {
  readonly trace: CallTrace;
  readonly besideBytes: number;
}

/** Returns a memory of at most so many bytes, by estimate; the least recently used traces give way. Of none, it forgets all at once. */
export function createTraceMemory(maxBytes: number): TraceMemory {
  if (maxBytes === 0) return FORGETFUL;
  const cache = new LRUCache<string, Held>({
    maxSize: maxBytes,
    sizeCalculation: ({ trace, besideBytes }, keyText) => estimateBytes(trace, keyText) + besideBytes,
  });
  return {
    get: (keyText) => cache.get(keyText)?.trace,
    set: (keyText, trace) => void cache.set(keyText, { trace: { ...trace, source: 'MEMORY' }, besideBytes: 0 }),
    delete: (keyText) => void cache.delete(keyText),
    clear: () => cache.clear(),
    weigh: (keyText, trace, bytes) => {
      // A new object each time: the cache does not weigh anew what it holds already.
      if (cache.peek(keyText)?.trace === trace) cache.set(keyText, { trace, besideBytes: bytes });
    },
    get bytes() {
      return cache.calculatedSize;
    },
  };
}

const FORGETFUL: TraceMemory = {
  get: () => undefined,
  set: () => undefined,
  delete: () => undefined,
  clear: () => undefined,
  weigh: () => undefined,
  bytes: 0,
};

/** On V8, measured, with some room to spare: 18 fields, of which four are heap numbers and five texts. Unit: bytes. */
const RECORD_BYTES = 400;
/** The trace, its key, and its place in the cache; measured, too. Unit: bytes. */
const TRACE_BYTES = 800;

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

/** The texts of a usual record: two phone numbers, a constant, two IDs. Unit: characters. */
const SHORT_TEXTS = 60;
