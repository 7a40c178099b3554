import {
  coerceInputValue,
  GraphQLError,
  isInputType,
  typeFromAST,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type VariableDefinitionNode,
} from 'graphql';
import type { Values } from './merged-fields.js';

/**
 * Returns the first value that is not of the declared type of its variable, as an error (HTTP 400, `BAD_USER_INPUT`); null
 * if all are. Call it before the execution, which would report up to 50 errors and print the whole value with each. What is
 * absent or null the execution judges. Linear in the values.
 */
export function variableMistake(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  variables: Values,
): GraphQLError | null {
  for (const definition of variableDefinitions) {
    const name = definition.variable.name.value;
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    const type = typeFromAST(schema, definition.type);
    if (value == null || !isInputType(type)) continue;
    try {
      coerceInputValue(value, type, (path, _, error) => {
        throw createMistake(definition, path, error);
      });
    } catch (error) {
      if (error instanceof GraphQLError) return error;
      throw error;
    }
  }
  return null;
}

function createMistake(
  definition: VariableDefinitionNode,
  path: readonly (string | number)[],
  { message }: GraphQLError,
): GraphQLError {
  const name = definition.variable.name.value;
  const place = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`)).join('');
  const at = place === '' ? '' : ` at "${name}${place}"`;
  return new GraphQLError(`Variable "$${name}" got an invalid value${at}: ${message}`, {
    nodes: definition,
    extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } },
  });
}
