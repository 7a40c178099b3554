import { HeaderMap, type ApolloServerPlugin } from '@apollo/server';
import { GraphQLError } from 'graphql';
import { createPointsError, type RateLimitedError, type RateLimiter } from '../../access/rate-limit.js';
import type { GraphContext } from '../context.js';
import { costOf } from './cost.js';
import { fragmentsOf } from './document.js';
import { createLimitError, type Limits } from './limits.js';
import { variablesProblem } from './variables.js';
import { REQUEST_COST } from '../../access/authentication.js';
import { retryAfterSeconds } from '../../http/reply.js';

/**
 * Returns the plugin that refuses what depends on the variables and on what the caller has left, before anything is
 * fetched, and tells the context the cost. `points`: null where nothing is counted.
 */
export function createLimitsPlugin(limits: Limits, points: RateLimiter | null): ApolloServerPlugin<GraphContext> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        async didResolveOperation({ schema, request: { variables = {} }, document, operation, contextValue }) {
          const problem = variablesProblem(variables, limits);
          if (problem !== null) throw createLimitError(problem);
          if (!operation) return; // no such operation: the execution says so
          if (!schema.getRootType(operation.operation)) throw createNoSuchOperationError(operation.operation);
          contextValue.cost = costOf(operation, fragmentsOf(document), variables);
          if (contextValue.cost > limits.cost) throw createLimitError(costMessage(contextValue.cost, limits.cost));
          if (points && contextValue.cost > REQUEST_COST) {
            const rest = contextValue.cost - REQUEST_COST;
            contextValue.points = contextValue.taken ?? (await points.take(contextValue.caller.id, rest));
            if (!contextValue.points.allowed) throw createRateLimitedError(createPointsError(contextValue.points));
          }
        },
      }),
  };
}

function createRateLimitedError({ message, retryAfterMs }: RateLimitedError): GraphQLError {
  const headers = new HeaderMap([['retry-after', retryAfterSeconds(retryAfterMs)]]);
  return new GraphQLError(message, {
    extensions: { code: 'RATE_LIMITED', retryable: true, retryAfterMs, http: { status: 429, headers } },
  });
}

function costMessage(cost: number, limit: number): string {
  return `The operation costs ${cost}; at most ${limit} is taken. A call costs 1, one with \`refresh\` 5: ask for fewer at once.`;
}

/** Validation lets such an operation pass, and the execution takes it for a fault of ours. */
function createNoSuchOperationError(kind: string): GraphQLError {
  return new GraphQLError(`This graph has no ${kind} operations.`, {
    extensions: { code: 'GRAPHQL_VALIDATION_FAILED', http: { status: 400 } },
  });
}
