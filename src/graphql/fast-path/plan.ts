import { hash } from 'node:crypto';
import {
  Kind,
  OperationTypeNode,
  print,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type OperationDefinitionNode,
} from 'graphql';
import { collectFields } from 'graphql/execution/collectFields.js';
import { fragmentsOf } from '../limits/document.js';
import { inclusionBy, type Fragments, type MergedField } from '../limits/merged-fields.js';
import { assumedCounts } from '../limits/item-counts.js';
import { fieldsOfCall, weightOf, type Weight } from '../limits/weight.js';
import { conditionsOf, declarations, typesOf, variablesIn, type Variables } from './declarations.js';
import type { FallbackReason } from './fallback.js';
import { compileRequests, type RequestsOf } from './requests.js';
import { compileView, UnsupportedDocumentError, type CompiledView, type ViewScope } from './view.js';

/** One field at the root of an operation, compiled. */
export interface Root {
  /** What stands before its value in the answer, or before the first value of its list: a comma, its name, a bracket. */
  readonly head: Buffer;
  /** `call`, `calls` or `_entities`. */
  readonly field: string;
  /** Whether its value is a list. */
  readonly isList: boolean;
  readonly requestsOf: RequestsOf;
  readonly weight: Weight;
  /** How many fields a call is taken to have before it is known. */
  readonly assumedFields: number;
  readonly view: CompiledView;
  /** Cache keys of this field's views: with whole and with masked numbers. */
  readonly viewIds: { readonly whole: string; readonly masked: string };
}

/** An operation, compiled. */
export interface Plan {
  /** Null: the operation has none. */
  readonly operationName: string | null;
  /** The variables with defaults, and the roots that `@skip` and `@include` leave. */
  readonly prepare: (given: Variables) => Prepared | FallbackReason;
  /** Whether it holds the parsed document, to compile what other values of its conditions leave. */
  readonly holdsDocument: boolean;
}

export interface Prepared {
  readonly variables: Variables;
  readonly roots: readonly Root[];
}

/** What compiling a plan needs. */
export type PlanScope = Omit<ViewScope, 'fragments' | 'variables'>;

/** Variables that may decide what is skipped. */
const MAX_CONDITIONS = 6;
/** Combinations of their values that are compiled. */
const MAX_VARIANTS = 8;

/**
 * Compiles a document that the standard path has found to be valid. Null if it cannot be: a mutation, more than one
 * operation, other fields at its root than `call`, `calls` and `_entities`, arguments below a call.
 */
export function compilePlan(scope: PlanScope, document: DocumentNode): Plan | null {
  const [operation, ...others] = document.definitions.filter((part) => part.kind === Kind.OPERATION_DEFINITION);
  if (!operation || others.length > 0 || operation.operation !== OperationTypeNode.QUERY) return null;
  const conditions = conditionsOf(document);
  if (conditions.length > MAX_CONDITIONS) return null;
  return conditions.length === 0
    ? compileUnconditional(scope, operation, fragmentsOf(document))
    : compileConditional(scope, operation, fragmentsOf(document), conditions);
}

function compileUnconditional(scope: PlanScope, operation: OperationDefinitionNode, fragments: Fragments): Plan | null {
  const variant = compileVariant(scope, operation, fragments, {});
  if (!variant) return null;
  const { isComplete, withDefaults } = declarations(operation);
  return {
    operationName: operation.name?.value ?? null,
    holdsDocument: false,
    prepare: (given) =>
      isComplete(given) && isWithin(given, [], variant.names)
        ? { variables: withDefaults(given), roots: variant.roots }
        : 'variables',
  };
}

function compileConditional(
  scope: PlanScope,
  operation: OperationDefinitionNode,
  fragments: Fragments,
  conditions: readonly string[],
): Plan {
  const { isComplete, withDefaults } = declarations(operation);
  const variants = new Map<string, Variant | null>();
  return {
    operationName: operation.name?.value ?? null,
    holdsDocument: true,
    prepare(given) {
      if (!isComplete(given)) return 'variables';
      const variables = withDefaults(given);
      const decisions = conditions.map((name) => variables[name]);
      if (!decisions.every((value) => typeof value === 'boolean')) return 'variables';
      const name = decisions.join();
      let variant = variants.get(name);
      if (variant === undefined) {
        if (variants.size >= MAX_VARIANTS) return 'unsupported';
        const decided = Object.fromEntries(conditions.map((condition, i) => [condition, decisions[i] === true]));
        variant = compileVariant(scope, operation, fragments, decided);
        variants.set(name, variant);
      }
      if (!variant) return 'unsupported';
      return isWithin(given, conditions, variant.names) ? { variables, roots: variant.roots } : 'variables';
    },
  };
}

/** What `@skip` and `@include` leave of an operation. */
interface Variant {
  readonly roots: readonly Root[];
  /** The variables that the arguments of its roots take. */
  readonly names: ReadonlySet<string>;
}

/** Whether only declared and used variables were sent: no other check covers the rest. */
function isWithin(given: Variables, conditions: readonly string[], names: ReadonlySet<string>): boolean {
  for (const name in given) if (!names.has(name) && !conditions.includes(name)) return false;
  return true;
}

/** Null if it cannot be compiled. */
function compileVariant(
  { schema, ...scope }: PlanScope,
  operation: OperationDefinitionNode,
  fragmentMap: Fragments,
  variables: Readonly<Record<string, boolean>>,
): Variant | null {
  const query = schema.getQueryType() as GraphQLObjectType;
  const call = schema.getType('Call') as GraphQLObjectType;
  const fragments: Readonly<Record<string, FragmentDefinitionNode>> = Object.fromEntries(fragmentMap);
  // What is shown depends on these beside the selections.
  const common = [...[...fragmentMap.values()].map(print), JSON.stringify(variables)].join('\n');
  const fields = [...collectFields(schema, fragments, variables, query, operation.selectionSet)];
  const types = typesOf(operation);
  const compileRoot = ([name, nodes]: (typeof fields)[number], index: number): Root => {
    const [node, ...others] = nodes;
    if (!node) throw new UnsupportedDocumentError(name);
    const merged: MergedField = [node, ...others];
    const requestsOf = compileRequests(node, types);
    const field = node.name.value;
    const isList = field !== 'call';
    // Neither the field's name nor the document: operations that show the same of a call share the view.
    const selection = `${common}\n${nodes.map((one) => one.selectionSet && print(one.selectionSet)).join('\n')}`;
    const weight = weightOf(merged, fragmentMap, inclusionBy(variables));
    return {
      head: Buffer.from(`${index === 0 ? '' : ','}${JSON.stringify(name)}:${isList ? '[' : ''}`),
      field,
      isList,
      requestsOf,
      weight,
      assumedFields: fieldsOfCall(weight, assumedCounts),
      view: compileView({ ...scope, schema, fragments, variables }, call, nodes, weight),
      viewIds: { whole: idOf(`${selection}\nwhole`), masked: idOf(`${selection}\nmasked`) },
    };
  };
  try {
    const roots = fields.map(compileRoot);
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
