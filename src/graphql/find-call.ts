import type { GraphQLResolveInfo } from 'graphql';
import type { Caller } from '../access/caller.js';
import { createCall, type Call } from '../call/call.js';
import { ForbiddenError } from '../call/errors.js';
import type { CallRequest, KeyRules, TraceKey, TraceQuestion } from '../call/key.js';
import type { CallTrace } from '../call/trace.js';
import type { CallUnderstanding } from '../call/understanding/understanding.js';
import type { GraphContext } from './context.js';
import { failureOf } from './format-error.js';
import type { CallResult } from './results.js';

/** What names a field in the answer. */
type FieldInfo = Pick<GraphQLResolveInfo, 'path'>;
type Refresh = boolean | null | undefined;

/** Finds the calls that an operation asks for, and takes turns of the event loop for what it shows of them. */
export interface CallFinder {
  /** Returns a call; null if there is none. Rejects with a TraceError. */
  find(question: TraceQuestion, refresh: Refresh, context: GraphContext, field: FieldInfo): Promise<Call | null>;
  /**
   * Returns what became of a key. `questionOf`: its question, or throws why it has none. Never rejects: a list whose items
   * cannot be null would end before the others are done.
   */
  findResult(
    naming: CallRequest,
    questionOf: () => TraceQuestion,
    refresh: Refresh,
    context: GraphContext,
    field: FieldInfo,
  ): Promise<CallResult>;
}

/** Returns what finds calls. `understandingOf`: what the records of a call mean. */
export function createCallFinder(
  { defaultCcId }: KeyRules,
  understandingOf: (call: Call) => CallUnderstanding,
): CallFinder {
  return {
    async find(question, refresh, context, field) {
      const trace = await findTrace(question, refresh, context, field);
      return callOf(trace, context, field);
    },
    async findResult(naming, questionOf, refresh, context, field) {
      try {
        const trace = await findTrace(questionOf(), refresh, context, field);
        return (await callOf(trace, context, field)) ?? trace;
      } catch (error) {
        // If the whole answer is too long, it is refused as a whole in the end, whatever stands here.
        if (!context.work?.problem) {
          context.failures.push(error);
          await context.work?.begin(rootNameOf(field), 0).catch(() => undefined);
        }
        const { ccId, vdn, callId } = naming;
        const { requestId } = context;
        return { ...{ ccId: ccId ?? defaultCcId, vdn, callId, requestId }, ...failureOf(error) };
      }
    },
  };

  async function callOf(trace: CallTrace, { work }: GraphContext, field: FieldInfo): Promise<Call | null> {
    const call = createCall(trace);
    if (call) await work?.beginDerived(rootNameOf(field), call.legs.length, () => understandingOf(call));
    return call;
  }
}

async function findTrace(
  question: TraceQuestion,
  refresh: Refresh,
  context: GraphContext,
  field: FieldInfo,
): Promise<CallTrace> {
  checkGrant(question.key, context.caller);
  const loader = refresh ? context.refreshedTraces : context.traces;
  const trace = await loader.load(question);
  context.answers.push(trace);
  await context.work?.begin(rootNameOf(field), trace.records.length);
  return trace;
}

/** Throws ForbiddenError, which tells nothing of the call, if the caller may not ask for it. */
export function checkGrant({ ccId, vdn }: TraceKey, { grants }: Caller): void {
  if (!grants.allows(ccId, vdn))
    throw new ForbiddenError(`you may not ask for calls of VDN ${vdn} of call centre ${ccId}`);
}

/** The items of a list of a call: those of a long one come in several turns of the event loop. `path`: below the call. */
export function itemsOf<Item>(
  path: string,
  items: readonly Item[],
  { work }: GraphContext,
  field: FieldInfo,
): readonly (Item | Promise<Item>)[] {
  return work?.itemsOf(rootNameOf(field), path, items) ?? items;
}

/** The name in the answer of the field at the root of an operation below which a field lies. */
export function rootNameOf({ path }: FieldInfo): string {
  let root = path;
  while (root.prev) root = root.prev;
  return String(root.key);
}
