import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { traceKeyText, type TraceKey } from '../../call/key.js';
import type { CallDetailRecord, CallTrace } from '../../call/trace.js';
import { withoutViews } from './ready-value.js';

/** Raised when the value's shape changes: values of another version are misses, and are overwritten. */
const VERSION = 2;

/** The first byte of a value tells how the rest is to be read. */
const PLAIN = 'p'.charCodeAt(0);
const DEFLATED = 'd'.charCodeAt(0);

/** From this length on deflating pays: about 16 legs. See docs/decisions.md. Unit: bytes. */
const DEFLATE_FROM = 2_048;
/** No trace is longer; a value that claims to be is a bomb. Unit: bytes. */
const MAX_BYTES = 64 * 1024 * 1024;

/** The columns of a record, in the order in which a value holds them, with what each can be. */
const COLUMNS = [
  ['callIdNum', 'integer'],
  ['mediaType', 'integer'],
  ['subMediaType', 'integer'],
  ['callerNo', 'text'],
  ['calleeNo', 'text'],
  ['waitBegin', 'integer'],
  ['ackBegin', 'integer'],
  ['callBegin', 'integer'],
  ['callEnd', 'integer'],
  ['subCcNo', 'integer'],
  ['deviceType', 'integer'],
  ['deviceNo', 'text'],
  ['deviceIn', 'text'],
  ['callType', 'integer'],
  ['releaseCause', 'integer'],
  ['enterReason', 'integer'],
  ['leaveReason', 'integer'],
  ['currentSkillId', 'text'],
] as const satisfies readonly (readonly [keyof CallDetailRecord, 'integer' | 'text'])[];

/** The bytes under which a trace is kept: versioned, naming its own key, deflated if long. */
export function encodeTrace(trace: CallTrace): Buffer {
  const rows = trace.records.map((record) => COLUMNS.map(([name]) => record[name]));
  const text = JSON.stringify([
    VERSION,
    traceKeyText(trace.key),
    trace.fetchedAt,
    trace.final,
    trace.emptyStreak,
    rows,
  ]);
  return text.length < DEFLATE_FROM
    ? Buffer.from(`p${text}`)
    : Buffer.concat([Buffer.of(DEFLATED), deflateRawSync(text, { level: 1 })]);
}

/** The trace that bytes hold, or null if they hold none of this version, or not that of the key. */
export function decodeTrace(bytes: Buffer, key: TraceKey): CallTrace | null {
  const value = parse(withoutViews(bytes));
  if (!Array.isArray(value)) return null;
  const [version, keyText, fetchedAt, final, emptyStreak, rows] = value as unknown[];
  if (version !== VERSION || keyText !== traceKeyText(key)) return null;
  if (!isInteger(fetchedAt) || typeof final !== 'boolean' || !isInteger(emptyStreak) || !Array.isArray(rows))
    return null;
  const records = rows.map(decodeRecord);
  if (!records.every((record) => record !== null)) return null;
  return { key, records, fetchedAt, final, emptyStreak, stale: false, source: 'REDIS' };
}

/** A record to be filled: V8 copies one with all its fields sooner than it adds them one by one. */
const BLANK = Object.fromEntries(COLUMNS.map(([name]) => [name, null]));

function decodeRecord(row: unknown): CallDetailRecord | null {
  if (!Array.isArray(row) || row.length !== COLUMNS.length || row[0] === null) return null;
  const record: Record<string, unknown> = { ...BLANK };
  for (const [i, [name, kind]] of COLUMNS.entries()) {
    const value: unknown = row[i];
    if (value !== null && !(kind === 'text' ? typeof value === 'string' : isInteger(value))) return null;
    record[name] = value;
  }
  return record as unknown as CallDetailRecord;
}

function parse(bytes: Buffer): unknown {
  try {
    const rest = bytes.subarray(1);
    if (bytes[0] === PLAIN) return JSON.parse(rest.toString());
    if (bytes[0] === DEFLATED) return JSON.parse(inflateRawSync(rest, { maxOutputLength: MAX_BYTES }).toString());
    return null;
  } catch {
    return null;
  }
}

function isInteger(value: unknown): value is number {
  return Number.isSafeInteger(value);
}
