import { CALL_TYPE, MEDIA_TYPE } from '../codes.js';
import type { CallPlan, LegPlan } from '../plan.js';
import type { Random } from '../random.js';
import { drawStaff, type Staff } from './legs.js';

/** All that a scenario may draw on; equal calls get equal seeds. */
export interface CallSeed {
  random: Random;
  staff: Staff;
  /** The customer's number, plainly invented. */
  customer: string;
  /** The number under which the contact centre is called. */
  hotline: string;
  /** When the month after that of the call ID begins. Unit: ms since 1970-01-01 UTC. */
  nextMonthBegins: number;
}

/** A course that a call can take: a plan from a seed. */
export type Scenario = (seed: CallSeed) => CallPlan;

/** The seed of one call. */
export function createCallSeed(random: Random, nextMonthBegins: number): CallSeed {
  return {
    random,
    staff: drawStaff(random),
    customer: `5550${random.integer(100_000, 999_999)}`,
    hotline: `55500${random.integer(100, 199)}`,
    nextMonthBegins,
  };
}

/** An ordinary telephone call from the customer to the hotline. */
export function inboundCall(seed: CallSeed, releaseCause: number | null, legs: readonly LegPlan[]): CallPlan {
  return {
    mediaType: MEDIA_TYPE.VOICE,
    callType: CALL_TYPE.INBOUND,
    callerNo: seed.customer,
    calleeNo: seed.hotline,
    releaseCause,
    legs,
  };
}
