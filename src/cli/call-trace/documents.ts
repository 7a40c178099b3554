import { createHash } from 'node:crypto';

/*
 * The operations that the program sends. A gateway that runs only the documents of its manifest must have these in it:
 * `call-trace documents` prints them.
 */

const KEY_ARGUMENTS = '$vdn: Int!, $callId: ID!, $month: CallMonth, $ccId: Int, $refresh: Boolean';
const CALL = 'call(vdn: $vdn, callId: $callId, month: $month, ccId: $ccId, refresh: $refresh)';

/** What the picture of a call needs. No field of it holds a phone number. */
export const CALL_PICTURE = `query CallPicture(${KEY_ARGUMENTS}, $language: CallLanguage, $timeZone: String, $story: Boolean!) {
  ${CALL} {
    vdn
    callId
    verdict
    startedAt
    freshness { askedAt ageMs stale freshUntil }
    totals { durationMs }
    narrative(language: $language, timeZone: $timeZone) { headline sentences @include(if: $story) { text } }
    ending { party agentId }
    timeline { state from to legs }
    links { kind to }
    participants { role deviceId legs }
    findings { code severity sentence(language: $language) legs ms }
    legs { position isLast startedAt endedAt waitBegin ackBegin callBegin callEnd leaveReason leaveReasonCode }
  }
}
`;

/** A call as text that the gateway has written. */
export const CALL_TEXT = `query CallText(${KEY_ARGUMENTS}, $language: CallLanguage, $timeZone: String, $form: CallTextForm!) {
  ${CALL} {
    verdict
    freshness { askedAt ageMs stale freshUntil }
    findings { code severity legs ms }
    text(as: $form, language: $language, timeZone: $timeZone)
  }
}
`;

const EVIDENCE = 'evidence { leg field code name value says(language: $language) confidence }';
const LEG_FIELDS = `id callIdNum position isLast mediaType mediaTypeCode subMediaType subMediaTypeCode deviceType deviceTypeCode
  deviceNo deviceIn callType callTypeCode enterReason enterReasonCode leaveReason leaveReasonCode releaseCause
  releaseCauseCode callerNo calleeNo callerNoHash calleeNoHash subCcNo currentSkillId waitBegin ackBegin callBegin callEnd
  startedAt endedAt waitingMs ringingMs connectedMs durationMs`;
const WHOLE_CALL = `fragment WholeCall on Call {
  id ccId vdn callId month complete callerNo calleeNo callerNoHash calleeNoHash mediaType mediaTypeCode subMediaType
  subMediaTypeCode callType callTypeCode direction releaseCause releaseCauseCode endedBy startedAt endedAt durationMs
  verdict verdictReason confidence customerReached callback conference overflowed answered answeredBy answeredLeg
  answeredAt timeToAnswerMs phaseNow ${EVIDENCE}
  abandoned { phase waitedMs afterAnswer }
  ending { party agentId phase how at confidence ${EVIDENCE} }
  timeline { state from to durationMs legs }
  totals { durationMs ivrMs routingMs queueMs ringingMs talkingMs holdMs conferenceMs outsideMs unaccountedMs }
  links { kind from to confidence ${EVIDENCE} }
  transfers { kind by from to completed answeredBy confidence ${EVIDENCE} }
  holds { by from to startedAt endedAt end consultations }
  participants { role deviceId legs result times { ringMs talkMs holdMs consultMs conferenceMs } }
  findings { code severity sentence(language: $language) legs numbers ms field value count }
  narrative(language: $language, timeZone: $timeZone) { headline sentences { text legs } }
  legs { ${LEG_FIELDS} }
  freshness { source askedAt ageMs stale final freshUntil }
}
`;

/** All that the gateway knows of a call. */
export const CALL_WHOLE = `query CallWhole(${KEY_ARGUMENTS}, $language: CallLanguage, $timeZone: String) {
  ${CALL} { ...WholeCall }
}
${WHOLE_CALL}`;

/** The same of several calls. */
export const CALLS_WHOLE = `query CallsWhole($keys: [CallKeyInput!]!, $refresh: Boolean, $language: CallLanguage, $timeZone: String) {
  callResults(keys: $keys, refresh: $refresh) {
    __typename
    ...WholeCall
    ... on CallNotFound { ccId vdn callId month freshness { source askedAt ageMs stale final freshUntil } }
    ... on CallProblem { ccId vdn callId code message retryable retryAfterMs requestId }
  }
}
${WHOLE_CALL}`;

/** A dictionary. */
export const CODES = `query Codes($table: CallCodeTable!, $language: CallLanguage) {
  callCodes(table: $table) { table code wireCode name meaning(language: $language) chineseFrom confidence source }
}
`;

/** Returns all of them by their SHA-256: a manifest of trusted documents. */
export function documentManifest(): Readonly<Record<string, string>> {
  const documents = [CALL_PICTURE, CALL_TEXT, CALL_WHOLE, CALLS_WHOLE, CODES];
  return Object.fromEntries(documents.map((text) => [createHash('sha256').update(text).digest('hex'), text]));
}
