import type { CallDetailRecord, CallTrace } from './trace.js';

/** How long an answer serves. Each kind of trace is fresh for a time, and may stand in for a failing upstream for longer. Unit: ms. */
export interface FreshnessRules {
  /** A call that is over for good is fresh so long after it was fetched. */
  readonly finalMs: number;
  /** A call in progress, or over only just; one without a sign of life for a day is fresh as long as one not found. */
  readonly openMs: number;
  /** A call that was not found: the first time so long, and double for each further time … */
  readonly emptyMs: number;
  /** … up to so long. */
  readonly maxEmptyMs: number;
  /** A final trace may stand in so long after it was fetched. */
  readonly keepFinalMs: number;
  /** An unfinished trace may stand in so long after it was fetched. */
  readonly keepOpenMs: number;
}

/** What freshness depends on. */
export type Dated = Pick<CallTrace, 'records' | 'final' | 'fetchedAt' | 'emptyStreak'>;

/** Until when a trace is as good as asking. Unit: ms since 1970-01-01 UTC. */
export function freshUntil(trace: Dated, rules: FreshnessRules): number {
  if (trace.records.length === 0) return trace.fetchedAt + emptyFreshMs(trace.emptyStreak, rules);
  if (trace.final) return trace.fetchedAt + rules.finalMs;
  return trace.fetchedAt + (isQuiet(trace) ? Math.max(rules.openMs, rules.maxEmptyMs) : rules.openMs);
}

/** Until when a trace may stand in for an upstream that fails; never for a call that was not found. Unit: ms since 1970-01-01 UTC. */
export function standsInUntil(trace: Dated, rules: FreshnessRules): number {
  if (trace.records.length === 0) return -Infinity;
  return trace.fetchedAt + (trace.final ? rules.keepFinalMs : rules.keepOpenMs);
}

/** Until when a trace is worth keeping. One not found is kept beyond its freshness, so that its streak is known. Unit: ms since 1970-01-01 UTC. */
export function keptUntil(trace: Dated, rules: FreshnessRules): number {
  const streakUntil = trace.records.length === 0 ? freshUntil(trace, rules) + rules.maxEmptyMs : 0;
  return Math.max(freshUntil(trace, rules), standsInUntil(trace, rules), streakUntil);
}

/** A trace dated further ahead than this comes from a clock that was wrong. Unit: ms. */
const CLOCK_SLACK_MS = 60_000;

/** Whether a trace is as good as asking. */
export function isFresh(trace: Dated, rules: FreshnessRules, now: number): boolean {
  return now < freshUntil(trace, rules) && trace.fetchedAt <= now + CLOCK_SLACK_MS;
}

/** Whether a final trace with records is as good as asking. `fetchedAt` and `now` in ms since 1970-01-01 UTC. */
export function isFinalFresh(fetchedAt: number, { finalMs }: Pick<FreshnessRules, 'finalMs'>, now: number): boolean {
  return now < fetchedAt + finalMs && fetchedAt <= now + CLOCK_SLACK_MS;
}

/** Whether a trace may stand in for an upstream that fails. */
export function standsIn(trace: Dated, rules: FreshnessRules, now: number): boolean {
  return now < standsInUntil(trace, rules);
}

/** A trace just fetched, counting on from the one held before: the streak of a call that is still not found grows. */
export function following(trace: CallTrace, held: CallTrace | null | undefined): CallTrace {
  if (trace.records.length > 0 || !held || held.records.length > 0) return trace;
  if (trace.source !== 'UPSTREAM' || trace.fetchedAt <= held.fetchedAt) return trace;
  return { ...trace, emptyStreak: Math.max(trace.emptyStreak, held.emptyStreak + 1) };
}

/** Records of a month may be written so long after its end. Unit: ms. */
const LATE_RECORDS_MS = 86_400_000;

/**
 * Whether the records of a month are final because the month is: over for a day and the settle time, it does not change
 * any more, whether the call ended in it or not. Never for a call that was not found. `monthEndsAt` and `fetchedAt` in ms
 * since 1970-01-01 UTC.
 */
export function isPast(
  records: readonly CallDetailRecord[],
  monthEndsAt: number,
  fetchedAt: number,
  settleMs: number,
): boolean {
  return records.length > 0 && monthEndsAt + LATE_RECORDS_MS + settleMs <= fetchedAt;
}

/** No call lasts longer without a sign of life. Unit: ms. */
const QUIET_MS = 86_400_000;

/**
 * Whether all legs of an unfinished trace ended more than a day ago: a call whose final CDR never came, or one that goes
 * on elsewhere. Little will change about it, so it is asked as rarely as a call that was not found.
 */
function isQuiet({ records, fetchedAt }: Dated): boolean {
  const latest = Math.max(...records.map((record) => record.callEnd ?? Infinity));
  return latest + QUIET_MS <= fetchedAt;
}

function emptyFreshMs(streak: number, { emptyMs, maxEmptyMs }: FreshnessRules): number {
  return Math.min(Math.max(emptyMs, maxEmptyMs), emptyMs * 2 ** Math.min(30, Math.max(0, streak - 1)));
}
