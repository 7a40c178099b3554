import type { Confidence } from '../codes/code-row.js';
import { timeEvidence, codeEvidence } from './evidence.js';
import { agentOf, type Leg } from './legs.js';
import type { CallEnding, Abandonment, Evidence, TimelinePiece } from './understanding.js';

/** The first answer of a call. */
export interface Answer {
  readonly leg: Leg;
  /** Unit: ms since 1970-01-01 UTC. */
  readonly at: number;
  /** The agent; null if the records do not tell who. */
  readonly by: string | null;
  readonly evidence: readonly Evidence[];
}

/** The first answer to the customer; null if nobody talked with them. */
export function answerOf(legs: readonly Leg[]): Answer | null {
  let first: (Leg & { readonly answeredAt: number }) | null = null;
  for (const leg of legs) {
    const { answeredAt, part } = leg;
    if (answeredAt === null || part !== 'CUSTOMER') continue;
    if (first === null || answeredAt < first.answeredAt) first = { ...leg, answeredAt };
  }
  if (first === null) return null;
  return { leg: first, at: first.answeredAt, by: agentOf(first), evidence: evidenceOf(first, first.answeredAt) };
}

function evidenceOf(leg: Leg, at: number): readonly Evidence[] {
  if (leg.isContradicted) return [codeEvidence(leg, 'leaveReason', 'ANSWERED_WHATEVER_TIMES_SAY', 'MEDIUM')];
  // For an outside party no record says who talked.
  const confidence: Confidence = leg.device === 'OUTSIDE' ? 'LOW' : 'HIGH';
  const says = leg.device === 'CONFERENCE' ? 'CONFERENCE_BEGAN' : 'ANSWERED';
  return [timeEvidence(leg, 'answeredAt', at, says, confidence)];
}

/** From the first queue or ringing to the answer; null if the call waited nowhere before it. Unit: ms. */
export function timeToAnswer(timeline: readonly TimelinePiece[], answer: Answer | null): number | null {
  const waiting = timeline.find(({ state }) => state === 'QUEUE' || state === 'RINGING');
  if (waiting === undefined || answer === null || waiting.from >= answer.at) return null;
  return answer.at - waiting.from;
}

/**
 * What the customer gave up: null if somebody else ended the call, or they talked. `isOnlyDialled`: it rang at the
 * customer, who did not take the call.
 */
export function abandonmentOf(
  ending: CallEnding | null,
  timeline: readonly TimelinePiece[],
  answer: Answer | null,
  isOnlyDialled: boolean,
): Abandonment | null {
  if (ending?.party !== 'CUSTOMER') return null;
  const { phase } = ending;
  if (phase === 'RINGING' && isOnlyDialled) return null;
  const states = WAITING_STATES[phase];
  if (states === undefined) return null;
  const since = timeline.findLastIndex(({ state }) => !states.includes(state)) + 1;
  const waitedMs = timeline.slice(since).reduce((sum, { from, to }) => sum + to - from, 0);
  return { phase, waitedMs, afterAnswer: answer !== null };
}

const QUEUING: readonly string[] = ['QUEUE', 'RINGING'];
/** Phases in which a customer can give up, and the states that then count as waiting: a menu is not waited in. */
const WAITING_STATES: Readonly<Partial<Record<string, readonly string[]>>> = {
  QUEUE: QUEUING,
  RINGING: QUEUING,
  ON_HOLD: ['HOLD'],
  IVR: [],
  ROUTING: [],
};
