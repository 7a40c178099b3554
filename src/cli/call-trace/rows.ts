import type { Leg, PicturedCall } from './call.js';
import { shortDuration, type Words } from './words.js';

/** A stretch of a row. Unit: ms since the start of the call. */
export interface Segment {
  /** A state of the timeline; CONSULTED or LISTENED for agents without the customer. */
  readonly state: string;
  readonly from: number;
  readonly to: number;
}

/** A line of the picture: a leg, or what no record tells. */
export interface Row {
  /** Position of the leg; null where it is none. */
  readonly position: number | null;
  readonly label: string;
  /** In order, none over another. */
  readonly segments: readonly Segment[];
  /** When it began, if it has no length. Unit: ms since the start of the call; null if it has a length or no time. */
  readonly instant: number | null;
  readonly notes: readonly string[];
}

/** Returns the lines of the picture, in the order of the legs. `startedAt`: ms since 1970-01-01 UTC. */
export function rowsOf(call: PicturedCall, startedAt: number, words: Words): Row[] {
  const met = segmentsByLeg(call, startedAt);
  const parts = partsByLeg(call);
  const rows = call.legs.map((leg): Row => {
    const part = parts.get(leg.position) ?? { role: 'UNKNOWN', deviceId: null, asked: null };
    const segments = segmentsOf(leg, met.get(leg.position) ?? [], part, startedAt);
    return {
      position: leg.position,
      label: labelOf(part, words),
      segments,
      instant: segments.length === 0 && leg.startedAt !== null ? Date.parse(leg.startedAt) - startedAt : null,
      notes: [
        ...durations(segments, part.role, words),
        ...timeNotes(leg, segments, words),
        ...endNotes(call, leg, part, words),
      ],
    };
  });
  const unaccounted = met.get(null) ?? [];
  if (unaccounted.length === 0) return rows;
  const label = words.states['UNACCOUNTED'] ?? '';
  const notes = durations(unaccounted, 'UNACCOUNTED', words);
  return [...rows, { position: null, label, segments: unaccounted, instant: null, notes }];
}

/** What somebody was on one leg. */
interface Part {
  readonly role: string;
  readonly deviceId: string | null;
  /** `CONSULT` or `HELP` if another agent asked this one. */
  readonly asked: string | null;
}

function partsByLeg({ participants, links }: PicturedCall): Map<number, Part> {
  const asked = new Map(links.flatMap(({ kind, to }) => (['CONSULT', 'HELP'].includes(kind) ? [[to, kind]] : [])));
  const devices = participants.filter(({ role }) => role !== 'CUSTOMER');
  return new Map(
    devices.flatMap(({ role, deviceId, legs }) =>
      legs.map((leg): [number, Part] => [leg, { role, deviceId, asked: asked.get(leg) ?? null }]),
    ),
  );
}

/** The customer's timeline, by the legs that tell of it; null: told by none. */
function segmentsByLeg({ timeline, legs: all }: PicturedCall, startedAt: number): Map<number | null, Segment[]> {
  const byLeg = new Map<number | null, Segment[]>();
  const legAt = new Map(all.map((leg) => [leg.position, leg]));
  for (const { state, from, to, legs } of timeline) {
    const segment = { state, from: Date.parse(from) - startedAt, to: Date.parse(to) - startedAt };
    for (const position of legs.length === 0 ? [null] : legs) {
      const leg = legs.length > 1 && position !== null ? legAt.get(position) : undefined;
      const own = leg === undefined ? segment : within(segment, leg, startedAt);
      if (own.to <= own.from) continue;
      const segments = byLeg.get(position);
      if (segments === undefined) byLeg.set(position, [own]);
      else segments.push(own);
    }
  }
  return byLeg;
}

/** The share of one leg in what several legs tell of, one after the other or at once. A hold goes on after the leg that held. */
function within(segment: Segment, { startedAt: legStart, callBegin, endedAt }: Leg, startedAt: number): Segment {
  if (segment.state === 'HOLD') return segment;
  const begin = CONNECTED.has(segment.state) ? (callBegin ?? legStart) : legStart;
  if (begin === null) return { ...segment, to: segment.from };
  const end = endedAt === null ? segment.to : Date.parse(endedAt) - startedAt;
  return { ...segment, from: Math.max(segment.from, Date.parse(begin) - startedAt), to: Math.min(segment.to, end) };
}

/** States in which the leg's device is connected. */
const CONNECTED: ReadonlySet<string> = new Set(['TALKING', 'CONFERENCE', 'OUTSIDE', 'IVR']);

/** What the customer met there, and beside it what the device did while the customer was elsewhere. */
function segmentsOf(leg: Leg, met: readonly Segment[], part: Part, startedAt: number): Segment[] {
  const own = ownStretches(leg, part, met.length === 0).flatMap(({ state, from, to }) => {
    if (from === null || to === null) return [];
    return outside({ state, from: Date.parse(from) - startedAt, to: Date.parse(to) - startedAt }, met);
  });
  return [...met, ...own].sort((a, b) => a.from - b.from);
}

/** States of devices that are no people, by role. */
const MACHINES: Readonly<Record<string, string>> = {
  QUEUE: 'QUEUE',
  IVR: 'IVR',
  ROUTER: 'ROUTING',
  CONFERENCE: 'CONFERENCE',
  OUTSIDE: 'OUTSIDE',
};

interface Stretch {
  readonly state: string;
  readonly from: string | null;
  readonly to: string | null;
}

/** What a device did by its own times. `isApart`: the customer was never with it. */
function ownStretches(leg: Leg, { role }: Part, isApart: boolean): Stretch[] {
  const machine = MACHINES[role];
  if (machine !== undefined) return [{ state: machine, from: leg.startedAt, to: leg.endedAt }];
  const connected = role === 'MONITOR' ? 'LISTENED' : 'CONSULTED';
  return [
    { state: 'QUEUE', from: leg.waitBegin, to: leg.ackBegin },
    { state: 'RINGING', from: leg.ackBegin, to: leg.callBegin ?? leg.callEnd },
    ...(isApart && role !== 'UNKNOWN' ? [{ state: connected, from: leg.callBegin, to: leg.callEnd }] : []),
  ];
}

/** The parts of a segment that lie in no other one. */
function outside(segment: Segment, others: readonly Segment[]): Segment[] {
  let rest = segment.to > segment.from ? [segment] : [];
  for (const { from, to } of others) {
    rest = rest.flatMap((piece) => {
      const before = { ...piece, to: Math.min(piece.to, from) };
      const after = { ...piece, from: Math.max(piece.from, to) };
      return [before, after].filter((part) => part.to > part.from);
    });
  }
  return rest;
}

function labelOf({ role, deviceId, asked }: Part, words: Words): string {
  const name = (asked === null ? null : words.asked[asked]) ?? words.roles[role] ?? role;
  const id = role === 'OUTSIDE' || deviceId === null ? '' : ` ${deviceId}`;
  return `${asked === null ? '' : ' '}${name}${id}`;
}

/** How long each state lasted; without its name where the label says it already. */
function durations(segments: readonly Segment[], role: string, words: Words): string[] {
  const sums = new Map<string, number>();
  for (const { state, from, to } of segments) sums.set(state, (sums.get(state) ?? 0) + to - from);
  return [...sums].map(([state, ms]) => {
    const duration = shortDuration(ms, words);
    return state === role ? duration : `${words.states[state] ?? state} ${duration}`;
  });
}

function timeNotes(leg: Leg, segments: readonly Segment[], words: Words): string[] {
  if (segments.length > 0) return [];
  if (leg.startedAt === null) return [words.noTimes];
  return [leg.endedAt === null ? words.noEnd : words.seconds(0)];
}

/** A space at which no line ends. */
const NO_BREAK = '\u00a0';

/** At the final leg, who ended the call and the code that says so. */
function endNotes({ ending }: PicturedCall, leg: Leg, part: Part, words: Words): string[] {
  if (ending === null || !leg.isLast) return [];
  const { party, agentId } = ending;
  const isOther = party === 'AGENT' && (agentId === null || agentId !== part.deviceId);
  const other = isOther ? [agentId === null ? words.anAgent : `${words.roles['AGENT'] ?? ''} ${agentId}`] : [];
  const code =
    leg.leaveReasonCode === null ? [] : [`(${leg.leaveReasonCode}${NO_BREAK}${leg.leaveReason ?? 'UNKNOWN'})`];
  return [[...other, words.ended[party] ?? party, ...code].join(' ')];
}
