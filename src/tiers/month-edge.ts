import { callIdStartedAt, type TraceKey } from '../call/key.js';
import { addMonths, monthBounds, monthOf } from '../call/month.js';
import { finalRecord, firstInstant, orderRecords, isSettled, type CallTrace, type FetchTraces } from '../call/trace.js';

export interface MonthEdgeOptions {
  /** How near to the end of a month a call must be for its neighbour to be asked. Unit: ms. 0: never. */
  readonly edgeMs: number;
  /** The zone in which a call centre cuts its months: an IANA name. */
  readonly timeZoneOf: (ccId: number) => string;
  /** How long after its end a call is final. Unit: ms. */
  readonly settleMs: number;
  /** Unit: ms since 1970-01-01 UTC. */
  readonly now: () => number;
}

/**
 * Returns a stage that completes calls which lie across the end of a month. The upstream keeps a table per month, so
 * such a call has legs in two. A trace that lacks its first or its final leg, and lies near an edge of its month, is
 * merged with that of the neighbouring month: at most one more question per call, and none far from an edge.
 */
export function withMonthEdge(next: FetchTraces, options: MonthEdgeOptions): FetchTraces {
  return async (keys, ask) => {
    const traces = await next(keys, ask);
    const gaps = traces.flatMap((trace, index) => {
      const neighbour = trace instanceof Error ? null : neighbourOf(keys[index] ?? trace.key, trace, options);
      return trace instanceof Error || neighbour === null ? [] : [{ index, trace, neighbour }];
    });
    if (gaps.length === 0) return traces;
    const others = await next(
      gaps.map((gap) => gap.neighbour),
      ask,
    );
    gaps.forEach(({ index, trace }, i) => {
      traces[index] = merge(trace, others[i], options.settleMs);
    });
    return traces;
  };
}

/** The key under which the rest of a trace may lie, or null if nothing is missing or no edge is near. */
function neighbourOf(key: TraceKey, trace: CallTrace, { edgeMs, timeZoneOf, now }: MonthEdgeOptions): TraceKey | null {
  const { records } = trace;
  if (edgeMs <= 0 || isWhole(trace)) return null;
  const timeZone = timeZoneOf(key.ccId);
  const { startsAt, endsAt } = monthBounds(key.month, timeZone);
  const instants = [
    ...records.flatMap((record) => [firstInstant(record), record.callEnd]),
    callIdStartedAt(key.callId),
    key.loggedAt ?? null,
  ];
  const near = (edge: number): boolean =>
    instants.some((instant) => instant !== null && Math.abs(instant - edge) <= edgeMs);
  if (near(startsAt)) return { ...key, month: addMonths(key.month, -1) };
  if (near(endsAt) && endsAt <= now()) return { ...key, month: monthOf(endsAt, timeZone) };
  return null;
}

/** A trace with its first and its final leg has all between. */
function isWhole({ records }: CallTrace): boolean {
  return finalRecord(records) !== null && records.some((record) => record.callIdNum === 1);
}

/** What the neighbour adds. If it could not be asked, a trace with records stands, but not as final; one without cannot be called empty. */
function merge(trace: CallTrace, other: CallTrace | Error | undefined, settleMs: number): CallTrace | Error {
  if (other === undefined || other instanceof Error)
    return trace.records.length > 0 ? { ...trace, final: false } : (other ?? trace);
  const records = orderRecords([...trace.records, ...other.records]);
  const fetchedAt = Math.min(trace.fetchedAt, other.fetchedAt);
  return {
    ...trace,
    records,
    fetchedAt,
    final: isSettled(records, fetchedAt, settleMs),
    emptyStreak: records.length === 0 ? Math.min(trace.emptyStreak, other.emptyStreak) : 0,
    stale: trace.stale || other.stale,
  };
}
