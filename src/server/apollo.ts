import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { GraphContext } from '../graphql/context.js';
import { createErrorFormatter } from '../graphql/format-error.js';

export interface ApolloOptions {
  readonly schema: GraphQLSchema;
  /** Whether a client may ask for the schema. */
  readonly introspection: boolean;
  readonly log: Logger;
}

/** Returns the GraphQL server, not yet started. It listens nowhere: server/graphql-endpoint.ts hands it requests. */
export function createApolloServer({ schema, introspection, log }: ApolloOptions): ApolloServer<GraphContext> {
  return new ApolloServer<GraphContext>({
    schema,
    introspection,
    plugins: [requestIdPlugin, ApolloServerPluginLandingPageDisabled()],
    formatError: createErrorFormatter((error) => log.error({ err: error }, 'unexpected error while answering')),
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

/** Puts the request's id beside every error, so that a client can tell an operator which log lines to read. */
const requestIdPlugin: ApolloServerPlugin<GraphContext> = {
  requestDidStart: () =>
    Promise.resolve({
      willSendResponse: ({ response, contextValue }) => {
        if (response.body.kind === 'single' && response.body.singleResult.errors) {
          response.body.singleResult.errors = response.body.singleResult.errors.map((error) => ({
            ...error,
            extensions: { ...error.extensions, requestId: contextValue.requestId },
          }));
        }
        return Promise.resolve();
      },
    }),
};
