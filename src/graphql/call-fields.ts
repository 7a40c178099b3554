import type { Call, CallLeg } from '../call/call.js';
import { directionOf, type CodeTables } from '../call/codes/codes.js';
import type { KeyRules } from '../call/key.js';
import type { Dated, Life } from '../call/life.js';
import { firstInstant, type CallTrace } from '../call/trace.js';
import { asInt, MAX_INT } from './int.js';
import { callNodeId, legNodeId } from './node-id.js';
import type { HashNumber } from './numbers.js';
import { createUnderstandingFields, type UnderstandingOptions } from './understanding-fields.js';

export interface CallFieldOptions extends UnderstandingOptions {
  readonly keyRules: Pick<KeyRules, 'now'>;
  readonly codes: CodeTables;
  /** Returns how long a trace stays fresh and usable. */
  readonly lifeOf: (trace: Dated) => Life;
  /** Returns the hash of a phone number. */
  readonly hashNumber: HashNumber;
}

/** The fields of a call that are not simply its properties, by type and name; and what the records of a call mean. */
export type CallFields = ReturnType<typeof createCallFields>;

/**
 * Returns the fields of a call as plain functions from their parent object to their value. They are the
 * resolvers of the schema, and the fast path calls them directly. Personal fields are not among them: see `personal.ts`.
 */
export function createCallFields(options: CallFieldOptions) {
  const { keyRules, codes, lifeOf, hashNumber } = options;
  const derived = createUnderstandingFields(options);
  // By trace: an operation may ask for it under many names, and each time all records are looked at.
  const lives = new WeakMap<CallTrace, Life>();
  const fields = {
    ...derived.fields,
    Call: {
      ...derived.fields.Call,
      id: (call: Call) => callNodeId(call.key),
      ccId: (call: Call) => call.key.ccId,
      vdn: (call: Call) => call.key.vdn,
      callId: (call: Call) => call.key.callId,
      month: (call: Call) => call.key.month,
      legs: (call: Call) => call.legs,
      leg: (call: Call, { position }: { position: number }) => call.legs[position - 1] ?? null,
      callerNoHash: (call: Call) => hashNumber(call.callerNo),
      calleeNoHash: (call: Call) => hashNumber(call.calleeNo),
      mediaType: (call: Call) => codes.mediaType.nameOf(call.mediaType),
      mediaTypeCode: (call: Call) => call.mediaType,
      subMediaType: (call: Call) => codes.subMediaType.nameOf(call.subMediaType),
      subMediaTypeCode: (call: Call) => call.subMediaType,
      callType: (call: Call) => codes.callType.nameOf(call.callType),
      callTypeCode: (call: Call) => call.callType,
      direction: (call: Call) => directionOf(call.callType),
      releaseCause: (call: Call) => codes.releaseCause.nameOf(call.releaseCause),
      releaseCauseCode: (call: Call) => call.releaseCause,
      durationMs: (call: Call) => asInt(call.durationMs),
      freshness: (call: Call) => call.trace,
    },

    CallLeg: {
      id: legNodeId,
      callerNoHash: (leg: CallLeg) => hashNumber(leg.callerNo),
      calleeNoHash: (leg: CallLeg) => hashNumber(leg.calleeNo),
      mediaType: (leg: CallLeg) => codes.mediaType.nameOf(leg.mediaType),
      mediaTypeCode: (leg: CallLeg) => leg.mediaType,
      subMediaType: (leg: CallLeg) => codes.subMediaType.nameOf(leg.subMediaType),
      subMediaTypeCode: (leg: CallLeg) => leg.subMediaType,
      deviceType: (leg: CallLeg) => codes.deviceType.nameOf(leg.deviceType),
      deviceTypeCode: (leg: CallLeg) => leg.deviceType,
      callType: (leg: CallLeg) => codes.callType.nameOf(leg.callType),
      callTypeCode: (leg: CallLeg) => leg.callType,
      enterReason: (leg: CallLeg) => codes.enterReason.nameOf(leg.enterReason),
      enterReasonCode: (leg: CallLeg) => leg.enterReason,
      leaveReason: (leg: CallLeg) => codes.leaveReason.nameOf(leg.leaveReason),
      leaveReasonCode: (leg: CallLeg) => leg.leaveReason,
      releaseCause: (leg: CallLeg) => (leg.isLast ? codes.releaseCause.nameOf(leg.releaseCause) : null),
      releaseCauseCode: (leg: CallLeg) => leg.releaseCause,
      startedAt: (leg: CallLeg) => firstInstant(leg),
      endedAt: (leg: CallLeg) => leg.callEnd,
      waitingMs: (leg: CallLeg) => asInt(leg.durations.waitingMs),
      ringingMs: (leg: CallLeg) => asInt(leg.durations.ringingMs),
      connectedMs: (leg: CallLeg) => asInt(leg.durations.connectedMs),
      durationMs: (leg: CallLeg) => asInt(leg.durations.durationMs),
    },

    CallFreshness: {
      ageMs: (trace: CallTrace) => Math.min(MAX_INT, Math.max(0, Math.round(keyRules.now() - trace.askedAt))),
      final: (trace: CallTrace) => heldLifeOf(trace).reason === 'settled',
      freshUntil: (trace: CallTrace) => Math.ceil(heldLifeOf(trace).freshUntil),
    },
  };
  return { fields, understandingOf: derived.understandingOf };

  function heldLifeOf(trace: CallTrace): Life {
    const held = lives.get(trace);
    if (held) return held;
    const life = lifeOf(trace);
    lives.set(trace, life);
    return life;
  }
}
