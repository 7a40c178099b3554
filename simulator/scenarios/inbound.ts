import { REASON, RELEASE_CAUSE } from '../codes.js';
import type { CallPlan } from '../plan.js';
import { inboundCall, type CallSeed } from './call-seed.js';
import { agentLeg, ivrLeg, queueLeg, unansweredLeg } from './legs.js';

/** The customer finds the answer in the menus and hangs up: one device, so the final record alone. */
export function ivrOnly(seed: CallSeed): CallPlan {
  return inboundCall(seed, RELEASE_CAUSE.NORMAL_CLEARING, [
    ivrLeg(seed.random, { leaveReason: REASON.CUSTOMER_RELEASED }),
  ]);
}

/** Menu, queue, agent; the customer hangs up. */
export function queuedThenAnswered(seed: CallSeed): CallPlan {
  const { random, staff } = seed;
  return inboundCall(seed, RELEASE_CAUSE.CUSTOMER_HUNG_UP, [
    ivrLeg(random),
    queueLeg(random, staff.firstQueue),
    agentLeg(random, staff.firstAgent, staff.firstQueue),
  ]);
}

/** The customer loses patience before any agent is free. */
export function abandonedInQueue(seed: CallSeed): CallPlan {
  const { random, staff } = seed;
  return inboundCall(seed, RELEASE_CAUSE.HUNG_UP_WHILE_QUEUING, [
    ivrLeg(random),
    queueLeg(random, staff.firstQueue, { leaveReason: REASON.HUNG_UP_BEFORE_ANSWER }),
  ]);
}

/** The first agent lets it ring; back in the queue the call overflows to a second one, whose agent answers. */
export function noAnswerThenOverflow(seed: CallSeed): CallPlan {
  const { random, staff } = seed;
  return inboundCall(seed, RELEASE_CAUSE.AGENT_HUNG_UP, [
    ivrLeg(random),
    queueLeg(random, staff.firstQueue),
    unansweredLeg(random, staff.firstAgent, staff.firstQueue),
    queueLeg(random, staff.firstQueue, { enterReason: REASON.AGENT_NO_ANSWER, leaveReason: REASON.OVERFLOW }),
    queueLeg(random, staff.secondQueue, { enterReason: REASON.OVERFLOW }),
    agentLeg(random, staff.secondAgent, staff.secondQueue, { leaveReason: REASON.AGENT_RELEASED }),
  ]);
}
