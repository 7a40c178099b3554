import { finalRecord, firstInstant, lastInstant, type CallDetailRecord, type CallTrace } from '../trace.js';

/** From when to when a call lasted. Instants are in ms since 1970-01-01 UTC. */
export interface CallPeriod {
  /** The earliest begin of any leg; null if there is none. */
  readonly startedAt: number | null;
  /** End of the final CDR, else the last sign of life, in a call in progress not before it was asked for. Null without a start. */
  readonly until: number | null;
  /** Without a final CDR, and with a sign of life not long ago. */
  readonly isInProgress: boolean;
  readonly final: CallDetailRecord | null;
}

/** Times are whole seconds: what differs by no more is the same instant. Unit: ms. */
export const TOLERANCE_MS = 1_000;

/** Without a final CDR, a call is in progress until its last sign of life is so long ago: hardly a shift is longer. Unit: ms. */
const IN_PROGRESS_MS = 12 * 3_600_000;

/** Returns from when to when the call of a trace lasted, or has lasted so far. */
export function periodOf({ records, askedAt }: CallTrace): CallPeriod {
  const final = finalRecord(records);
  const latest = lastInstant(records) ?? -Infinity;
  const isInProgress = final === null && askedAt - latest < IN_PROGRESS_MS;
  let startedAt = Infinity;
  for (const record of records) startedAt = Math.min(startedAt, firstInstant(record) ?? Infinity);
  if (startedAt === Infinity) return { startedAt: null, until: null, isInProgress, final };
  const end = final?.callEnd ?? null;
  const isEndKnown = end !== null && end >= startedAt; // else a clock was set back while it lasted
  const until = isEndKnown ? end : isInProgress ? Math.max(latest, askedAt) : latest;
  return { startedAt, until, isInProgress, final };
}
