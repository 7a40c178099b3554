import { CALL_TYPE, DEVICE_TYPE, REASON, RELEASE_CAUSE } from '../codes.js';
import type { CallPlan } from '../plan.js';
import { inboundCall, type CallSeed } from './call-seed.js';
import { agentLeg, ivrLeg, queueLeg, seconds } from './legs.js';

/** The first agent passes the call on to another queue without speaking to anybody there. */
export function blindTransfer(seed: CallSeed): CallPlan {
  const { random, staff } = seed;
  return inboundCall(seed, RELEASE_CAUSE.CUSTOMER_HUNG_UP, [
    ivrLeg(random),
    queueLeg(random, staff.firstQueue),
    agentLeg(random, staff.firstAgent, staff.firstQueue, { leaveReason: REASON.TRANSFERRED_OUT }),
    queueLeg(random, staff.secondQueue),
    agentLeg(random, staff.secondAgent, staff.secondQueue),
  ]);
}

/** The first agent holds the customer, consults a colleague, and then leaves the two together. */
export function attendedTransfer(seed: CallSeed): CallPlan {
  const { random, staff } = seed;
  return inboundCall(seed, RELEASE_CAUSE.AGENT_HUNG_UP, [
    ivrLeg(random),
    queueLeg(random, staff.firstQueue),
    agentLeg(random, staff.firstAgent, staff.firstQueue, { leaveReason: REASON.HELD }),
    agentLeg(random, staff.secondAgent, staff.firstQueue, {
      callType: CALL_TYPE.INTERNAL_CONSULTATION,
      leaveReason: REASON.HELP_REQUESTER_RELEASED,
      talkMs: seconds(random, 10, 40),
    }),
    agentLeg(random, staff.secondAgent, staff.firstQueue, {
      enterReason: REASON.HELD_CALL_CONNECTED,
      leaveReason: REASON.AGENT_RELEASED,
      ringMs: 0,
    }),
  ]);
}

/** A colleague is asked to help while the first agent still talks; then all three go on in a conference. */
export function threeParty(seed: CallSeed): CallPlan {
  const { random, staff } = seed;
  const helpMs = seconds(random, 10, 25);
  return inboundCall(seed, RELEASE_CAUSE.CUSTOMER_HUNG_UP, [
    ivrLeg(random),
    queueLeg(random, staff.firstQueue),
    agentLeg(random, staff.firstAgent, staff.firstQueue, { leaveReason: REASON.THREE_PARTY_CONVERSATION }),
    agentLeg(random, staff.secondAgent, staff.firstQueue, {
      gapMs: -helpMs,
      ringMs: 4000,
      talkMs: helpMs - 4000,
      enterReason: REASON.THREE_PARTY_HELP,
      leaveReason: REASON.THREE_PARTY_CONVERSATION,
    }),
    agentLeg(random, staff.firstAgent, staff.firstQueue, {
      deviceType: DEVICE_TYPE.CONFERENCE,
      deviceIn: 'DEVICE_CONF',
      deviceNo: String(random.integer(1, 900)),
      enterReason: REASON.THREE_PARTY_CONVERSATION,
      ringMs: null,
    }),
  ]);
}
