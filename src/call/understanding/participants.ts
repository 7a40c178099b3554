import { agentTimes } from './agent-times.js';
import type { Device } from './phases.js';
import { deviceIdOf, DEVICES_WITH_ID, type Leg } from './legs.js';
import { reasonRule, REASON } from './reasons.js';
import type { Hold, Participant } from './understanding.js';
import type { ParticipantResult, ParticipantRole } from './vocabulary.js';

/** Who and what had a part in a call: the customer first, then by first leg. */
export function participantsOf(
  legs: readonly Leg[],
  holds: readonly Hold[],
  isAnswered: boolean,
  until: number | null,
): readonly Participant[] {
  const groups = new Map<string, { role: ParticipantRole; legs: [Leg, ...Leg[]] }>();
  for (const leg of legs) {
    const role = leg.part === 'MONITOR' ? 'MONITOR' : ROLES[leg.device];
    // By what the record says: two whose IDs may not be shown stay two.
    const { deviceNo } = leg.record;
    const name = deviceNo !== null && DEVICES_WITH_ID.has(leg.device) ? `${role} ${deviceNo}` : role;
    const group = groups.get(name);
    if (group) group.legs.push(leg);
    else groups.set(name, { role, legs: [leg] });
  }
  const holdOf = new Map(holds.map((hold) => [hold.from, hold]));
  const others = [...groups.values()].map(({ role, legs: own }): Participant => {
    const isAgent = role === 'AGENT';
    const held = own.flatMap(({ position }) => holdOf.get(position) ?? []);
    return {
      role: isAgent && own.every(isAdvice) ? 'CONSULTANT' : role,
      id: deviceIdOf(own[0]),
      legs: own.map(({ position }) => position),
      result: resultOf(role, own),
      times: isAgent ? agentTimes(own, held, until) : null,
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
