import {
  Kind,
  OperationTypeNode,
  valueFromASTUntyped,
  visit,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type ValueNode,
} from 'graphql';
import { collectFields } from 'graphql/execution/collectFields.js';
import type { CallRequest } from '../../call/key.js';
import { compileView, NotForTheLaneError, type MakeView } from './view.js';

/** Variables as they came, or with their defaults in place of those that did not. */
export type Variables = Readonly<Record<string, unknown>>;

/** One field at the root of an operation, compiled. */
export interface Root {
  /** What stands before its value in the answer: a comma, and its name. */
  readonly head: Buffer;
  /** True: `calls`, whose value is a list. */
  readonly isList: boolean;
  /** The calls asked for; null if the request says something of which only the plain way can tell what becomes. */
  readonly requestsOf: (variables: Variables) => readonly CallRequest[] | null;
  readonly makeView: MakeView;
  /** Under these a trace's views of this field are kept: as seen by those who see numbers whole, and by those who do not. */
  readonly keptAs: { readonly whole: object; readonly masked: object };
}

/** An operation, compiled. */
export interface Plan {
  /** Null: the operation has none. */
  readonly operationName: string | null;
  /** The variables with defaults, and the roots that `@skip` and `@include` leave; null: this is for the plain way. */
  readonly prepare: (given: Variables) => { readonly variables: Variables; readonly roots: readonly Root[] } | null;
}

/** So many variables may decide what is skipped: each doubles what may have to be compiled. */
const MAX_CONDITIONS = 6;

/**
 * Compiles a document that the plain way has found to be valid. Null if it is none for the lane: a mutation, more than
 * one operation, other fields at its root than `call` and `calls`.
 */
export function compilePlan(schema: GraphQLSchema, document: DocumentNode): Plan | null {
  const [operation, ...others] = document.definitions.filter((part) => part.kind === Kind.OPERATION_DEFINITION);
  if (!operation || others.length > 0 || operation.operation !== OperationTypeNode.QUERY) return null;
  const conditions = conditionsOf(document);
  if (conditions.length > MAX_CONDITIONS) return null;
  const { isComplete, withDefaults } = declarations(operation);
  const fragments = fragmentsOf(document);
  const compiled = new Map<string, readonly Root[] | null>();

  return {
    operationName: operation.name?.value ?? null,
    prepare(given) {
      if (!isComplete(given)) return null;
      const variables = withDefaults(given);
      const decided = conditions.map((name) => variables[name]);
      if (!decided.every((value) => typeof value === 'boolean')) return null;
      const variant = decided.join();
      let roots = compiled.get(variant);
      if (roots === undefined) {
        roots = compileRoots(
          schema,
          operation,
          fragments,
          Object.fromEntries(conditions.map((name, i) => [name, decided[i] === true])),
        );
        compiled.set(variant, roots);
      }
      return roots && { variables, roots };
    },
  };
}

function compileRoots(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: Readonly<Record<string, FragmentDefinitionNode>>,
  variables: Readonly<Record<string, boolean>>,
): readonly Root[] | null {
  const query = schema.getQueryType() as GraphQLObjectType;
  const call = schema.getType('Call') as GraphQLObjectType;
  const fields = [...collectFields(schema, fragments, variables, query, operation.selectionSet)];
  try {
    return fields.map(([name, nodes], index) => {
      const node = nodes[0] as FieldNode;
      return {
        head: Buffer.from(`${index === 0 ? '' : ','}${JSON.stringify(name)}:`),
        isList: node.name.value === 'calls',
        requestsOf: compileRequests(node),
        makeView: compileView({ schema, fragments, variables }, call, nodes),
        keptAs: { whole: {}, masked: {} },
      };
    });
  } catch (error) {
    if (error instanceof NotForTheLaneError) return null;
    throw error;
  }
}

function compileRequests({ name, arguments: given = [] }: FieldNode): Root['requestsOf'] {
  const values = given.map((argument) => [argument.name.value, compileValue(argument.value)] as const);
  const argumentsOf = (variables: Variables): Variables =>
    Object.fromEntries(values.map(([argument, valueOf]) => [argument, valueOf(variables)]));
  switch (name.value) {
    case 'call':
      return (variables) => {
        const { refresh, ...request } = argumentsOf(variables);
        return isNo(refresh) && isOrdinary(request) ? [request] : null;
      };
    case 'calls':
      return (variables) => {
        const { refresh, keys } = argumentsOf(variables);
        return isNo(refresh) && Array.isArray(keys) && keys.every(isOrdinary) ? keys : null;
      };
    default:
      throw new NotForTheLaneError(name.value);
  }
}

function compileValue(node: ValueNode): (variables: Variables) => unknown {
  if (node.kind === Kind.VARIABLE) {
    const name = node.name.value;
    return (variables) => variables[name];
  }
  return (variables) => valueFromASTUntyped(node, variables);
}

/** Whether it asks for no refresh. Whatever is no Boolean is for the plain way to judge. */
function isNo(refresh: unknown): boolean {
  return refresh === undefined || refresh === false || refresh === null;
}

const isInteger = Number.isInteger;
const isText = (value: unknown): boolean => typeof value === 'string';
const MEMBERS: Readonly<Record<string, (value: unknown) => boolean>> = Object.assign(Object.create(null) as object, {
  vdn: isInteger,
  callId: isText,
  ccId: (value: unknown) => value === null || isInteger(value),
  month: (value: unknown) => value === null || isText(value),
  logDate: (value: unknown) => value === null || isText(value) || typeof value === 'number',
});

/** Whether a key is as nearly all are: every part of it of the type that the schema wants, and nothing else in it. */
function isOrdinary(value: unknown): value is CallRequest {
  if (typeof value !== 'object' || value === null) return false;
  const request = value as Readonly<Record<string, unknown>>;
  for (const name in request) {
    if (request[name] !== undefined && !MEMBERS[name]?.(request[name])) return false;
  }
  return request['vdn'] !== undefined && request['callId'] !== undefined;
}

/** Tells whether variables are those that the operation declares, and puts defaults in place of absent ones. */
function declarations({ variableDefinitions = [] }: OperationDefinitionNode) {
  const names = new Set(variableDefinitions.map(({ variable }) => variable.name.value));
  const defaults = Object.fromEntries(
    variableDefinitions.flatMap(({ variable, defaultValue }) =>
      defaultValue ? [[variable.name.value, valueFromASTUntyped(defaultValue)] as const] : [],
    ),
  );
  const required = variableDefinitions
    .filter(({ type }) => type.kind === Kind.NON_NULL_TYPE)
    .map(({ variable }) => variable.name.value);
  return {
    isComplete: (given: Variables): boolean =>
      Object.keys(given).every((name) => names.has(name)) &&
      required.every((name) => given[name] !== null && (given[name] ?? defaults[name]) !== undefined),
    withDefaults: (given: Variables): Variables => ({ ...defaults, ...given }),
  };
}

/** The variables that `@skip` and `@include` ask for, each once. */
function conditionsOf(document: DocumentNode): string[] {
  const names = new Set<string>();
  visit(document, {
    Directive: ({ arguments: given = [] }) => {
      for (const { value } of given) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names];
}

function fragmentsOf(document: DocumentNode): Readonly<Record<string, FragmentDefinitionNode>> {
  const fragments = document.definitions.filter((part) => part.kind === Kind.FRAGMENT_DEFINITION);
  return Object.fromEntries(fragments.map((fragment) => [fragment.name.value, fragment]));
}
