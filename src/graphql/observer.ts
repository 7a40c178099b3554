import type { ApolloServerPlugin } from '@apollo/server';
import type { GraphContext } from './context.js';
import { failureOf } from './format-error.js';
import type { FallbackReason } from './fast-path/fallback.js';

/** Told what the graph answers, for metrics. */
export interface OperationObserver {
  /**
   * An operation was answered: `query`, `mutation`, or `none` if it was not one; under the name that its client gave it,
   * null if none; with these error codes. Returns the name as metrics label it. Unit: seconds.
   */
  operation(kind: string, name: string | null, codes: readonly string[], seconds: number): string;
  /** So many traces (1, if it is not said) of one kind went into an answer. */
  answer(source: string, stale: boolean, count?: number): void;
  /** The fast path was asked, and answered or fell back to the standard path. */
  fastPath(outcome: 'answered' | FallbackReason): void;
}

/** Where an error goes that no operation bears. */
interface ErrorLog {
  error(fields: object, text: string): void;
}

/**
 * Returns the plugin that tells the observer, and the context, how operations ended. Errors outside of an operation, which
 * reach no other plugin, count as operations of kind `none`; unexpected ones have a line with the request's id.
 */
export function createObserverPlugin(observer: OperationObserver, log: ErrorLog): ApolloServerPlugin<GraphContext> {
  return {
    // Refused before it was an operation.
    contextCreationDidFail: ({ error }) => {
      observer.operation('none', null, [codeOf(error)], 0);
      return Promise.resolve();
    },
    invalidRequestWasReceived: ({ error }) => {
      observer.operation('none', null, [codeOf(error)], 0);
      return Promise.resolve();
    },
    unexpectedErrorProcessingRequest: ({ requestContext: { contextValue }, error }) => {
      contextValue.outcomes = [INTERNAL];
      observer.operation('none', null, contextValue.outcomes, 0);
      log.error({ err: error, requestId: contextValue.requestId }, 'unexpected error outside of an operation');
      return Promise.resolve();
    },
    requestDidStart: () => {
      const startedAt = performance.now();
      return Promise.resolve({
        willSendResponse: ({ response, operation, contextValue }) => {
          const errors = response.body.kind === 'single' ? (response.body.singleResult.errors ?? []) : [];
          const failures = contextValue.failures.map((failure) => failureOf(failure).code);
          const codes = [...new Set([...errors.map(codeOf), ...failures])];
          const seconds = (performance.now() - startedAt) / 1000;
          const kind = operation?.operation ?? 'none';
          const name = observer.operation(kind, operation?.name?.value ?? null, codes, seconds);
          contextValue.operationName = operation ? name : null;
          contextValue.outcomes = codes;
          for (const { source, stale } of contextValue.answers) observer.answer(source, stale);
          return Promise.resolve();
        },
      });
    },
  };
}

const INTERNAL = 'INTERNAL_SERVER_ERROR';

/** The stable code of an error; an error without one is ours. */
function codeOf(error: { readonly extensions?: { readonly code?: unknown } | undefined } | Error): string {
  const { extensions } = error as { readonly extensions?: { readonly code?: unknown } };
  const code = extensions?.code;
  return typeof code === 'string' ? code : INTERNAL;
}
