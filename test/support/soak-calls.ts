import { traceOf } from '../../simulator/trace.js';
import type { FaultName } from '../../simulator/fault-names.js';
import { FINAL, type TraceRecord } from '../../simulator/trace-record.js';
import type { Lot } from './soak-lot.js';

/** A call of the soak, as a client names it, and what is special about it. */
export interface SoakKey {
  readonly vdn: number;
  readonly callId: string;
  /** Other stories are told of this call now and then. */
  readonly storied: boolean;
  /** It lies across the end of a month. */
  readonly crossesMonthEnd: boolean;
  /** It may go on while the soak runs. */
  readonly live: boolean;
}

/** Number, device, begin and end of the call there, reason for leaving. */
export type SoakLeg = readonly [number, string | null, string | null, string | null, number | null];

/** All calls of a soak but the live ones. */
export const KEYS = 4_000;
/** Those that are asked for half of the time. */
export const HOT_KEYS = 40;

/** 2025-06-15T08:00:00Z. Unit: seconds since 1970-01-01 UTC. */
const FIRST_START = 1_749_974_400;
/** 2025-06-30T23:59:30Z, so that calls lie across the end of a month. Unit: seconds since 1970-01-01 UTC. */
const EDGE_START = 1_751_327_970;
/** The number of the story that lies across the end of a month. */
const CROSSES_MONTH_END = 11;
/** Every call in so many is set apart for other stories. */
const STORY_EVERY = 25;
const HALF_MONTH_MS = 15 * 86_400_000;
/** Live calls began at most so long ago. Unit: seconds. */
const LIVE_SECONDS = 120;
const LIVE_STORIES = 9;
/** The simulator's, for the fault `unknown-codes`. */
const UNKNOWN_CODE = 9999;

/**
 * Faults under which the contact centre tells another story, not a broken one, so that nobody could tell that it is not
 * true: what it makes of the legs. They meet the calls that are set apart for them.
 */
export const OTHER_STORIES: Partial<Record<FaultName, (legs: readonly SoakLeg[]) => readonly SoakLeg[] | null>> = {
  'desc-null': () => null,
  'unknown-codes': (legs) => legs.map(([number, device, begin, end]) => [number, device, begin, end, UNKNOWN_CODE]),
  'two-final-legs': (legs) => legs.map((leg) => (leg[0] === FINAL ? aSecondLonger(leg) : leg)),
  'no-final-leg': (legs) => legs.filter(([number]) => number !== FINAL),
  'negative-times': (legs) => legs.map(([number, device, , , reason]) => [number, device, null, null, reason]),
  'wrong-types': (legs) => legs.map(([number, device, , end, reason]) => [number, device, null, end, reason]),
};

/** The call in this place: every story of the simulator, over some VDNs, calls that are never found among them. */
export function keyOf(index: number): SoakKey {
  const number = index % 50 === 0 ? 404 : (index % 12) + 1;
  const crossesMonthEnd = number === CROSSES_MONTH_END;
  const key = {
    vdn: 170 + (index % 7),
    callId: `${crossesMonthEnd ? EDGE_START : FIRST_START + index}-${number}`,
    crossesMonthEnd,
    live: false,
  };
  // Calls that are over, in one month: of others the simulator's stories are none of these.
  const isOver = legsAt(key, Infinity)?.some(([callIdNum]) => callIdNum === FINAL) === true;
  return { ...key, storied: index % STORY_EVERY === 7 && isOver && !crossesMonthEnd };
}

/** A call that began a while ago and may still go on. `now` in ms since 1970-01-01 UTC. */
export function liveKey(lot: Lot, now: number): SoakKey {
  const startedAt = Math.floor(now / 1_000) - lot.below(LIVE_SECONDS);
  return {
    vdn: 190,
    callId: `${startedAt}-${lot.below(LIVE_STORIES) + 1}`,
    storied: false,
    crossesMonthEnd: false,
    live: true,
  };
}

/**
 * What the contact centre has of a call at an instant (ms since 1970-01-01 UTC), in all months, in the order in which the
 * graph shows it; null if nothing.
 */
export function legsAt({ vdn, callId }: Pick<SoakKey, 'vdn' | 'callId'>, at: number): SoakLeg[] | null {
  const startedAt = Number(callId.split('-', 1)[0]) * 1_000;
  const world = { seed: 1, timeZone: 'UTC', now: at };
  const records = new Map<number, TraceRecord>();
  for (const logDate of [startedAt, startedAt + HALF_MONTH_MS]) {
    for (const one of traceOf({ ccId: 1, vdn, callId, logDate }, world)) records.set(one.callIdNum, one);
  }
  if (records.size === 0) return null;
  const rank = (number: number): number => (number === FINAL ? Infinity : number);
  return [...records.values()]
    .sort((a, b) => rank(a.callIdNum) - rank(b.callIdNum))
    .map((one) => [one.callIdNum, one.deviceNo, instant(one.callBegin), instant(one.callEnd), one.leaveReason]);
}

function aSecondLonger([number, device, begin, end, reason]: SoakLeg): SoakLeg {
  return [number, device, begin, instant((end === null ? 0 : Date.parse(end)) + 1_000), reason];
}

function instant(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
