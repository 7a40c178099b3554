import type { Call, Leg, Participant, TimelinePiece } from '../graph/answer.js';

/** A stretch of time on a lane. Unit: ms since 1970-01-01 UTC. */
export interface Bar {
  readonly from: number;
  readonly to: number;
  /** A state of the customer; `CONSULT`: agents among themselves; `PRESENT`: the leg lasted, whatever it was. */
  readonly state: string;
  /** Position of the leg; null: of none. */
  readonly leg: number | null;
}

/** What one participant's time went into, in the order of time. */
export interface Lane {
  readonly participant: Participant;
  /** The stay of the call at each leg. */
  readonly stays: readonly Bar[];
  /** Those of which something is seen behind `bars`. */
  readonly seen: readonly Bar[];
  readonly bars: readonly Bar[];
}

/** Returns a lane for each participant. Linear in legs and pieces. */
export function lanesOf(call: Pick<Call, 'participants' | 'timeline' | 'legs'>): Lane[] {
  const { participants = [], timeline = [], legs = [] } = call;
  const piecesOf = piecesByLeg(timeline);
  return participants.map((participant) =>
    participant.role === 'CUSTOMER'
      ? { participant, stays: [], seen: [], bars: customerBars(timeline) }
      : laneOf(participant, legs, piecesOf),
  );
}

/** Returns what is drawn in the row of each leg. Those of no participant are there, too. */
export function rowBarsOf({ timeline = [], legs = [] }: Pick<Call, 'timeline' | 'legs'>): readonly LegBars[] {
  const piecesOf = piecesByLeg(timeline);
  return legs.map((leg) => {
    const bars = barsOf(leg, leg.deviceType === 'AGENT', piecesOf);
    return { stay: stayOf(leg).filter((stay) => !isCovered(stay, bars)), bars };
  });
}

/** Whether nothing of a bar would be seen behind others, of which no two are at once. */
function isCovered(behind: Bar, bars: readonly Bar[]): boolean {
  const common = bars.map(({ from, to }) => Math.min(to, behind.to) - Math.max(from, behind.from));
  return common.reduce((sum, ms) => sum + Math.max(0, ms), 0) >= behind.to - behind.from;
}

/** How long the call stayed at a leg, as far as `bars` leave it to be seen, and what the time went into. */
export interface LegBars {
  readonly stay: readonly Bar[];
  readonly bars: readonly Bar[];
}

function piecesByLeg(timeline: readonly TimelinePiece[]): ReadonlyMap<number, TimelinePiece[]> {
  const piecesOf = new Map<number, TimelinePiece[]>();
  for (const piece of timeline)
    for (const leg of piece.legs) {
      const known = piecesOf.get(leg);
      if (known) known.push(piece);
      else piecesOf.set(leg, [piece]);
    }
  return piecesOf;
}

/** What the customer met, as bars. */
export function customerBars(timeline: readonly TimelinePiece[]): Bar[] {
  return timeline.map(({ from, to, state, legs }) => ({ ...span(from, to), state, leg: legs[0] ?? null }));
}

function laneOf(participant: Participant, legs: readonly Leg[], piecesOf: ReadonlyMap<number, TimelinePiece[]>): Lane {
  const own = participant.legs.flatMap((position) => legs[position - 1] ?? []);
  const drawn = own.map((leg) => ({ stays: stayOf(leg), bars: barsOf(leg, participant.times !== null, piecesOf) }));
  return {
    participant,
    stays: drawn.flatMap(({ stays }) => stays),
    seen: drawn.flatMap(({ stays, bars }) => stays.filter((stay) => !isCovered(stay, bars))),
    bars: drawn.flatMap(({ bars }) => bars).sort((a, b) => a.from - b.from),
  };
}

/** None if a time is missing. */
function stayOf({ startedAt, endedAt, position }: Leg): Bar[] {
  return startedAt && endedAt ? [{ ...span(startedAt, endedAt), state: 'PRESENT', leg: position }] : [];
}

/** What the customer met at a leg; at an agent without the customer, what the agent did. */
function barsOf(leg: Leg, isAgent: boolean, piecesOf: ReadonlyMap<number, TimelinePiece[]>): Bar[] {
  const pieces = piecesOf.get(leg.position);
  if (!pieces) return isAgent ? consultBars(leg) : [];
  return pieces
    .map(({ from, to, state }) => ({ ...within(span(from, to), state, leg), state, leg: leg.position }))
    .filter(({ from, to }) => from <= to);
}

/**
 * The part of a piece for which a leg was there: several legs share one, and one of them may have come later. A hold goes
 * on after the leg that held.
 */
function within({ from, to }: { from: number; to: number }, state: string, leg: Leg): { from: number; to: number } {
  if (state === 'HOLD') return { from, to };
  const isTalk = state === 'TALKING' || state === 'CONFERENCE';
  const begin = (isTalk ? leg.callBegin : null) ?? leg.startedAt;
  return {
    from: begin ? Math.max(from, Date.parse(begin)) : from,
    to: leg.endedAt ? Math.min(to, Date.parse(leg.endedAt)) : to,
  };
}

/** An agent's leg on which the customer was not. */
function consultBars({ ackBegin, callBegin, callEnd, position }: Leg): Bar[] {
  const bars: Bar[] = [];
  if (ackBegin && callBegin) bars.push({ ...span(ackBegin, callBegin), state: 'RINGING', leg: position });
  if (callBegin && callEnd) bars.push({ ...span(callBegin, callEnd), state: 'CONSULT', leg: position });
  return bars.filter(({ from, to }) => from <= to);
}

function span(from: string, to: string): { from: number; to: number } {
  return { from: Date.parse(from), to: Date.parse(to) };
}
