import type { Random } from './random.js';
import { FINAL, type TraceRecord } from './trace-record.js';

/** One stay at one device as a scenario tells it: how long each phase lasts, not when. */
export interface LegPlan {
  deviceType: number;
  deviceNo: string;
  deviceIn: string;
  skillId: string;
  enterReason: number;
  leaveReason: number;
  /** Pause after the leg before; negative: the call comes here while it is still there. Default 0. */
  gapMs?: number;
  /** Null: the call does not wait here. */
  waitMs: number | null;
  /** Null: nobody is rung here. */
  ringMs: number | null;
  /** 0: never answered; null: still talking. */
  talkMs: number | null;
  /** Default: that of the call. */
  callType?: number;
}

/** A whole call as a scenario tells it. */
export interface CallPlan {
  mediaType: number;
  subMediaType?: number;
  callType: number;
  callerNo: string;
  calleeNo: string;
  /** Null: the call goes on, so no record is the final one. */
  releaseCause: number | null;
  legs: readonly LegPlan[];
  /** When the first leg begins, if not at the time in the call ID. Unit: ms since 1970-01-01 UTC. */
  startsAt?: number;
}

/** What stands in `releaseCause` of a record in which it means nothing. */
const NOISE = [0, 0, 1, 258, 512, 65535] as const;

/** The records of a plan: its legs laid end to end from `startedAt`, and numbered. */
export function layOut(plan: CallPlan, callId: string, startedAt: number, random: Random): TraceRecord[] {
  let cursor = plan.startsAt ?? startedAt;
  return plan.legs.map((leg, index) => {
    const begin = cursor + (leg.gapMs ?? 0);
    cursor = begin + durationOf(leg);
    const isFinal = plan.releaseCause !== null && index === plan.legs.length - 1;
    return {
      callId,
      callIdNum: isFinal ? FINAL : index + 1,
      mediaType: plan.mediaType,
      subMediaType: plan.subMediaType ?? null,
      callerNo: plan.callerNo,
      calleeNo: plan.calleeNo,
      ...timesOf(leg, begin),
      subCcNo: 0,
      deviceType: leg.deviceType,
      deviceNo: leg.deviceNo,
      deviceIn: leg.deviceIn,
      callType: leg.callType ?? plan.callType,
      releaseCause: isFinal && plan.releaseCause !== null ? plan.releaseCause : random.pick(NOISE),
      enterReason: leg.enterReason,
      leaveReason: leg.leaveReason,
      currentSkillId: leg.skillId,
    };
  });
}

/** How long a leg lasts from its begin. Unit: ms. */
export function durationOf(leg: LegPlan): number {
  return (leg.waitMs ?? 0) + (leg.ringMs ?? 0) + (leg.talkMs ?? 0);
}

function timesOf(leg: LegPlan, begin: number) {
  const ackBegin = begin + (leg.waitMs ?? 0);
  const callBegin = ackBegin + (leg.ringMs ?? 0);
  return {
    waitBegin: leg.waitMs === null ? null : begin,
    ackBegin: leg.ringMs === null ? null : ackBegin,
    callBegin,
    callEnd: leg.talkMs === null ? null : callBegin + leg.talkMs,
  };
}
