import type { ApolloServerPlugin } from '@apollo/server';
import type { GraphContext } from '../graphql/context.js';
import { costOf } from '../graphql/limits/cost.js';
import { fragmentsOf } from '../graphql/limits/document.js';
import { createLimitError, type Limits } from '../graphql/limits/limits.js';
import { variablesProblem } from '../graphql/limits/variables.js';

/** Returns the plugin that refuses what depends on the variables, before anything is fetched, and tells the context the cost. */
export function createLimitsPlugin(limits: Limits): ApolloServerPlugin<GraphContext> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        // Async throughout: what is thrown here becomes the answer.
        // eslint-disable-next-line @typescript-eslint/require-await
        async didResolveOperation({ request: { variables = {} }, document, operation, contextValue }) {
          const problem = variablesProblem(variables, limits);
          if (problem !== null) throw createLimitError(problem);
          if (!operation) return; // no such operation: the execution says so
          contextValue.cost = costOf(operation, fragmentsOf(document), variables);
          if (contextValue.cost > limits.cost) throw createLimitError(costMessage(contextValue.cost, limits.cost));
        },
      }),
  };
}

function costMessage(cost: number, limit: number): string {
  return `The operation costs ${cost}; at most ${limit} is taken. A call costs 1, one with \`refresh\` 5: ask for fewer at once.`;
}
