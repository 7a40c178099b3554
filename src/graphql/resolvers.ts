import type { GraphQLResolveInfo } from 'graphql';
import type { Caller } from '../access/caller.js';
import { createCall, type Call } from '../call/call.js';
import { ForbiddenError, InvalidCallKeyError } from '../call/errors.js';
import { createTraceQuestion, type KeyRules, type TraceKey, type TraceQuestion } from '../call/key.js';
import { asInt, createCallFields, type CallFieldOptions } from './call-fields.js';
import type { CallTrace } from '../call/trace.js';
import type { GraphContext } from './context.js';
import { dictionaryRows } from './dictionary.js';
import { failureOf } from './format-error.js';
import type { CallForgetProblem, CallKeyInput, Resolvers } from './generated.js';
import { parseCallNodeId } from './node-id.js';
import { questionOfReference } from './references.js';
import { resultTypeOf, type CallResult } from './results.js';
import { CallMonthScalar, DateTime } from './scalars.js';

export interface ResolverOptions extends CallFieldOptions {
  readonly keyRules: KeyRules;
  /** Most keys of one `calls`. */
  readonly maxKeys: number;
  /** Takes a call out of every cache: null once that is done; otherwise why not all gateways could be told. */
  readonly forget: (key: TraceKey) => Promise<CallForgetProblem | null>;
}

/** Returns the resolvers of the graph: argument to key to loader to Call. */
export function createResolvers(options: ResolverOptions): Resolvers {
  const { keyRules, codes, maxKeys, forget } = options;
  const fields = createCallFields(options);
  return {
    DateTime,
    CallMonth: CallMonthScalar,

    Query: {
      call: (_, { refresh, ...request }, context, info) =>
        findCall(createTraceQuestion(request, keyRules), refresh, context, info),
      calls: (_, { keys, refresh }, context, info) => {
        checkCount(keys, maxKeys);
        const calls = keys.map(async (key) => findCall(createTraceQuestion(key, keyRules), refresh, context, info));
        return calls as Promise<Call>[]; // an item may hold null, which the generated type has no word for
      },
      callResults: (_, { keys, refresh }, context, info) => {
        checkCount(keys, maxKeys);
        return keys.map(async (key) => findResult(key, keyRules, refresh, context, info));
      },
      node: (_, { id }, context, info) => {
        const key = parseCallNodeId(id, keyRules);
        if (key === null)
          throw new InvalidCallKeyError('id', 'id must be one that this graph gave out, such as that of a call');
        return findCall({ key }, false, context, info);
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
      __resolveReference: async (reference, context, info) =>
        findCall(questionOfReference(reference, keyRules), false, context, info),
      ...fields.Call,
      // Those of a long call come in several turns of the event loop: the generated type has no word for that.
      legs: (call, _, { work }, info) => work?.legsOf(rootNameOf(info), call) ?? call.legs,
    },

    CallLeg: fields.CallLeg,
    CallFreshness: fields.CallFreshness,
    CallCode: {
      meaning: ({ meaning, zh }, { language }) => (language === 'ZH' ? zh : meaning),
      chineseFrom: ({ zhSource }) => zhSource,
    },
  };
}

/** Throws InvalidCallKeyError if there are more keys than one field may have. */
function checkCount(keys: readonly unknown[], maxKeys: number): void {
  if (keys.length > maxKeys)
    throw new InvalidCallKeyError('keys', `keys must hold at most ${maxKeys} keys, not ${keys.length}`);
}

/** Rejects only where no part of the operation can be answered. */
async function findResult(
  naming: CallKeyInput,
  keyRules: KeyRules,
  refresh: boolean | null | undefined,
  context: GraphContext,
  info: GraphQLResolveInfo,
): Promise<CallResult> {
  try {
    const trace = await findTrace(createTraceQuestion(naming, keyRules), refresh, context, info);
    return createCall(trace) ?? trace;
  } catch (error) {
    if (context.work?.problem) throw error; // the whole answer is too long
    context.failures.push(error);
    await context.work?.begin(rootNameOf(info), 0);
    const { ccId, vdn, callId } = naming;
    return {
      ...{ ccId: ccId ?? keyRules.defaultCcId, vdn, callId },
      ...failureOf(error),
      requestId: context.requestId,
    };
  }
}

async function findCall(
  question: TraceQuestion,
  refresh: boolean | null | undefined,
  context: GraphContext,
  info: GraphQLResolveInfo,
): Promise<Call | null> {
  return createCall(await findTrace(question, refresh, context, info));
}

async function findTrace(
  question: TraceQuestion,
  refresh: boolean | null | undefined,
  context: GraphContext,
  info: GraphQLResolveInfo,
): Promise<CallTrace> {
  checkGrant(question.key, context.caller);
  const loader = refresh ? context.refreshedTraces : context.traces;
  const trace = await loader.load(question);
  context.answers.push(trace);
  await context.work?.begin(rootNameOf(info), trace.records.length);
  return trace;
}

/** The name in the answer of the field at the root of an operation below which a field lies. */
function rootNameOf({ path }: Pick<GraphQLResolveInfo, 'path'>): string {
  let root = path;
  while (root.prev) root = root.prev;
  return String(root.key);
}

/** Throws ForbiddenError, which tells nothing of the call, if the caller may not ask for it. */
function checkGrant({ ccId, vdn }: TraceKey, { grants }: Caller): void {
  if (!grants.allows(ccId, vdn))
    throw new ForbiddenError(`you may not ask for calls of VDN ${vdn} of call centre ${ccId}`);
}
