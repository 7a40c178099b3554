import { isPlausible } from './instant.js';
import { callIdStartedAt, type TraceKey } from './key.js';
import { FINAL_CDR, finalRecord, firstInstant, lastInstant, type CallDetailRecord, type CallTrace } from './trace.js';

/** How long traces hold. Unit of all times: ms. */
export interface LifeRules {
  /** A settled call is fresh so long, and so is "no such call" about a month long over. */
  readonly settledMs: number;
  /** A settled or a quiet call may stand in for a failing upstream so long. */
  readonly keepSettledMs: number;
  /** A call is settled so long after its end at the earliest. */
  readonly settleMs: number;
  /** A call in progress is fresh so long; one that settles is at least. */
  readonly openMs: number;
  /** A call that is neither settled nor quiet may stand in so long. */
  readonly keepOpenMs: number;
  /** An incomplete call without a sign of life for so long is quiet. */
  readonly quietAfterMs: number;
  /** A quiet call is fresh so long; one that settles is at most. */
  readonly quietMs: number;
  /** A quiet call is fresh so long once its month is over. */
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
/** `Date` counts whole seconds: traces asked nearer to each other than this were asked at the same time. Unit: ms. */
export const DATE_RESOLUTION_MS = 1_000;
/** Records of a month may be written so long after its end. Unit: ms. */
const LATE_RECORDS_MS = 86_400_000;
/** What is incomplete, or not found, is asked again after this share of its age … */
const SHARE_OF_AGE = 0.1;
/** … but not sooner than this. Unit: ms. */
const LEAST_NOT_FOUND_MS = 1_000;

/** What a life depends on. */
export type Dated = Pick<CallTrace, 'key' | 'records' | 'askedAt' | 'timesNotFound' | 'notes'>;

/** How long a trace holds: the one judgement of age in the gateway. Source: design, "The life of a trace". */
export function lifeOf(trace: Dated, rules: LifeRules): Life {
  const { settledMs, keepSettledMs, openMs, keepOpenMs, quietMs, quietPastMonthMs, maxNotFoundMs } = rules;
  const reason = reasonOf(trace, rules);
  const holdsFor = (freshMs: number, usableMs: number, keepMs = Math.max(freshMs, usableMs)): Life => ({
    reason,
    freshFrom: trace.askedAt - MAX_AHEAD_MS,
    freshUntil: trace.askedAt + freshMs,
    usableUntil: trace.askedAt + usableMs,
    keepUntil: trace.askedAt + keepMs,
  });
  if (reason === 'settled') return holdsFor(settledMs, keepSettledMs);
  if (reason === 'settling')
    return holdsFor(Math.max(openMs, Math.min(ageMs(trace, rules) * SHARE_OF_AGE, quietMs)), keepOpenMs);
  if (reason === 'open') return holdsFor(openMs, keepOpenMs);
  const isPastMonth = rules.monthBoundsOf(trace.key).endsAt + LATE_RECORDS_MS + rules.settleMs <= trace.askedAt;
  if (reason === 'quiet') return holdsFor(isPastMonth ? quietPastMonthMs : quietMs, keepSettledMs);
  const notFoundMs = isPastMonth ? settledMs : notFoundMsOf(trace, rules);
  return holdsFor(notFoundMs, -Infinity, notFoundMs + maxNotFoundMs); // kept longer: it tells how often it was so
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

function notFoundMsOf({ key, askedAt, timesNotFound }: Dated, { notFoundMs, maxNotFoundMs }: LifeRules): number {
  const doubledMs = Math.min(notFoundMs * 2 ** Math.max(0, timesNotFound - 1), Math.max(notFoundMs, maxNotFoundMs));
  const startedAt = callIdStartedAt(key.callId);
  if (startedAt === null || !isPlausible(startedAt, askedAt)) return doubledMs;
  return Math.min(doubledMs, Math.max(LEAST_NOT_FOUND_MS, (askedAt - startedAt) * SHARE_OF_AGE));
}

/** Time between the last sign of life and the question, whichever came first: an end in the future is a wrong clock's. */
function ageMs({ key, records, askedAt }: Dated, { monthBoundsOf }: LifeRules): number {
  const latest = lastInstant(records);
  if (latest !== null) return Math.abs(askedAt - latest);
  return Math.max(0, askedAt - (callIdStartedAt(key.callId) ?? monthBoundsOf(key).endsAt));
}

/** Whether a number between 1 and the highest is missing; those before the lowest may lie in the month before. */
function hasHole({ key, records }: Dated, rules: LifeRules): boolean {
  const counted = records.map(({ callIdNum }) => callIdNum).filter((number) => number >= 1);
  const numbers = [...new Set(counted)].sort((a, b) => a - b);
  const [lowest = 1] = numbers;
  const first = rules.edgeMs > 0 && mayBeginBefore(key, records, rules) ? lowest : 1;
  return numbers.length <= (numbers.at(-1) ?? 0) - first;
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

/** The rank of a trace. */
export function rankOf({ askedAt, records }: Dated, { reason }: Pick<Life, 'reason'>): TraceRank {
  return { askedAt, completeness: completenessOf(records), settled: reason === 'settled' };
}

/** How much records tell: the more legs and ends, the more; a final CDR more than all others together. 0: none. */
export function completenessOf(records: readonly CallDetailRecord[]): number {
  let completeness = 0;
  for (const { callIdNum, callEnd } of records)
    completeness += (callEnd === null ? 2 : 3) + (callIdNum === FINAL_CDR ? 1_000_000 : 0);
  return completeness;
}

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

/** A held trace as an answer in place of a newer one. */
export function asStale(trace: CallTrace): CallTrace {
  return { ...trace, stale: true };
}

/**
 * The one that counts: an answer just had, counting on from what is held, or what is held. That is marked stale if it is
 * no longer fresh, or a settled call that the answer says there is none of any more. `now`: the clock that dates traces.
 */
export function betterOf(
  answer: CallTrace,
  held: CallTrace | null | undefined,
  lifeOf: (trace: Dated) => Life,
  now: number,
): CallTrace {
  if (!held) return answer;
  const life = lifeOf(held);
  if (life.keepUntil <= now) return answer;
  const counted = following(answer, held);
  if (supersedes(rankOf(counted, lifeOf(counted)), rankOf(held, life), now)) return counted;
  const isDoubted = answer.records.length === 0 && answer.askedAt > held.askedAt;
  return isFresh(life, now) && !isDoubted ? held : asStale(held);
}
