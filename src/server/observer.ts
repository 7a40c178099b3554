import type { ApolloServerPlugin } from '@apollo/server';
import type { GraphContext } from '../graphql/context.js';

/** Told what the graph answers, for metrics. */
export interface OperationObserver {
  /** An operation was answered: `query`, `mutation`, or `none` if it was not one; with these error codes. Unit: seconds. */
  operation(kind: string, codes: readonly string[], seconds: number): void;
  /** A trace went into an answer. */
  answer(source: string, stale: boolean): void;
}

/** Returns the plugin that tells the observer. */
export function createObserverPlugin(observer: OperationObserver): ApolloServerPlugin<GraphContext> {
  return {
    // Refused before it was an operation.
    contextCreationDidFail: ({ error }) => {
      observer.operation('none', [String((error as { extensions?: { code?: unknown } }).extensions?.code)], 0);
      return Promise.resolve();
    },
    requestDidStart: () => {
      const startedAt = performance.now();
      return Promise.resolve({
        willSendResponse: ({ response, operation, contextValue: { answers } }) => {
          const errors = response.body.kind === 'single' ? (response.body.singleResult.errors ?? []) : [];
          const codes = errors.map((error) => String(error.extensions?.['code']));
          observer.operation(operation?.operation ?? 'none', codes, (performance.now() - startedAt) / 1000);
          for (const { source, stale } of answers) observer.answer(source, stale);
          return Promise.resolve();
        },
      });
    },
  };
}
