import type { ApolloServerPlugin } from '@apollo/server';
import type { GraphContext } from './context.js';
import type { FallbackReason } from './fast-path/fallback.js';

/** Told what the graph answers, for metrics. */
export interface OperationObserver {
  /**
   * An operation was answered: `query`, `mutation`, or `none` if it was not one; under the name that its client gave it,
   * null if none; with these error codes. Unit: seconds.
   */
  operation(kind: string, name: string | null, codes: readonly string[], seconds: number): void;
  /** So many traces (1, if it is not said) of one kind went into an answer. */
  answer(source: string, stale: boolean, count?: number): void;
  /** The fast path was asked, and answered or fell back on the standard path. */
  fastPath(outcome: 'answered' | FallbackReason): void;
}

/** Returns the plugin that tells the observer. */
export function createObserverPlugin(observer: OperationObserver): ApolloServerPlugin<GraphContext> {
  return {
    // Refused before it was an operation.
    contextCreationDidFail: ({ error }) => {
      observer.operation('none', null, [String((error as { extensions?: { code?: unknown } }).extensions?.code)], 0);
      return Promise.resolve();
    },
    requestDidStart: () => {
      const startedAt = performance.now();
      return Promise.resolve({
        willSendResponse: ({ response, operation, contextValue: { answers } }) => {
          const errors = response.body.kind === 'single' ? (response.body.singleResult.errors ?? []) : [];
          const codes = errors.map((error) => String(error.extensions?.['code']));
          const seconds = (performance.now() - startedAt) / 1000;
          observer.operation(operation?.operation ?? 'none', operation?.name?.value ?? null, codes, seconds);
          for (const { source, stale } of answers) observer.answer(source, stale);
          return Promise.resolve();
        },
      });
    },
  };
}
