import { agentTimes } from './agent-times.js';
import type { Device } from './phases.js';
import type { Leg } from './legs.js';
import { reasonRule, REASON } from './reasons.js';
import type { Hold, Participant, ParticipantResult, ParticipantRole } from './understanding.js';

/** Who and what had a part in a call: the customer first, then by first leg. */
export function participantsOf(
  legs: readonly Leg[],
  holds: readonly Hold[],
  isAnswered: boolean,
  until: number | null,
): readonly Participant[] {
  const groups = new Map<string, { role: ParticipantRole; id: string | null; legs: Leg[] }>();
  for (const leg of legs) {
    const role = leg.part === 'MONITOR' ? 'MONITOR' : ROLES[leg.device];
    const id = HAS_ID.has(leg.device) ? leg.record.deviceNo : null;
    const name = JSON.stringify([role, id]);
    const group = groups.get(name);
    if (group) group.legs.push(leg);
    else groups.set(name, { role, id, legs: [leg] });
  }
  const heldBy = holdsByAgent(holds);
  const others = [...groups.values()].map(({ role, id, legs: own }): Participant => {
    const isAgent = role === 'AGENT';
    return {
      role: isAgent && own.every(isAdvice) ? 'CONSULTANT' : role,
      id,
      legs: own.map(({ position }) => position),
      result: resultOf(role, own),
      times: isAgent ? agentTimes(own, heldBy.get(id) ?? [], until) : null,
    };
  });
  return [...customerOf(legs, isAnswered), ...others];
}

const ROLES: Readonly<Record<Device, ParticipantRole>> = {
  AGENT: 'AGENT',
  QUEUE: 'QUEUE',
  IVR: 'IVR',
  ROUTER: 'ROUTER',
  CONFERENCE: 'CONFERENCE',
  OUTSIDE: 'OUTSIDE',
  UNKNOWN: 'UNKNOWN',
};
/** What stands in deviceNo elsewhere is not documented, and could be a phone number. */
const HAS_ID: ReadonlySet<Device> = new Set(['AGENT', 'QUEUE', 'IVR', 'ROUTER', 'CONFERENCE']);

/** Whether an agent was only asked, or helped. */
function isAdvice({ part, record }: Leg): boolean {
  return part === 'CONSULTATION' || record.enterReason === REASON.THREE_PARTY_HELP;
}

function customerOf(legs: readonly Leg[], isAnswered: boolean): readonly Participant[] {
  const own = legs.filter(({ part }) => part === 'CUSTOMER').map(({ position }) => position);
  const result = isAnswered ? 'ANSWERED' : 'NOT_ANSWERED';
  return own.length > 0 ? [{ role: 'CUSTOMER', id: null, legs: own, result, times: null }] : [];
}

function resultOf(role: ParticipantRole, legs: readonly Leg[]): ParticipantResult {
  if (role === 'QUEUE' || role === 'IVR' || role === 'ROUTER') return 'PASSED';
  if (legs.some(({ answeredAt }) => answeredAt !== null)) return 'ANSWERED';
  if (legs.some(({ record }) => reasonRule(record.leaveReason)?.how === 'REJECTED')) return 'REJECTED';
  return legs.every(({ isReversed, end }) => !isReversed && end !== null) ? 'NOT_ANSWERED' : 'UNKNOWN';
}

function holdsByAgent(holds: readonly Hold[]): ReadonlyMap<string | null, readonly Hold[]> {
  const byAgent = new Map<string | null, Hold[]>();
  for (const hold of holds) {
    const own = byAgent.get(hold.by) ?? [];
    own.push(hold);
    byAgent.set(hold.by, own);
  }
  return byAgent;
}
