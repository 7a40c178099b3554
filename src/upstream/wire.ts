import { UpstreamMalformedError } from '../call/errors.js';
import type { TraceKey } from '../call/key.js';
import type { CallDetailRecord } from '../call/trace.js';

/** A reply's fields by lower-cased name: the family of interfaces is not consistent in its letter case. Of equal names the last counts. */
type Fields = ReadonlyMap<string, unknown>;

/** What a reply says, before anyone judges it. */
export interface Reply {
  /** Seven characters, such as `0100000`. Null if the reply has none. */
  readonly resultCode: string | null;
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

/** Reads a reply's text. Throws UpstreamMalformedError if it is not a JSON object. */
export function parseReply(text: string): Reply {
  const fields = fieldsOf(parseJson(text), 'the reply');
  const code = fields.get('resultcode');
  if (!isNothing(code)) return { resultCode: resultCodeText(code), fields };
  const result = fields.get('result');
  return { resultCode: result === '0' || result === 0 ? SUCCESS : null, fields };
}

/** The result code of an answer. Any other is a failure. Source: pages cec_07_0696, cec_07_2631. */
export const SUCCESS = '0100000';

/**
 * The records of a successful reply, in the upstream's order. None: it knows no such call.
 * Throws UpstreamMalformedError naming the field (never its value) that cannot be read, or that belongs to another call.
 * `onSeconds` is told of every time that counts seconds in place of milliseconds.
 */
export function parseRecords(reply: Reply, key: TraceKey, onSeconds = (): void => undefined): CallDetailRecord[] {
  return rowsOf(reply.fields).map((row, index) =>
    parseRecord(fieldsOf(row, `resultDesc[${index}]`), `resultDesc[${index}]`, key, onSeconds),
  );
}

function rowsOf(fields: Fields): readonly unknown[] {
  const answer = isNothing(fields.get('resultdesc')) ? fields.get('resultdatas') : fields.get('resultdesc');
  if (isNothing(answer)) return [];
  if (Array.isArray(answer)) return answer as unknown[];
  if (typeof answer === 'object') return rowsOfObject(fieldsOf(answer, 'resultDesc'), answer);
  throw new UpstreamMalformedError('resultDesc is neither an array nor an object');
}

/** The siblings' form `{data: […], count}`, or a single record in place of an array. */
function rowsOfObject(fields: Fields, answer: unknown): readonly unknown[] {
  if (fields.size > 0 && !fields.has('data') && !fields.has('count')) return [answer];
  const data = isNothing(fields.get('data')) ? [] : fields.get('data');
  if (!Array.isArray(data)) throw new UpstreamMalformedError('resultDesc.data is not an array');
  const count = new Field(fields.get('count'), 'resultDesc.count').integer() ?? 0;
  if (data.length === 0 && count !== 0) throw new UpstreamMalformedError('resultDesc.data lacks what count tells of');
  return data as unknown[];
}

function parseRecord(fields: Fields, where: string, key: TraceKey, onSeconds: () => void): CallDetailRecord {
  const at = (name: string) => new Field(fields.get(name.toLowerCase()), `${where}.${name}`);
  at('callId').mustBe(key.callId);
  at('vdn').mustBe(String(key.vdn));
  at('ccId').mustBe(String(key.ccId));
  return {
    callIdNum: at('callIdNum').requiredInteger(),
    mediaType: at('mediaType').integer(),
    subMediaType: at('subMediaType').integer(),
    callerNo: at('callerNo').text(),
    calleeNo: at('calleeNo').text(),
    waitBegin: at('waitBegin').instant(onSeconds),
    ackBegin: at('ackBegin').instant(onSeconds),
    callBegin: at('callBegin').instant(onSeconds),
    callEnd: at('callEnd').instant(onSeconds),
    subCcNo: at('subCcNo').integer(),
    deviceType: at('deviceType').integer(),
    deviceNo: at('deviceNo').text(),
    deviceIn: at('deviceIn').text(),
    callType: at('callType').integer(),
    releaseCause: at('releaseCause').integer(),
    enterReason: at('EnterReason').integer(),
    leaveReason: at('LeaveReason').integer(),
    currentSkillId: at('CurrentSkillID').text(),
  };
}

/** Below this an instant counts seconds, not milliseconds: clients of a sibling interface have met both. */
const SECONDS_BELOW = 1e10;
/** The last instant a Date can hold. Unit: ms since 1970-01-01 UTC. */
const LAST_INSTANT = 8.64e15;
const MAX_INT_32 = 2_147_483_647;

/** One field of a record: a value of any type that may be read as what the interface documents. */
class Field {
  readonly #value: unknown;
  readonly #where: string;

  constructor(value: unknown, where: string) {
    this.#value = value;
    this.#where = where;
  }

  /** A 32-bit integer, given as number or text; null if there is none. */
  integer(): number | null {
    const value = this.#number();
    if (value === null || Math.abs(value) <= MAX_INT_32) return value;
    throw this.#malformed('is out of range');
  }

  requiredInteger(): number {
    const value = this.integer();
    if (value === null) throw this.#malformed('is missing');
    return value;
  }

  /** Unit: ms since 1970-01-01 UTC. Null for nothing, zero and negative times: the phase did not happen. */
  instant(onSeconds: () => void): number | null {
    const value = this.#number();
    if (value === null || value <= 0) return null;
    const countsSeconds = value < SECONDS_BELOW;
    if (countsSeconds) onSeconds();
    const instantMs = countsSeconds ? value * 1000 : value;
    if (instantMs <= LAST_INSTANT) return instantMs;
    throw this.#malformed('is out of range');
  }

  /** A text, or a number written as one; null if empty. */
  text(): string | null {
    if (isNothing(this.#value)) return null;
    if (typeof this.#value === 'string') return this.#value;
    if (typeof this.#value === 'number') return String(this.#value);
    throw this.#malformed('is not a text');
  }

  /** Records need not repeat what was asked for; one that says otherwise is another call's. */
  mustBe(expected: string): void {
    const actual = this.text();
    if (actual !== null && actual !== expected) throw this.#malformed('is not the one asked for');
  }

  #number(): number | null {
    if (isNothing(this.#value)) return null;
    const isDecimal = typeof this.#value === 'string' && /^[+-]?\d+$/.test(this.#value);
    const value = isDecimal ? Number(this.#value) : this.#value;
    if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
    throw this.#malformed('is not an integer');
  }

  #malformed(problem: string): UpstreamMalformedError {
    return new UpstreamMalformedError(`${this.#where} ${problem}`);
  }
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UpstreamMalformedError('the reply is not JSON');
  }
}

function fieldsOf(value: unknown, where: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UpstreamMalformedError(`${where} is not an object`);
  return new Map(Object.entries(value).map(([name, content]) => [name.toLowerCase(), content]));
}

/** A code sent as a number has lost its leading zero. What is longer than a code is none: it could be anything, and would end up in a message. */
function resultCodeText(code: unknown): string {
  const text = typeof code === 'number' ? String(code).padStart(SUCCESS.length, '0') : code;
  if (typeof text === 'string' && /^[\w-]{1,7}$/.test(text)) return text;
  throw new UpstreamMalformedError('resultCode is not a code of seven characters');
}
