import {
  Kind,
  valueFromASTUntyped,
  visit,
  type ASTNode,
  type DocumentNode,
  type OperationDefinitionNode,
} from 'graphql';

/** Variables as they came, or with their defaults in place of those that did not. */
export type Variables = Readonly<Record<string, unknown>>;

/** Returns what an operation declares of its variables: which must come, and what stands in place of absent ones. */
export function declarations({ variableDefinitions = [] }: OperationDefinitionNode) {
  const defaults = Object.fromEntries(
    variableDefinitions.flatMap(({ variable, defaultValue }) =>
      defaultValue ? [[variable.name.value, valueFromASTUntyped(defaultValue)] as const] : [],
    ),
  );
  const hasDefaults = Object.keys(defaults).length > 0;
  const required = variableDefinitions
    .filter(({ type }) => type.kind === Kind.NON_NULL_TYPE)
    .map(({ variable }) => variable.name.value);
  return {
    /** Whether every variable that must come has come. */
    isComplete: (given: Variables): boolean =>
      required.every((name) => given[name] !== null && (given[name] ?? defaults[name]) !== undefined),
    /** The variables with defaults in place of absent ones. */
    withDefaults: (given: Variables): Variables => (hasDefaults ? { ...defaults, ...given } : given),
  };
}

/** Returns the variables that `@skip` and `@include` ask for, each once. */
export function conditionsOf(document: DocumentNode): string[] {
  const names = new Set<string>();
  visit(document, {
    Directive: (directive) => {
      for (const name of variablesIn(directive)) names.add(name);
    },
  });
  return [...names];
}

/** Returns the variables that stand in a part of a document, one perhaps several times. */
export function variablesIn(node: ASTNode): string[] {
  const names: string[] = [];
  visit(node, { Variable: ({ name }) => void names.push(name.value) });
  return names;
}
