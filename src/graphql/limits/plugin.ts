import type { ApolloServerPlugin, GraphQLRequestContext } from '@apollo/server';
import { GraphQLError } from 'graphql';
import type { RateLimiter } from '../../access/rate-limit.js';
import { unaffordableMessage } from '../../access/rate-limit-refusals.js';
import type { GraphContext } from '../context.js';
import { costOf, pointsOfNewDocument, pointsOfRefusals, type Cost } from './cost.js';
import { fragmentsOf } from './document.js';
import { createLimitError, MAX_REFUSALS, type Limits } from './limits.js';
import { charge, pay, settle } from './payment.js';
import type { Turns } from './turns.js';
import { variableMistake } from './variable-mistake.js';
import { variablesProblem } from './variables.js';
import { createOperationWork, type OperationWork } from './work.js';

/**
 * Returns the plugin that checks the limits that depend on variables and on the caller's points, before anything is fetched;
 * sets cost and work in the context; and charges for further fields after the answer. `points`: null without a limit.
 */
export function createLimitsPlugin(
  limits: Limits,
  points: RateLimiter | null,
  turns: Turns,
): ApolloServerPlugin<GraphContext> {
  return {
    requestDidStart: () => {
      let documentPoints = 0;
      let cost: Cost | null = null;
      return Promise.resolve({
        parsingDidStart({ source }) {
          documentPoints = pointsOfNewDocument(source);
          return Promise.resolve();
        },
        async didResolveOperation({ schema, request: { variables = {} }, document, operation, contextValue }) {
          const problem = variablesProblem(variables, limits);
          if (problem !== null) throw createLimitError(problem);
          if (!operation) return; // no such operation: execution reports it
          if (!schema.getRootType(operation.operation)) throw createNoSuchOperationError(operation.operation);
          const mistake = variableMistake(schema, operation, variables);
          if (mistake !== null) throw mistake;
          const known = costOf(operation, fragmentsOf(document), variables, limits);
          const tooMuch = costProblem(known, limits, points);
          if (tooMuch !== null) throw createLimitError(tooMuch);
          cost = known;
          const due = cost.points + pointsOfRefusals(cost.refusals) + documentPoints;
          contextValue.cost = Math.min(due, points?.limit ?? Infinity);
          const { isTooLate } = contextValue;
          contextValue.work = createOperationWork({
            ...cost,
            ...{ limit: limits.fields, turns, costLimit: limits.cost, isTooLate },
          });
          if (points) await pay(contextValue, points);
        },
        async willSendResponse({ contextValue, response }) {
          const { work, caller } = contextValue;
          if (work?.problem) refuseAfterwards(response, work.problem, contextValue);
          if (!points) return;
          if (cost && work) await settle(points, caller.bucket, cost.fields, work.fields);
          else await charge(points, caller.bucket, documentPoints); // invalid, or too dear: read all the same
        },
      });
    },
  };
}

/** Returns why an operation can never be answered, even with a full bucket; null if it can. */
function costProblem(cost: Cost, limits: Limits, points: RateLimiter | null): string | null {
  const advice = 'ask for fewer calls or fewer fields at once.';
  if (cost.fields > limits.fields)
    return `The answer would have some ${cost.fields} fields; at most ${limits.fields} are taken: ${advice}`;
  if (cost.points > limits.cost)
    return `The operation costs ${cost.points}; at most ${limits.cost} is taken. A call costs 1, one with \`refresh\` 5, and many fields cost more: ${advice}`;
  if (cost.refusals > MAX_REFUSALS)
    return `Of the ${cost.items + cost.refusals} calls in the lists of this operation ${cost.items} can be answered, and at most ${MAX_REFUSALS} more are taken: ${advice}`;
  const unaffordable = points && unaffordableMessage(cost.points, points);
  return unaffordable && `${unaffordable} Please ${advice}`;
}

/**
 * Replaces an answer that became too long by a refusal. A partial answer would be worse: missing parts would look like calls
 * that were not found.
 */
function refuseAfterwards(
  response: GraphQLRequestContext<GraphContext>['response'],
  { message, extensions: { code } }: NonNullable<OperationWork['problem']>,
  { requestId, numbersShown }: GraphContext,
): void {
  numbersShown.clear();
  const errors = [{ message, extensions: { code, retryable: false, requestId } }];
  response.body = { kind: 'single', singleResult: { errors } };
}

/** Validation accepts such an operation, and execution would report it as a bug of ours. */
function createNoSuchOperationError(kind: string): GraphQLError {
  return new GraphQLError(`This graph has no ${kind} operations.`, {
    extensions: { code: 'GRAPHQL_VALIDATION_FAILED', http: { status: 400 } },
  });
}
