import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { isPlausible } from '../../call/instant.js';
import { traceKeyText, type TraceKey } from '../../call/key.js';
import { type Life } from '../../call/life.js';
import { rankOf, type TraceRank } from '../../call/trace-rank.js';
import { createRecord, MAX_RECORDS, READING_NOTES, RECORD_FIELDS } from '../../call/trace.js';
import type { CallDetailRecord, CallTrace } from '../../call/trace.js';
import type { Encryption } from './encryption.js';

/*
 * A value is a head in clear text, which scripts in Redis compare, and a body:
 *
 *     trace <askedAt> <completeness> <1 if settled, else 0>\n<body>
 *     tombstone <time> 0 0\n
 *
 * The body is `p` and JSON, or `d` and JSON deflated; with keys, that encrypted. The JSON is
 * [key text, askedAt, timesNotFound, notes, rows, repeatedNumbers]; the last one only where there are any.
 */
/** Least length that is deflated: about 16 legs. See docs/decisions.md. Unit: bytes. */
const DEFLATE_FROM = 2_048;
/** Largest inflated trace; a larger value is a decompression bomb, since no reply is as long. Unit: bytes. */
const MAX_BYTES = 16 * 1024 * 1024;

/**
 * Returns the value of a trace. `life`: of the trace. `name`: the key of the value; encryption authenticates it and the
 * head.
 */
export function encodeTrace(trace: CallTrace, life: Life, name: string, encryption: Encryption): Buffer {
  const { key, askedAt, timesNotFound, notes, records, repeatedNumbers } = trace;
  const rows = records.map((record) => RECORD_FIELDS.map(([field]) => record[field]));
  const repeated = repeatedNumbers === undefined ? [] : [repeatedNumbers];
  const text = JSON.stringify([traceKeyText(key), askedAt, timesNotFound, notes, rows, ...repeated]);
  const isLong = text.length >= DEFLATE_FROM;
  const body = Buffer.concat([
    Buffer.from(isLong ? 'd' : 'p'),
    isLong ? deflateRawSync(text, { level: 1 }) : Buffer.from(text),
  ]);
  const head = headOf(rankOf(trace, life));
  return Buffer.concat([Buffer.from(head), encryption.encrypt(body, `${name}\n${head}`)]);
}

/**
 * Returns the trace in a value. Throws if the value has none, if it belongs to another key, or if it exceeds the bounds for
 * replies of the upstream. `now`: the clock that dates traces. Unit: ms since 1970-01-01 UTC.
 */
export function decodeTrace(
  value: Buffer,
  key: TraceKey,
  name: string,
  encryption: Encryption,
  now: number,
): CallTrace {
  const headBytes = value.indexOf('\n') + 1;
  const head = value.toString('latin1', 0, headBytes);
  const body = encryption.decrypt(value.subarray(headBytes), `${name}\n${head}`);
  check(body !== null);
  const [keyText, askedAt, timesNotFound, notes, rows, repeatedNumbers] = parseBody(body) as unknown[];
  check(keyText === traceKeyText(key) && isInstant(askedAt, now) && isCount(timesNotFound));
  check(Array.isArray(rows) && rows.length <= MAX_RECORDS);
  const records = rows.map((row) => decodeRecord(row, askedAt));
  const content = {
    key,
    records,
    askedAt,
    timesNotFound,
    notes: decodeNotes(notes),
    ...decodeRepeated(repeatedNumbers),
  };
  const rank = rankOf(content, { reason: 'open' });
  check(head === headOf(rank) || head === headOf({ ...rank, settled: true }));
  return { ...content, stale: false, source: 'SHARED_CACHE' };
}

function headOf({ askedAt, completeness, settled }: TraceRank): string {
  return `trace ${askedAt} ${completeness} ${settled ? 1 : 0}\n`;
}

function parseBody(body: Buffer): unknown {
  const bytes = body.subarray(1);
  const isDeflated = body.toString('latin1', 0, 1) === 'd';
  return JSON.parse((isDeflated ? inflateRawSync(bytes, { maxOutputLength: MAX_BYTES }) : bytes).toString());
}

function decodeRecord(row: unknown, askedAt: number): CallDetailRecord {
  check(Array.isArray(row) && row.length === RECORD_FIELDS.length && row[0] !== null);
  const cells = row as (string | number | null)[];
  return createRecord((_, kind, index) => {
    const value = cells[index] ?? null;
    if (value === null) return null;
    if (kind === 'text') check(typeof value === 'string');
    else check(kind === 'integer' ? isInteger(value) : isInstant(value, askedAt));
    return value;
  });
}

/** Returns the notes; those that only another version of the gateway knows are ignored. */
function decodeNotes(value: unknown): CallTrace['notes'] {
  check(typeof value === 'object' && value !== null && !Array.isArray(value));
  const notes = Object.entries(value).filter(([name]) => (READING_NOTES as readonly string[]).includes(name));
  check(notes.every(([, count]) => isCount(count)));
  return Object.fromEntries(notes);
}

function decodeRepeated(value: unknown): Pick<CallTrace, 'repeatedNumbers'> {
  if (value === undefined) return {};
  check(Array.isArray(value) && value.length <= MAX_RECORDS);
  const numbers: readonly unknown[] = value;
  check(numbers.every(isInteger));
  return { repeatedNumbers: numbers };
}

function check(isRight: boolean): asserts isRight {
  if (!isRight) throw new TypeError('out of bounds');
}

/** Whether a value is a signed integer of 32 bits. */
const isInteger = (value: unknown): value is number => typeof value === 'number' && (value | 0) === value;
const isCount = (value: unknown): value is number => isInteger(value) && value >= 0;
const isInstant = (value: unknown, now: number): value is number =>
  Number.isInteger(value) && isPlausible(value as number, now);
