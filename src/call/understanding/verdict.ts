import type { Confidence } from '../codes/code-row.js';
import type { Answer } from './answer.js';
import { lowest } from './dictionary.js';
import { codeEvidence, confidenceOf, timeEvidence } from './evidence.js';
import type { CallKind, FinalCodes } from './ending.js';
import type { Leg } from './legs.js';
import type { Outcome } from './reasons.js';
import type { CallPeriod } from './period.js';
import type { CallEnding, Evidence } from './understanding.js';
import type { CallPhase, Verdict, VerdictReason } from './vocabulary.js';

/** The verdict on a call, and the evidence. */
export interface VerdictFound {
  readonly verdict: Verdict;
  readonly reason: VerdictReason | null;
  readonly confidence: Confidence;
  readonly evidence: readonly Evidence[];
}

/** What a verdict is found from. */
export interface VerdictFacts {
  readonly legs: readonly Leg[];
  readonly period: CallPeriod;
  readonly kind: CallKind;
  readonly answer: Answer | null;
  readonly ending: CallEnding | null;
  readonly codes: FinalCodes | null;
}

const CALLBACK_REQUEST = 4;
/** VOICE_MAIL and the like: a message is left where nobody answers. Source: pages cec_07_0698, cec_07_2633. */
const MESSAGES: ReadonlySet<number | null> = new Set([17, 20]);
/** The platform connects the customer only once they have answered, so that they are no longer only dialled. */
const OUTBOUND_PREDICTIVE = 43;

/** Whether the ringing of a call is the dialling of its customer. */
export function isDialling(legs: readonly Leg[], { direction }: CallKind): boolean {
  return direction === 'OUTBOUND' && !isPredictive(legs);
}

/** Whether the customer had answered before the call came to the contact centre. */
export function isPredictive(legs: readonly Leg[]): boolean {
  return legs.some(({ record }) => record.callType === OUTBOUND_PREDICTIVE);
}

/** The phases in which a customer can give up before an answer. A flow is a flow, be it a menu or a router. */
const ABANDONED: Readonly<Partial<Record<CallPhase, Verdict>>> = {
  QUEUE: 'ABANDONED_IN_QUEUE',
  RINGING: 'ABANDONED_WHILE_RINGING',
  IVR: 'ABANDONED_IN_IVR',
  ROUTING: 'ABANDONED_IN_IVR',
};

/** Returns what a call came to: by the first rule that applies. */
export function verdictOf(facts: VerdictFacts): VerdictFound {
  const { legs, period, kind, answer, ending, codes } = facts;
  if (period.isInProgress)
    return found('IN_PROGRESS', null, [timeEvidence(null, 'callIdNum', null, 'NO_FINAL_RECORD_YET')]);
  if (answer !== null) return found('ANSWERED', null, answer.evidence);
  const isDialled = isDialling(legs, kind) && ending?.phase === 'RINGING';
  const abandoned = ending?.party === 'CUSTOMER' && !isDialled ? ABANDONED[ending.phase] : undefined;
  if (ending !== null && abandoned !== undefined)
    return { ...found(abandoned, null, ending.evidence), confidence: ending.confidence };
  return byMedium(legs) ?? byOutcome(facts) ?? bySelfService(codes) ?? byDialling(facts, isDialled) ?? unknown(ending);
}

function byMedium(legs: readonly Leg[]): VerdictFound | null {
  const medium = legs.find(({ record }) => record.mediaType !== null);
  if (medium?.record.mediaType === CALLBACK_REQUEST)
    return found('CALLBACK_REQUESTED', null, [codeEvidence(medium, 'mediaType', 'CALLBACK_REQUESTED')]);
  if (medium !== undefined && MESSAGES.has(medium.record.mediaType))
    return found('MESSAGE_LEFT', null, [codeEvidence(medium, 'mediaType', 'MESSAGE_LEFT')]);
  return null;
}

/** By what the leave reason says of a call that nobody answered, else by what the release cause says. */
function byOutcome({ codes, kind, ending }: VerdictFacts): VerdictFound | null {
  if (codes === null) return null;
  const applies = (outcome: Outcome | undefined): outcome is Outcome =>
    outcome !== undefined && (outcome.verdict !== 'NOT_REACHED' || kind.direction === 'OUTBOUND');
  const { leg, reason, cause, isCauseSupported } = codes;
  if (ending?.party === 'AGENT' && ending.how === 'REJECTED')
    return found('NOT_SERVED', 'REJECTED', [codeEvidence(leg, 'leaveReason', 'AGENT_REJECTED')]);
  if (applies(reason?.outcome))
    return found(reason.outcome.verdict, reason.outcome.reason, [codeEvidence(leg, 'leaveReason', 'WHY_NOT_ANSWERED')]);
  const outcome = (kind.direction === 'OUTBOUND' ? cause?.outbound : undefined) ?? cause?.outcome;
  if (!applies(outcome)) return null;
  const evidence = codeEvidence(leg, 'releaseCause', 'WHY_NOT_ANSWERED', isCauseSupported ? 'HIGH' : 'LOW');
  return found(outcome.verdict, outcome.reason, [evidence]);
}

/** The call ended in an IVR or router without asking for an agent. */
function bySelfService(codes: FinalCodes | null): VerdictFound | null {
  if (codes?.cause?.isNeutral !== true || codes.byReason !== null || codes.byCause !== 'SYSTEM') return null;
  const { leg } = codes;
  if (leg.part !== 'CUSTOMER') return null;
  return found('SELF_SERVED', null, [
    codeEvidence(leg, 'deviceType', 'ENDED_IN_FLOW'),
    codeEvidence(leg, 'releaseCause', 'FLOW_ENDED_IT'),
  ]);
}

/** It rang at the customer until somebody gave up; the codes do not tell why nobody answered. */
function byDialling({ ending }: VerdictFacts, isDialled: boolean): VerdictFound | null {
  if (ending === null || !isDialled) return null;
  return { ...found('NOT_REACHED', null, ending.evidence), confidence: lowest([ending.confidence, 'MEDIUM']) };
}

function unknown(ending: CallEnding | null): VerdictFound {
  return { verdict: 'UNKNOWN', reason: null, confidence: 'LOW', evidence: ending?.evidence ?? [] };
}

function found(verdict: Verdict, reason: VerdictReason | null, evidence: readonly Evidence[]): VerdictFound {
  return { verdict, reason, confidence: confidenceOf(evidence), evidence };
}
