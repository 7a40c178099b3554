import {
  valueFromASTUntyped,
  type DirectiveNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionNode,
} from 'graphql';
import { rootFieldsOf } from './root-fields.js';

/** What a call costs that must be asked for anew, where one that may come from a cache costs 1. */
export const REFRESH_COST = 5;

type Values = Readonly<Record<string, unknown>>;

/**
 * What an operation asks, in calls: each field at its root 1, but `calls` and `_entities` as much as they have keys;
 * five times that with `refresh: true`, and for `forgetCall`, which make the contact centre be asked. At least 1.
 * For an operation that is valid; known before anything is fetched. `variables` are those sent, not yet checked.
 */
export function costOf(
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  variables: Values,
): number {
  const values = withDefaults(operation, variables);
  const isIncluded = (selection: SelectionNode): boolean =>
    (selection.directives ?? []).every((directive) => {
      const condition = argumentsOf(directive, values)['if'];
      return !(condition === (directive.name.value === 'skip'));
    });
  const costs = rootFieldsOf(operation, fragments, isIncluded).map((field) =>
    costOfField(field.name.value, argumentsOf(field, values)),
  );
  return Math.max(
    1,
    costs.reduce((sum, cost) => sum + cost, 0),
  );
}

function costOfField(name: string, given: Values): number {
  const keys = given[name === '_entities' ? 'representations' : 'keys'];
  const count = Array.isArray(keys) ? keys.length : 1;
  return count * (given['refresh'] === true || name === 'forgetCall' ? REFRESH_COST : 1);
}

/** The arguments of a field or directive by name, without a look at their types. */
function argumentsOf({ arguments: given = [] }: FieldNode | DirectiveNode, values: Values): Values {
  return Object.fromEntries(given.map(({ name, value }) => [name.value, valueFromASTUntyped(value, values)]));
}

function withDefaults({ variableDefinitions = [] }: OperationDefinitionNode, variables: Values): Values {
  const defaults = variableDefinitions.flatMap(({ variable, defaultValue }) =>
    defaultValue ? [[variable.name.value, valueFromASTUntyped(defaultValue)] as const] : [],
  );
  return { ...Object.fromEntries(defaults), ...variables };
}
