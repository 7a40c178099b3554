import type { TraceKey } from './key.js';

/** What a field of a record holds, where it is not null. Instants are in ms since 1970-01-01 UTC. */
export type FieldKind = 'integer' | 'instant' | 'text';

/** The fields of a record. Source: "Call track data", Table 4; the row is given at each field. */
const FIELD_KINDS = {
  /** CDR number: 1, 2, …; −1 marks the final CDR. Never null. Row 2.3 `callIdNum`. */
  callIdNum: 'integer',
  /** Row 2.2 `mediaType`, which the sample holds twice: the last one counts. */
  mediaType: 'integer',
  /** Channel of a social call; says something where mediaType is 53. Row 2.20 `subMediaType`. */
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
  /** Why the call ended; says something in the final CDR alone. Row 2.15 `releaseCause`. */
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
 * One record of the upstream: the call's stay at one device. Codes stay numbers here; the graph names them. Null: the
 * upstream sent nothing, or what cannot be (an instant of 0, or a negative one, too).
 */
export type CallDetailRecord = {
  readonly [Name in keyof Fields]: Name extends 'callIdNum'
    ? number
    : Fields[Name] extends 'text'
      ? string | null
      : number | null;
};

/** The fields of a record and what they hold, callIdNum first. */
export const RECORD_FIELDS = Object.entries(FIELD_KINDS) as readonly [keyof Fields, FieldKind][];
/** V8 copies a record with all its fields sooner than it adds them one by one. */
const BLANK_RECORD = Object.fromEntries(RECORD_FIELDS.map(([name]) => [name, null]));

/** Returns the record whose fields hold what `read` returns for each; for callIdNum that must be an integer. */
export function createRecord(
  read: (name: keyof Fields, kind: FieldKind, index: number) => string | number | null,
): CallDetailRecord {
  const record: Record<string, unknown> = { ...BLANK_RECORD };
  RECORD_FIELDS.forEach(([name, kind], index) => (record[name] = read(name, kind, index)));
  return record as unknown as CallDetailRecord;
}

/** The number that marks the final CDR of a call. Source: Table 4, row 2.3. */
export const FINAL_CDR = -1;

/** Most records of one trace: a reply or a stored value with more is refused. The longest calls known have some hundred. */
export const MAX_RECORDS = 10_000;

/** What may be noticed while a trace is read. */
export const READING_NOTES = [
  /** Records dropped because the same leg stands in the trace more completely, or the same. */
  'duplicateRecords',
  /** Optional fields whose value could not be read and was taken for none. */
  'oddValues',
  /** Times before 2000 or more than a day ahead, taken for none. */
  'impossibleTimes',
  /** Times that counted seconds and were taken for milliseconds. */
  'timesInSeconds',
  /** Records dropped because their times lie in another year: the upstream's tables bear none. */
  'recordsOfAnotherYear',
  /** Legs that may lie in the neighbouring month are missing: it could not be asked, or does not have them. 1 or absent. */
  'neighbourLegsMissing',
] as const;
export type ReadingNote = (typeof READING_NOTES)[number];

/** How often each thing was noticed; absent: never. */
export type ReadingNotes = Readonly<Partial<Record<ReadingNote, number>>>;

/** All records of one key, dated by when they were asked for. No records: the upstream knows no such call in that month. */
export interface CallTrace {
  readonly key: TraceKey;
  /** In order: 1, 2, …, the final CDR last. No leg twice. */
  readonly records: readonly CallDetailRecord[];
  /**
   * When the request that read them was sent, by the upstream's clock (`Date` of its reply), or by ours if it told no
   * time. Unit: ms since 1970-01-01 UTC.
   */
  readonly askedAt: number;
  /** How many times in a row the call was not found, this time included; 0 for a trace with records. */
  readonly timesNotFound: number;
  readonly notes: ReadingNotes;
  /** CDR numbers of the `duplicateRecords`, each once. Absent: none. */
  readonly repeatedNumbers?: readonly number[] | undefined;
  /** True when it should have been asked anew, but the upstream could not answer. */
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

/** Whether a record says more of its leg than another: its end, else more fields, else a later end. Of two alike one always wins. */
function isMoreComplete(record: CallDetailRecord, other: CallDetailRecord): boolean {
  const saysMore = weightOf(record) - weightOf(other) || (record.callEnd ?? 0) - (other.callEnd ?? 0);
  return saysMore > 0 || (saysMore === 0 && JSON.stringify(record) > JSON.stringify(other));
}

/** An end weighs more than all other fields together. */
function weightOf(record: CallDetailRecord): number {
  const fields = Object.values(record).filter((value) => value !== null).length;
  return record.callEnd === null ? fields : fields + RECORD_FIELDS.length;
}

/** When a leg began: the earliest of its phases. Null if it has none. Unit: ms since 1970-01-01 UTC. */
export function firstInstant({ waitBegin, ackBegin, callBegin }: CallDetailRecord): number | null {
  const first = Math.min(waitBegin ?? Infinity, ackBegin ?? Infinity, callBegin ?? Infinity);
  return first === Infinity ? null : first;
}

/** The last sign of life of a call: the latest instant of any leg. Null if there is none. Unit: ms since 1970-01-01 UTC. */
export function lastInstant(records: readonly CallDetailRecord[]): number | null {
  let last = -Infinity;
  for (const { waitBegin, ackBegin, callBegin, callEnd } of records)
    last = Math.max(last, waitBegin ?? last, ackBegin ?? last, callBegin ?? last, callEnd ?? last);
  return last === -Infinity ? null : last;
}

/** The final CDR, or null while the call is in progress. Of two the later one. */
export function finalRecord(records: readonly CallDetailRecord[]): CallDetailRecord | null {
  return records.findLast((record) => record.callIdNum === FINAL_CDR) ?? null;
}

/** Adds notes up. */
export function addNotes(a: ReadingNotes, b: ReadingNotes): ReadingNotes {
  const sum: Partial<Record<ReadingNote, number>> = { ...a };
  for (const [name, count] of Object.entries(b) as [ReadingNote, number][])
    if (count > 0) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}
