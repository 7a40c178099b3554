import type { Leg } from './legs.js';
import type { Stay } from './phases.js';
import type { CallSpan } from './span.js';
import {
  CUSTOMER_STATES,
  type CallTotals,
  type CustomerState,
  type Hold,
  type TimelinePiece,
} from './understanding.js';

/** So many legs are named of those that already lasted when a piece began: a piece must not name thousands. */
const MAX_LASTING_LEGS = 16;

/**
 * Returns what the customer met from the start of a call to its end: cut wherever a stay begins or ends, each piece what
 * weighs most in it. Empty for a call without times. A call of no length is one piece of no length.
 */
export function createTimeline(legs: readonly Leg[], holds: readonly Hold[], span: CallSpan): readonly TimelinePiece[] {
  const { startedAt, until } = span;
  if (startedAt === null || until === null) return [];
  const stays = legs
    .filter(({ part }) => part === 'CUSTOMER')
    .flatMap((leg) => leg.stays.map((stay) => ({ ...stay, leg: leg.position })));
  for (const hold of holds)
    stays.push({ state: 'HOLD', from: hold.startedAt, to: hold.endedAt ?? until, leg: hold.from });
  if (startedAt === until) return [pieceOfNoLength(stays, startedAt)];
  return cut(stays, startedAt, until);
}

interface LegStay extends Stay {
  readonly leg: number;
}
interface OpenPiece extends TimelinePiece {
  to: number;
  readonly legs: number[];
}

function cut(stays: readonly LegStay[], startedAt: number, until: number): readonly TimelinePiece[] {
  const edges = stays
    .filter(({ from, to }) => to > from)
    .flatMap((stay) => [
      { at: stay.from, stay, begins: true },
      { at: stay.to, stay, begins: false },
    ])
    .sort((a, b) => a.at - b.at || a.stay.leg - b.stay.leg);
  const open = new Map<CustomerState, Set<LegStay>>(CUSTOMER_STATES.map((state) => [state, new Set()]));
  const pieces: OpenPiece[] = [];
  let index = 0;
  for (let from = startedAt; from < until;) {
    const begun: LegStay[] = [];
    for (let edge = edges[index]; edge !== undefined && edge.at <= from; edge = edges[++index]) {
      const { stay, begins } = edge;
      if (begins) begun.push(stay);
      if (begins) open.get(stay.state)?.add(stay);
      else open.get(stay.state)?.delete(stay);
    }
    const to = Math.min(edges[index]?.at ?? until, until);
    const state = CUSTOMER_STATES.find((one) => open.get(one)?.size) ?? 'UNACCOUNTED';
    const last = pieces.at(-1);
    if (last?.state === state) {
      last.to = to;
      last.legs.push(...begun.filter((stay) => stay.state === state).map(({ leg }) => leg));
    } else pieces.push({ state, from, to, legs: legsNamed(open.get(state) ?? [], begun) });
    from = to;
  }
  return pieces.map((piece) => ({ ...piece, legs: inOrder(piece.legs) }));
}

/** Of the stays that are open in a state: those that begin now, and the first of those that lasted before. */
function legsNamed(open: Iterable<LegStay>, begun: readonly LegStay[]): number[] {
  const named: number[] = [];
  const isNew = new Set(begun);
  let lasting = 0;
  for (const stay of open) {
    if (!isNew.has(stay) && ++lasting > MAX_LASTING_LEGS) break;
    named.push(stay.leg);
  }
  return named;
}

function pieceOfNoLength(stays: readonly LegStay[], at: number): TimelinePiece {
  const state = CUSTOMER_STATES.find((one) => stays.some((stay) => stay.state === one)) ?? 'UNACCOUNTED';
  const legs = stays.filter((stay) => stay.state === state).map(({ leg }) => leg);
  return { state, from: at, to: at, legs: inOrder(legs) };
}

function inOrder(legs: readonly number[]): readonly number[] {
  return [...new Set(legs)].sort((a, b) => a - b);
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
