import { askOne, eachKey, type AskOptions, type FetchTraces } from '../call/fetch-traces.js';
import { callIdStartedAt, traceKeyText, type TraceKey } from '../call/key.js';
import { addMonths, monthBounds } from '../call/month.js';
import { addNotes, finalRecord, firstInstant, orderRecords, type CallTrace } from '../call/trace.js';

export interface MonthEdgeOptions {
  /** How near to the end of a month a call must be for its neighbour to be asked. Unit: ms. 0: never. */
  readonly edgeMs: number;
  /** The zone in which a call centre cuts its months: an IANA name. */
  readonly timeZoneOf: (ccId: number) => string;
  /** Unit: ms since 1970-01-01 UTC. */
  readonly now: () => number;
}

/**
 * Returns a stage that completes calls which lie across the end of a month. The upstream keeps a table per month, so
 * such a call has legs in two. A trace without its first leg is merged with that of the month before, if the call began
 * there or lies near the start of its month; one without its final leg with that of the month after; one without records
 * with the nearer one: at most one more question per call. The answer bears the month in which the call was found, the earlier one of two.
 */
export function withMonthEdge(next: FetchTraces, options: MonthEdgeOptions): FetchTraces {
  return eachKey(async (key, ask) => {
    const trace = await askOne(next, key, ask);
    const neighbour = trace instanceof Error ? null : neighbourOf(key, trace, hintsFor(key, ask), options);
    if (trace instanceof Error || neighbour === null) return trace;
    return merge(trace, await askOne(next, neighbour, ask));
  });
}

/** Whether a trace is all there is of its call: no neighbouring month need be asked. `loggedAt`: as in TraceQuestion. */
export function isWhole(
  key: TraceKey,
  trace: CallTrace,
  loggedAt: number | undefined,
  options: MonthEdgeOptions,
): boolean {
  return neighbourOf(key, trace, loggedAt === undefined ? [] : [loggedAt], options) === null;
}

function hintsFor(key: TraceKey, { hints }: AskOptions): readonly number[] {
  return hints?.get(traceKeyText(key)) ?? [];
}

/** The key under which the rest of a trace may lie, or null if nothing is missing or no edge is near. */
function neighbourOf(
  key: TraceKey,
  { records }: CallTrace,
  hints: readonly number[],
  { edgeMs, timeZoneOf, now }: MonthEdgeOptions,
): TraceKey | null {
  if (edgeMs <= 0) return null;
  const hasFinal = finalRecord(records) !== null;
  if (hasFinal && records[0]?.callIdNum === 1) return null; // in order, so: as nearly all
  const { startsAt, endsAt } = monthBounds(key.month, timeZoneOf(key.ccId));
  const startedAt = callIdStartedAt(key.callId);
  const instants = [...records.flatMap((record) => [firstInstant(record), record.callEnd]), startedAt, ...hints];
  const isNear = (edge: number): boolean =>
    instants.some((instant) => instant !== null && Math.abs(instant - edge) <= edgeMs);
  // The head of a call ID tells for sure when the call began; where there is none, nearness has to do.
  const mayBeginBefore =
    startedAt === null ? isNear(startsAt) : startedAt < startsAt && (records.length > 0 || isNear(startsAt));
  if (records[0]?.callIdNum !== 1 && mayBeginBefore) return { ...key, month: addMonths(key.month, -1) };
  // Records without a final one end in a later month, if anywhere.
  if (!hasFinal && endsAt <= now() && (records.length > 0 || isNear(endsAt)))
    return { ...key, month: addMonths(key.month, 1) };
  return null;
}

const LEGS_MISSING = { neighbourLegsMissing: 1 };

/**
 * What both months tell. If the neighbour could not be asked, a trace with records stands as it is, though marked stale;
 * one without cannot be called "not found".
 */
function merge(trace: CallTrace, other: CallTrace | Error): CallTrace | Error {
  if (other instanceof Error) {
    if (trace.records.length === 0) return other;
    return { ...trace, stale: true, notes: addNotes(trace.notes, LEGS_MISSING) };
  }
  const stale = trace.stale || other.stale;
  const [found, beside] = trace.records.length === 0 && other.records.length > 0 ? [other, trace] : [trace, other];
  if (beside.records.length === 0) {
    const timesNotFound = Math.min(found.timesNotFound, beside.timesNotFound);
    // A first leg could only lie in the month before, and does not.
    const lacksFirst = (found.records[0]?.callIdNum ?? 0) > 1 && beside.key.month < found.key.month;
    return { ...found, stale, timesNotFound, notes: lacksFirst ? addNotes(found.notes, LEGS_MISSING) : found.notes };
  }
  // The earlier month first, so that both ways to ask give the very same.
  const [earlier, later] = trace.key.month < other.key.month ? [trace, other] : [other, trace];
  const { records, duplicates } = orderRecords([...earlier.records, ...later.records]);
  return {
    ...trace,
    key: earlier.key,
    records,
    askedAt: Math.min(trace.askedAt, other.askedAt),
    notes: addNotes(addNotes(trace.notes, other.notes), { duplicateRecords: duplicates }),
    stale,
  };
}
