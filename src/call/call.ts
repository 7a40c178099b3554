import { finalRecord, firstInstant, FINAL_CDR, type CallDetailRecord, type CallTrace } from './trace.js';
import type { TraceKey } from './key.js';
import { endedBy, type CallParty } from './ended-by.js';

/** A record as clients see it: in its place, with the durations that its instants allow. */
export interface CallLeg extends CallDetailRecord {
  /** Of the call it belongs to. */
  readonly key: TraceKey;
  /** Place in the call. Range: from 1. */
  readonly position: number;
  /** True for the final CDR. */
  readonly isLast: boolean;
  readonly durations: Durations;
}

/** Time spent in each phase. Unit: ms, never negative. Null where the upstream sent not both of its ends. */
export interface Durations {
  /** waitBegin to ackBegin. */
  readonly waitingMs: number | null;
  /** ackBegin to callBegin. */
  readonly ringingMs: number | null;
  /** callBegin to callEnd. */
  readonly talkingMs: number | null;
  /** The first instant there is to callEnd. */
  readonly durationMs: number | null;
}

/** All that shares one call ID in one VDN and month. */
export interface Call {
  readonly key: TraceKey;
  readonly legs: readonly CallLeg[];
  /** The final CDR is there: the call is over. */
  readonly complete: boolean;
  /** From the first leg that has one, like calleeNo, mediaType, subMediaType and callType. */
  readonly callerNo: string | null;
  readonly calleeNo: string | null;
  readonly mediaType: number | null;
  readonly subMediaType: number | null;
  readonly callType: number | null;
  /** From the final CDR; null while the call is in progress. */
  readonly releaseCause: number | null;
  /** Who ended the call; null while it is in progress. */
  readonly endedBy: CallParty | null;
  /** The earliest instant of any leg. Unit: ms since 1970-01-01 UTC. */
  readonly startedAt: number | null;
  /** The end of the final CDR; null while the call is in progress. Unit: ms since 1970-01-01 UTC. */
  readonly endedAt: number | null;
  /**
   * Each phase summed over the legs that have it; talking only over those that a person can have held: not IVR flows,
   * queues and routing devices. durationMs is startedAt to endedAt.
   */
  readonly durations: Durations;
  readonly trace: CallTrace;
}

/** The call that a trace tells of, or null if the trace has no records: no such call. */
export function createCall(trace: CallTrace): Call | null {
  if (trace.records.length === 0) return null;
  const legs = trace.records.map((record, index) => createLeg(trace.key, record, index));
  const final = finalRecord(trace.records);
  const startedAt = least(trace.records.map(firstInstant));
  const endedAt = final?.callEnd ?? null;
  return {
    key: trace.key,
    legs,
    complete: final !== null,
    callerNo: first(legs, 'callerNo'),
    calleeNo: first(legs, 'calleeNo'),
    mediaType: first(legs, 'mediaType'),
    subMediaType: first(legs, 'subMediaType'),
    callType: first(legs, 'callType'),
    releaseCause: final?.releaseCause ?? null,
    endedBy: final && endedBy(final),
    startedAt,
    endedAt,
    durations: {
      waitingMs: sum(legs.map((leg) => leg.durations.waitingMs)),
      ringingMs: sum(legs.map((leg) => leg.durations.ringingMs)),
      talkingMs: sum(legs.map(talkingToPersonMs)),
      durationMs: span(startedAt, endedAt),
    },
    trace,
  };
}

function createLeg(key: TraceKey, record: CallDetailRecord, index: number): CallLeg {
  return {
    key,
    position: index + 1,
    isLast: record.callIdNum === FINAL_CDR,
    durations: {
      waitingMs: span(record.waitBegin, record.ackBegin),
      ringingMs: span(record.ackBegin, record.callBegin),
      talkingMs: span(record.callBegin, record.callEnd),
      durationMs: span(firstInstant(record), record.callEnd),
    },
    ...record, // last: V8 takes twenty times as long for what comes behind it
  };
}

/** Device types that speak to nobody, or with a recorded voice. Source: pages cec_07_0705, cec_07_2640. */
const MACHINES: ReadonlySet<number | null> = new Set([
  1, // SKILL_QUEUE
  3, // IVR
  7, // TEMPORARY_ROUTING_DEVICE
  10, // CDN
  14, // PGR
]);

/** What a leg adds to the talking of its call: nothing if a machine held it. */
function talkingToPersonMs({ deviceType, durations }: CallLeg): number | null {
  return durations.talkingMs !== null && MACHINES.has(deviceType) ? 0 : durations.talkingMs;
}

function span(from: number | null, to: number | null): number | null {
  return from === null || to === null ? null : Math.max(0, to - from);
}

function first<Field extends keyof CallDetailRecord>(
  legs: readonly CallLeg[],
  field: Field,
): CallDetailRecord[Field] | null {
  return legs.find((leg) => leg[field] !== null)?.[field] ?? null;
}

function sum(parts: readonly (number | null)[]): number | null {
  const known = parts.filter((part) => part !== null);
  return known.length > 0 ? known.reduce((total, part) => total + part, 0) : null;
}

function least(parts: readonly (number | null)[]): number | null {
  const known = parts.filter((part) => part !== null);
  return known.length > 0 ? known.reduce((a, b) => Math.min(a, b)) : null;
}
