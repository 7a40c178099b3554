import type { Call } from '../call/call.js';
import { EVIDENCE_CLAUSES } from '../call/understanding/narrative/evidence.js';
import { FINDING_SENTENCES } from '../call/understanding/narrative/findings.js';
import type { Narrator } from '../call/understanding/narrative/narrator.js';
import type { Narrative } from '../call/understanding/narrative/sentences.js';
import { understand } from '../call/understanding/understand.js';
import type {
  Abandonment,
  AgentTimes,
  CallTotals,
  CallUnderstanding,
  Evidence,
  Finding,
  Participant,
  Readings,
  TimelinePiece,
} from '../call/understanding/understanding.js';
import { asInt } from './int.js';

export interface UnderstandingOptions {
  /** How the two times are read whose documents contradict one another. */
  readonly readings: Readings;
  readonly narrator: Narrator;
}

/** Arguments of `narrative`, `text`, the `sentence` of a finding and what evidence `says`. Null or absent: the default of the schema. */
interface TellingArguments {
  readonly language?: 'EN' | 'ZH' | null | undefined;
  readonly timeZone?: string | null | undefined;
}

/**
 * Returns the fields of a call that are derived from its records, as plain functions: see `createCallFields`. What is
 * derived belongs to the `Call` object, so it is derived once, when the first of them is asked for, and goes with it.
 */
export function createUnderstandingFields({ readings, narrator }: UnderstandingOptions) {
  const understandings = new WeakMap<Call, CallUnderstanding>();
  const understandingOf = (call: Call): CallUnderstanding => {
    const known = understandings.get(call);
    if (known) return known;
    const understanding = understand(call.trace, readings);
    understandings.set(call, understanding);
    return understanding;
  };
  const property =
    <Name extends keyof CallUnderstanding>(name: Name) =>
    (call: Call): CallUnderstanding[Name] =>
      understandingOf(call)[name];
  return {
    understandingOf,
    fields: {
      Call: {
        verdict: property('verdict'),
        verdictReason: property('verdictReason'),
        confidence: property('confidence'),
        evidence: property('evidence'),
        customerReached: property('customerReached'),
        callback: property('callback'),
        conference: property('conference'),
        overflowed: property('overflowed'),
        answered: property('answered'),
        answeredBy: property('answeredBy'),
        answeredLeg: property('answeredLeg'),
        answeredAt: property('answeredAt'),
        abandoned: property('abandoned'),
        ending: property('ending'),
        phaseNow: property('phaseNow'),
        timeline: property('timeline'),
        totals: property('totals'),
        links: property('links'),
        transfers: property('transfers'),
        holds: property('holds'),
        participants: property('participants'),
        findings: property('findings'),
        endedBy: (call: Call) => understandingOf(call).ending?.party ?? null,
        timeToAnswerMs: (call: Call) => asInt(understandingOf(call).timeToAnswerMs),
        narrative: (call: Call, given: TellingArguments) =>
          narrator.narrate(understandingOf(call), call.trace, tellingOptions(given)),
        text: (call: Call, { as, ...given }: TellingArguments & { as: 'PLAIN' | 'MARKDOWN' | 'MERMAID' | 'CSV' }) =>
          narrator.textOf(understandingOf(call), call.trace, { as, ...tellingOptions(given) }),
      },
      CallAbandonment: { waitedMs: (abandonment: Abandonment) => asInt(abandonment.waitedMs) },
      CallTimelinePiece: { durationMs: ({ from, to }: TimelinePiece) => asInt(to - from) },
      CallTotals: {
        durationMs: (totals: CallTotals) => asInt(totals.durationMs),
        ivrMs: (totals: CallTotals) => asInt(totals.ivrMs),
        routingMs: (totals: CallTotals) => asInt(totals.routingMs),
        queueMs: (totals: CallTotals) => asInt(totals.queueMs),
        ringingMs: (totals: CallTotals) => asInt(totals.ringingMs),
        talkingMs: (totals: CallTotals) => asInt(totals.talkingMs),
        holdMs: (totals: CallTotals) => asInt(totals.holdMs),
        conferenceMs: (totals: CallTotals) => asInt(totals.conferenceMs),
        outsideMs: (totals: CallTotals) => asInt(totals.outsideMs),
        unaccountedMs: (totals: CallTotals) => asInt(totals.unaccountedMs),
      },
      // Not `id`: clients with a normalised cache would take the participants of all calls for one.
      CallParticipant: { deviceId: ({ id }: Participant) => id },
      CallAgentTimes: {
        ringMs: (times: AgentTimes) => asInt(times.ringMs),
        talkMs: (times: AgentTimes) => asInt(times.talkMs),
        holdMs: (times: AgentTimes) => asInt(times.holdMs),
        consultMs: (times: AgentTimes) => asInt(times.consultMs),
        conferenceMs: (times: AgentTimes) => asInt(times.conferenceMs),
      },
      CallNarrative: { sentences: (narrative: Narrative) => narrative.sentences },
      CallEvidence: {
        says: ({ says }: Evidence, given: TellingArguments) => EVIDENCE_CLAUSES[languageOf(given)][says],
      },
      CallFinding: {
        ms: (finding: Finding) => asInt(finding.ms),
        sentence: ({ code }: Finding, given: TellingArguments) => FINDING_SENTENCES[languageOf(given)][code],
      },
    },
  };
}

function tellingOptions({ language, timeZone }: TellingArguments) {
  return { language: languageOf({ language }), timeZone: timeZone ?? 'UTC' } as const;
}

function languageOf({ language }: TellingArguments): 'en' | 'zh' {
  return language === 'ZH' ? 'zh' : 'en';
}
