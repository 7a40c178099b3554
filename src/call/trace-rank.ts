import { isFresh, MAX_AHEAD_MS, type Dated, type Life } from './life.js';
import { FINAL_CDR, type CallDetailRecord, type CallTrace } from './trace.js';

/** `Date` counts whole seconds: traces whose `askedAt` differ by less than this count as equally old. Unit: ms. */
export const DATE_RESOLUTION_MS = 1_000;

/** Decides which of two traces of one key is newer. */
export interface TraceRank {
  /** Unit: ms since 1970-01-01 UTC. */
  readonly askedAt: number;
  /** Greater for a more complete trace; 0 without records. */
  readonly completeness: number;
  readonly settled: boolean;
}

/** Returns the rank of a trace. */
export function rankOf({ askedAt, records }: Dated, { reason }: Pick<Life, 'reason'>): TraceRank {
  return { askedAt, completeness: completenessOf(records), settled: reason === 'settled' };
}

/** Returns how complete records are: each leg and each end counts, and a final CDR counts more than all others together. 0: none. */
export function completenessOf(records: readonly CallDetailRecord[]): number {
  let completeness = 0;
  for (const { callIdNum, callEnd } of records)
    completeness += (callEnd === null ? 2 : 3) + (callIdNum === FINAL_CDR ? 1_000_000 : 0);
  return completeness;
}

/**
 * Whether a new answer replaces the cached trace: if its `askedAt` is later, or equal and it is at least as complete. A
 * trace dated in the future is always replaced; a settled call is never replaced by "not found".
 */
export function supersedes(answer: TraceRank, cached: TraceRank, now: number): boolean {
  if (cached.settled && answer.completeness === 0) return false;
  if (cached.askedAt > now + MAX_AHEAD_MS) return true;
  const laterMs = answer.askedAt - cached.askedAt;
  return Math.abs(laterMs) < DATE_RESOLUTION_MS ? answer.completeness >= cached.completeness : laterMs > 0;
}

/** Returns an answer with its `timesNotFound` counted on from the cached trace, if the call was not found again. */
export function countingNotFound(answer: CallTrace, cached: Dated | null | undefined): CallTrace {
  if (answer.records.length > 0 || !cached || cached.records.length > 0 || answer.askedAt <= cached.askedAt)
    return answer;
  return { ...answer, timesNotFound: Math.max(answer.timesNotFound, cached.timesNotFound + 1) };
}

/** Returns a cached trace marked stale. */
export function asStale(trace: CallTrace): CallTrace {
  return { ...trace, stale: true };
}

/**
 * Returns the newer of a new answer and the cached trace. The cached trace is marked stale if it is no longer fresh, or if
 * the later answer is "not found". `now`: the clock that dates traces.
 */
export function betterOf(
  answer: CallTrace,
  cached: CallTrace | null | undefined,
  lifeOf: (trace: Dated) => Life,
  now: number,
): CallTrace {
  if (!cached) return answer;
  const life = lifeOf(cached);
  if (life.keepUntil <= now) return answer;
  const counted = countingNotFound(answer, cached);
  if (supersedes(rankOf(counted, lifeOf(counted)), rankOf(cached, life), now)) return counted;
  const isContradicted = answer.records.length === 0 && answer.askedAt > cached.askedAt;
  return isFresh(life, now) && !isContradicted ? cached : asStale(cached);
}
