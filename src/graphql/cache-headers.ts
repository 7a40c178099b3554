import type { ApolloServerPlugin } from '@apollo/server';
import type { OperationDefinitionNode } from 'graphql';
import type { Caller } from '../access/caller.js';
import type { GraphContext } from './context.js';
import { fragmentsOf } from './limits/document.js';
import { mergedFieldsOf, type Fragments } from './limits/merged-fields.js';

/** `Cache-Control` of an answer that depends on the caller or the time, and of every failure: not to be stored. */
export const NO_STORE = 'no-store';
/** `Cache-Control` of an answer that is the same for everybody: a client may store it, and revalidates it before each use. */
export const REVALIDATE = 'private, no-cache';

/** Whether answers to such requests may be stored, apart from their content: GET requests of anonymous callers. */
export function isStorableRequest(method: string | undefined, { isAnonymous }: Caller): boolean {
  return method === 'GET' && isAnonymous;
}

/** Returns the `Cache-Control` of a complete answer; `context`: null if no operation began. */
export function cacheControlOf(context: Pick<GraphContext, 'isStorable'> | null): string {
  return context?.isStorable === true ? REVALIDATE : NO_STORE;
}

/** Root fields whose answers do not depend on the caller, apart from personal data. Answers with other root fields are not stored. */
const STORABLE_FIELDS: ReadonlySet<string> = new Set([
  'call',
  'calls',
  'callResults',
  'node',
  'callCodes',
  '_entities',
  '_service',
  '__typename',
  '__schema',
  '__type',
]);

/**
 * Returns the plugin that forbids storing an answer if it failed, shows personal data (masked or not), was requested with
 * `refresh`, or has a root field that is not listed above, such as `callRateLimit`.
 */
export function createCacheHeadersPlugin(): ApolloServerPlugin<GraphContext> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        willSendResponse: ({ response: { body }, document, operation, contextValue }) => {
          const isComplete = body.kind === 'single' && body.singleResult.errors === undefined;
          contextValue.isStorable &&=
            isComplete &&
            contextValue.failures.length === 0 &&
            contextValue.numbersShown.size === 0 &&
            document !== undefined &&
            operation !== undefined &&
            hasOnlyStorableFields(operation, fragmentsOf(document));
          return Promise.resolve();
        },
      }),
  };
}

function hasOnlyStorableFields(operation: OperationDefinitionNode, fragments: Fragments): boolean {
  const fields = mergedFieldsOf([operation.selectionSet], fragments);
  return [...fields.values()].every(([{ name }]) => STORABLE_FIELDS.has(name.value));
}
