import type { EvidenceClause } from './clauses.js';
import { codeEvidence, confidenceOf, timeEvidence } from './evidence.js';
import { agentOf, type Leg } from './legs.js';
import type { Link } from './link.js';
import { REASON } from './reasons.js';
import { TOLERANCE_MS, type CallPeriod } from './period.js';
import type { Evidence, Transfer } from './understanding.js';
import type { TransferKind } from './vocabulary.js';

/** The transfers of a call, in order. */
export function transfersOf(legs: readonly Leg[], links: readonly Link[], period: CallPeriod): readonly Transfer[] {
  const transfers = links.filter(({ kind }) => kind === 'TRANSFER');
  const next = createNextLegs(legs);
  return transfers.map((link, index) => {
    const until = transfers[index + 1]?.from.position ?? Infinity;
    return transferOf(link, until, next, period);
  });
}

function transferOf(link: Link, until: number, next: NextLegs, period: CallPeriod): Transfer {
  const { from, to } = link;
  const answer = upTo(to && next.answered(to), until);
  const failure = upTo(to && next.failed(to), answer?.position ?? until);
  const resumed = upTo(to && next.resumed(to), until);
  const { kind, evidence } = kindOf(link, failure, resumed, answer);
  const because = [...link.evidence, ...evidence];
  const isAnswered = answer !== null && failure === null;
  return {
    kind,
    by: agentOf(from),
    from: from.position,
    to: to?.position ?? null,
    completed: isAnswered ? true : failure !== null || (to !== null && period.final !== null) ? false : null,
    answeredBy: isAnswered ? agentOf(answer) : null,
    confidence: kind === 'UNKNOWN' ? 'LOW' : confidenceOf(because),
    evidence: because,
  };
}

interface KindFound {
  readonly kind: TransferKind;
  readonly evidence: readonly Evidence[];
}

/** Kinds that a reason tells: as enter reason of the target, or of the leg to which the call came back. */
const KIND_BY_REASON: ReadonlyMap<number | null, TransferKind> = new Map([
  [REASON.HELD_CALL_CONNECTED, 'ATTENDED'],
  [REASON.INTERNAL_HELP_REQUESTER_RELEASED, 'ATTENDED'],
  [REASON.SUCCESS_TRANSFER_TO_QUEUE, 'SUPERVISED'],
  [REASON.SUCCESS_TRANSFER_TO_QUEUE_TIMEOUT, 'SUPERVISED'],
  [REASON.THREE_PARTY_TRANSFER_TO_QUEUE, 'THREE_PARTY'],
  [REASON.THREE_PARTY_TRANSFER_TO_QUEUE_TIMEOUT, 'THREE_PARTY'],
]);

/** By the reasons, for they stand in an official table; else by the times. */
function kindOf({ from, to, evidence }: Link, failure: Leg | null, resumed: Leg | null, answer: Leg | null): KindFound {
  const told = KIND_BY_REASON.get(to?.record.enterReason ?? null);
  if (told !== undefined) return { kind: told, evidence: [] };
  if (evidence.some(({ code }) => code === REASON.INTERNAL_HELP_REQUESTER_RELEASED))
    return { kind: 'ATTENDED', evidence: [] };
  if (failure !== null)
    return {
      kind: KIND_BY_REASON.get(failure.record.enterReason) ?? 'UNKNOWN',
      evidence: [codeEvidence(failure, 'enterReason', 'TRANSFER_TIMED_OUT')],
    };
  if (resumed !== null)
    return {
      kind: 'SUSPENDED',
      evidence: [codeEvidence(resumed, 'enterReason', 'RETURNED_TO_WHO_SUSPENDED')],
    };
  return kindByTimes(from, to, answer);
}

/** Amazon Connect tells transfers apart in the same way: by who leaves first. */
function kindByTimes(from: Leg, to: Leg | null, answer: Leg | null): KindFound {
  if (to?.begin == null || from.end === null) return { kind: 'UNKNOWN', evidence: [] };
  const left = (says: EvidenceClause) => [timeEvidence(from, 'callEnd', from.end, says, 'MEDIUM')];
  if (from.end <= ringBegin(to)) return { kind: 'BLIND', evidence: left('LEFT_BEFORE_RINGING') };
  if (answer?.answeredAt != null && from.end >= answer.answeredAt - TOLERANCE_MS)
    return { kind: 'SUPERVISED', evidence: left('LEFT_AFTER_ANSWER') };
  return { kind: 'UNKNOWN', evidence: [] };
}

function ringBegin({ stays, begin }: Leg): number {
  return stays.find(({ state }) => state === 'RINGING')?.from ?? begin ?? -Infinity;
}

function upTo(leg: Leg | null, last: number): Leg | null {
  return leg !== null && leg.position <= last ? leg : null;
}

/** The first leg of the customer, from a leg on, of which something holds. Null: there is none. */
interface NextLegs {
  /** An agent answered there, ours or another call centre's. */
  answered(from: Leg): Leg | null;
  /** A transfer came back. */
  failed(from: Leg): Leg | null;
  /** A suspended call came back. */
  resumed(from: Leg): Leg | null;
}

const CAME_BACK: ReadonlySet<number | null> = new Set([
  REASON.SUCCESS_TRANSFER_TO_QUEUE_TIMEOUT,
  REASON.THREE_PARTY_TRANSFER_TO_QUEUE_TIMEOUT,
]);

function createNextLegs(legs: readonly Leg[]): NextLegs {
  const next = (is: (leg: Leg) => boolean): ((from: Leg) => Leg | null) => {
    const nextAt: (Leg | null)[] = [];
    let found: Leg | null = null;
    for (const leg of legs.toReversed())
      nextAt[leg.position] = found = leg.part === 'CUSTOMER' && is(leg) ? leg : found;
    return ({ position }) => nextAt[position] ?? null;
  };
  return {
    answered: next(({ device, answeredAt }) => (device === 'AGENT' || device === 'OUTSIDE') && answeredAt !== null),
    failed: next(({ record }) => CAME_BACK.has(record.enterReason)),
    resumed: next(({ record }) => record.enterReason === REASON.SUSPEND_RESUMED),
  };
}
