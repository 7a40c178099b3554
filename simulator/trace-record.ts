/** One stay of a call at one device, as the contact centre knows it before it is spelled for the wire. */
export interface TraceRecord {
  callId: string;
  /** 1, 2, …; `FINAL` for the last one. */
  callIdNum: number;
  mediaType: number;
  /** Null unless the medium is a social channel. */
  subMediaType: number | null;
  callerNo: string;
  calleeNo: string;
  /** The four times are ms since 1970-01-01 UTC; null means that the phase did not happen, or not yet. */
  waitBegin: number | null;
  ackBegin: number | null;
  callBegin: number | null;
  callEnd: number | null;
  subCcNo: number;
  deviceType: number;
  deviceNo: string;
  deviceIn: string;
  callType: number;
  /** Noise in every record but the final one. */
  releaseCause: number;
  enterReason: number;
  /** Null while the call is still at the device. */
  leaveReason: number | null;
  /** "0" where no queue handles the call. */
  currentSkillId: string;
}

/** The `callIdNum` that marks the last record of a call. */
export const FINAL = -1;

/** When the call came to the device: the earliest time the record knows. Unit: ms since 1970-01-01 UTC. */
export function beginOf(record: TraceRecord): number {
  const times = [record.waitBegin, record.ackBegin, record.callBegin, record.callEnd];
  return Math.min(...times.filter((time) => time !== null));
}

/**
 * The records as they stood at an instant: a stay that had not begun is not there, one that had not ended has no end,
 * and the final record is written only once the call is over.
 */
export function asOf(now: number, records: readonly TraceRecord[]): TraceRecord[] {
  return records.filter((record) => isWritten(record, now)).map((record) => withoutFuture(record, now));
}

function isWritten(record: TraceRecord, now: number): boolean {
  if (record.callIdNum === FINAL) return record.callEnd !== null && record.callEnd <= now;
  return beginOf(record) <= now;
}

function withoutFuture(record: TraceRecord, now: number): TraceRecord {
  const past = (time: number | null) => (time !== null && time <= now ? time : null);
  const callEnd = past(record.callEnd);
  return {
    ...record,
    waitBegin: past(record.waitBegin),
    ackBegin: past(record.ackBegin),
    callBegin: past(record.callBegin),
    callEnd,
    leaveReason: callEnd === null ? null : record.leaveReason,
  };
}
