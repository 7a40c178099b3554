import type { TraceKey } from './key.js';

/** The type of a field of a record, if it is not null. Instants are in ms since 1970-01-01 UTC. */
export type FieldKind = 'integer' | 'instant' | 'text';

/** The fields of a record. Source: "Call track data", Table 4; each field names its row. */
const FIELD_KINDS = {
  /** CDR number: 1, 2, …; −1 marks the final CDR. Never null. Row 2.3 `callIdNum`. */
  callIdNum: 'integer',
  /** Row 2.2 `mediaType`. The sample has it twice: the last one counts. */
  mediaType: 'integer',
  /** Channel of a social call; valid where mediaType is 53. Row 2.20 `subMediaType`. */
  subMediaType: 'integer',
  /** Calling number: personal data. Row 2.4 `callerNo`. */
  callerNo: 'text',
  /** Called number: personal data. Row 2.5 `calleeNo`. */
  calleeNo: 'text',
  /** When the call began to wait at this device. Row 2.6 `waitBegin`. */
  waitBegin: 'instant',
  /** When the device began to answer (to ring). Row 2.7 `ackBegin`; the sample's comment says: when it was answered. */
  ackBegin: 'instant',
  /** When the conversation began. Row 2.8 `callBegin`; one document says: when the call began. */
  callBegin: 'instant',
  /** When the call left this device. Row 2.9 `callEnd`; equal to callBegin where nobody answered. */
  callEnd: 'instant',
  /** Call centre within a network of call centres; 0 outside one. Row 2.10 `subCcNo`. */
  subCcNo: 'integer',
  /** Row 2.11 `deviceType`. */
  deviceType: 'integer',
  /** The agent's or the queue's ID; an internal number for other devices. Row 2.12 `deviceNo`. */
  deviceNo: 'text',
  /** Description of the device, as a rule a constant such as DEVICE_AGENT. Row 2.13 `deviceIn`. */
  deviceIn: 'text',
  /** Row 2.14 `callType`. */
  callType: 'integer',
  /** Why the call ended; valid in the final CDR only. Row 2.15 `releaseCause`. */
  releaseCause: 'integer',
  /** Row 2.16 `EnterReason`. */
  enterReason: 'integer',
  /** Row 2.17 `LeaveReason`. */
  leaveReason: 'integer',
  /** Skill queue that handled the call; the upstream writes 0 for none. Row 2.18 `CurrentSkillID`. */
  currentSkillId: 'text',
} as const satisfies Readonly<Record<string, FieldKind>>;
type Fields = typeof FIELD_KINDS;

/**
 * One record of the upstream: the call's stay at one device. Codes are numbers here; the graph names them. Null: the
 * upstream sent no value or an invalid one (such as an instant of 0 or below).
 */
export type CallDetailRecord = {
  readonly [Name in keyof Fields]: Name extends 'callIdNum'
    ? number
    : Fields[Name] extends 'text'
      ? string | null
      : number | null;
};

/** The fields of a record and their types, callIdNum first. */
export const RECORD_FIELDS = Object.entries(FIELD_KINDS) as readonly [keyof Fields, FieldKind][];
/** V8 copies a record with all its fields faster than it adds them one by one. */
const BLANK_RECORD = Object.fromEntries(RECORD_FIELDS.map(([name]) => [name, null]));

/** Returns a record with the value that `read` returns for each field; for callIdNum it must be an integer. */
export function createRecord(
  read: (name: keyof Fields, kind: FieldKind, index: number) => string | number | null,
): CallDetailRecord {
  const record: Record<string, unknown> = { ...BLANK_RECORD };
  RECORD_FIELDS.forEach(([name, kind], index) => (record[name] = read(name, kind, index)));
  return record as unknown as CallDetailRecord;
}

/** The number that marks the final CDR of a call. Source: Table 4, row 2.3. */
export const FINAL_CDR = -1;

/** Most records of one trace: a reply or a cached value with more is refused. The longest known calls have some hundreds. */
export const MAX_RECORDS = 10_000;

/** The notes that reading a reply may yield: the labels of a metric. */
export const REPLY_NOTES = [
  /** Records dropped because the trace has the same leg at least as completely. */
  'duplicateRecords',
  /** Optional fields whose value could not be read and became null. */
  'oddValues',
  /** Times before 2000 or more than a day ahead, which became null. */
  'impossibleTimes',
  /** Times in seconds, which were converted to milliseconds. */
  'timesInSeconds',
  /** Records dropped because their times lie in another year: the upstream's tables have no year. */
  'recordsOfAnotherYear',
] as const;

/** All notes of a trace. */
export const READING_NOTES = [
  ...REPLY_NOTES,
  /** 1 if legs are missing that may lie in the neighbouring month, which could not be fetched or does not have them. */
  'neighbourLegsMissing',
] as const;

/** One of READING_NOTES. */
export type ReadingNote = (typeof READING_NOTES)[number];

/** The count of each note; absent: 0. */
export type ReadingNotes = Readonly<Partial<Record<ReadingNote, number>>>;

/** All records of one key, dated by `askedAt`. No records: the upstream has no such call in that month. */
export interface CallTrace {
  readonly key: TraceKey;
  /** In order: 1, 2, …, the final CDR last. No leg twice. */
  readonly records: readonly CallDetailRecord[];
  /**
   * When the request for them was sent, by the upstream's clock (`Date` of its reply), or by ours if the reply had no date.
   * Unit: ms since 1970-01-01 UTC.
   */
  readonly askedAt: number;
  /** How many times in a row the call was not found, including this time; 0 for a trace with records. */
  readonly timesNotFound: number;
  readonly notes: ReadingNotes;
  /** CDR numbers of the `duplicateRecords`, each once. Absent: none. */
  readonly repeatedNumbers?: readonly number[] | undefined;
  /** True if it should have been fetched again but the upstream could not answer. */
  readonly stale: boolean;
  /** Where it came from: the contact centre, the cache that gateways share, or this gateway's memory. */
  readonly source: 'UPSTREAM' | 'SHARED_CACHE' | 'MEMORY';
}

/**
 * Puts records in the order of the call: 1, 2, …, then the final CDR; of one number the earlier first (by begin, then by
 * end). Two records of one number, device and begin tell of the same leg: the more complete one counts, the others are
 * `duplicates`. Two stays at one device begin at different times and stay two. `repeatedNumbers`: the CDR numbers of the
 * duplicates, each once. The order in which the records come changes nothing.
 */
export function orderRecords(records: readonly CallDetailRecord[]) {
  const legs = new Map<string, CallDetailRecord>();
  const repeated = new Set<number>();
  for (const record of records) {
    const name = legName(record);
    const known = legs.get(name);
    if (known !== undefined) repeated.add(record.callIdNum);
    if (known === undefined || isMoreComplete(record, known)) legs.set(name, record);
  }
  const rank = ({ callIdNum }: CallDetailRecord): number => (callIdNum < 0 ? Infinity : callIdNum);
  const ordered = [...legs].sort(
    ([aName, a], [bName, b]) =>
      rank(a) - rank(b) ||
      (firstInstant(a) ?? 0) - (firstInstant(b) ?? 0) ||
      (a.callEnd ?? 0) - (b.callEnd ?? 0) ||
      (aName < bName ? -1 : 1),
  );
  return {
    records: ordered.map(([, record]) => record),
    duplicates: records.length - ordered.length,
    repeatedNumbers: [...repeated].sort((a, b) => a - b),
  };
}

/** Equal for two records of the same leg. One without a begin is the same only as its exact repetition. */
function legName(record: CallDetailRecord): string {
  const begin = firstInstant(record);
  return begin === null
    ? JSON.stringify(record)
    : JSON.stringify([record.callIdNum, record.deviceType, record.deviceNo, begin]);
}

/** Whether a record says more of its leg than another: its end, else more fields, else a later end. Ties are broken by JSON text, so the result is deterministic. */
function isMoreComplete(record: CallDetailRecord, other: CallDetailRecord): boolean {
  const saysMore = weightOf(record) - weightOf(other) || (record.callEnd ?? 0) - (other.callEnd ?? 0);
  return saysMore > 0 || (saysMore === 0 && JSON.stringify(record) > JSON.stringify(other));
}

/** Returns the number of fields with a value; an end counts more than all other fields together. */
function weightOf(record: CallDetailRecord): number {
  const fields = Object.values(record).filter((value) => value !== null).length;
  return record.callEnd === null ? fields : fields + RECORD_FIELDS.length;
}

/** Returns when a leg began: the earliest of its phases. Null if it has none. Unit: ms since 1970-01-01 UTC. */
export function firstInstant({ waitBegin, ackBegin, callBegin }: CallDetailRecord): number | null {
  const first = Math.min(waitBegin ?? Infinity, ackBegin ?? Infinity, callBegin ?? Infinity);
  return first === Infinity ? null : first;
}

/** Returns the latest instant of any leg. Null if there is none. Unit: ms since 1970-01-01 UTC. */
export function lastInstant(records: readonly CallDetailRecord[]): number | null {
  let last = -Infinity;
  for (const { waitBegin, ackBegin, callBegin, callEnd } of records)
    last = Math.max(last, waitBegin ?? last, ackBegin ?? last, callBegin ?? last, callEnd ?? last);
  return last === -Infinity ? null : last;
}

/** Returns the final CDR, the later one of two; null while the call is in progress. */
export function finalRecord(records: readonly CallDetailRecord[]): CallDetailRecord | null {
  return records.findLast((record) => record.callIdNum === FINAL_CDR) ?? null;
}

/** Returns the sum of two sets of notes. */
export function addNotes(a: ReadingNotes, b: ReadingNotes): ReadingNotes {
  const sum: Partial<Record<ReadingNote, number>> = { ...a };
  for (const [name, count] of Object.entries(b) as [ReadingNote, number][])
    if (count > 0) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}
