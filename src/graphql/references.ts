import { GraphQLError, valueFromASTUntyped, type GraphQLScalarType, type GraphQLSchema } from 'graphql';

/** Lets `_entities` be asked for calls alone: whatever else is named there is the client's mistake, and would count as ours. */
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
