import {
  Kind,
  print,
  valueFromASTUntyped,
  visit,
  type ASTNode,
  type DocumentNode,
  type OperationDefinitionNode,
} from 'graphql';

/** Variables as sent, or with defaults for absent ones. */
export type Variables = Readonly<Record<string, unknown>>;

/** Returns the declarations of an operation's variables: which are required, and the defaults of the others. */
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
    /** Whether every required variable was sent. */
    isComplete: (given: Variables): boolean =>
      required.every((name) => given[name] !== null && (given[name] ?? defaults[name]) !== undefined),
    /** Returns the variables, with defaults for absent ones. */
    withDefaults: (given: Variables): Variables => (hasDefaults ? { ...defaults, ...given } : given),
  };
}

/** Returns the declared types of the variables of an operation by name, without `!`: presence is checked elsewhere. */
export function typesOf({ variableDefinitions = [] }: OperationDefinitionNode): ReadonlyMap<string, string> {
  return new Map(
    variableDefinitions.map(({ variable, type }) => [variable.name.value, print(type).replaceAll('!', '')]),
  );
}

/** Returns the distinct variables in `@skip` and `@include`. */
export function conditionsOf(document: DocumentNode): string[] {
  const names = new Set<string>();
  visit(document, {
    Directive: (directive) => {
      for (const name of variablesIn(directive)) names.add(name);
    },
  });
  return [...names];
}

/** Returns the variables in a part of a document, with repetitions. */
export function variablesIn(node: ASTNode): string[] {
  const names: string[] = [];
  visit(node, { Variable: ({ name }) => void names.push(name.value) });
  return names;
}
