import type { TraceKey } from './key.js';

/**
 * One record of the upstream: the call's stay at one device. Codes stay numbers here; the graph names them.
 * Instants are ms since 1970-01-01 UTC, null where the upstream sent none (or 0, or a negative one).
 * Source: "Call track data", Table 4; the row is given at each field.
 */
export interface CallDetailRecord {
  /** CDR number: 1, 2, …; −1 marks the final CDR. Row 2.3 `callIdNum`. */
  readonly callIdNum: number;
  /** Row 2.2 `mediaType`, which the sample holds twice: the last one counts. */
  readonly mediaType: number | null;
  /** Channel of a social call; says something where mediaType is 53. Row 2.20 `subMediaType`. */
  readonly subMediaType: number | null;
  /** Calling number: personal data. Row 2.4 `callerNo`. */
  readonly callerNo: string | null;
  /** Called number: personal data. Row 2.5 `calleeNo`. */
  readonly calleeNo: string | null;
  /** When the call began to wait at this device. Row 2.6 `waitBegin`. */
  readonly waitBegin: number | null;
  /** When the device began to answer (to ring). Row 2.7 `ackBegin`; the sample's comment says: when it was answered. */
  readonly ackBegin: number | null;
  /** When the conversation began. Row 2.8 `callBegin`; one document says: when the call began. */
  readonly callBegin: number | null;
  /** When the call left this device. Row 2.9 `callEnd`; equal to callBegin where nobody answered. */
  readonly callEnd: number | null;
  /** Call centre within a network of call centres; 0 outside one. Row 2.10 `subCcNo`. */
  readonly subCcNo: number | null;
  /** Row 2.11 `deviceType`. */
  readonly deviceType: number | null;
  /** The agent's or the queue's ID; an internal number for other devices. Row 2.12 `deviceNo`. */
  readonly deviceNo: string | null;
  /** Description of the device, as a rule a constant such as DEVICE_AGENT. Row 2.13 `deviceIn`. */
  readonly deviceIn: string | null;
  /** Row 2.14 `callType`. */
  readonly callType: number | null;
  /** Why the call ended; says something in the final CDR alone. Row 2.15 `releaseCause`. */
  readonly releaseCause: number | null;
  /** Row 2.16 `EnterReason`. */
  readonly enterReason: number | null;
  /** Row 2.17 `LeaveReason`. */
  readonly leaveReason: number | null;
  /** Skill queue that handled the call; the upstream writes 0 for none. Row 2.18 `CurrentSkillID`. */
  readonly currentSkillId: string | null;
}

/** The number that marks the final CDR of a call. Source: Table 4, row 2.3. */
export const FINAL_CDR = -1;

/** Where an answer came from. */
export type TraceSource = 'UPSTREAM' | 'REDIS' | 'MEMORY';

/** All records of one key, with when and whence they came. No records: the upstream knows no such call in that month. */
export interface CallTrace {
  readonly key: TraceKey;
  /** In order: 1, 2, …, the final CDR last. No record twice. */
  readonly records: readonly CallDetailRecord[];
  /** When the upstream answered. Unit: ms since 1970-01-01 UTC. */
  readonly fetchedAt: number;
  /** True when nothing will change any more: the final CDR was there, and old enough, when the upstream answered. */
  readonly final: boolean;
  /** How many times in a row the call was not found, this time included; 0 for a trace with records. */
  readonly emptyStreak: number;
  /** True when it should have been asked anew, but the upstream could not answer. */
  readonly stale: boolean;
  readonly source: TraceSource;
}

/** How a question is to be answered. */
export interface AskOptions {
  /** The client waits no longer than this. Unit: ms since 1970-01-01 UTC. */
  readonly deadlineAt?: number | undefined;
  /** Aborted when nobody wants the answer any more. */
  readonly signal?: AbortSignal | undefined;
  /** Ask the upstream whatever the caches hold, and renew them. */
  readonly refresh?: boolean | undefined;
}

/** Result i answers key i: its trace, or the Error that key met. Same length, same order. Never rejects. */
export type FetchTraces = (keys: readonly TraceKey[], ask?: AskOptions) => Promise<(CallTrace | Error)[]>;

/** The records in the order of the call, each once: 1, 2, …, then the final CDR; of one number the earlier first (by begin, then by end). */
export function orderRecords(records: readonly CallDetailRecord[]): CallDetailRecord[] {
  const distinct = new Map(records.map((record) => [JSON.stringify(record), record]));
  return [...distinct.values()].sort(
    (a, b) =>
      rank(a) - rank(b) || (firstInstant(a) ?? 0) - (firstInstant(b) ?? 0) || (a.callEnd ?? 0) - (b.callEnd ?? 0),
  );
}

/** When a leg began: the earliest of its phases. Null if it has none. Unit: ms since 1970-01-01 UTC. */
export function firstInstant(record: CallDetailRecord): number | null {
  const instants = [record.waitBegin, record.ackBegin, record.callBegin].filter((instant) => instant !== null);
  return instants.length > 0 ? Math.min(...instants) : null;
}

/** The final CDR, or null while the call is in progress. Of two the later one. */
export function finalRecord(records: readonly CallDetailRecord[]): CallDetailRecord | null {
  return records.findLast((record) => record.callIdNum === FINAL_CDR) ?? null;
}

/** Whether records as answered at `fetchedAt` will never change: the final CDR ended at least `settleMs` before. */
export function isSettled(records: readonly CallDetailRecord[], fetchedAt: number, settleMs: number): boolean {
  const endedAt = finalRecord(records)?.callEnd ?? null;
  return endedAt !== null && endedAt + settleMs <= fetchedAt;
}

function rank(record: CallDetailRecord): number {
  return record.callIdNum < 0 ? Number.MAX_SAFE_INTEGER : record.callIdNum;
}
