import type { Leg } from './legs.js';
import { CONFERENCE_REASONS } from './reasons.js';
import type { AgentTimes, Hold } from './understanding.js';

/** An agent's times over all legs of theirs. `until`: end of the timeline, at which open holds end, too. */
export function agentTimes(legs: readonly Leg[], holds: readonly Hold[], until: number | null): AgentTimes {
  const withCustomer = legs.filter(({ part }) => part === 'CUSTOMER');
  const consulted = legs.filter(({ part }) => part === 'CONSULTATION');
  const isConferring = withCustomer.some(({ record }) => CONFERENCE_REASONS.has(record.leaveReason));
  return {
    ringMs: timeIn('RINGING', legs),
    talkMs: timeIn('TALKING', withCustomer),
    holdMs: union(holds.map(({ startedAt, endedAt }) => ({ from: startedAt, to: endedAt ?? until ?? startedAt }))),
    consultMs: timeIn('TALKING', consulted),
    conferenceMs: isConferring ? null : 0,
  };
}

/** Null if the times of one of the legs tell nothing: the sum would be too low. Unit: ms. */
function timeIn(state: 'RINGING' | 'TALKING', legs: readonly Leg[]): number | null {
  if (legs.some(({ isReversed, begin, end }) => isReversed || begin === null || end === null)) return null;
  return union(legs.flatMap(({ stays }) => stays.filter((stay) => stay.state === state)));
}

/** How long some intervals last, each instant once. Unit: ms. */
function union(intervals: readonly { readonly from: number; readonly to: number }[]): number {
  let sum = 0;
  let covered = -Infinity;
  for (const { from, to } of [...intervals].sort((a, b) => a.from - b.from)) {
    sum += Math.max(0, to - Math.max(from, covered));
    covered = Math.max(covered, to);
  }
  return sum;
}
