import { holdsNumber } from '../../phone-number.js';
import type { CallDetailRecord } from '../../trace.js';
import type { CallUnderstanding } from '../understanding.js';
import type { Say } from './messages.js';

/** What a device is to a reader. */
export type DeviceKind = 'QUEUE' | 'AGENT' | 'IVR' | 'ROUTER' | 'CONFERENCE' | 'OUTSIDE' | 'UNKNOWN';

/** Device types. Source: pages cec_07_0705, cec_07_2640. */
const KINDS: ReadonlyMap<number | null, DeviceKind> = new Map([
  [1, 'QUEUE'],
  [2, 'AGENT'],
  [3, 'IVR'],
  [5, 'OUTSIDE'],
  [7, 'ROUTER'],
  [8, 'OUTSIDE'],
  [10, 'ROUTER'],
  [14, 'ROUTER'],
  [15, 'CONFERENCE'],
]);

/** The names of those who had a part in one call, in one language. Legs are positions; none of them shows a phone number. */
export interface Names {
  readonly customer: string;
  /** An agent by ID; null: nobody knows which. */
  agent(id: string | null): string;
  /** The agents of some legs, each once. */
  agents(legs: readonly number[]): string;
  /** The queues of some legs, or the ones that agents served on them. */
  queues(legs: readonly number[]): string;
  /** What the device of a leg is. */
  kind(leg: number): DeviceKind;
  /** The device of a leg within a sentence: `the menu`. */
  device(leg: number): string;
  /** The device of a leg by itself: `menu`. */
  label(leg: number): string;
}

/** Returns the names of those who had a part in a call. */
export function createNames(
  say: Say,
  records: readonly CallDetailRecord[],
  { direction }: Pick<CallUnderstanding, 'direction'>,
): Names {
  const recordsOf = (legs: readonly number[]): CallDetailRecord[] => legs.flatMap((leg) => records[leg - 1] ?? []);
  const named = (key: 'agents' | 'queues', ids: readonly (string | null)[]): string => say(key, listOf(say, ids));
  const names: Names = {
    customer: say('customer', { direction: direction ?? 'UNKNOWN' }),
    agent: (id) => named('agents', [id]),
    agents(legs) {
      const ofAgents = recordsOf(legs).filter((record) => kindOf(record) === 'AGENT');
      return named(
        'agents',
        ofAgents.map(({ deviceNo }) => deviceNo),
      );
    },
    queues: (legs) => named('queues', recordsOf(legs).map(queueOf)),
    kind: (leg) => kindOf(records[leg - 1]),
    device(leg) {
      const kind = names.kind(leg);
      if (kind === 'AGENT') return names.agents([leg]);
      return kind === 'QUEUE' ? names.queues([leg]) : say('place', { kind });
    },
    label: (leg) => labelOf(say, records[leg - 1]),
  };
  return names;
}

/** The device of a record by itself. */
export function labelOf(say: Say, record: CallDetailRecord | undefined): string {
  const id = record === undefined ? null : shownDeviceNo(record);
  return say('device', { kind: kindOf(record), hasId: id === null ? 'no' : 'yes', id: id ?? '' });
}

/** The ID of the queue or agent of a record; null where the device is another, or the ID is not to be shown. */
export function shownDeviceNo(record: CallDetailRecord): string | null {
  const kind = kindOf(record);
  return kind === 'QUEUE' || kind === 'AGENT' ? shownId(record.deviceNo) : null;
}

function kindOf(record: CallDetailRecord | undefined): DeviceKind {
  return KINDS.get(record?.deviceType ?? null) ?? 'UNKNOWN';
}

function queueOf(record: CallDetailRecord): string | null {
  const id = kindOf(record) === 'QUEUE' ? record.deviceNo : record.currentSkillId;
  return id === '0' ? null : id; // the upstream writes 0 for none
}

/** IDs as the contact centre gives them: no text that could pass for words or markup of the narrative. */
const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/;

function shownId(id: string | null): string | null {
  return id !== null && ID.test(id) && !holdsNumber(id, false) ? id : null;
}

/** As many IDs are told one by one; of more, only how many others there are. */
const MAX_LISTED = 5;

/** Arguments of the messages `agents` and `queues`, for IDs of which some may not be shown, or are not known (null). */
function listOf(say: Say, ids: readonly (string | null)[]): { count: number; known: number; ids: string } {
  const different = new Set(ids);
  const shown = [...different].map(shownId).filter((id) => id !== null);
  const isShort = shown.length === different.size && shown.length <= MAX_LISTED;
  const first = isShort ? shown.slice(0, -1) : shown.slice(0, MAX_LISTED - 1);
  const listed = first.join(say('list.separator'));
  const last = isShort ? (shown.at(-1) ?? '') : '';
  return {
    count: Math.max(1, different.size),
    known: shown.length,
    ids: isShort
      ? first.length === 0
        ? last
        : say('list.last', { shown: listed, last })
      : say('list.others', { shown: listed, count: different.size - first.length }),
  };
}
