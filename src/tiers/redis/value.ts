import { traceKeyText, type TraceKey } from '../../call/key.js';
import type { CallDetailRecord, CallTrace } from '../../call/trace.js';

/** Raised when the value's shape changes: older values are then misses, and are overwritten. */
const VERSION = 1;

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

/** The text under which a trace is kept: versioned, and naming its own key. */
export function encodeTrace(trace: CallTrace): string {
  const rows = trace.records.map((record) => COLUMNS.map(([name]) => record[name]));
  return JSON.stringify([VERSION, traceKeyText(trace.key), trace.fetchedAt, trace.final, rows]);
}

/** The trace that a text holds, or null if it is not one of this version, or not that of the key. */
export function decodeTrace(text: string, key: TraceKey): CallTrace | null {
  const value = parse(text);
  if (!Array.isArray(value)) return null;
  const [version, keyText, fetchedAt, final, rows] = value as unknown[];
  if (version !== VERSION || keyText !== traceKeyText(key)) return null;
  if (!Number.isSafeInteger(fetchedAt) || typeof final !== 'boolean' || !Array.isArray(rows)) return null;
  const records = (rows as unknown[]).map(decodeRecord);
  if (records.includes(null)) return null;
  return {
    key,
    records: records as CallDetailRecord[],
    fetchedAt: fetchedAt as number,
    final,
    stale: false,
    source: 'REDIS',
  };
}

function decodeRecord(row: unknown): CallDetailRecord | null {
  if (!Array.isArray(row) || row.length !== COLUMNS.length || row[0] === null) return null;
  const fits = COLUMNS.every(
    ([, kind], i) => row[i] === null || (kind === 'text' ? typeof row[i] === 'string' : Number.isSafeInteger(row[i])),
  );
  return fits
    ? (Object.fromEntries(COLUMNS.map(([name], i) => [name, row[i] as unknown])) as unknown as CallDetailRecord)
    : null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
