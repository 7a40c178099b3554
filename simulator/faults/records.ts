import { RESULT_CODE } from '../codes.js';
import { FINAL, type TraceRecord } from '../trace-record.js';
import type { WireRecord } from '../wire-record.js';
import type { Fault } from './fault.js';

const UNKNOWN_CODE = 9999;
const OTHER_CALL_ID = '1500000000-1';
const OTHER_VDN = 4999;
const TIMES = ['waitBegin', 'ackBegin', 'callBegin', 'callEnd'] as const;

/** Successful answers whose records are not as they are meant to be. */
export const RECORD_FAULTS = {
  'wrong-types': misspelt((record, index) => ({ ...record, callBegin: index % 2 === 0 ? { at: 'noon' } : 'noon' })),
  'missing-fields': misspelt((record) => ({ ...record, callIdNum: undefined })),
  'other-vdn': misspelt((record) => ({ ...record, vdn: OTHER_VDN })),
  'unknown-codes': distorted((records) => records.map(withUnknownCodes)),
  'duplicate-legs': distorted((records) => records.flatMap((record) => [record, record])),
  'two-final-legs': distorted(withTwoFinals),
  'no-final-leg': distorted((records) => records.filter((record) => record.callIdNum !== FINAL)),
  'negative-times': distorted((records) => records.map((record) => mapTimes(record, (time) => -time))),
  'second-based-times': distorted((records) => records.map((record) => mapTimes(record, (time) => time / 1000))),
  'other-call': distorted((records) => records.map((record) => ({ ...record, callId: OTHER_CALL_ID }))),
} satisfies Record<string, Fault>;

/** Changes what the records say. */
function distorted(change: (records: readonly TraceRecord[]) => TraceRecord[]): Fault {
  return ({ exchange, records, toWire }) =>
    exchange.sendJson(200, { resultCode: RESULT_CODE.SUCCESS, resultDesc: toWire(change(records)) });
}

/** Changes how a record is written. */
function misspelt(change: (record: WireRecord, index: number) => WireRecord): Fault {
  return ({ exchange, records, toWire }) =>
    exchange.sendJson(200, { resultCode: RESULT_CODE.SUCCESS, resultDesc: toWire(records).map(change) });
}

function withUnknownCodes(record: TraceRecord): TraceRecord {
  return {
    ...record,
    mediaType: UNKNOWN_CODE,
    subMediaType: UNKNOWN_CODE,
    deviceType: UNKNOWN_CODE,
    callType: UNKNOWN_CODE,
    releaseCause: UNKNOWN_CODE,
    enterReason: UNKNOWN_CODE,
    leaveReason: UNKNOWN_CODE,
  };
}

/** The last stay twice, both marked final, the second one a second longer. */
function withTwoFinals(records: readonly TraceRecord[]): TraceRecord[] {
  const last = records.at(-1);
  if (last === undefined) return [];
  const longer = { ...last, callIdNum: FINAL, callEnd: (last.callEnd ?? 0) + 1000 };
  return [...records.slice(0, -1), { ...last, callIdNum: FINAL }, longer];
}

function mapTimes(record: TraceRecord, change: (time: number) => number): TraceRecord {
  const mapped = { ...record };
  for (const field of TIMES) {
    const time = record[field];
    if (time !== null) mapped[field] = Math.trunc(change(time));
  }
  return mapped;
}
