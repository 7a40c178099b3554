import { CALL_TYPE, DEVICE_TYPE, MEDIA_TYPE, REASON, RELEASE_CAUSE } from '../codes.js';
import type { CallPlan } from '../plan.js';
import type { CallSeed } from './call-seed.js';
import { agentLeg, NO_SKILL, queueLeg } from './legs.js';

/** The agent reads the customer's data, dials, and the two talk inside the platform. */
export function outboundPreview({ random, staff, customer, hotline }: CallSeed): CallPlan {
  return {
    mediaType: MEDIA_TYPE.PREVIEW_OUTBOUND,
    callType: CALL_TYPE.OUTBOUND_PREVIEW,
    callerNo: hotline,
    calleeNo: customer,
    releaseCause: RELEASE_CAUSE.CUSTOMER_HUNG_UP,
    legs: [
      agentLeg(random, staff.firstAgent, NO_SKILL, { ringMs: 0, leaveReason: REASON.NORMAL }),
      agentLeg(random, staff.firstAgent, NO_SKILL, {
        deviceType: DEVICE_TYPE.PLATFORM_CALL,
        deviceIn: 'DEVICE_CALL',
        deviceNo: String(random.integer(1, 9000)),
      }),
    ],
  };
}

/** A visitor writes through a social channel and has no telephone number. */
export function socialChat({ random, staff, hotline }: CallSeed): CallPlan {
  return {
    mediaType: MEDIA_TYPE.SOCIAL,
    subMediaType: random.integer(1, 10),
    callType: CALL_TYPE.INBOUND,
    callerNo: `visitor-${random.integer(1000, 9999)}`,
    calleeNo: hotline,
    releaseCause: RELEASE_CAUSE.AGENT_HUNG_UP,
    legs: [
      queueLeg(random, staff.firstQueue),
      agentLeg(random, staff.firstAgent, staff.firstQueue, { leaveReason: REASON.AGENT_RELEASED }),
    ],
  };
}
