import { GraphQLError, valueFromASTUntyped, type GraphQLScalarType, type GraphQLSchema } from 'graphql';
import { InvalidCallKeyError } from '../call/errors.js';
import { createTraceQuestion, type KeyRules, type TraceQuestion } from '../call/key.js';
import { parseCallNodeId } from './node-id.js';

/** Restricts `_entities` to calls: any other type is a client error, which would otherwise count as ours. */
export function checkReferences(schema: GraphQLSchema): void {
  const scalar = schema.getType('_Any') as GraphQLScalarType;
  scalar.parseValue = parseReference;
  scalar.parseLiteral = (node, variables) => parseReference(valueFromASTUntyped(node, variables));
}

function parseReference(value: unknown): unknown {
  const isCall = typeof value === 'object' && value !== null && '__typename' in value && value.__typename === 'Call';
  if (isCall) return value;
  throw new GraphQLError('a representation must be an object with the __typename of the one entity there is, Call');
}

/**
 * Returns the question of a router's reference, which names a call by its `id` or by the fields of a key.
 * Throws InvalidCallKeyError. `now` in ms since 1970-01-01 UTC.
 */
export function questionOfReference(reference: unknown, rules: KeyRules, now = rules.now()): TraceQuestion {
  // Nothing has checked the types of a reference: a missing or wrong value must fail as a bad argument.
  const { id, ccId, vdn, callId, month } = reference as Readonly<Record<string, unknown>>;
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  if (id === undefined) {
    const request = { ccId: ccId as number, vdn: vdn as number, callId: text(callId) };
    return createTraceQuestion({ ...request, month: month == null ? null : text(month) }, rules, now);
  }
  const key = parseCallNodeId(text(id), rules);
  if (key === null) throw new InvalidCallKeyError('id', 'id must be one that this graph gave out');
  return { key };
}
