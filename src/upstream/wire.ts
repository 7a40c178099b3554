import { UpstreamMalformedError } from '../call/errors.js';
import type { TraceKey } from '../call/key.js';
import {
  createRecord,
  MAX_RECORDS,
  orderRecords,
  type CallDetailRecord,
  type ReadingNote,
  type ReadingNotes,
} from '../call/trace.js';
import { parseExactJson } from './exact-json.js';
import { fieldsOf, instantOf, integerOf, isNothing, textOf, type Fields } from './wire-field.js';

/** What a reply says, before anyone judges it. */
export interface Reply {
  /** Seven characters, such as `0100000`. Null if the reply has none. */
  readonly resultCode: string | null;
  /** By lower-cased name. */
  readonly fields: Fields;
}

/** How requests write numbers: the table of the interface says number, its sample quotes logDate, its replies quote nearly all. */
export type NumberStyle = 'numbers' | 'strings' | 'sample';

/** The body of a request. Its text is what is signed and what is sent. Source: "Request Description", Table 2. */
export function requestBody(key: TraceKey, logDate: number, style: NumberStyle): string {
  const id = (value: number): number | string => (style === 'strings' ? String(value) : value);
  const date = style === 'numbers' ? logDate : String(logDate);
  return JSON.stringify({ ccId: id(key.ccId), vdn: id(key.vdn), callId: key.callId, logDate: date });
}

/** The result code of an answer. Any other is a failure. Source: pages cec_07_0696, cec_07_2631. */
export const SUCCESS = '0100000';

/** Reads a reply's text. Throws UpstreamMalformedError if it is not a JSON object. */
export function parseReply(text: string): Reply {
  const fields = objectFields(parseJson(text), 'the reply');
  const code = fields.get('resultcode');
  if (!isNothing(code)) return { resultCode: resultCodeText(code), fields };
  return { resultCode: textOf(fields.get('result')) === '0' ? SUCCESS : null, fields };
}

/** The records of a successful reply, and what was noticed while they were read. */
export interface ParsedTrace {
  /** In the order of the call, each leg once. None: the contact centre knows no such call. */
  readonly records: readonly CallDetailRecord[];
  readonly notes: ReadingNotes;
}

/** Where a key's month lies. Unit: ms since 1970-01-01 UTC. */
export interface MonthInterval {
  readonly startsAt: number;
  /** The first instant after the month. */
  readonly endsAt: number;
}

/**
 * Returns the records of a successful reply to a question sent at `askedAt` (ms since 1970-01-01 UTC). What an optional
 * field says and cannot mean becomes null and is noted; records of another year are dropped and noted.
 * Throws UpstreamMalformedError naming the field (never its value) that belongs to another call or that every record
 * needs, and for more than MAX_RECORDS records.
 */
export function parseTrace(reply: Reply, key: TraceKey, askedAt: number, month: MonthInterval): ParsedTrace {
  const notes: Partial<Record<ReadingNote, number>> = {};
  const note = (name: ReadingNote, count = 1): void => {
    if (count > 0) notes[name] = (notes[name] ?? 0) + count;
  };
  const rows = rowsOf(reply.fields);
  if (rows.length > MAX_RECORDS) throw new UpstreamMalformedError(`resultDesc has more than ${MAX_RECORDS} records`);
  const parsed = rows.map((row, index) => parseRecord(row, `resultDesc[${index}]`, key, askedAt, note));
  const ofThisYear = parsed.filter((record) => !isOfAnotherYear(record, month));
  note('recordsOfAnotherYear', parsed.length - ofThisYear.length);
  const { records, duplicates } = orderRecords(ofThisYear);
  note('duplicateRecords', duplicates);
  return { records, notes };
}

function parseRecord(
  row: unknown,
  where: string,
  key: TraceKey,
  askedAt: number,
  note: (note: ReadingNote) => void,
): CallDetailRecord {
  const fields = objectFields(row, where);
  const known = <Value>(value: Value | null | undefined): Value | null => {
    if (value === undefined) note('oddValues');
    return value ?? null;
  };
  const read = {
    integer: (value: unknown) => known(integerOf(value)),
    text: (value: unknown) => known(textOf(value)),
    instant: (value: unknown) => instantOf(value, askedAt, note),
  };
  // Records need not repeat what was asked for; one that says otherwise is another call's.
  mustBe(textOf(fields.get('callid')), key.callId, where, 'callId');
  mustBe(read.integer(fields.get('vdn')), key.vdn, where, 'vdn');
  mustBe(read.integer(fields.get('ccid')), key.ccId, where, 'ccId');
  return createRecord((name, kind) => {
    const value = fields.get(name.toLowerCase());
    return name === 'callIdNum' ? requiredInteger(value, where, name) : read[kind](value);
  });
}

function mustBe<Value>(actual: Value | null | undefined, expected: Value, where: string, name: string): void {
  if (actual === null || actual === expected) return;
  throw new UpstreamMalformedError(`${where}.${name} is not the one asked for`);
}

function requiredInteger(value: unknown, where: string, name: string): number {
  const integer = integerOf(value);
  if (integer != null) return integer;
  throw new UpstreamMalformedError(`${where}.${name} is ${integer === null ? 'missing' : 'not an integer'}`);
}

/** The upstream's tables bear no year: a record so far from the month, on either side, is nearer to another year's. Unit: ms. */
const HALF_A_YEAR_MS = 183 * 86_400_000;

/** Whether a record tells of a call of another year: it has instants, and all are far from the month. */
function isOfAnotherYear(record: CallDetailRecord, { startsAt, endsAt }: MonthInterval): boolean {
  const { waitBegin, ackBegin, callBegin, callEnd } = record;
  const instants = [waitBegin, ackBegin, callBegin, callEnd].filter((instant) => instant !== null);
  const isFar = (instant: number) => instant < startsAt - HALF_A_YEAR_MS || instant > endsAt + HALF_A_YEAR_MS;
  return instants.length > 0 && instants.every(isFar);
}

function rowsOf(fields: Fields): readonly unknown[] {
  const answer = isNothing(fields.get('resultdesc')) ? fields.get('resultdatas') : fields.get('resultdesc');
  if (isNothing(answer)) return [];
  if (Array.isArray(answer)) return answer as unknown[];
  const object = fieldsOf(answer);
  if (object === null) throw new UpstreamMalformedError('resultDesc is neither an array nor an object');
  const isRecord = object.size > 0 && !object.has('data') && !object.has('count');
  return isRecord ? [answer] : rowsOfData(object);
}

/** The siblings' form `{data: […], count}`. */
function rowsOfData(fields: Fields): readonly unknown[] {
  const data = isNothing(fields.get('data')) ? [] : fields.get('data');
  if (!Array.isArray(data)) throw new UpstreamMalformedError('resultDesc.data is not an array');
  const count = integerOf(fields.get('count')); // undefined: it tells of something
  if (data.length === 0 && count !== 0 && count !== null)
    throw new UpstreamMalformedError('resultDesc.data lacks what count tells of');
  return data as unknown[];
}

function objectFields(value: unknown, where: string): Fields {
  const fields = fieldsOf(value);
  if (fields === null) throw new UpstreamMalformedError(`${where} is not an object`);
  return fields;
}

function parseJson(text: string): unknown {
  if (text.length > LONG_TEXT && opens(text) > MAX_OPENED)
    throw new UpstreamMalformedError(`resultDesc has more than ${MAX_RECORDS} records`);
  try {
    return parseExactJson(text);
  } catch {
    throw new UpstreamMalformedError('the reply is not JSON');
  }
}

/** A reply this long is looked at before it is parsed: packed, a few kilobytes can stand for gigabytes of objects. */
const LONG_TEXT = 65_536;
/** Objects and lists of the longest reply: its records, and some around them. */
const MAX_OPENED = MAX_RECORDS + 100;

/** How many objects and lists a text opens, those that only look so in its strings included. */
function opens(text: string): number {
  let count = 0;
  for (let index = 0; index < text.length; index += 1) {
    const char = text.charCodeAt(index);
    if (char === BRACE || char === BRACKET) count += 1;
  }
  return count;
}

const BRACE = '{'.charCodeAt(0);
const BRACKET = '['.charCodeAt(0);

/** A code sent as a number has lost its leading zero. What is longer than a code is none: it could be anything, and would end up in a message. */
function resultCodeText(code: unknown): string {
  const text = typeof code === 'number' ? String(code).padStart(SUCCESS.length, '0') : textOf(code);
  if (typeof text === 'string' && /^[\w-]{1,7}$/.test(text)) return text;
  throw new UpstreamMalformedError('resultCode is not a code of seven characters');
}
