/**
 * What a trace costs in Redis: bytes, and time to write and read it, for the candidate encodings.
 * Run: npm run bench:encoding. The table in docs/decisions.md is its output.
 */
import { brotliCompressSync, brotliDecompressSync, constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import { Packr } from 'msgpackr';
import type { CallDetailRecord } from '../src/call/trace.js';

const FIRST_AT = 1_760_000_000_000;

function record(index: number, legs: number): CallDetailRecord {
  const begin = FIRST_AT + index * 37_123;
  return {
    callIdNum: index + 1 === legs ? -1 : index + 1,
    mediaType: 5,
    subMediaType: null,
    callerNo: '055501234567',
    calleeNo: '95559',
    waitBegin: begin,
    ackBegin: begin + 12_000,
    callBegin: begin + 15_500,
    callEnd: begin + 37_000,
    subCcNo: 0,
    deviceType: (index % 3) + 1,
    deviceNo: String(1000 + ((index * 7919) % 400)),
    deviceIn: ['DEVICE_SKILL', 'DEVICE_AGENT', 'DEVICE_IVR'][index % 3] ?? null,
    callType: 0,
    releaseCause: index + 1 === legs ? 531 : 0,
    enterReason: 0,
    leaveReason: [1, 5, 17, 15][index % 4] ?? 0,
    currentSkillId: String(index % 9),
  };
}

interface Encoding {
  readonly write: (records: readonly CallDetailRecord[]) => Buffer;
  readonly read: (bytes: Buffer) => unknown;
}

const rows = (records: readonly CallDetailRecord[]): unknown[][] =>
  records.map((one) => Object.values(one) as unknown[]);
const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const parse = (bytes: Buffer): unknown => JSON.parse(bytes.toString());
const short = (records: readonly CallDetailRecord[]): unknown =>
  records.map((one) => Object.fromEntries(Object.values(one).map((value, i) => [i.toString(36), value as unknown])));
const packr = new Packr({ useRecords: true });
const fast = { params: { [constants.BROTLI_PARAM_QUALITY]: 3 } };

const ENCODINGS: Readonly<Record<string, Encoding>> = {
  JSON: { write: json, read: parse },
  'JSON, short names': { write: (r) => json(short(r)), read: parse },
  'JSON rows': { write: (r) => json(rows(r)), read: parse },
  'JSON rows, deflate 1': {
    write: (r) => deflateRawSync(json(rows(r)), { level: 1 }),
    read: (b) => parse(inflateRawSync(b)),
  },
  'JSON rows, deflate 6': {
    write: (r) => deflateRawSync(json(rows(r)), { level: 6 }),
    read: (b) => parse(inflateRawSync(b)),
  },
  'JSON rows, brotli 3': {
    write: (r) => brotliCompressSync(json(rows(r)), fast),
    read: (b) => parse(brotliDecompressSync(b)),
  },
  msgpack: { write: (r) => Buffer.from(packr.pack(r)), read: (b) => packr.unpack(b) as unknown },
  'msgpack rows': { write: (r) => Buffer.from(packr.pack(rows(r))), read: (b) => packr.unpack(b) as unknown },
  'msgpack rows, deflate 1': {
    write: (r) => deflateRawSync(packr.pack(rows(r)), { level: 1 }),
    read: (b) => packr.unpack(inflateRawSync(b)) as unknown,
  },
};

function microseconds(work: () => unknown): number {
  for (const until = performance.now() + 100; performance.now() < until;) work();
  let runs = 0;
  const startedAt = performance.now();
  while (performance.now() - startedAt < 300) {
    work();
    runs += 1;
  }
  return ((performance.now() - startedAt) * 1000) / runs;
}

console.log('| encoding | legs | bytes | write µs | read µs |\n|---|---|---|---|---|');
for (const legs of [6, 50, 400]) {
  const records = Array.from({ length: legs }, (_, index) => record(index, legs));
  for (const [name, { write, read }] of Object.entries(ENCODINGS)) {
    const bytes = write(records);
    const cost = [
      bytes.length,
      microseconds(() => write(records)).toFixed(1),
      microseconds(() => read(bytes)).toFixed(1),
    ];
    console.log(`| ${name} | ${legs} | ${cost.join(' | ')} |`);
  }
}
