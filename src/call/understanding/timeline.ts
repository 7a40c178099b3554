import type { Leg } from './legs.js';
import type { Stay } from './phases.js';
import type { CallPeriod } from './period.js';
import type { CallTotals, Hold, TimelinePiece } from './understanding.js';
import { CUSTOMER_STATES, type CustomerState } from './vocabulary.js';

/** At most this many earlier legs, which already lasted when a piece began, are listed in it: a piece must not list thousands. */
const MAX_LASTING_LEGS = 16;

/**
 * Returns what the customer met from the start of a call to its end: cut wherever a stay begins or ends, each piece what
 * weighs most in it. Empty for a call without times. A call of no length is one piece of no length.
 */
export function createTimeline(
  legs: readonly Leg[],
  holds: readonly Hold[],
  period: CallPeriod,
): readonly TimelinePiece[] {
  const { startedAt, until } = period;
  if (startedAt === null || until === null) return [];
  const stays = legs.flatMap(({ part, stays: own }) => (part === 'CUSTOMER' ? own : []));
  for (const hold of holds)
    stays.push({ state: 'HOLD', from: hold.startedAt, to: hold.endedAt ?? until, leg: hold.from });
  if (startedAt === until) return [pieceOfNoLength(stays, startedAt)];
  return cut(stays, startedAt, until);
}

interface OpenPiece extends TimelinePiece {
  to: number;
  readonly legs: number[];
}

function cut(stays: readonly Stay[], startedAt: number, until: number): readonly TimelinePiece[] {
  const begins = stays.filter(({ from, to }) => to > from).sort((a, b) => a.from - b.from);
  const ends = [...begins].sort((a, b) => a.to - b.to);
  const open = CUSTOMER_STATES.map((state) => ({ state, stays: new Set<Stay>() }));
  const byState = new Map(open.map((one) => [one.state, one.stays]));
  const pieces: OpenPiece[] = [];
  let [begun, ended] = [0, 0];
  for (let from = startedAt; from < until;) {
    for (let stay = ends[ended]; stay !== undefined && stay.to <= from; stay = ends[++ended])
      byState.get(stay.state)?.delete(stay);
    const firstBegun = begun;
    for (let stay = begins[begun]; stay !== undefined && stay.from <= from; stay = begins[++begun])
      byState.get(stay.state)?.add(stay);
    const to = Math.min(begins[begun]?.from ?? until, ends[ended]?.to ?? until, until);
    const weightiest = open.find((one) => one.stays.size > 0);
    const state = weightiest?.state ?? 'UNACCOUNTED';
    const last = pieces.at(-1);
    const isSame = last?.state === state;
    const piece = isSame ? last : { state, from, to, legs: weightiest ? legsLasting(weightiest.stays, from) : [] };
    if (!isSame) pieces.push(piece);
    piece.to = to;
    for (let index = firstBegun; index < begun; index++) {
      const stay = begins[index];
      if (stay?.state === state) piece.legs.push(stay.leg);
    }
    from = to;
  }
  for (const { legs } of pieces) legs.sort((a, b) => a - b);
  return pieces;
}

/** The first of the stays that had begun before an instant. */
function legsLasting(open: Iterable<Stay>, at: number): number[] {
  const named: number[] = [];
  for (const { from, leg } of open) {
    if (from >= at || named.length === MAX_LASTING_LEGS) break; // in order of their begins
    named.push(leg);
  }
  return named;
}

function pieceOfNoLength(stays: readonly Stay[], at: number): TimelinePiece {
  const there = stays.filter(({ from }) => from === at);
  const state = CUSTOMER_STATES.find((one) => there.some((stay) => stay.state === one)) ?? 'UNACCOUNTED';
  const legs = there.filter((stay) => stay.state === state).map(({ leg }) => leg);
  return { state, from: at, to: at, legs };
}

const TOTAL_OF = {
  IVR: 'ivrMs',
  ROUTING: 'routingMs',
  QUEUE: 'queueMs',
  RINGING: 'ringingMs',
  TALKING: 'talkingMs',
  HOLD: 'holdMs',
  CONFERENCE: 'conferenceMs',
  OUTSIDE: 'outsideMs',
  UNACCOUNTED: 'unaccountedMs',
} as const satisfies Readonly<Record<CustomerState, keyof CallTotals>>;

/** Returns the sums of a timeline. */
export function totalsOf(timeline: readonly TimelinePiece[]): CallTotals {
  const totals = {
    durationMs: 0,
    ivrMs: 0,
    routingMs: 0,
    queueMs: 0,
    ringingMs: 0,
    talkingMs: 0,
    holdMs: 0,
    conferenceMs: 0,
    outsideMs: 0,
    unaccountedMs: 0,
  };
  for (const { state, from, to } of timeline) {
    totals[TOTAL_OF[state]] += to - from;
    totals.durationMs += to - from;
  }
  return totals;
}
