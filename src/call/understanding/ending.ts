import { directionOf } from '../codes/codes.js';
import type { Confidence } from '../codes/code-row.js';
import { lowest } from './dictionary.js';
import { codeEvidence, timeEvidence } from './evidence.js';
import { agentOf, type Leg } from './legs.js';
import { causeRule, type CauseRule } from './release-causes.js';
import { REASON, reasonRule, SILENT_REASONS, type PartyRule, type ReasonRule } from './reasons.js';
import type { CallPeriod } from './period.js';
import type { CallEnding, Evidence, TimelinePiece } from './understanding.js';
import type { CallParty, CallPhase, CustomerState, KnownParty } from './vocabulary.js';

/** What kind of call it was, by its call types. */
export interface CallKind {
  /** Of the first call type there is; null without one. */
  readonly direction: ReturnType<typeof directionOf>;
  /** All its legs are calls of agents among themselves: it has no customer. */
  readonly isInternal: boolean;
}

/** Agent to agent, consultations, and calls of several parties. Source: pages cec_07_0700, cec_07_0582. */
const INTERNAL_CALL_TYPES: ReadonlySet<number> = new Set([6, 51, 52, 53]);

/** Returns what kind of call its legs make. */
export function kindOfCall(legs: readonly Leg[]): CallKind {
  const callTypes = legs.map(({ record }) => record.callType).filter((callType) => callType !== null);
  const isInternal = callTypes.length > 0 && callTypes.every((callType) => INTERNAL_CALL_TYPES.has(callType));
  return { direction: directionOf(callTypes[0] ?? null), isInternal };
}

/** What the two codes of the final CDR mean. */
export interface FinalCodes {
  readonly leg: Leg;
  readonly reason: ReasonRule | undefined;
  readonly cause: CauseRule | undefined;
  /** True unless the leave reason says something else than an ending. */
  readonly isCauseSupported: boolean;
  readonly byReason: KnownParty | null;
  readonly byCause: KnownParty | null;
  /** Both name a party, and not the same. */
  readonly disagree: boolean;
}

/** Reads the codes of the final CDR; null without one. */
export function finalCodesOf(legs: readonly Leg[], period: CallPeriod, kind: CallKind): FinalCodes | null {
  const leg = legs.findLast(({ record }) => record === period.final);
  if (leg === undefined) return null;
  const { leaveReason, releaseCause } = leg.record;
  const reason = reasonRule(leaveReason);
  const cause = causeRule(releaseCause);
  const isFlow = leg.device === 'IVR' || leg.device === 'ROUTER';
  const byReason = partyOf(reason?.party, kind);
  const byCause = cause?.isNeutral ? (isFlow ? 'SYSTEM' : null) : partyOf(cause?.party, kind);
  const tells = reason?.how !== undefined || reason?.outcome !== undefined;
  return {
    leg,
    reason,
    cause,
    isCauseSupported: tells || SILENT_REASONS.has(leaveReason),
    byReason,
    byCause,
    disagree: byReason !== null && byCause !== null && byReason !== byCause && !cause?.isNeutral,
  };
}

/** A call of agents among themselves has no customer who could end it. */
function partyOf(rule: PartyRule | undefined, { direction, isInternal }: CallKind): KnownParty | null {
  if (rule === 'CALLED_PARTY') return isInternal ? 'AGENT' : direction === 'OUTBOUND' ? 'CUSTOMER' : null;
  return rule === undefined || (rule === 'CUSTOMER' && isInternal) ? null : rule;
}

/** Returns how a finished call ended; all UNKNOWN without a final CDR. */
export function endingOf(codes: FinalCodes | null, timeline: readonly TimelinePiece[], period: CallPeriod): CallEnding {
  const at = period.final?.callEnd ?? null;
  const unknown = { party: 'UNKNOWN', agentId: null, phase: 'UNKNOWN', how: 'UNKNOWN', confidence: 'LOW' } as const;
  if (codes === null) return { ...unknown, at, evidence: [timeEvidence(null, 'callIdNum', null, 'NO_FINAL_RECORD')] };
  const phase = at === null ? 'UNKNOWN' : lastPhase(timeline);
  const { party, confidence, evidence } = partyFound(codes);
  return {
    party,
    agentId: party === 'AGENT' && codes.leg.part === 'CUSTOMER' ? agentOf(codes.leg) : null,
    phase,
    how: codes.reason?.how ?? codes.cause?.how ?? 'UNKNOWN',
    at,
    confidence,
    evidence: [...evidence, timeEvidence(null, 'timeline', at, `ENDED_IN_${phase}`)],
  };
}

/** By the leave reason, which stands in an official table; else by the release cause. */
function partyFound({ leg, reason, byReason, byCause, disagree, isCauseSupported }: FinalCodes) {
  const says = (party: KnownParty | null) => (party === null ? 'NAMES_NOBODY' : (`ENDED_BY_${party}` as const));
  const evidence: Evidence[] = [codeEvidence(leg, 'leaveReason', says(byReason))];
  const found = (party: CallParty, confidence: Confidence) => ({ party, confidence, evidence });
  if (byReason !== null) {
    if (disagree && byCause !== null)
      evidence.push(codeEvidence(leg, 'releaseCause', `ENDED_BY_${byCause}_NOT_BELIEVED`));
    return found(byReason, disagree ? 'LOW' : lowest(evidence.map(({ confidence }) => confidence)));
  }
  // What followed the transfer is not in the trace.
  if (reason?.code === REASON.TRANSFERRED_OUT) return found('UNKNOWN', 'LOW');
  const cause = codeEvidence(leg, 'releaseCause', says(byCause));
  evidence.push(cause);
  return found(byCause ?? 'UNKNOWN', byCause === null || !isCauseSupported ? 'LOW' : cause.confidence);
}

const PHASE_OF = {
  CONFERENCE: 'CONFERENCE',
  TALKING: 'TALKING',
  OUTSIDE: 'OUTSIDE',
  HOLD: 'ON_HOLD',
  RINGING: 'RINGING',
  QUEUE: 'QUEUE',
  IVR: 'IVR',
  ROUTING: 'ROUTING',
  UNACCOUNTED: 'UNKNOWN',
} as const satisfies Readonly<Record<CustomerState, CallPhase>>;

/** Where the customer was at the end of the timeline. */
export function lastPhase(timeline: readonly TimelinePiece[]): CallPhase {
  const last = timeline.at(-1);
  return last === undefined ? 'UNKNOWN' : PHASE_OF[last.state];
}
