import type { Caller } from '../access/caller.js';
import { createCall, type Call } from '../call/call.js';
import { directionOf, type CodeTables } from '../call/codes/codes.js';
import { ForbiddenError, InvalidCallKeyError } from '../call/errors.js';
import { createTraceQuestion, type KeyRules, type TraceKey, type TraceQuestion } from '../call/key.js';
import type { Dated, Life } from '../call/life.js';
import type { GraphContext } from './context.js';
import type { CallForgetProblem, CodeTable, Resolvers } from './generated.js';
import { callNodeId, parseCallNodeId } from './node-id.js';
import type { HashNumber } from './numbers.js';
import { CallMonthScalar, DateTime } from './scalars.js';

export interface ResolverOptions {
  readonly keyRules: KeyRules;
  readonly codes: CodeTables;
  /** Most keys of one `calls`. */
  readonly maxKeys: number;
  /** How long a trace holds. */
  readonly lifeOf: (trace: Dated) => Life;
  /** Takes a call out of every cache: null once that is done; otherwise why not all gateways could be told. */
  readonly forget: (key: TraceKey) => Promise<CallForgetProblem | null>;
  /** What stands for a phone number where it may not be seen. */
  readonly hashNumber: HashNumber;
}

/** The greatest number that GraphQL's Int holds; durations and ages stop there. */
const MAX_INT = 2_147_483_647;

const TABLES: Readonly<Record<CodeTable, keyof CodeTables>> = {
  MEDIA_TYPE: 'mediaType',
  SUB_MEDIA_TYPE: 'subMediaType',
  DEVICE_TYPE: 'deviceType',
  CALL_TYPE: 'callType',
  ENTER_REASON: 'enterReason',
  LEAVE_REASON: 'leaveReason',
  RELEASE_CAUSE: 'releaseCause',
  RESULT_CODE: 'resultCode',
};

/** Returns the resolvers of the graph: argument to key to loader to Call. */
export function createResolvers({ keyRules, codes, maxKeys, lifeOf, forget, hashNumber }: ResolverOptions): Resolvers {
  return {
    DateTime,
    CallMonth: CallMonthScalar,

    Query: {
      call: (_, { refresh, ...request }, context) => findCall(createTraceQuestion(request, keyRules), refresh, context),
      calls: (_, { keys, refresh }, context) => {
        if (keys.length < 1 || keys.length > maxKeys) {
          throw new InvalidCallKeyError('keys', `keys must hold 1 to ${maxKeys} keys, not ${keys.length}`);
        }
        const calls = keys.map(async (key) => findCall(createTraceQuestion(key, keyRules), refresh, context));
        return calls as Promise<Call>[]; // an item may hold null, which the generated type has no word for
      },
      node: (_, { id }, context) => {
        const key = parseCallNodeId(id, keyRules);
        if (key === null)
          throw new InvalidCallKeyError('id', 'id must be one that this graph gave out, such as that of a call');
        return findCall({ key }, false, context);
      },
      rateLimit: (_, __, { points, cost }) => points && { ...points, cost },
      codes: (_, { table }) => [...codes[TABLES[table]].rows],
    },

    Mutation: {
      forgetCall: async (_, request, { caller }) => {
        const { key } = createTraceQuestion(request, keyRules);
        checkGrant(key, caller);
        const problem = await forget(key);
        return { forgotten: problem === null, problem };
      },
    },

    Node: { __resolveType: () => 'Call' },

    Call: {
      // Async, so that a bad reference fails alone among the others of its query.
      __resolveReference: async (reference, context) =>
        findCall(questionOfReference(reference, keyRules), false, context),
      id: (call) => callNodeId(call.key),
      ccId: (call) => call.key.ccId,
      vdn: (call) => call.key.vdn,
      callId: (call) => call.key.callId,
      month: (call) => call.key.month,
      callerNoHash: (call) => hashNumber(call.callerNo),
      calleeNoHash: (call) => hashNumber(call.calleeNo),
      mediaType: (call) => codes.mediaType.nameOf(call.mediaType),
      mediaTypeCode: (call) => call.mediaType,
      subMediaType: (call) => codes.subMediaType.nameOf(call.subMediaType),
      subMediaTypeCode: (call) => call.subMediaType,
      callType: (call) => codes.callType.nameOf(call.callType),
      callTypeCode: (call) => call.callType,
      direction: (call) => directionOf(call.callType),
      releaseCause: (call) => codes.releaseCause.nameOf(call.releaseCause),
      releaseCauseCode: (call) => call.releaseCause,
      durationMs: (call) => asInt(call.durations.durationMs),
      waitingMs: (call) => asInt(call.durations.waitingMs),
      ringingMs: (call) => asInt(call.durations.ringingMs),
      talkingMs: (call) => asInt(call.durations.talkingMs),
      freshness: (call) => call.trace,
    },

    CallLeg: {
      callerNoHash: (leg) => hashNumber(leg.callerNo),
      calleeNoHash: (leg) => hashNumber(leg.calleeNo),
      mediaType: (leg) => codes.mediaType.nameOf(leg.mediaType),
      mediaTypeCode: (leg) => leg.mediaType,
      subMediaType: (leg) => codes.subMediaType.nameOf(leg.subMediaType),
      subMediaTypeCode: (leg) => leg.subMediaType,
      deviceType: (leg) => codes.deviceType.nameOf(leg.deviceType),
      deviceTypeCode: (leg) => leg.deviceType,
      callType: (leg) => codes.callType.nameOf(leg.callType),
      callTypeCode: (leg) => leg.callType,
      enterReason: (leg) => codes.enterReason.nameOf(leg.enterReason),
      enterReasonCode: (leg) => leg.enterReason,
      leaveReason: (leg) => codes.leaveReason.nameOf(leg.leaveReason),
      leaveReasonCode: (leg) => leg.leaveReason,
      releaseCause: (leg) => (leg.isLast ? codes.releaseCause.nameOf(leg.releaseCause) : null),
      releaseCauseCode: (leg) => leg.releaseCause,
      waitingMs: (leg) => asInt(leg.durations.waitingMs),
      ringingMs: (leg) => asInt(leg.durations.ringingMs),
      talkingMs: (leg) => asInt(leg.durations.talkingMs),
      durationMs: (leg) => asInt(leg.durations.durationMs),
    },

    Freshness: {
      ageMs: (trace) => Math.min(MAX_INT, Math.max(0, Math.round(keyRules.now() - trace.askedAt))),
      final: (trace) => lifeOf(trace).reason === 'settled',
    },
  };
}

async function findCall(
  question: TraceQuestion,
  refresh: boolean | null | undefined,
  context: GraphContext,
): Promise<Call | null> {
  checkGrant(question.key, context.caller);
  const loader = refresh ? context.refreshedTraces : context.traces;
  const trace = await loader.load(question);
  context.answers.push(trace);
  return createCall(trace);
}

/** Throws ForbiddenError, which tells nothing of the call, if the caller may not ask for it. */
function checkGrant({ ccId, vdn }: TraceKey, { grants }: Caller): void {
  if (!grants.allows(ccId, vdn))
    throw new ForbiddenError(`you may not ask for calls of VDN ${vdn} of call centre ${ccId}`);
}

/** A router names a call by its `id`, or by the four fields of its key. */
function questionOfReference(reference: unknown, rules: KeyRules): TraceQuestion {
  // Nothing has checked the types of a reference: what is absent or no text must fail as a bad argument.
  const { id, ccId, vdn, callId, month } = reference as Readonly<Record<string, unknown>>;
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  if (id === undefined) {
    const request = { ccId: ccId as number, vdn: vdn as number, callId: text(callId) };
    return createTraceQuestion({ ...request, month: month == null ? null : text(month) }, rules);
  }
  const key = parseCallNodeId(text(id), rules);
  if (key === null) throw new InvalidCallKeyError('id', 'id must be one that this graph gave out');
  return { key };
}

function asInt(ms: number | null): number | null {
  return ms === null ? null : Math.min(MAX_INT, ms);
}
