import { askOne, eachKey, type FetchTraces } from '../call/fetch-traces.js';
import { callIdStartedAt, traceKeyText, type TraceKey } from '../call/key.js';
import { mayBeginBefore, type LifeRules } from '../call/life.js';
import { addMonths } from '../call/month.js';
import { addNotes, finalRecord, orderRecords, type CallTrace } from '../call/trace.js';
import type { StageDependencies } from './dependencies.js';

/** `edgeMs`: how near to the end of a month a call must be for the neighbouring month to be asked; 0: never. Unit: ms. */
export type MonthEdgeRules = Pick<LifeRules, 'edgeMs' | 'monthBoundsOf'> & Pick<StageDependencies, 'now'>;

/**
 * Returns a stage that completes calls which cross the end of a month. The upstream has a table per month, so such a call
 * has legs in two tables. A trace without its first leg is merged with the month before, if the call began there or lies
 * near the start of its month; a trace without its final leg with the month after; a trace without records with the nearer
 * month. Each call costs at most one more request. The key of the answer has the month in which the call was found, the
 * earlier of two.
 */
export function withMonthEdge(next: FetchTraces, rules: MonthEdgeRules): FetchTraces {
  return eachKey(async (key, ask) => {
    const trace = await askOne(next, key, ask);
    if (trace instanceof Error) return trace;
    const neighbour = neighbourOf(key, trace, ask.hints?.get(traceKeyText(key)) ?? [], rules);
    return neighbour ? merge(trace, await askOne(next, neighbour, ask)) : trace;
  });
}

/**
 * Returns the key of the neighbouring month that may have more legs; null if no other month is needed. `hints`: the
 * instants that clients gave as `logDate` (ms since 1970-01-01 UTC).
 */
export function neighbourOf(
  key: TraceKey,
  { records }: CallTrace,
  hints: readonly number[],
  rules: MonthEdgeRules,
): TraceKey | null {
  const { edgeMs, monthBoundsOf, now } = rules;
  if (edgeMs <= 0) return null;
  const [hasFirst, hasFinal] = [records[0]?.callIdNum === 1, finalRecord(records) !== null]; // records are in order
  if (hasFirst && hasFinal) return null;
  const { startsAt, endsAt } = monthBoundsOf(key);
  const isFound = records.length > 0;
  const startedAt = callIdStartedAt(key.callId);
  const candidates = startedAt === null ? hints : [startedAt, ...hints];
  const isNear = (edge: number): boolean => candidates.some((instant) => Math.abs(instant - edge) <= edgeMs);
  const beganBefore =
    (isFound && mayBeginBefore(key, records, rules)) || ((startedAt ?? -Infinity) < startsAt && isNear(startsAt));
  if (!hasFirst && beganBefore) return { ...key, month: addMonths(key.month, -1) };
  // If the final record is missing, it can only lie in a later month.
  if (!hasFinal && endsAt <= now() && (isFound || isNear(endsAt))) return { ...key, month: addMonths(key.month, 1) };
  return null;
}

/**
 * Merges both months. If the neighbouring month failed, a trace with records is returned as it is, marked stale; a trace
 * without records becomes that failure, because the call may exist.
 */
function merge(trace: CallTrace, other: CallTrace | Error): CallTrace | Error {
  const isFound = trace.records.length > 0;
  if (other instanceof Error)
    return isFound ? { ...trace, stale: true, notes: addNotes(trace.notes, { neighbourLegsMissing: 1 }) } : other;
  const [earlier, later] = trace.key.month < other.key.month ? [trace, other] : [other, trace];
  const stale = trace.stale || other.stale;
  if (isFound && other.records.length > 0) {
    // The earlier month first, so that the result does not depend on which month was asked first.
    const { records, duplicates, repeatedNumbers } = orderRecords([...earlier.records, ...later.records]);
    const repeated = [earlier.repeatedNumbers, later.repeatedNumbers, repeatedNumbers].flatMap((some) => some ?? []);
    const notes = addNotes(addNotes(trace.notes, other.notes), { duplicateRecords: duplicates });
    const askedAt = Math.min(trace.askedAt, other.askedAt);
    return {
      ...trace,
      key: earlier.key,
      records,
      askedAt,
      notes,
      stale,
      repeatedNumbers: repeated.length > 0 ? [...new Set(repeated)] : undefined,
    };
  }
  const found = other.records.length > 0 ? other : trace;
  const timesNotFound = Math.min(trace.timesNotFound, other.timesNotFound);
  // The first leg could only lie in the month before, which does not have it.
  const lacksFirst = found === later && (found.records[0]?.callIdNum ?? 0) > 1;
  const notes = addNotes(found.notes, { neighbourLegsMissing: lacksFirst ? 1 : 0 });
  return { ...found, stale, timesNotFound, notes };
}
