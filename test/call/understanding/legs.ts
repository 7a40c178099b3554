import { addNotes, orderRecords, type CallDetailRecord, type CallTrace } from '../../../src/call/trace.js';
import { DEFAULT_READINGS, understand } from '../../../src/call/understanding/understand.js';
import type { CallUnderstanding, Readings } from '../../../src/call/understanding/understanding.js';
import { BEGAN_AT, createRecord, createTrace } from '../../fixtures/records.js';

/** Seconds after the call began: wait, ack, call, end. */
export type Times = readonly [number | null, number | null, number | null, number | null];

/** The instant so many seconds after the call began. Unit: ms since 1970-01-01 UTC. */
export const after = (seconds: number): number => BEGAN_AT + seconds * 1_000;

/** A record at a device; `change` numbers it, too. */
export function leg(deviceType: number | null, times: Times, change: Partial<CallDetailRecord> = {}): CallDetailRecord {
  const [waitBegin, ackBegin, callBegin, callEnd] = times.map((at) => (at === null ? null : after(at)));
  const instants = { waitBegin: waitBegin ?? null, ackBegin: ackBegin ?? null, callBegin: callBegin ?? null };
  return createRecord({
    ...instants,
    callEnd: callEnd ?? null,
    ...{ deviceType, deviceNo: '9', mediaType: 5, callType: 0, enterReason: 0, leaveReason: 0, releaseCause: 0 },
    ...change,
  });
}

export const ivr = (from: number, to: number | null, change: Partial<CallDetailRecord> = {}) =>
  leg(3, [null, null, from, to], change);
export const queue = (from: number, to: number | null, change: Partial<CallDetailRecord> = {}) =>
  leg(1, [from, null, null, to], { deviceNo: '101', ...change });
export const agent = (times: Times, change: Partial<CallDetailRecord> = {}) =>
  leg(2, times, { deviceNo: '2001', ...change });

/** Numbers records 1, 2, …; the last one is the final CDR, unless the call is said to be open. */
export function numbered(records: readonly CallDetailRecord[], isOpen = false): readonly CallDetailRecord[] {
  return records.map((record, index) => ({
    ...record,
    callIdNum: !isOpen && index === records.length - 1 ? -1 : index + 1,
  }));
}

/** What is derived from records, asked for an hour after the call began unless said otherwise. */
export function call(
  records: readonly CallDetailRecord[],
  change: Partial<CallTrace> = {},
  readings: Readings = DEFAULT_READINGS,
): CallUnderstanding {
  const { records: ordered, duplicates, repeatedNumbers } = orderRecords(records);
  const notes = addNotes(change.notes ?? {}, { duplicateRecords: duplicates });
  return understand(createTrace(ordered, { repeatedNumbers, ...change, notes }), readings);
}
