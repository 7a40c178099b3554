import type { CallDetailRecord } from '../trace.js';
import { reasonRule } from './reasons.js';
import type { CallPeriod } from './period.js';
import type { Readings } from './understanding.js';
import type { CustomerState } from './vocabulary.js';

/** What held a leg. */
export type Device = 'AGENT' | 'QUEUE' | 'IVR' | 'ROUTER' | 'CONFERENCE' | 'OUTSIDE' | 'UNKNOWN';

/** The part of a stay at a device that was in one state. Instants are in ms since 1970-01-01 UTC. */
export interface Stay {
  readonly state: Exclude<CustomerState, 'UNACCOUNTED'>;
  readonly from: number;
  /** Never before `from`. */
  readonly to: number;
  /** Position of the leg. */
  readonly leg: number;
}

/** What one record tells of the time at its device. */
export interface Phases {
  readonly device: Device;
  /** The earliest of its phases; null if it has none. */
  readonly begin: number | null;
  /** Its end; in a call in progress an open leg ends when it was asked for. Null: not known. */
  readonly end: number | null;
  readonly stays: readonly Stay[];
  /** When somebody answered here; null if nobody did. */
  readonly answeredAt: number | null;
  /** A phase begins before the one before it: of such a leg nothing is known. */
  readonly isReversed: boolean;
  /** Its leave reason says answered and its times not answered, or the other way round. The leave reason is believed. */
  readonly isContradicted: boolean;
}

/** Source: pages cec_07_0705, cec_07_2640. MELCAS (11) tells nothing of what the customer meets. */
const DEVICES: ReadonlyMap<number | null, Device> = new Map([
  [1, 'QUEUE'],
  [2, 'AGENT'],
  [3, 'IVR'],
  [5, 'OUTSIDE'], // PLATFORM_CALL: two parties talk without another device
  [7, 'ROUTER'], // TEMPORARY_ROUTING_DEVICE
  [8, 'OUTSIDE'], // VIRTUAL_DEVICE: an agent of another call centre
  [10, 'ROUTER'], // CDN
  [14, 'ROUTER'], // PGR
  [15, 'CONFERENCE'],
]);

/** How devices without people hold a customer, from their first time to their end, whatever ackBegin and callBegin say. */
const MACHINE_STATES: Readonly<Partial<Record<Device, Stay['state']>>> = {
  QUEUE: 'QUEUE',
  IVR: 'IVR',
  ROUTER: 'ROUTING',
};

/** Returns what a record tells of the time at its device. `leg`: its position. */
export function phasesOf(record: CallDetailRecord, leg: number, period: CallPeriod, readings: Readings): Phases {
  const device = DEVICES.get(record.deviceType) ?? 'UNKNOWN';
  const begins = beginsOf(record, device, readings);
  const begin = begins.length > 0 ? Math.min(...begins) : null;
  const end = record.callEnd ?? (period.isInProgress && begin !== null ? period.until : null);
  const isMachine = MACHINE_STATES[device] !== undefined;
  const inOrder = [...(isMachine && begin !== null ? [begin] : begins), ...(end === null ? [] : [end])];
  const isReversed = inOrder.some((at, index) => at < (inOrder[index - 1] ?? at));
  const nothing = { device, begin, end, stays: [], answeredAt: null, isReversed, isContradicted: false };
  if (begin === null || isReversed) return nothing;
  if (device === 'AGENT' || device === 'OUTSIDE')
    return { ...nothing, ...peopleAt(record, leg, device, end, readings) };
  const state = device === 'CONFERENCE' ? 'CONFERENCE' : MACHINE_STATES[device];
  if (state === undefined || end === null) return nothing;
  const talkBegin = readings.callBegin === 'talk' ? record.callBegin : null;
  const from = device === 'CONFERENCE' ? (talkBegin ?? begin) : begin;
  const isAnswered = device === 'CONFERENCE' && end > from;
  return { ...nothing, stays: [{ state, from, to: end, leg }], answeredAt: isAnswered ? from : null };
}

/** The begins of phases in the order in which they should come. callBegin is none where it tells of the whole call. */
function beginsOf({ waitBegin, ackBegin, callBegin }: CallDetailRecord, device: Device, readings: Readings): number[] {
  const phases = [waitBegin, ackBegin, readings.callBegin === 'talk' ? callBegin : null];
  const known = phases.filter((at) => at !== null);
  // A machine may have no other time.
  const isAlone = known.length === 0 && device !== 'AGENT' && callBegin !== null;
  return isAlone ? [callBegin] : known;
}

/**
 * The stay at a device with people. A phase without a begin did not happen; one that did lasts until the next, or the end.
 * Where nobody answered, the upstream writes the end of the leg as callBegin, too.
 */
function peopleAt(
  record: CallDetailRecord,
  leg: number,
  device: 'AGENT' | 'OUTSIDE',
  end: number | null,
  readings: Readings,
) {
  const { waitBegin, ackBegin, leaveReason } = record;
  const talkBegin = talkBeginOf(record, readings);
  const mayTalk = talkBegin !== null && talkBegin !== end; // without an end: it may
  const said = reasonRule(leaveReason)?.answered;
  const isDenied = mayTalk && said === false;
  const ringBegin = readings.ackBegin === 'ring' && readings.callBegin === 'talk' ? ackBegin : null;
  const ringFrom = ringBegin ?? (isDenied ? talkBegin : null);
  const talkFrom = mayTalk && !isDenied ? talkBegin : end;
  const talks = mayTalk && !isDenied && end !== null;
  const stays = [
    ...(device === 'AGENT' ? stay('QUEUE', leg, waitBegin, ringFrom ?? talkFrom) : []),
    ...(device === 'AGENT' || isDenied ? stay('RINGING', leg, ringFrom, talkFrom) : []),
    ...(talks ? stay(device === 'AGENT' ? 'TALKING' : 'OUTSIDE', leg, talkFrom, end) : []),
  ];
  const isOnlySaid = said === true && !talks && end !== null;
  return {
    stays,
    answeredAt: talks || isOnlySaid ? talkFrom : null,
    isContradicted: (isDenied && end !== null) || isOnlySaid,
  };
}

/**
 * When people began to talk. With callBegin as the begin of the whole call, ackBegin is the only time that is left: the
 * answer, or, ringing counted as talking, the begin of ringing.
 */
function talkBeginOf({ ackBegin, callBegin }: CallDetailRecord, readings: Readings): number | null {
  if (readings.callBegin === 'call') return ackBegin;
  return callBegin ?? (readings.ackBegin === 'answer' ? ackBegin : null);
}

function stay(state: Stay['state'], leg: number, from: number | null, to: number | null): readonly Stay[] {
  return from !== null && to !== null ? [{ state, from, to, leg }] : [];
}
