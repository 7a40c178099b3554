import { callIdStartedAt, type TraceKey } from '../call/key.js';
import { addMonths, monthBounds } from '../call/month.js';
import {
  FINAL_CDR,
  finalRecord,
  firstInstant,
  isSettled,
  orderRecords,
  type CallTrace,
  type FetchTraces,
} from '../call/trace.js';

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
 * such a call has legs in two. A trace without its first leg that lies near the start of its month is merged with that
 * of the month before, one without its final leg near the end with that of the month after: at most one more question
 * per call, and none far from an edge.
 */
export function withMonthEdge(next: FetchTraces, options: MonthEdgeOptions): FetchTraces {
  return async (keys, ask) => {
    const traces = await next(keys, ask);
    const gaps = traces.flatMap((trace, index) => {
      const key = keys[index];
      const neighbour = trace instanceof Error || !key ? null : neighbourOf(key, trace, options);
      return trace instanceof Error || neighbour === null ? [] : [{ index, trace, neighbour }];
    });
    if (gaps.length === 0) return traces;
    const others = await next(
      gaps.map((gap) => gap.neighbour),
      ask,
    );
    gaps.forEach(({ index, trace }, i) => {
      traces[index] = merge(trace, others[i] ?? new Error('no answer for the key'), options.settleMs);
    });
    return traces;
  };
}

/** Whether a trace is all there is of its call: no neighbouring month need be asked. */
export function isWhole(key: TraceKey, trace: CallTrace, options: MonthEdgeOptions): boolean {
  return neighbourOf(key, trace, options) === null;
}

/** The key under which the rest of a trace may lie, or null if nothing is missing or no edge is near. */
function neighbourOf(
  key: TraceKey,
  { records }: CallTrace,
  { edgeMs, timeZoneOf, now }: MonthEdgeOptions,
): TraceKey | null {
  if (edgeMs <= 0) return null;
  if (records[0]?.callIdNum === 1 && records.at(-1)?.callIdNum === FINAL_CDR) return null; // in order, so: as nearly all
  const hasFirst = records.some((record) => record.callIdNum === 1);
  const hasFinal = finalRecord(records) !== null;
  if (hasFirst && hasFinal) return null;
  const { startsAt, endsAt } = monthBounds(key.month, timeZoneOf(key.ccId));
  const instants = [
    ...records.flatMap((record) => [firstInstant(record), record.callEnd]),
    callIdStartedAt(key.callId),
    key.loggedAt ?? null,
  ];
  const near = (edge: number): boolean =>
    instants.some((instant) => instant !== null && Math.abs(instant - edge) <= edgeMs);
  if (!hasFirst && near(startsAt)) return { ...key, month: addMonths(key.month, -1) };
  if (!hasFinal && near(endsAt) && endsAt <= now()) return { ...key, month: addMonths(key.month, 1) };
  return null;
}

/**
 * What the neighbour adds. If it could not be asked, a trace with records stands as it is, though for stale and not for
 * final; one without cannot be called empty.
 */
function merge(trace: CallTrace, other: CallTrace | Error, settleMs: number): CallTrace | Error {
  if (other instanceof Error) return trace.records.length > 0 ? { ...trace, final: false, stale: true } : other;
  if (other.records.length === 0) return { ...trace, emptyStreak: Math.min(trace.emptyStreak, other.emptyStreak) };
  const records = orderRecords([...trace.records, ...other.records]);
  const fetchedAt = Math.min(trace.fetchedAt, other.fetchedAt);
  const final = isSettled(records, fetchedAt, settleMs);
  return { ...trace, records, fetchedAt, final, emptyStreak: 0, stale: trace.stale || other.stale };
}
