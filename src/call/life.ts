import { isPlausible } from './instant.js';
import { callIdStartedAt, type TraceKey } from './key.js';
import { FINAL_CDR, finalRecord, firstInstant, type CallDetailRecord, type CallTrace } from './trace.js';

/** How long traces hold. Unit of all times: ms. */
export interface LifeRules {
  /** A settled call is fresh so long, and so is "no such call" about a month long over … */
  readonly settledMs: number;
  /** … and a settled call may stand in for a failing upstream so long. Quiet ones, too. */
  readonly keepSettledMs: number;
  /** A call is settled so long after its end at the earliest. */
  readonly settleMs: number;
  /** A call in progress is fresh so long; one that settles is at least. */
  readonly openMs: number;
  /** A call that is neither settled nor quiet may stand in so long. */
  readonly keepOpenMs: number;
  /** A call without a sign of life for so long is quiet … */
  readonly quietAfterMs: number;
  /** … and is fresh so long; one that settles is no longer … */
  readonly quietMs: number;
  /** … and so long once its month is over. */
  readonly quietPastMonthMs: number;
  /** A call that was not found: the first time fresh so long, and double for each further time … */
  readonly notFoundMs: number;
  /** … up to so long. */
  readonly maxNotFoundMs: number;
  /** How near to a month's start a call counts as begun in the month before, where its ID does not tell. */
  readonly edgeMs: number;
  /** The first instant of a key's month, and the first after it. Unit: ms since 1970-01-01 UTC. */
  readonly monthBoundsOf: (key: TraceKey) => { readonly startsAt: number; readonly endsAt: number };
}

/**
 * What is known of a call: `settled`, it will not change any more; `settling`, it is over, but young or incomplete;
 * `open`, in progress; `quiet`, incomplete and without a sign of life for long; `not-found`.
 */
export type LifeReason = 'settled' | 'settling' | 'open' | 'quiet' | 'not-found';

/** How long a trace holds. Unit of all instants: ms since 1970-01-01 UTC, by the clock that dates traces. */
export interface Life {
  readonly reason: LifeReason;
  /** Before this a trace is dated in the future, by a clock that was wrong, and not fresh. */
  readonly freshFrom: number;
  /** Until then it is as good as asking. */
  readonly freshUntil: number;
  /** Until then it may stand in, marked stale, for an upstream that fails. -Infinity: never. */
  readonly usableUntil: number;
  /** Until then it is worth keeping. */
  readonly keepUntil: number;
}

/** A trace dated further ahead than this counts as older than anything asked now. Unit: ms. */
export const MAX_AHEAD_MS = 60_000;
/** Records of a month may be written so long after its end. Unit: ms. */
const LATE_RECORDS_MS = 86_400_000;
/** What is incomplete, or not found, is asked again after this share of its age. */
const SHARE_OF_AGE = 0.1;
/** However young a call is that was not found, it is not asked for more often than this. Unit: ms. */
const LEAST_NOT_FOUND_MS = 1_000;

/** What a life depends on. */
export type Dated = Pick<CallTrace, 'key' | 'records' | 'askedAt' | 'timesNotFound' | 'notes'>;

/** How long a trace holds: the one judgement of age in the gateway. Source: design, "The life of a trace". */
export function lifeOf(trace: Dated, rules: LifeRules): Life {
  const reason = reasonOf(trace, rules);
  const freshUntil = trace.askedAt + freshMs(reason, trace, rules);
  const usableUntil = reason === 'not-found' ? -Infinity : trace.askedAt + usableMs(reason, rules);
  // Beyond its freshness, what was not found tells how often that was so.
  const keepUntil = reason === 'not-found' ? freshUntil + rules.maxNotFoundMs : Math.max(freshUntil, usableUntil);
  return { reason, freshFrom: trace.askedAt - MAX_AHEAD_MS, freshUntil, usableUntil, keepUntil };
}

/** Whether a trace is as good as asking. `now` in ms since 1970-01-01 UTC. */
export function isFresh(life: Pick<Life, 'freshFrom' | 'freshUntil'>, now: number): boolean {
  return life.freshFrom <= now && now < life.freshUntil;
}

/** Whether a trace may stand in for an upstream that fails. `now` in ms since 1970-01-01 UTC. */
export function isUsable({ usableUntil }: Pick<Life, 'usableUntil'>, now: number): boolean {
  return now < usableUntil;
}

function reasonOf(trace: Dated, rules: LifeRules): LifeReason {
  const { records, askedAt, notes } = trace;
  if (records.length === 0) return 'not-found';
  const isOver = finalRecord(records) !== null;
  const allEnded = records.every(({ callEnd }) => callEnd !== null);
  const isWhole = isOver && allEnded && !notes.neighbourLegsMissing && !hasHole(trace, rules);
  if (isWhole && records.every(({ callEnd }) => (callEnd ?? 0) + rules.settleMs <= askedAt)) return 'settled';
  if (!isWhole && ageMs(trace, rules) >= rules.quietAfterMs) return 'quiet';
  return isOver ? 'settling' : 'open';
}

function freshMs(reason: LifeReason, trace: Dated, rules: LifeRules): number {
  switch (reason) {
    case 'settled':
      return rules.settledMs;
    case 'settling':
      return between(rules.openMs, ageMs(trace, rules) * SHARE_OF_AGE, rules.quietMs);
    case 'open':
      return rules.openMs;
    case 'quiet':
      return isPastMonth(trace, rules) ? rules.quietPastMonthMs : rules.quietMs;
    case 'not-found':
      return isPastMonth(trace, rules) ? rules.settledMs : notFoundMs(trace, rules);
  }
}

function usableMs(reason: LifeReason, rules: LifeRules): number {
  return reason === 'settled' || reason === 'quiet' ? rules.keepSettledMs : rules.keepOpenMs;
}

function notFoundMs({ key, askedAt, timesNotFound }: Dated, { notFoundMs: first, maxNotFoundMs }: LifeRules): number {
  const doubled = first * 2 ** between(0, timesNotFound - 1, 30);
  const startedAt = callIdStartedAt(key.callId);
  const isTold = startedAt !== null && isPlausible(startedAt, askedAt);
  const ofAge = isTold ? Math.max(LEAST_NOT_FOUND_MS, (askedAt - startedAt) * SHARE_OF_AGE) : Infinity;
  return Math.min(doubled, Math.max(first, maxNotFoundMs), ofAge);
}

/** Whether the records of its month no longer change. */
function isPastMonth({ key, askedAt }: Dated, { monthBoundsOf, settleMs }: LifeRules): boolean {
  return monthBoundsOf(key).endsAt + LATE_RECORDS_MS + settleMs <= askedAt;
}

/**
 * Time since the last sign of life, when the trace was asked for. Times in the future are a wrong clock's; where there are
 * no others, the call is taken to be as old as that clock is wrong.
 */
function ageMs({ key, records, askedAt }: Dated, { monthBoundsOf }: LifeRules): number {
  let latest = -Infinity;
  let soonest = Infinity;
  for (const { waitBegin, ackBegin, callBegin, callEnd } of records) {
    for (const instant of [waitBegin, ackBegin, callBegin, callEnd]) {
      if (instant === null) continue;
      if (instant <= askedAt + DATE_RESOLUTION_MS) latest = Math.max(latest, instant);
      else soonest = Math.min(soonest, instant);
    }
  }
  if (latest > -Infinity) return Math.max(0, askedAt - latest);
  if (soonest < Infinity) return soonest - askedAt;
  return Math.max(0, askedAt - (callIdStartedAt(key.callId) ?? monthBoundsOf(key).endsAt));
}

/** Whether a number between 1 and the highest is missing; those before the lowest may lie in the month before. */
function hasHole({ key, records }: Dated, rules: LifeRules): boolean {
  const numbers = new Set(records.map(({ callIdNum }) => callIdNum).filter((number) => number >= 1));
  if (numbers.size === 0) return false;
  let lowest = Infinity;
  let highest = 0;
  for (const number of numbers) {
    if (number < lowest) lowest = number;
    if (number > highest) highest = number;
  }
  const first = lowest > 1 && rules.edgeMs > 0 && mayBeginBefore(key, records, rules) ? lowest : 1;
  return numbers.size < highest - first + 1;
}

/** Whether a call may have begun before its month: by the time at the head of its ID, else by its first leg. */
export function mayBeginBefore(
  key: TraceKey,
  records: readonly CallDetailRecord[],
  { monthBoundsOf, edgeMs }: Pick<LifeRules, 'monthBoundsOf' | 'edgeMs'>,
): boolean {
  const { startsAt } = monthBoundsOf(key);
  const startedAt = callIdStartedAt(key.callId);
  if (startedAt !== null) return startedAt < startsAt;
  return records.some((record) => (firstInstant(record) ?? Infinity) - startsAt <= edgeMs);
}

/** What decides which of two traces of one key counts. */
export interface TraceRank {
  /** Unit: ms since 1970-01-01 UTC. */
  readonly askedAt: number;
  /** Greater for a trace that tells more; 0 without records. */
  readonly completeness: number;
  readonly settled: boolean;
}

/** `Date` counts whole seconds: traces asked nearer to each other than this were asked at the same time. Unit: ms. */
export const DATE_RESOLUTION_MS = 1_000;

/** The rank of a trace. */
export function rankOf(trace: Dated, life: Pick<Life, 'reason'>): TraceRank {
  const { askedAt, records } = trace;
  let completeness = 0;
  for (const { callIdNum, callEnd } of records)
    completeness += 2 + (callEnd === null ? 0 : 1) + (callIdNum === FINAL_CDR ? OVER : 0);
  return { askedAt, completeness, settled: life.reason === 'settled' };
}

/** What a final CDR adds to completeness: more than all other records can. */
const OVER = 1_000_000;

/**
 * Whether an answer just had takes the place of what is held: if it was asked later; asked at the same time, if it tells
 * as much. What is dated in the future gives way to anything; a settled call never to "no such call".
 */
export function supersedes(answer: TraceRank, held: TraceRank, now: number): boolean {
  if (held.settled && answer.completeness === 0) return false;
  if (held.askedAt > now + MAX_AHEAD_MS) return true;
  const laterMs = answer.askedAt - held.askedAt;
  return Math.abs(laterMs) < DATE_RESOLUTION_MS ? answer.completeness >= held.completeness : laterMs > 0;
}

/** An answer, counting on from what was held before: a call that is not found again is found missing once more often. */
export function following(answer: CallTrace, held: Dated | null | undefined): CallTrace {
  if (answer.records.length > 0 || !held || held.records.length > 0 || answer.askedAt <= held.askedAt) return answer;
  return { ...answer, timesNotFound: Math.max(answer.timesNotFound, held.timesNotFound + 1) };
}

function between(least: number, value: number, most: number): number {
  return Math.max(least, Math.min(value, most));
}
