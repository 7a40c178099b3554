import { createCodeTables } from '../src/call/codes/codes.js';
import { FINAL, type TraceRecord } from '../simulator/trace-record.js';
import { LEGS_ON_REQUEST } from '../simulator/scenarios.js';
import { traceOf } from '../simulator/trace.js';

/** Names one call, as the variables of a question do. */
export interface Key {
  readonly vdn: number;
  readonly callId: string;
}

/** A call as every server here must answer it. */
export interface ExpectedCall extends Key {
  readonly month: string;
  readonly complete: boolean;
  readonly legs: readonly object[];
}

/** One question with its only right answer. */
export interface Question {
  readonly variables: { readonly keys: readonly Key[] } | Key;
  /** What `data` of the answer must hold. */
  readonly data: object;
}

/** Calls that the questions rotate through, so that no memo of a single answer wins. */
const CALLS = 400;
/** Different lists of keys for question B. */
const LISTS = 200;
/** Keys in one question B. */
export const KEYS_PER_LIST = 25;
/** 2023-11-14T22:13:20Z: over for long, far from the ends of its month. Unit: seconds since 1970-01-01 UTC. */
const FIRST_START = 1_700_000_000;
/** The story of the simulator whose calls have six legs: `no-answer-then-overflow`. */
const SIX_LEGS = 4;
const VDN = 170;
const SIMULATOR = { seed: 1, timeZone: 'UTC' };

/** Every field of a leg: 20. */
const CALL_FIELDS = `callId vdn month complete legs {
    callIdNum position isLast mediaType subMediaType deviceType deviceNo deviceIn callType enterReason leaveReason
    releaseCause callerNo calleeNo subCcNo currentSkillId waitBegin ackBegin callBegin callEnd
  }`;

/** The documents, which stay the same all day. */
export const DOCUMENT_A = `query A($vdn: Int!, $callId: ID!) {\n  call(vdn: $vdn, callId: $callId) { ${CALL_FIELDS} }\n}`;
export const DOCUMENT_B = `query B($keys: [CallKeyInput!]!) {\n  calls(keys: $keys) { ${CALL_FIELDS} }\n}`;

/** What such a list came to: derived from its records. No peer can answer it. */
export const DOCUMENT_DERIVED = `query Derived($keys: [CallKeyInput!]!) {\n  calls(keys: $keys) {
    verdict ending { party phase how } findings { code }
    totals { durationMs ivrMs routingMs queueMs ringingMs talkingMs holdMs conferenceMs outsideMs unaccountedMs }
  }\n}`;

/** The same questions where the arguments come from the JSON schema of a REST service. */
export const REST_DOCUMENT_A = `query A($input: CallKey_Input!) {\n  call(input: $input) { ${CALL_FIELDS} }\n}`;
export const REST_DOCUMENT_B = `query B($input: CallKeys_Input!) {\n  calls(input: $input) { ${CALL_FIELDS} }\n}`;

const codes = createCodeTables();

/** The keys of the calls that are asked for again and again. */
export const KEYS: readonly Key[] = Array.from({ length: CALLS }, (_, index) => newKey(index));

/** A call of six legs; of every index another. */
export function newKey(index: number): Key {
  return { vdn: VDN, callId: `${FIRST_START + index}-${SIX_LEGS}` };
}

/** A call of so many legs: an even number. */
export function longCall(legs: number): Key {
  return { vdn: VDN, callId: `${FIRST_START}-${LEGS_ON_REQUEST + legs}` };
}

/** Question A for each of the calls. */
export function questionsA(keys: readonly Key[] = KEYS): Question[] {
  return keys.map((key) => ({ variables: key, data: { call: expectedCall(key) } }));
}

/** Question B: lists of the same calls, each beginning two calls later than the one before. */
export function questionsB(): Question[] {
  return Array.from({ length: LISTS }, (_, list) => listQuestion(list * 2, KEYS_PER_LIST));
}

/** One question for so many of the calls, from one of them on. */
export function listQuestion(from: number, length: number): Question {
  const keys = Array.from({ length }, (_, index) => KEYS[(from + index) % CALLS] ?? newKey(0));
  return { variables: { keys }, data: { calls: keys.map(expectedCall) } };
}

const known = new Map<string, ExpectedCall>();

/** The call that the simulator knows under a key, named and in order. */
export function expectedCall(key: Key): ExpectedCall {
  const { vdn, callId } = key;
  const before = known.get(callId);
  if (before?.vdn === vdn) return before;
  const startedAt = Number(callId.slice(0, callId.indexOf('-'))) * 1000;
  const records = traceOf({ ccId: 1, vdn, callId, logDate: startedAt }, { ...SIMULATOR, now: Date.now() });
  const month = new Date(startedAt).toISOString().slice(0, 7);
  const call = { callId, vdn, month, complete: true, legs: records.map(expectedLeg) };
  known.set(callId, call);
  return call;
}

function expectedLeg(record: TraceRecord, index: number): object {
  const isLast = record.callIdNum === FINAL;
  return {
    callIdNum: record.callIdNum,
    position: index + 1,
    isLast,
    mediaType: codes.mediaType.nameOf(record.mediaType),
    subMediaType: codes.subMediaType.nameOf(record.subMediaType),
    deviceType: codes.deviceType.nameOf(record.deviceType),
    deviceNo: record.deviceNo,
    deviceIn: record.deviceIn,
    callType: codes.callType.nameOf(record.callType),
    enterReason: codes.enterReason.nameOf(record.enterReason),
    leaveReason: codes.leaveReason.nameOf(record.leaveReason),
    releaseCause: isLast ? codes.releaseCause.nameOf(record.releaseCause) : null,
    callerNo: record.callerNo,
    calleeNo: record.calleeNo,
    subCcNo: record.subCcNo,
    currentSkillId: record.currentSkillId,
    waitBegin: instant(record.waitBegin),
    ackBegin: instant(record.ackBegin),
    callBegin: instant(record.callBegin),
    callEnd: instant(record.callEnd),
  };
}

function instant(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
