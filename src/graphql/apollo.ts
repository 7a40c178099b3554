import { ApolloServer, type ApolloServerPlugin, type PersistedQueryOptions } from '@apollo/server';
import { unwrapResolverError } from '@apollo/server/errors';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { RateLimiter } from '../access/rate-limit.js';
import type { GraphContext } from './context.js';
import type { Dated, Life } from '../call/life.js';
import { formatError, isUnexpected } from './format-error.js';
import type { Limits } from './limits/limits.js';
import type { Audit } from '../observability/audit.js';
import { createAuditPlugin } from './audit.js';
import { createCacheHeadersPlugin } from './cache-headers.js';
import type { FastPath } from './fast-path/fast-path.js';
import { createLimitsPlugin } from './limits/plugin.js';
import { createObserverPlugin, type OperationObserver } from './observer.js';
import { createUnknownDocumentsPlugin, type TrustedDocuments } from './trusted-documents.js';

export interface ApolloOptions {
  readonly schema: GraphQLSchema;
  /** Whether a client may ask for the schema. */
  readonly introspection: boolean;
  readonly limits: Limits;
  /** Counts what callers spend; null: nobody counts. */
  readonly points: RateLimiter | null;
  /** The documents of a manifest; undefined: none are told from others. */
  readonly trusted: TrustedDocuments | undefined;
  /** Where documents are kept that clients ask for by their hash. Not used where only trusted ones are run. */
  readonly persistedQueries: NonNullable<PersistedQueryOptions['cache']>;
  /** How long a trace holds. */
  readonly lifeOf: (trace: Dated) => Life;
  readonly observer: OperationObserver;
  readonly audit: Audit;
  /** Learns from what is answered; null: there is no fast lane. */
  readonly fastPath: Pick<FastPath, 'plugin'> | null;
  readonly log: Logger;
  /** The clock that dates traces. Unit: ms since 1970-01-01 UTC. */
  readonly now: () => number;
}

/** So many mistakes of one document are told; then validation ends. */
const MAX_VALIDATION_ERRORS = 20;

/** Returns the GraphQL server, not yet started. It listens nowhere: server/graphql-endpoint.ts hands it requests. */
export function createApolloServer(options: ApolloOptions): ApolloServer<GraphContext> {
  const {
    schema,
    introspection,
    limits,
    points,
    trusted,
    persistedQueries,
    lifeOf,
    observer,
    audit,
    fastPath,
    log,
    now,
  } = options;
  return new ApolloServer<GraphContext>({
    schema,
    introspection,
    plugins: [
      createErrorPlugin(log),
      createLimitsPlugin(limits, points),
      createCacheHeadersPlugin(lifeOf, now),
      createObserverPlugin(observer),
      createAuditPlugin(audit),
      ...(fastPath ? [fastPath.plugin] : []),
      ...(trusted ? [createUnknownDocumentsPlugin(trusted, log)] : []),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
    ],
    persistedQueries: trusted?.enforced ? false : { cache: persistedQueries },
    validationOptions: { maxErrors: MAX_VALIDATION_ERRORS },
    formatError,
    hideSchemaDetailsFromClientErrors: !introspection,
    includeStacktraceInErrorResponses: false,
    csrfPrevention: true,
    // The process ends when main.ts says so, with exit code 0.
    stopOnTerminationSignals: false,
    logger: {
      debug: log.debug.bind(log),
      info: log.debug.bind(log),
      warn: log.warn.bind(log),
      error: log.error.bind(log),
    },
  });
}

/** Logs what clients see masked, and puts the request's id beside every error: it tells an operator which log lines to read. */
function createErrorPlugin(log: Logger): ApolloServerPlugin<GraphContext> {
  return {
    requestDidStart: ({ contextValue: { requestId } }) =>
      Promise.resolve({
        didEncounterErrors: ({ errors }) => {
          for (const error of errors.filter(isUnexpected)) {
            log.error({ err: unwrapResolverError(error), requestId }, 'unexpected error while answering');
          }
          return Promise.resolve();
        },
        willSendResponse: ({ response }) => {
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
