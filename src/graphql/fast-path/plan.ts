import { hash } from 'node:crypto';
import {
  Kind,
  OperationTypeNode,
  print,
  valueFromASTUntyped,
  visit,
  type ASTNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { collectFields } from 'graphql/execution/collectFields.js';
import { compileRequests, type RequestsOf, type Variables } from './requests.js';
import { compileView, UnsupportedDocumentError, type CompiledView } from './view.js';

/** One field at the root of an operation, compiled. */
export interface Root {
  /** What stands before its value in the answer, or before the first value of its list: a comma, its name, a bracket. */
  readonly head: Buffer;
  /** True: `calls`, whose value is a list. */
  readonly isList: boolean;
  readonly requestsOf: RequestsOf;
  readonly view: CompiledView;
  /** Under these a trace's views of this field are kept: as seen by those who see numbers whole, and by those who do not. */
  readonly keptAs: { readonly whole: string; readonly masked: string };
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
  const compiled = new Map<string, Variant | null>();
  const showing = Object.values(fragments).map(print).join('\n');

  return {
    operationName: operation.name?.value ?? null,
    prepare(given) {
      if (!isComplete(given)) return null;
      const variables = withDefaults(given);
      const decided = conditions.map((name) => variables[name]);
      if (!decided.every((value) => typeof value === 'boolean')) return null;
      const variant = decided.length > 0 ? decided.join() : '';
      let known = compiled.get(variant);
      if (known === undefined) {
        const decisions = Object.fromEntries(conditions.map((name, i) => [name, decided[i] === true]));
        known = compileVariant(schema, `${showing}\n${JSON.stringify(decisions)}`, operation, fragments, decisions);
        compiled.set(variant, known);
      }
      // Nobody has looked at what is not declared, or is for a field that is left out.
      return known && isWithin(given, conditions, known.names) ? { variables, roots: known.roots } : null;
    },
  };
}

/** What `@skip` and `@include` leave of an operation. */
interface Variant {
  readonly roots: readonly Root[];
  /** The variables that the arguments of its roots take. */
  readonly names: ReadonlySet<string>;
}

function isWithin(given: Variables, conditions: readonly string[], names: ReadonlySet<string>): boolean {
  for (const name in given) if (!names.has(name) && !conditions.includes(name)) return false;
  return true;
}

/** `showing`: tells what is shown from whatever else may be, the selections aside. */
function compileVariant(
  schema: GraphQLSchema,
  showing: string,
  operation: OperationDefinitionNode,
  fragments: Readonly<Record<string, FragmentDefinitionNode>>,
  variables: Readonly<Record<string, boolean>>,
): Variant | null {
  const query = schema.getQueryType() as GraphQLObjectType;
  const call = schema.getType('Call') as GraphQLObjectType;
  const fields = [...collectFields(schema, fragments, variables, query, operation.selectionSet)];
  try {
    const roots = fields.map(([name, nodes], index) => {
      const node = nodes[0] as FieldNode;
      const isList = node.name.value === 'calls';
      // Not the field's name, nor the document: pages that show the same of a call share the view.
      const selection = `${showing}\n${nodes.map((one) => one.selectionSet && print(one.selectionSet)).join('\n')}`;
      return {
        head: Buffer.from(`${index === 0 ? '' : ','}${JSON.stringify(name)}:${isList ? '[' : ''}`),
        isList,
        requestsOf: compileRequests(node),
        view: compileView({ schema, fragments, variables }, call, nodes),
        keptAs: { whole: idOf(`${selection}\nwhole`), masked: idOf(`${selection}\nmasked`) },
      };
    });
    return { roots, names: new Set(fields.flatMap(([, nodes]) => (nodes[0]?.arguments ?? []).flatMap(variablesIn))) };
  } catch (error) {
    if (error instanceof UnsupportedDocumentError) return null;
    throw error;
  }
}

function idOf(text: string): string {
  return hash('sha256', text, 'base64url').slice(0, ID_LENGTH);
}

/** 132 bits. */
const ID_LENGTH = 22;

/** Tells whether every variable that must come has come, and puts defaults in place of absent ones. */
function declarations({ variableDefinitions = [] }: OperationDefinitionNode) {
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
    isComplete: (given: Variables): boolean =>
      required.every((name) => given[name] !== null && (given[name] ?? defaults[name]) !== undefined),
    withDefaults: (given: Variables): Variables => (hasDefaults ? { ...defaults, ...given } : given),
  };
}

/** The variables that `@skip` and `@include` ask for, each once. */
function conditionsOf(document: DocumentNode): string[] {
  const names = new Set<string>();
  visit(document, {
    Directive: (directive) => {
      for (const name of variablesIn(directive)) names.add(name);
    },
  });
  return [...names];
}

function variablesIn(node: ASTNode): string[] {
  const names: string[] = [];
  visit(node, { Variable: ({ name }) => void names.push(name.value) });
  return names;
}

function fragmentsOf(document: DocumentNode): Readonly<Record<string, FragmentDefinitionNode>> {
  const fragments = document.definitions.filter((part) => part.kind === Kind.FRAGMENT_DEFINITION);
  return Object.fromEntries(fragments.map((fragment) => [fragment.name.value, fragment]));
}
