import { DEVICE_TYPE, REASON } from '../codes.js';
import type { LegPlan } from '../plan.js';
import type { Random } from '../random.js';

/** `CurrentSkillID` where no queue handles the call. */
export const NO_SKILL = '0';

/** The queues and agents that one call meets, drawn once so that a scenario can name them twice. */
export interface Staff {
  firstQueue: string;
  secondQueue: string;
  firstAgent: string;
  secondAgent: string;
}

/** Two queues and two agents, each pair different. */
export function drawStaff(random: Random): Staff {
  const queue = random.integer(101, 118);
  const agent = random.integer(2001, 2058);
  return {
    firstQueue: String(queue),
    secondQueue: String(queue + 1),
    firstAgent: String(agent),
    secondAgent: String(agent + 1),
  };
}

/** A whole number of seconds between two bounds, in ms. */
export function seconds(random: Random, from: number, to: number): number {
  return random.integer(from, to) * 1000;
}

/** A stay in an IVR flow: it answers at once, nobody waits or rings. */
export function ivrLeg(random: Random, change: Partial<LegPlan> = {}): LegPlan {
  return {
    deviceType: DEVICE_TYPE.IVR,
    deviceNo: String(random.integer(1, 40)),
    deviceIn: 'DEVICE_IVR',
    skillId: NO_SKILL,
    enterReason: REASON.NORMAL,
    leaveReason: REASON.NORMAL,
    waitMs: null,
    ringMs: null,
    talkMs: seconds(random, 5, 45),
    ...change,
  };
}

/** A stay in a queue: waiting only, so answer and conversation "begin" where it ends, as in the vendor's own sample. */
export function queueLeg(random: Random, queue: string, change: Partial<LegPlan> = {}): LegPlan {
  return {
    deviceType: DEVICE_TYPE.SKILL_QUEUE,
    deviceNo: queue,
    deviceIn: 'DEVICE_SKILL',
    skillId: queue,
    enterReason: REASON.NORMAL,
    leaveReason: REASON.NORMAL,
    waitMs: seconds(random, 2, 120),
    ringMs: 0,
    talkMs: 0,
    ...change,
  };
}

/** A stay with an agent: it rings, then the two talk. */
export function agentLeg(random: Random, agent: string, skillId: string, change: Partial<LegPlan> = {}): LegPlan {
  return {
    deviceType: DEVICE_TYPE.AGENT,
    deviceNo: agent,
    deviceIn: 'DEVICE_AGENT',
    skillId,
    enterReason: REASON.NORMAL,
    leaveReason: REASON.CUSTOMER_RELEASED,
    waitMs: 0,
    ringMs: seconds(random, 1, 9),
    talkMs: seconds(random, 30, 420),
    ...change,
  };
}

/** An agent whose phone rings in vain. */
export function unansweredLeg(random: Random, agent: string, skillId: string, change: Partial<LegPlan> = {}): LegPlan {
  const ringMs = seconds(random, 15, 30);
  return agentLeg(random, agent, skillId, { leaveReason: REASON.AGENT_NO_ANSWER, ringMs, talkMs: 0, ...change });
}
