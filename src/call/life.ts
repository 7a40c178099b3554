import { isPlausible } from './instant.js';
import { callIdStartedAt, type TraceKey } from './key.js';
import { finalRecord, firstInstant, lastInstant, type CallDetailRecord, type CallTrace } from './trace.js';

/** How long traces stay fresh and usable. Unit of all times: ms. */
export interface LifeRules {
  /** How long a settled call is fresh; so is "not found" in a month long over. */
  readonly settledMs: number;
  /** How long a settled or quiet call is usable as a stale answer. */
  readonly keepSettledMs: number;
  /** The shortest time between the end of a call and its being settled. */
  readonly settleMs: number;
  /** How long a call in progress is fresh; the least for a settling call. */
  readonly openMs: number;
  /** How long any other call with records is usable as a stale answer. */
  readonly keepOpenMs: number;
  /** An incomplete call without a new instant for this long is quiet. */
  readonly quietAfterMs: number;
  /** How long a quiet call is fresh; the most for a settling call. */
  readonly quietMs: number;
  /** How long a quiet call is fresh once its month is over. */
  readonly quietPastMonthMs: number;
  /** How long the first "not found" is fresh; each further one in a row doubles it … */
  readonly notFoundMs: number;
  /** … up to this. */
  readonly maxNotFoundMs: number;
  /** How near to the start of a month a call may have begun in the month before, if its ID has no time. */
  readonly edgeMs: number;
  /** The first instant of a key's month, and the first after it. Unit: ms since 1970-01-01 UTC. */
  readonly monthBoundsOf: (key: TraceKey) => { readonly startsAt: number; readonly endsAt: number };
}

/**
 * The state of a call, which decides its freshness. `settled`: it will not change any more. `settling`: it is over, but
 * recent or incomplete. `open`: it is in progress. `quiet`: it is incomplete and has not changed for long. `not-found`.
 */
export type LifeReason = 'settled' | 'settling' | 'open' | 'quiet' | 'not-found';

/** How long a trace stays fresh and usable. Unit of all instants: ms since 1970-01-01 UTC, by the clock that dates traces. */
export interface Life {
  readonly reason: LifeReason;
  /** Before this the trace is dated in the future, by a wrong clock, and is not fresh. */
  readonly freshFrom: number;
  /** Until then it is fresh: the caches answer with it. */
  readonly freshUntil: number;
  /** Until then it is usable as a stale answer if the upstream fails (stale-if-error). -Infinity: never. */
  readonly usableUntil: number;
  /** Until then the caches keep it. */
  readonly keepUntil: number;
}

/** A trace dated further ahead than this counts as older than any trace fetched now. Unit: ms. */
export const MAX_AHEAD_MS = 60_000;
/** How long after the end of a month its records may still be written. Unit: ms. */
const LATE_RECORDS_MS = 86_400_000;
/** An incomplete or missing call is fetched again after this share of its age … */
const SHARE_OF_AGE = 0.1;
/** … but a missing one not sooner than this. Unit: ms. */
const LEAST_NOT_FOUND_MS = 1_000;

/** The fields of a trace that decide its life. */
export type Dated = Pick<CallTrace, 'key' | 'records' | 'askedAt' | 'timesNotFound' | 'notes'>;

/** Returns how long a trace stays fresh and usable. All freshness decisions of the gateway come from here. */
export function lifeOf(trace: Dated, rules: LifeRules): Life {
  const { settledMs, keepSettledMs, openMs, keepOpenMs, quietMs, quietPastMonthMs, maxNotFoundMs } = rules;
  const reason = reasonOf(trace, rules);
  const lifeFor = (freshMs: number, usableMs: number, keepMs = Math.max(freshMs, usableMs)): Life => ({
    reason,
    freshFrom: trace.askedAt - MAX_AHEAD_MS,
    freshUntil: trace.askedAt + freshMs,
    usableUntil: trace.askedAt + usableMs,
    keepUntil: trace.askedAt + keepMs,
  });
  if (reason === 'settled') return lifeFor(settledMs, keepSettledMs);
  if (reason === 'settling')
    return lifeFor(Math.max(openMs, Math.min(ageMs(trace, rules) * SHARE_OF_AGE, quietMs)), keepOpenMs);
  if (reason === 'open') return lifeFor(openMs, keepOpenMs);
  const isPastMonth = rules.monthBoundsOf(trace.key).endsAt + LATE_RECORDS_MS + rules.settleMs <= trace.askedAt;
  if (reason === 'quiet') return lifeFor(isPastMonth ? quietPastMonthMs : quietMs, keepSettledMs);
  const notFoundMs = isPastMonth ? settledMs : notFoundMsOf(trace, rules);
  return lifeFor(notFoundMs, -Infinity, notFoundMs + maxNotFoundMs); // kept longer to remember timesNotFound
}

/** Whether a trace is fresh. `now` in ms since 1970-01-01 UTC. */
export function isFresh(life: Pick<Life, 'freshFrom' | 'freshUntil'>, now: number): boolean {
  return life.freshFrom <= now && now < life.freshUntil;
}

/** Whether a trace is usable as a stale answer. `now` in ms since 1970-01-01 UTC. */
export function isUsable({ usableUntil }: Pick<Life, 'usableUntil'>, now: number): boolean {
  return now < usableUntil;
}

function reasonOf(trace: Dated, rules: LifeRules): LifeReason {
  const { records, askedAt, notes } = trace;
  if (records.length === 0) return 'not-found';
  const isOver = finalRecord(records) !== null;
  const allEnded = records.every(({ callEnd }) => callEnd !== null);
  const isComplete = isOver && allEnded && !notes.neighbourLegsMissing && !hasHole(trace, rules);
  if (isComplete && records.every(({ callEnd }) => (callEnd ?? 0) + rules.settleMs <= askedAt)) return 'settled';
  if (!isComplete && ageMs(trace, rules) >= rules.quietAfterMs) return 'quiet';
  return isOver ? 'settling' : 'open';
}

function notFoundMsOf({ key, askedAt, timesNotFound }: Dated, { notFoundMs, maxNotFoundMs }: LifeRules): number {
  const doubledMs = Math.min(notFoundMs * 2 ** Math.max(0, timesNotFound - 1), Math.max(notFoundMs, maxNotFoundMs));
  const startedAt = callIdStartedAt(key.callId);
  if (startedAt === null || !isPlausible(startedAt, askedAt)) return doubledMs;
  return Math.min(doubledMs, Math.max(LEAST_NOT_FOUND_MS, (askedAt - startedAt) * SHARE_OF_AGE));
}

/** Returns the time between the latest instant of a call and `askedAt`; never negative, since an instant in the future comes from a wrong clock. */
function ageMs({ key, records, askedAt }: Dated, { monthBoundsOf }: LifeRules): number {
  const latest = lastInstant(records);
  if (latest !== null) return Math.abs(askedAt - latest);
  return Math.max(0, askedAt - (callIdStartedAt(key.callId) ?? monthBoundsOf(key).endsAt));
}

/** Whether a CDR number between 1 and the highest is missing; those before the lowest may lie in the month before. */
function hasHole({ key, records }: Dated, rules: LifeRules): boolean {
  const counted = records.map(({ callIdNum }) => callIdNum).filter((number) => number >= 1);
  const numbers = [...new Set(counted)].sort((a, b) => a - b);
  const [lowest = 1] = numbers;
  const first = rules.edgeMs > 0 && mayBeginBefore(key, records, rules) ? lowest : 1;
  return numbers.length <= (numbers.at(-1) ?? 0) - first;
}

/** Whether a call may have begun before its month, by the time at the head of its ID, or else by its first leg. */
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
