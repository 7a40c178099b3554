import type { ApolloServerPlugin } from '@apollo/server';
import type { GraphContext } from './context.js';
import { failureOf } from './format-error.js';
import { traceIdsOf } from '../tracing/trace-ids.js';
import { describeOperation, hashForSpan } from './operation-span.js';
import type { FallbackReason } from './fast-path/fallback.js';
import type { TrustedDocuments } from './trusted-documents.js';

/** Counts the answers of the graph, for metrics. */
export interface OperationObserver {
  /**
   * Counts an answered operation: its kind (`query`, `mutation`, or `none` if it was no operation), its name (null: none),
   * its error codes and its duration in seconds. Returns the label of its name.
   */
  operation(kind: string, name: string | null, codes: readonly string[], seconds: number): string;
  /** Counts traces in an answer, by source and staleness. Default of `count`: 1. */
  answer(source: string, stale: boolean, count?: number): void;
  /** Counts a request to the fast path: `answered`, or the reason why it fell back to the standard path. */
  fastPath(outcome: 'answered' | FallbackReason): void;
}

/** The log for errors outside of operations. */
interface ErrorLog {
  error(fields: object, text: string): void;
}

/**
 * Returns the plugin that reports the outcome of operations to the observer and the context. Errors outside of an operation,
 * which reach no other plugin, count as operations of kind `none`; unexpected ones are logged with the request ID.
 */
export function createObserverPlugin(
  observer: OperationObserver,
  log: ErrorLog,
  trusted?: TrustedDocuments,
): ApolloServerPlugin<GraphContext> {
  return {
    // The request was refused before an operation ran.
    contextCreationDidFail: ({ error }) => {
      observer.operation('none', null, [codeOf(error)], 0);
      return Promise.resolve();
    },
    invalidRequestWasReceived: ({ error }) => {
      observer.operation('none', null, [codeOf(error)], 0);
      return Promise.resolve();
    },
    unexpectedErrorProcessingRequest: ({ requestContext: { contextValue }, error }) => {
      const { span, cost, answers } = contextValue;
      contextValue.outcomes = [INTERNAL];
      if (span) {
        const codes = contextValue.outcomes;
        describeOperation(span, { kind: 'none', label: null, documentHash: undefined, cost, codes, answers });
      }
      observer.operation('none', null, contextValue.outcomes, 0);
      log.error(
        { err: error, requestId: contextValue.requestId, ...traceIdsOf(contextValue) },
        'unexpected error outside of an operation',
      );
      return Promise.resolve();
    },
    requestDidStart: () => {
      const startedAt = performance.now();
      return Promise.resolve({
        willSendResponse: ({ response, operation, source, queryHash, contextValue }) => {
          const errors = response.body.kind === 'single' ? (response.body.singleResult.errors ?? []) : [];
          const failures = contextValue.failures.map((failure) => failureOf(failure).code);
          const codes = [...new Set([...errors.map(codeOf), ...failures])];
          const seconds = (performance.now() - startedAt) / 1000;
          const kind = operation?.operation ?? 'none';
          const name = observer.operation(kind, operation?.name?.value ?? null, codes, seconds);
          contextValue.operationName = operation ? name : null;
          contextValue.outcomes = codes;
          const { span, cost, answers } = contextValue;
          const label = operation ? name : null;
          if (span) {
            const documentHash = hashForSpan(source, queryHash, trusted);
            describeOperation(span, { kind, label, documentHash, cost, codes, answers });
          }
          for (const { source, stale } of answers) observer.answer(source, stale);
          return Promise.resolve();
        },
      });
    },
  };
}

const INTERNAL = 'INTERNAL_SERVER_ERROR';

/** Returns the stable code of an error; an error without a code is a bug of ours. */
function codeOf(error: { readonly extensions?: { readonly code?: unknown } | undefined } | Error): string {
  const { extensions } = error as { readonly extensions?: { readonly code?: unknown } };
  const code = extensions?.code;
  return typeof code === 'string' ? code : INTERNAL;
}
