import {
  Kind,
  print,
  TypeInfo,
  valueFromASTUntyped,
  visit,
  visitWithTypeInfo,
  type ASTNode,
  type DocumentNode,
  type GraphQLSchema,
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

/**
 * Returns the distinct variables whose values decide what is shown of a call: those in directives, and in arguments of
 * fields below the root.
 */
export function decisiveVariables(schema: GraphQLSchema, document: DocumentNode): string[] {
  const names = new Set<string>();
  const add = (node: ASTNode): void => {
    for (const name of variablesIn(node)) names.add(name);
  };
  const types = new TypeInfo(schema);
  const query = schema.getQueryType();
  visit(
    document,
    visitWithTypeInfo(types, {
      Directive: (directive) => add(directive),
      Argument: (argument) => {
        if (types.getParentType() !== query) add(argument);
      },
    }),
  );
  return [...names];
}

/** Longest text of the values of decisive variables. Unit: characters of JSON. */
const MAX_DECISION = 500;

/**
 * Returns the values of the decisive variables as one text; null if they are too long, or if one is no text, Boolean or
 * finite number: no other is valid there, and some have no JSON of their own. One that is absent differs from null.
 */
export function decisionBy(decisive: readonly string[], variables: Variables): string | null {
  let decision = '';
  for (const name of decisive) {
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (typeof value === 'object' && value !== null) return null;
    if (typeof value === 'number' && !Number.isFinite(value)) return null;
    decision += value === undefined ? ';' : `${JSON.stringify(value)};`;
  }
  return decision.length > MAX_DECISION ? null : decision;
}

/** Returns the variables in a part of a document, with repetitions. */
export function variablesIn(node: ASTNode): string[] {
  const names: string[] = [];
  visit(node, { Variable: ({ name }) => void names.push(name.value) });
  return names;
}
