import { ApolloServer, type ApolloServerPlugin, type PersistedQueryOptions } from '@apollo/server';
import { unwrapResolverError } from '@apollo/server/errors';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { RateLimiter } from '../access/rate-limit.js';
import { traceIdsOf } from '../tracing/trace-ids.js';
import type { GraphContext } from './context.js';
import { createErrorFormat, isUnexpected } from './format-error.js';
import type { Limits } from './limits/limits.js';
import type { Audit } from '../observability/audit.js';
import { createAuditPlugin } from './audit.js';
import { createCacheHeadersPlugin } from './cache-headers.js';
import { createDocumentStore } from './document-store.js';
import type { FastPath } from './fast-path/fast-path.js';
import { createLimitsPlugin } from './limits/plugin.js';
import type { Turns } from './limits/turns.js';
import { createObserverPlugin, type OperationObserver } from './observer.js';
import { createUnknownDocumentsPlugin, type TrustedDocuments } from './trusted-documents.js';

export interface ApolloOptions {
  readonly schema: GraphQLSchema;
  /** Whether introspection is allowed. */
  readonly introspection: boolean;
  readonly limits: Limits;
  /** Limits the points of callers; null: no limit. */
  readonly points: RateLimiter | null;
  /** Shared with the fast path. */
  readonly turns: Turns;
  /** The trusted documents; undefined: every document is allowed. */
  readonly trusted: TrustedDocuments | undefined;
  /** The store of persisted queries. Not used if only trusted documents may run. */
  readonly persistedQueries: NonNullable<PersistedQueryOptions['cache']>;
  readonly observer: OperationObserver;
  readonly audit: Audit;
  /** Learns the answered documents; null: there is no fast path. */
  readonly fastPath: Pick<FastPath, 'plugin'> | null;
  readonly log: Logger;
}

/** Validation of a document ends after this many errors. */
const MAX_VALIDATION_ERRORS = 20;

/** Returns the GraphQL server, not started yet. It does not listen: `http/` passes requests to it. */
export function createApolloServer(options: ApolloOptions): ApolloServer<GraphContext> {
  const { schema, introspection, limits, points, turns, trusted, persistedQueries, observer, audit, fastPath, log } =
    options;
  return new ApolloServer<GraphContext>({
    schema,
    introspection,
    plugins: [
      createErrorPlugin(log),
      createLimitsPlugin(limits, points, turns),
      createCacheHeadersPlugin(),
      createObserverPlugin(observer, log, trusted),
      createAuditPlugin(audit),
      ...(fastPath ? [fastPath.plugin] : []),
      ...(trusted ? [createUnknownDocumentsPlugin(trusted, log)] : []),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      // Otherwise an environment variable, or any client's header, could enable these plugins.
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
    documentStore: createDocumentStore(),
    persistedQueries: trusted?.enforced ? false : { cache: persistedQueries },
    validationOptions: { maxErrors: MAX_VALIDATION_ERRORS },
    formatError: createErrorFormat(!introspection),
    hideSchemaDetailsFromClientErrors: !introspection,
    includeStacktraceInErrorResponses: false,
    csrfPrevention: true,
    // main.ts ends the process, with exit code 0.
    stopOnTerminationSignals: false,
    logger: {
      debug: log.debug.bind(log),
      info: log.debug.bind(log),
      warn: log.warn.bind(log),
      // The observer's plugin has logged it already, with its request ID.
      error: (text: string) => text.startsWith('Unexpected error processing request') || log.error(text),
    },
  });
}

const UNEXPECTED = 'unexpected error while answering';

/** Logs errors that clients see masked, and adds the request ID to every error, so that an operator finds the log lines. */
function createErrorPlugin(log: Logger): ApolloServerPlugin<GraphContext> {
  return {
    requestDidStart: ({ contextValue: { requestId, span, traceparent } }) =>
      Promise.resolve({
        didEncounterErrors: ({ errors }) => {
          for (const error of errors.filter(isUnexpected)) {
            log.error({ err: unwrapResolverError(error), requestId, ...traceIdsOf({ span, traceparent }) }, UNEXPECTED);
          }
          return Promise.resolve();
        },
        willSendResponse: ({ response, contextValue: { failures } }) => {
          for (const failure of failures.filter(isUnexpected))
            log.error({ err: failure, requestId, ...traceIdsOf({ span, traceparent }) }, UNEXPECTED);
          if (response.body.kind === 'single' && response.body.singleResult.errors) {
            response.body.singleResult.errors = response.body.singleResult.errors.map((error) => ({
              ...error,
              extensions: { ...error.extensions, requestId },
            }));
          }
          return Promise.resolve();
        },
      }),
  };
}
