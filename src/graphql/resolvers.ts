import type { Call } from '../call/call.js';
import { InvalidCallKeyError } from '../call/errors.js';
import {
  createTraceQuestion,
  type CallRequest,
  type KeyRules,
  type TraceKey,
  type TraceQuestion,
} from '../call/key.js';
import { createCallFields, type CallFieldOptions } from './call-fields.js';
import { dictionaryRows } from './dictionary.js';
import { checkGrant, createCallFinder, itemsOf, rootNameOf } from './find-call.js';
import type { CallForgetProblem, Resolvers } from './generated.js';
import { asInt } from './int.js';
import { MAX_KEYS } from './limits/limits.js';
import { parseCallNodeId } from './node-id.js';
import { questionOfReference } from './references.js';
import { resultTypeOf } from './results.js';
import { CallMonthScalar, DateTime } from './scalars.js';

export interface ResolverOptions extends CallFieldOptions {
  readonly keyRules: KeyRules;
  /** Removes a call from every cache: null once that is done; otherwise why not all gateways could be told. */
  readonly forget: (key: TraceKey) => Promise<CallForgetProblem | null>;
}

/** Returns the resolvers of the graph: arguments become keys, which the loader loads, and traces become calls. */
export function createResolvers(options: ResolverOptions): Resolvers {
  const { keyRules, codes, forget } = options;
  const { fields, understandingOf } = createCallFields(options);
  const finder = createCallFinder(keyRules, understandingOf);
  return {
    DateTime,
    CallMonth: CallMonthScalar,

    Query: {
      call: (_, { refresh, ...request }, context, info) =>
        finder.find(createTraceQuestion(request, keyRules), refresh, context, info),
      calls: (_, { keys, refresh }, context, info) => {
        const calls = keys.map(async (key, at) => finder.find(questionAt(at, key, keyRules), refresh, context, info));
        return calls as Promise<Call>[]; // an item may hold null, which the generated type has no word for
      },
      callResults: (_, { keys, refresh }, context, info) =>
        keys.map((key, at) => finder.findResult(key, () => questionAt(at, key, keyRules), refresh, context, info)),
      node: (_, { id }, context, info) => {
        const key = parseCallNodeId(id, keyRules);
        if (key === null)
          throw new InvalidCallKeyError('id', 'id must be one that this graph gave out, such as that of a call');
        return finder.find({ key }, false, context, info);
      },
      callViewer: (_, __, { caller }) => ({
        name: caller.id,
        anonymous: caller.isAnonymous,
        vdns: caller.grants.texts,
        numbersMasked: !caller.seesNumbers,
      }),
      callRateLimit: (_, __, { points, cost }) => points && { ...points, cost },
      callCodes: async (_, { table }, { work }, info) => {
        const rows = dictionaryRows(codes, table ?? null);
        await work?.take(rootNameOf(info), rows.length);
        return rows;
      },
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
    CallResult: { __resolveType: resultTypeOf },
    CallProblem: { retryAfterMs: ({ retryAfterMs }) => asInt(retryAfterMs) },
    CallNotFound: {
      ccId: ({ key }) => key.ccId,
      vdn: ({ key }) => key.vdn,
      callId: ({ key }) => key.callId,
      month: ({ key }) => key.month,
      freshness: (trace) => trace,
    },

    Call: {
      // Async, so that a bad reference fails alone among the others of its query.
      __resolveReference: async (reference, context, info) => {
        context.work?.takeReference(rootNameOf(info));
        return finder.find(questionOfReference(reference, keyRules), false, context, info);
      },
      ...fields.Call,
      // Those of a long call come in several turns of the event loop.
      legs: (call, _, context, info) => itemsOf('legs', call.legs, context, info),
      timeline: (call, _, context, info) => itemsOf('timeline', fields.Call.timeline(call), context, info),
      links: (call, _, context, info) => itemsOf('links', fields.Call.links(call), context, info),
      transfers: (call, _, context, info) => itemsOf('transfers', fields.Call.transfers(call), context, info),
      holds: (call, _, context, info) => itemsOf('holds', fields.Call.holds(call), context, info),
      participants: (call, _, context, info) => itemsOf('participants', fields.Call.participants(call), context, info),
      findings: (call, _, context, info) => itemsOf('findings', fields.Call.findings(call), context, info),
    },

    CallNarrative: {
      sentences: ({ sentences }, _, context, info) => itemsOf('narrative.sentences', sentences, context, info),
    },

    CallLeg: fields.CallLeg,
    CallFreshness: fields.CallFreshness,
    CallAbandonment: fields.CallAbandonment,
    CallTimelinePiece: fields.CallTimelinePiece,
    CallTotals: fields.CallTotals,
    CallParticipant: fields.CallParticipant,
    CallAgentTimes: fields.CallAgentTimes,
    CallEvidence: fields.CallEvidence,
    CallFinding: fields.CallFinding,
    CallCode: {
      meaning: ({ meaning, zh }, { language }) => (language === 'ZH' ? zh : meaning),
      chineseFrom: ({ zhSource }) => zhSource,
    },
  };
}

/** Returns the question of a key at this place of its list. Throws InvalidCallKeyError, also for a place beyond the limit. */
function questionAt(at: number, key: CallRequest, rules: KeyRules): TraceQuestion {
  if (at >= MAX_KEYS)
    throw new InvalidCallKeyError('keys', `keys must hold at most ${MAX_KEYS} keys: this is number ${at + 1}`);
  return createTraceQuestion(key, rules);
}
