import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { unwrapResolverError } from '@apollo/server/errors';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { GraphContext } from '../graphql/context.js';
import type { FreshnessRules } from '../call/freshness.js';
import { formatError, isUnexpected } from '../graphql/format-error.js';
import { createCacheHeadersPlugin } from './cache-headers.js';
import { createObserverPlugin, type OperationObserver } from './observer.js';

export interface ApolloOptions {
  readonly schema: GraphQLSchema;
  /** Whether a client may ask for the schema. */
  readonly introspection: boolean;
  readonly freshness: FreshnessRules;
  readonly observer: OperationObserver;
  readonly log: Logger;
  /** Unit: ms since 1970-01-01 UTC. */
  readonly now: () => number;
}

/** Returns the GraphQL server, not yet started. It listens nowhere: server/graphql-endpoint.ts hands it requests. */
export function createApolloServer(options: ApolloOptions): ApolloServer<GraphContext> {
  const { schema, introspection, freshness, observer, log, now } = options;
  return new ApolloServer<GraphContext>({
    schema,
    introspection,
    plugins: [
      createErrorPlugin(log),
      createCacheHeadersPlugin(freshness, now),
      createObserverPlugin(observer),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
    ],
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
