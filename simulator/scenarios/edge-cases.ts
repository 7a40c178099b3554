import { REASON, RELEASE_CAUSE } from '../codes.js';
import { durationOf, type CallPlan } from '../plan.js';
import { inboundCall, type CallSeed, type Scenario } from './call-seed.js';
import { agentLeg, ivrLeg, queueLeg, seconds, unansweredLeg } from './legs.js';

/** The agent answered and talks on and on: this call never gets its final record. */
export function inProgress(seed: CallSeed): CallPlan {
  const { random, staff } = seed;
  return inboundCall(seed, null, [
    ivrLeg(random),
    queueLeg(random, staff.firstQueue),
    agentLeg(random, staff.firstAgent, staff.firstQueue, { talkMs: null }),
  ]);
}

/** All stays but the last lie before the end of the month, the last one lies after it, whatever the call ID says. */
export function crossesMonthEnd(seed: CallSeed): CallPlan {
  const { random, staff } = seed;
  const before = [
    ivrLeg(random),
    queueLeg(random, staff.firstQueue),
    agentLeg(random, staff.firstAgent, staff.firstQueue, { leaveReason: REASON.TRANSFERRED_OUT }),
  ];
  const marginMs = seconds(random, 1, 5);
  const startsAt = seed.nextMonthBegins - marginMs - before.reduce((sum, leg) => sum + durationOf(leg), 0);
  const after = agentLeg(random, staff.secondAgent, staff.firstQueue, { gapMs: 2 * marginMs });
  return { ...inboundCall(seed, RELEASE_CAUSE.CUSTOMER_HUNG_UP, [...before, after]), startsAt };
}

const FOUR_HUNDRED = 400;

/** 400 stays between queues and agents. */
export const fourHundredLegs: Scenario = pingPong(FOUR_HUNDRED);

/** A call of that many stays, an even number: queue and agent by turns, and only the very last agent answers. */
export function pingPong(legCount: number): Scenario {
  const rounds = legCount / 2;
  return (seed) => {
    const { random, staff } = seed;
    const legs = Array.from({ length: rounds }, (_, round) => {
      const queue = round % 2 === 0 ? staff.firstQueue : staff.secondQueue;
      const agent = round % 2 === 0 ? staff.firstAgent : staff.secondAgent;
      const enterReason = round === 0 ? REASON.NORMAL : REASON.AGENT_NO_ANSWER;
      return [
        queueLeg(random, queue, { enterReason, waitMs: seconds(random, 1, 3) }),
        round === rounds - 1
          ? agentLeg(random, agent, queue)
          : unansweredLeg(random, agent, queue, { ringMs: seconds(random, 3, 5) }),
      ];
    });
    return inboundCall(seed, RELEASE_CAUSE.CUSTOMER_HUNG_UP, legs.flat());
  };
}
