import { valueFromASTUntyped, type GraphQLScalarType, type GraphQLSchema } from 'graphql';
import { InvalidCallKeyError } from '../call/errors.js';
import { createTraceQuestion, type KeyRules, type TraceQuestion } from '../call/key.js';
import { parseCallNodeId } from './node-id.js';

/** What a representation is taken for that names no call. Its resolver refuses it, so that it fails alone in its list. */
class ForeignReference {
  readonly __typename = 'Call';
}

/** Restricts `_entities` to calls: any other type is a client error, which would otherwise count as ours. */
export function checkReferences(schema: GraphQLSchema): void {
  const scalar = schema.getType('_Any') as GraphQLScalarType;
  scalar.parseValue = parseReference;
  scalar.parseLiteral = (node, variables) => parseReference(valueFromASTUntyped(node, variables));
}

function parseReference(value: unknown): unknown {
  const isCall = typeof value === 'object' && value !== null && '__typename' in value && value.__typename === 'Call';
  return isCall ? value : new ForeignReference();
}

/**
 * Returns the question of a router's reference, which names a call by its `id` or by the fields of a key, or by both if
 * they agree. Throws InvalidCallKeyError. `now` in ms since 1970-01-01 UTC.
 */
export function questionOfReference(reference: unknown, rules: KeyRules, now = rules.now()): TraceQuestion {
  if (reference instanceof ForeignReference)
    throw new InvalidCallKeyError(
      '__typename',
      'a representation must be an object with the __typename Call, the one entity',
    );
  // Nothing has checked the types of a reference: a missing or wrong value must fail as a bad argument.
  const { id, ccId, vdn, callId, month } = reference as Readonly<Record<string, unknown>>;
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  if (id === undefined) {
    // Null is no key: the default would answer with a call that nobody named.
    if (ccId === null) throw new InvalidCallKeyError('ccId', 'ccId must not be null; leave it out for the default');
    if (month === null) throw new InvalidCallKeyError('month', 'month must not be null; leave it out if it is unknown');
    const request = { ccId: ccId as number, vdn: vdn as number, callId: text(callId) };
    return createTraceQuestion({ ...request, month: month === undefined ? null : text(month) }, rules, now);
  }
  const key = parseCallNodeId(text(id), rules);
  if (key === null) throw new InvalidCallKeyError('id', 'id must be one that this graph gave out');
  const named = { ccId, vdn, callId, month };
  const differing = KEY_FIELDS.find((field) => named[field] !== undefined && named[field] !== key[field]);
  if (differing) throw new InvalidCallKeyError(differing, `${differing} is not that of the call which id names`);
  return { key };
}

const KEY_FIELDS = ['ccId', 'vdn', 'callId', 'month'] as const;
