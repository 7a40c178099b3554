import { LRUCache } from 'lru-cache';
import { following, isFresh, rankOf, supersedes, type Dated, type Life } from '../call/life.js';
import type { CallDetailRecord, CallTrace } from '../call/trace.js';
import type { Invalidations } from './invalidations.js';
import { asStale, type HeldTrace } from './stale.js';

/** Traces by the canonical text of their key. */
export interface TraceMemory {
  get(keyText: string): HeldTrace | undefined;
  /**
   * Keeps an answer and returns it, unless what is held is newer (or a settled call, and the answer none): then that is
   * returned. `since` is the mark of the invalidations before it was asked for; one that was invalidated is not kept.
   */
  keep(keyText: string, answer: CallTrace, since: number): CallTrace;
  /** Tells how many bytes are kept beside a trace, from now on and for as long as it is held: they count, too. */
  weigh(keyText: string, trace: CallTrace, bytes: number): void;
  /** Estimate of what is held. Unit: bytes. */
  readonly bytes: number;
}

export interface TraceMemoryOptions {
  /** Unit: bytes. 0: nothing is kept. */
  readonly maxBytes: number;
  readonly lifeOf: (trace: Dated) => Life;
  readonly invalidations: Invalidations;
  /** The clock that dates traces. Unit: ms since 1970-01-01 UTC. */
  readonly now: () => number;
}

interface Entry extends HeldTrace {
  readonly besideBytes: number;
}

/** Returns a memory of at most so many bytes, by estimate; the least recently used traces are evicted. */
export function createTraceMemory({ maxBytes, lifeOf, invalidations, now }: TraceMemoryOptions): TraceMemory {
  if (maxBytes === 0) return NO_MEMORY;
  const cache = new LRUCache<string, Entry>({
    maxSize: maxBytes,
    sizeCalculation: ({ trace, besideBytes }, keyText) => estimateBytes(trace, keyText) + besideBytes,
  });
  invalidations.listen((keyText) => {
    if (keyText === null) cache.clear();
    else cache.delete(keyText);
  });
  return {
    get: (keyText) => cache.get(keyText),
    keep(keyText, answer, since) {
      const known = cache.peek(keyText);
      const held = known && now() < known.life.keepUntil ? known : undefined;
      const trace = following(answer, held?.trace);
      if (!invalidations.holdsSince(keyText, since)) return trace;
      const life = lifeOf(trace);
      if (held && !supersedes(rankOf(trace, life), rankOf(held.trace, held.life), now())) {
        const isDoubted = trace.records.length === 0 && trace.askedAt > held.trace.askedAt;
        return isFresh(held.life, now()) && !isDoubted ? held.trace : asStale(held.trace);
      }
      if (trace.stale) return trace; // whoever asks next is to ask further
      cache.set(keyText, { trace: { ...trace, source: 'MEMORY' }, life, besideBytes: 0 });
      return trace;
    },
    weigh(keyText, trace, bytes) {
      const held = cache.peek(keyText);
      // A new object each time: the cache does not weigh anew what it holds already.
      if (held?.trace === trace) cache.set(keyText, { ...held, besideBytes: bytes });
    },
    get bytes() {
      return cache.calculatedSize;
    },
  };
}

const NO_MEMORY: TraceMemory = {
  get: () => undefined,
  keep: (_, answer) => answer,
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
