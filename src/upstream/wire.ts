import { UpstreamMalformedError } from '../call/errors.js';
import type { TraceKey } from '../call/key.js';
import type { monthBounds } from '../call/month.js';
import {
  createRecord,
  MAX_RECORDS,
  orderRecords,
  type CallDetailRecord,
  type CallTrace,
  type ReadingNote,
} from '../call/trace.js';
import type { TRACE_PATH as TRACED_PATH } from '../tracing/attributes.js';
import { parseExactJson } from './exact-json.js';
import { fieldsOf, instantOf, integerOf, textOf, type Fields } from './wire-field.js';

/** The path of the interface. */
export const TRACE_PATH: typeof TRACED_PATH = '/rest/cmsapp/v1/openapi/vdn/querycalltracedetail';

/** A reply as parsed, not yet checked for success. */
export interface Reply {
  /** Seven characters, such as `0100000`. Null if the reply has none. */
  readonly resultCode: string | null;
  readonly fields: Fields;
}

/** How requests write numbers: the table of the interface says numbers, its sample quotes logDate, its replies quote nearly all. */
export type NumberStyle = 'numbers' | 'strings' | 'sample';

/** Returns the body of a request, which is signed and sent as it is. Source: "Request Description", Table 2. */
export function requestBody(key: TraceKey, logDate: number, style: NumberStyle): string {
  const id = (value: number): number | string => (style === 'strings' ? String(value) : value);
  const date = style === 'numbers' ? logDate : String(logDate);
  return JSON.stringify({ ccId: id(key.ccId), vdn: id(key.vdn), callId: key.callId, logDate: date });
}

/** The result code of success. Any other is a failure. Source: pages cec_07_0696, cec_07_2631. */
export const SUCCESS = '0100000';

/** Parses the text of a reply. Throws UpstreamMalformedError if it is not a JSON object. */
export function parseReply(text: string): Reply {
  const fields = objectFields(parseJson(text), 'the reply');
  const code = fields.get('resultcode') ?? null;
  if (code !== null) return { resultCode: resultCodeText(code), fields };
  return { resultCode: textOf(fields.get('result')) === '0' ? SUCCESS : null, fields };
}

/** The records of a successful reply (none: the contact centre has no such call) and the reading notes. */
export type ParsedTrace = Pick<CallTrace, 'records' | 'notes' | 'repeatedNumbers'>;

type Month = ReturnType<typeof monthBounds>;

/** This many records are read in one turn of the event loop: some 7 ms. */
const RECORDS_PER_TURN = 500;

/**
 * Returns the records of a successful reply to a request sent at `askedAt` (ms since 1970-01-01 UTC). An optional field
 * with an invalid value becomes null and is noted; records of another year are dropped and noted.
 * Throws UpstreamMalformedError, which names the field and never its value, if a field belongs to another call, if a
 * required field is missing, or if there are more than MAX_RECORDS records.
 */
export function parseTrace(reply: Reply, key: TraceKey, askedAt: number, month: Month): ParsedTrace {
  const steps = traceSteps(reply, key, askedAt, month);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** Does the same in steps of `RECORDS_PER_TURN` records; the last step orders them. One step for a short reply. */
export function* traceSteps(reply: Reply, key: TraceKey, askedAt: number, month: Month): Generator<void, ParsedTrace> {
  const notes: Partial<Record<ReadingNote, number>> = {};
  const note = (name: ReadingNote, count = 1): void => {
    if (count > 0) notes[name] = (notes[name] ?? 0) + count;
  };
  const rows = rowsOf(reply.fields);
  if (rows.length > MAX_RECORDS) throw tooManyRecords();
  const parsed: CallDetailRecord[] = [];
  for (const row of rows) {
    parsed.push(parseRecord(row, `resultDesc[${parsed.length}]`, key, askedAt, note));
    if (parsed.length % RECORDS_PER_TURN === 0) yield;
  }
  const ofThisYear = parsed.filter((record) => !isOfAnotherYear(record, month));
  note('recordsOfAnotherYear', parsed.length - ofThisYear.length);
  const { records, duplicates, repeatedNumbers } = orderRecords(ofThisYear);
  note('duplicateRecords', duplicates);
  return duplicates > 0 ? { records, notes, repeatedNumbers } : { records, notes };
}

function parseRecord(
  row: unknown,
  where: string,
  key: TraceKey,
  askedAt: number,
  note: (note: ReadingNote) => void,
): CallDetailRecord {
  const fields = objectFields(row, where);
  const readable = <Value>(value: Value | null | undefined): Value | null => {
    if (value === undefined) note('oddValues');
    return value ?? null;
  };
  // A record need not repeat the key; a record with a different key belongs to another call.
  for (const name of ['callId', 'vdn', 'ccId'] as const) {
    const content = fields.get(name.toLowerCase());
    const repeated = name === 'callId' ? textOf(content) : readable(integerOf(content));
    if (repeated !== null && repeated !== key[name])
      throw new UpstreamMalformedError(`${where}.${name} is not the one asked for`);
  }
  return createRecord((name, kind) => {
    const content = fields.get(name.toLowerCase());
    if (name === 'callIdNum') return requiredInteger(content, where, name);
    if (kind === 'instant') return instantOf(content, askedAt, note);
    return readable(kind === 'integer' ? integerOf(content) : textOf(content));
  });
}

function requiredInteger(content: unknown, where: string, name: string): number {
  const integer = integerOf(content);
  if (integer != null) return integer;
  throw new UpstreamMalformedError(`${where}.${name} is ${integer === null ? 'missing' : 'not an integer'}`);
}

/** The upstream's tables have no year: a record farther than this from the month is nearer to that month of another year. Unit: ms. */
const HALF_A_YEAR_MS = 183 * 86_400_000;

/** Whether a record belongs to a call of another year: it has instants, and all of them are far from the month. */
function isOfAnotherYear(record: CallDetailRecord, { startsAt, endsAt }: Month): boolean {
  const { waitBegin, ackBegin, callBegin, callEnd } = record;
  const instants = [waitBegin, ackBegin, callBegin, callEnd].filter((instant) => instant !== null);
  const isFar = (instant: number) => instant < startsAt - HALF_A_YEAR_MS || instant > endsAt + HALF_A_YEAR_MS;
  return instants.length > 0 && instants.every(isFar);
}

/** Returns the records of a reply: a list, the sibling interfaces' form `{data: […], count}`, or a single record without a list. */
function rowsOf(fields: Fields): readonly unknown[] {
  const answer = fields.get('resultdesc') ?? fields.get('resultdatas') ?? [];
  if (Array.isArray(answer)) return answer as unknown[];
  const object = fieldsOf(answer);
  if (object === null) throw new UpstreamMalformedError('resultDesc is neither an array nor an object');
  if (object.size > 0 && !object.has('data') && !object.has('count')) return [answer];
  const data = object.get('data') ?? [];
  if (!Array.isArray(data)) throw new UpstreamMalformedError('resultDesc.data is not an array');
  const count = integerOf(object.get('count')); // undefined: not an integer, so not zero
  if (data.length === 0 && count !== 0 && count !== null)
    throw new UpstreamMalformedError('resultDesc.data is empty although count is not zero');
  return data as unknown[];
}

function objectFields(value: unknown, where: string): Fields {
  const fields = fieldsOf(value);
  if (fields === null) throw new UpstreamMalformedError(`${where} is not an object`);
  return fields;
}

/** Most objects and lists of a reply: its records, and some around them. */
const MAX_OPENED = MAX_RECORDS + 100;

function parseJson(text: string): unknown {
  // Checked before parsing, because parsed objects take many times the memory of their text. Brackets inside texts count too.
  if (text.split(/[[{]/, MAX_OPENED + 2).length > MAX_OPENED + 1) throw tooManyRecords();
  try {
    return parseExactJson(text);
  } catch {
    throw new UpstreamMalformedError(`the reply is not JSON${notJson(text)}`);
  }
}

/** Tells what came in the place of JSON, as far as its first character shows. */
function notJson(text: string): string {
  const first = text.trimStart().charAt(0);
  if (first === '') return ' but empty';
  return first === '<' ? ' but a page' : '';
}

function tooManyRecords(): UpstreamMalformedError {
  return new UpstreamMalformedError(`resultDesc has more than ${MAX_RECORDS} records`);
}

/** Returns a result code. A code sent as a number has lost its leading zero. A longer text is refused, since it would end up in a message. */
function resultCodeText(code: unknown): string {
  const text = typeof code === 'number' ? String(code).padStart(SUCCESS.length, '0') : code;
  if (typeof text === 'string' && /^[\w-]{1,7}$/.test(text)) return text;
  throw new UpstreamMalformedError('resultCode is not a code of seven characters');
}
