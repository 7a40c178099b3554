import { askOne, eachKey, type FetchTraces } from '../call/fetch-traces.js';
import { callIdStartedAt, traceKeyText, type TraceKey } from '../call/key.js';
import { mayBeginBefore, type LifeRules } from '../call/life.js';
import { addMonths } from '../call/month.js';
import { addNotes, finalRecord, orderRecords, type CallTrace } from '../call/trace.js';
import type { Common } from './common.js';

/** `edgeMs`: how near to the end of a month a call must be for its neighbour to be asked; 0: never. Unit: ms. */
export type MonthEdgeRules = Pick<LifeRules, 'edgeMs' | 'monthBoundsOf'> & Pick<Common, 'now'>;

/**
 * Returns a stage that completes calls which lie across the end of a month. The upstream keeps a table per month, so
 * such a call has legs in two. A trace without its first leg is merged with that of the month before, if the call began
 * there or lies near the start of its month; one without its final leg with that of the month after; one without records
 * with the nearer one: at most one more question per call. The answer bears the month in which the call was found, the
 * earlier one of two.
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
 * The key under which the rest of a trace may lie; null if that is all there is of its call. `hints`: instants at which
 * clients believe it was logged (ms since 1970-01-01 UTC).
 */
export function neighbourOf(
  key: TraceKey,
  { records }: CallTrace,
  hints: readonly number[],
  rules: MonthEdgeRules,
): TraceKey | null {
  const { edgeMs, monthBoundsOf, now } = rules;
  if (edgeMs <= 0) return null;
  const [hasFirst, hasFinal] = [records[0]?.callIdNum === 1, finalRecord(records) !== null]; // they are in order
  if (hasFirst && hasFinal) return null;
  const { startsAt, endsAt } = monthBoundsOf(key);
  const isFound = records.length > 0;
  const startedAt = callIdStartedAt(key.callId);
  const believed = startedAt === null ? hints : [startedAt, ...hints];
  const isNear = (edge: number): boolean => believed.some((instant) => Math.abs(instant - edge) <= edgeMs);
  const beganBefore =
    (isFound && mayBeginBefore(key, records, rules)) || ((startedAt ?? -Infinity) < startsAt && isNear(startsAt));
  if (!hasFirst && beganBefore) return { ...key, month: addMonths(key.month, -1) };
  // Records without a final one end in a later month, if anywhere.
  if (!hasFinal && endsAt <= now() && (isFound || isNear(endsAt))) return { ...key, month: addMonths(key.month, 1) };
  return null;
}

/**
 * What both months tell. If the neighbour could not be asked, a trace with records stands as it is, though marked stale;
 * one without cannot be called "not found".
 */
function merge(trace: CallTrace, other: CallTrace | Error): CallTrace | Error {
  const isFound = trace.records.length > 0;
  if (other instanceof Error)
    return isFound ? { ...trace, stale: true, notes: addNotes(trace.notes, { neighbourLegsMissing: 1 }) } : other;
  const [earlier, later] = trace.key.month < other.key.month ? [trace, other] : [other, trace];
  const stale = trace.stale || other.stale;
  if (isFound && other.records.length > 0) {
    // The earlier month first, so that both ways to ask give the very same.
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
  // A first leg could only lie in the month before, and does not.
  const lacksFirst = found === later && (found.records[0]?.callIdNum ?? 0) > 1;
  const notes = addNotes(found.notes, { neighbourLegsMissing: lacksFirst ? 1 : 0 });
  return { ...found, stale, timesNotFound, notes };
}
