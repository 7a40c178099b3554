import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { isPlausible } from '../../call/instant.js';
import { traceKeyText, type TraceKey } from '../../call/key.js';
import { rankOf, type TraceRank } from '../../call/life.js';
import {
  createRecord,
  MAX_RECORDS,
  RECORD_FIELDS,
  type CallDetailRecord,
  type CallTrace,
  type FieldKind,
  type ReadingNote,
} from '../../call/trace.js';
import type { Encryption } from './encryption.js';

/*
 * A value is a head in clear text, by which scripts in Redis compare it with others, and a body:
 *
 *     trace <askedAt> <completeness> <1 if settled, else 0>\n<body>
 *     tombstone <time> 0 0\n
 *
 * The body is `p` and JSON, or `d` and JSON deflated; with keys, that encrypted. The JSON is
 * [key text, askedAt, timesNotFound, notes, rows].
 */
const HEAD = /^trace (\d{1,16}) (\d{1,16}) [01]\n$/;
const MAX_HEAD_BYTES = 64;
const PLAIN = 'p'.charCodeAt(0);
const DEFLATED = 'd'.charCodeAt(0);

/** From this length on deflating pays: about 16 legs. See docs/decisions.md. Unit: bytes. */
const DEFLATE_FROM = 2_048;
/** No trace is longer, for no reply is; a value that claims to be is a bomb. Unit: bytes. */
const MAX_BYTES = 16 * 1024 * 1024;

const NOTES: Readonly<Record<ReadingNote, true>> = {
  duplicateRecords: true,
  oddValues: true,
  impossibleTimes: true,
  timesInSeconds: true,
  recordsOfAnotherYear: true,
  neighbourLegsMissing: true,
};

/** Returns the value of a trace. `name`: under which it is kept; it is authenticated, like the head, if there are keys. */
export function encodeTrace(trace: CallTrace, rank: TraceRank, name: string, encryption: Encryption): Buffer {
  const head = `trace ${trace.askedAt} ${rank.completeness} ${rank.settled ? 1 : 0}\n`;
  return Buffer.concat([Buffer.from(head), encryption.encrypt(encodeBody(trace), `${name}\n${head}`)]);
}

/** Whether a value is a tombstone. */
export function isTombstone(value: Buffer): boolean {
  return value.toString('latin1', 0, MAX_HEAD_BYTES).startsWith('tombstone ');
}

/** What a reader of values knows. */
export interface ReadingContext {
  readonly key: TraceKey;
  /** Under which the value lies. */
  readonly name: string;
  readonly encryption: Encryption;
  /** The clock that dates traces. Unit: ms since 1970-01-01 UTC. */
  readonly now: number;
}

/**
 * The trace in a value. Null if there is none, or it is another key's, or something in it is outside the bounds that the
 * upstream's replies are held to.
 */
export function decodeTrace(value: Buffer, context: ReadingContext): CallTrace | null {
  try {
    return traceIn(value, context);
  } catch {
    return null; // no JSON, no row of a record, or a bomb
  }
}

function traceIn(value: Buffer, { key, name, encryption, now }: ReadingContext): CallTrace | null {
  const headBytes = value.subarray(0, MAX_HEAD_BYTES).indexOf('\n') + 1;
  const head = value.toString('latin1', 0, headBytes);
  const [, askedAtText, completeness] = HEAD.exec(head) ?? [];
  const body = askedAtText && encryption.decrypt(value.subarray(headBytes), `${name}\n${head}`);
  const content = body && parseBody(body);
  if (!Array.isArray(content)) return null;
  const [keyText, askedAt, timesNotFound, allNotes, rows] = content as unknown[];
  if (keyText !== traceKeyText(key) || !isInstant(askedAt, now) || askedAt !== Number(askedAtText)) return null;
  if (!isCount(timesNotFound) || !Array.isArray(rows) || rows.length > MAX_RECORDS) return null;
  const notes = decodeNotes(allNotes);
  if (!notes) return null;
  const records = rows.map((row) => decodeRecord(row, askedAt));
  const trace = { key, records, askedAt, timesNotFound, notes, stale: false, source: 'REDIS' } as const;
  return rankOf(trace, { reason: 'open' }).completeness === Number(completeness) ? trace : null;
}

function encodeBody({ key, askedAt, timesNotFound, notes, records }: CallTrace): Buffer {
  const rows = records.map((record) => RECORD_FIELDS.map(([name]) => record[name]));
  const text = JSON.stringify([traceKeyText(key), askedAt, timesNotFound, notes, rows]);
  return text.length < DEFLATE_FROM
    ? Buffer.from(`p${text}`)
    : Buffer.concat([Buffer.of(DEFLATED), deflateRawSync(text, { level: 1 })]);
}

function parseBody(body: Buffer): unknown {
  const bytes = body.subarray(1);
  if (body[0] === PLAIN) return JSON.parse(bytes.toString());
  if (body[0] === DEFLATED) return JSON.parse(inflateRawSync(bytes, { maxOutputLength: MAX_BYTES }).toString());
  return null;
}

/** Throws for what is not the row of a record. */
function decodeRecord(row: unknown, askedAt: number): CallDetailRecord {
  if (!Array.isArray(row) || row.length !== RECORD_FIELDS.length || row[0] === null) throw new TypeError('not a row');
  const cells = row as (string | number | null)[];
  return createRecord((name, kind, index) => {
    const value = cells[index] ?? null;
    if (value !== null && !isOfKind(value, kind, askedAt)) throw new TypeError(`${name} is out of bounds`);
    return value;
  });
}

/** Notes that another version of the gateway makes are passed over. */
function decodeNotes(value: unknown): CallTrace['notes'] | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const notes = Object.entries(value).filter(([name]) => Object.hasOwn(NOTES, name));
  return notes.every(([, count]) => isCount(count)) ? Object.fromEntries(notes) : null;
}

function isOfKind(value: unknown, kind: FieldKind, askedAt: number): boolean {
  if (kind === 'text') return typeof value === 'string';
  return kind === 'integer' ? isInteger(value) : isInstant(value, askedAt);
}

/** Whether a value is a signed integer of 32 bits. */
function isInteger(value: unknown): value is number {
  return typeof value === 'number' && (value | 0) === value;
}

function isCount(value: unknown): value is number {
  return isInteger(value) && value >= 0;
}

function isInstant(value: unknown, now: number): value is number {
  return Number.isInteger(value) && isPlausible(value as number, now);
}
