import type { CallTrace } from '../trace.js';
import { abandonmentOf, answerOf, timeToAnswer } from './answer.js';
import { endingOf, finalCodesOf, kindOfCall, lastPhase } from './ending.js';
import { readingEvidence } from './evidence.js';
import { findingsOf } from './findings.js';
import { holdsOf } from './holds.js';
import { createLegs, type Leg } from './legs.js';
import { publicLink } from './link.js';
import { createLinks } from './links.js';
import { participantsOf } from './participants.js';
import { periodOf } from './period.js';
import { createTimeline, totalsOf } from './timeline.js';
import { transfersOf } from './transfers.js';
import type { CallUnderstanding, Evidence, Readings } from './understanding.js';
import type { LinkKind } from './vocabulary.js';
import { isDialling, isPredictive, verdictOf, type VerdictFacts, type VerdictFound } from './verdict.js';

/** The readings that the official tables favour. */
export const DEFAULT_READINGS: Readings = { ackBegin: 'ring', callBegin: 'talk' };

/**
 * Returns what the records of a trace mean. A pure function: the only clock is when the trace was asked for. Never throws,
 * whatever the records hold. Work: n log n in legs.
 */
export function understand(trace: CallTrace, readings: Readings): CallUnderstanding {
  const period = periodOf(trace);
  const legs = createLegs(trace.records, period, readings);
  const links = createLinks(legs);
  const holds = holdsOf(links, period);
  const timeline = createTimeline(legs, holds, period);
  const kind = kindOfCall(legs);
  const answer = answerOf(legs);
  const codes = finalCodesOf(legs, period, kind);
  const ending = period.isInProgress ? null : endingOf(codes, timeline, period);
  const facts = { legs, period, kind, answer, ending, codes };
  const { verdict, reason, confidence, evidence } = verdictOf(facts);
  return {
    verdict,
    verdictReason: reason,
    confidence,
    evidence: [...evidence, ...readingsUsed(legs, readings)],
    direction: kind.direction,
    customerReached: isCustomerReached(facts, verdict),
    callback: legs.some(({ record }) => record.callType === OUTBOUND_CALLBACK),
    conference: legs.some(({ device, part }) => device === 'CONFERENCE' && part === 'CUSTOMER'),
    overflowed: links.some((link) => OVERFLOWS.has(link.kind)),
    answered: answer !== null,
    answeredBy: answer?.by ?? null,
    answeredLeg: answer?.leg.position ?? null,
    answeredAt: answer?.at ?? null,
    timeToAnswerMs: timeToAnswer(timeline, answer),
    abandoned: abandonmentOf(ending, timeline, answer, isDialling(legs, kind)),
    complete: period.final !== null,
    ending,
    phaseNow: period.isInProgress ? lastPhase(timeline) : null,
    startedAt: period.startedAt,
    until: period.until,
    timeline,
    totals: totalsOf(timeline),
    links: links.map(publicLink),
    transfers: transfersOf(legs, links, period),
    holds,
    participants: participantsOf(legs, holds, answer !== null, period.until),
    findings: findingsOf({ trace, period, legs, holds, codes, readings }),
  };
}

/** A callback for which the customer had asked. Source: page cec_07_0700. */
const OUTBOUND_CALLBACK = 45;
/** A queue passed the call on. */
const OVERFLOWS: ReadonlySet<LinkKind> = new Set(['OVERFLOW', 'TIMEOUT', 'NO_AGENT']);

/** The readings affect only the legs of agents. */
function readingsUsed(legs: readonly Leg[], readings: Readings): readonly Evidence[] {
  const isUsed = legs.some(({ device }) => device === 'AGENT' || device === 'OUTSIDE');
  return isUsed ? readingEvidence(readings) : [];
}

function isCustomerReached({ legs, kind, answer }: VerdictFacts, verdict: VerdictFound['verdict']): boolean | null {
  if (kind.direction !== 'OUTBOUND' || kind.isInternal) return null;
  if (answer !== null) return true;
  if (verdict === 'NOT_REACHED') return false;
  return isPredictive(legs) ? true : null;
}
