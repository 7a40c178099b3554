import { finalRecord, firstInstant, lastInstant, type CallDetailRecord, type CallTrace } from './trace.js';

/** What a customer meets, the weightiest first: where several hold at once, the first of them counts. */
const PHASES = ['CONFERENCE', 'TALKING', 'OUTSIDE', 'HOLD', 'RINGING', 'QUEUE', 'IVR', 'ROUTING'] as const;
type Phase = (typeof PHASES)[number];

/** What a customer met: `OUTSIDE`, talking without a device that is known; `UNACCOUNTED`, no record tells. */
export type CustomerPhase = Phase | 'UNACCOUNTED';

/** Part of a call, from its first instant to the first after it. Unit: ms since 1970-01-01 UTC. */
export interface TimelinePiece {
  readonly phase: CustomerPhase;
  readonly from: number;
  readonly to: number;
}

/** A call as its customer met it. */
export interface CustomerTimeline {
  /** Without overlap and without gap, in order, from the start of the call to its end. None has length 0. */
  readonly pieces: readonly TimelinePiece[];
  /** The phases of which some record tells how long they took, be it 0. */
  readonly told: ReadonlySet<CustomerPhase>;
}

/** Without a final CDR, a call is in progress until its last sign of life is so long ago: hardly a shift is longer. Unit: ms. */
const IN_PROGRESS_MS = 12 * 3_600_000;

/**
 * Returns what the customer met from the start of a call to its end, or, if the end is not known, to its last sign of
 * life. In a call in progress open phases last until the trace was asked for. `startedAt`: null if no record has a begin;
 * `endedAt`: null if no final CDR tells it. Unit: ms since 1970-01-01 UTC.
 */
export function createTimeline(
  { records, askedAt }: CallTrace,
  startedAt: number | null,
  endedAt: number | null,
): CustomerTimeline {
  const latest = lastInstant(records) ?? -Infinity;
  const isInProgress = finalRecord(records) === null && askedAt - latest < IN_PROGRESS_MS;
  const startsAt = startedAt ?? Infinity;
  const knownEnd = endedAt !== null && endedAt >= startsAt ? endedAt : null;
  const endsAt = knownEnd ?? (isInProgress ? Math.max(latest, askedAt) : latest);

  const legs = records.filter((record) => isOfCustomer(record) && isInOrder(record));
  const stays = legs.flatMap((leg) => staysOf(leg, leg.callEnd ?? (isInProgress ? endsAt : null)));
  stays.push(...holdsOf(legs, endsAt));
  return { pieces: cut(stays, startsAt, endsAt), told: new Set(stays.map(({ phase }) => phase)) };
}

/** The time in some phases altogether. Null if no record tells of any of them. Unit: ms. */
export function timeIn(timeline: CustomerTimeline, ...phases: readonly CustomerPhase[]): number | null {
  if (!phases.some((phase) => timeline.told.has(phase))) return null;
  let sum = 0;
  for (const { phase, from, to } of timeline.pieces) if (phases.includes(phase)) sum += to - from;
  return sum;
}

/** A stay of the customer in one phase; stays may overlap. */
interface Stay extends TimelinePiece {
  readonly phase: Phase;
}

const CONSULTATIONS_AND_MONITORING: ReadonlySet<number | null> = new Set([15, 16, 51, 52]);
const ENTERED_BY_CONSULTATION: ReadonlySet<number | null> = new Set([38, 45]);

/** Whether a leg is the customer's: an agent who consults another, and one who listens in, are on legs of their own. */
function isOfCustomer({ callType, enterReason }: CallDetailRecord): boolean {
  return !CONSULTATIONS_AND_MONITORING.has(callType) && !ENTERED_BY_CONSULTATION.has(enterReason);
}

/**
 * Whether no phase of a leg begins before the one before it. Of a leg that does not, as when its clock was set back,
 * nothing is known. At a machine the begins mean little, and only the end must come last.
 */
function isInOrder(leg: CallDetailRecord): boolean {
  const begins = isMachine(leg) ? [firstInstant(leg)] : [leg.waitBegin, leg.ackBegin, leg.callBegin];
  const instants = [...begins, leg.callEnd].filter((instant) => instant !== null);
  return instants.every((instant, index) => index === 0 || instant >= (instants[index - 1] ?? 0));
}

/** Whether no leg was at a device with which a customer can talk to a person. */
export function metMachinesAlone(records: readonly CallDetailRecord[]): boolean {
  return records.every(isMachine);
}

const AGENT = 2;
/** How devices hold a customer, agents apart. Source: pages cec_07_0705, cec_07_2640. */
const DEVICE_PHASES: ReadonlyMap<number | null, Phase> = new Map([
  [1, 'QUEUE'],
  [3, 'IVR'],
  [5, 'OUTSIDE'], // PLATFORM_CALL: two parties talk without another device
  [7, 'ROUTING'],
  [8, 'OUTSIDE'], // VIRTUAL_DEVICE: an agent of another call centre
  [10, 'ROUTING'],
  [14, 'ROUTING'],
  [15, 'CONFERENCE'],
]);

/** Whether a leg is at a device that speaks to nobody, or with a recorded voice. */
function isMachine({ deviceType }: CallDetailRecord): boolean {
  const phase = DEVICE_PHASES.get(deviceType);
  return phase === 'QUEUE' || phase === 'IVR' || phase === 'ROUTING';
}

/** The stays of a leg that ends then; null: nobody knows when. A leg without a begin, or at another device, has none. */
function staysOf(leg: CallDetailRecord, end: number | null): Stay[] {
  const begin = firstInstant(leg);
  if (begin === null) return [];
  if (leg.deviceType === AGENT) return agentStaysOf(leg, end);
  const phase = DEVICE_PHASES.get(leg.deviceType);
  if (phase === 'OUTSIDE') return stay(phase, leg.callBegin, end);
  return stay(phase, phase === 'CONFERENCE' ? (leg.callBegin ?? begin) : begin, end);
}

/** Leave reasons of an agent who did not answer. They stand in an official table: they count more than times. */
const NOT_ANSWERED: ReadonlySet<number | null> = new Set([5, 13, 20, 22, 23, 24, 26, 27, 49, 50, 89]);

/**
 * The stays at an agent. A phase without a begin did not happen; one that did lasts until the next, or the end. An agent
 * who did not answer talked for 0 ms, and a conversation that codes deny is ringing.
 */
function agentStaysOf({ waitBegin, ackBegin, callBegin, leaveReason }: CallDetailRecord, end: number | null): Stay[] {
  const isTalk = callBegin !== null && callBegin !== end;
  const isDenied = isTalk && NOT_ANSWERED.has(leaveReason);
  const ringFrom = ackBegin ?? (isDenied ? callBegin : null);
  const talkFrom = isTalk && !isDenied ? callBegin : end;
  return [
    ...stay('QUEUE', waitBegin, ringFrom ?? talkFrom),
    ...stay('RINGING', ringFrom, talkFrom),
    ...stay('TALKING', talkFrom, end),
  ];
}

function stay(phase: Phase | undefined, from: number | null, to: number | null): Stay[] {
  return phase !== undefined && from !== null && to !== null ? [{ phase, from, to }] : [];
}

const HELD = 18;
/** Enter reasons of a leg that ends a hold: resumed, connected, retrieved, three-party conversation. */
const ENDS_HOLD: ReadonlySet<number | null> = new Set([6, 7, 9, 10]);

/** Holds: from the end of a leg that was left for one to the begin of the next leg that ends one, or to the end of the call. */
function holdsOf(legs: readonly CallDetailRecord[], endsAt: number): Stay[] {
  const resumes = legs.filter(({ enterReason }) => ENDS_HOLD.has(enterReason)).map(firstInstant);
  const resumed = resumes.filter((at) => at !== null).sort((a, b) => a - b);
  return legs
    .filter(({ leaveReason }) => leaveReason === HELD)
    .flatMap(({ callEnd }) => stay('HOLD', callEnd, resumed.find((at) => at >= (callEnd ?? 0)) ?? endsAt));
}

/** Cuts a span wherever a stay begins or ends; each piece is what weighs most in it. */
function cut(stays: readonly Stay[], startsAt: number, endsAt: number): TimelinePiece[] {
  const edges = [{ at: endsAt, phase: PHASES[0] as Phase, step: 0 }];
  for (const { phase, from, to } of stays)
    edges.push({ at: from, phase, step: 1 }, { at: Math.max(from, to), phase, step: -1 });
  edges.sort((a, b) => a.at - b.at);
  const open = new Map<Phase, number>();
  const pieces: TimelinePiece[] = [];
  let from = startsAt;
  for (const edge of edges) {
    const to = Math.min(edge.at, endsAt);
    if (to > from) {
      const phase = PHASES.find((one) => (open.get(one) ?? 0) > 0) ?? 'UNACCOUNTED';
      const last = pieces.at(-1);
      if (last?.phase === phase) pieces.splice(-1, 1, { ...last, to });
      else pieces.push({ phase, from, to });
      from = to;
    }
    open.set(edge.phase, (open.get(edge.phase) ?? 0) + edge.step);
  }
  return pieces;
}
