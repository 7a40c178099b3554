import { hash } from 'node:crypto';
import {
  GraphQLError,
  Kind,
  OperationTypeNode,
  print,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type OperationDefinitionNode,
} from 'graphql';
import { collectFields } from 'graphql/execution/collectFields.js';
import { getVariableValues } from 'graphql/execution/values.js';
import { LRUCache } from 'lru-cache';
import { fragmentsOf } from '../limits/document.js';
import { inclusionBy, type Fragments, type MergedField } from '../limits/merged-fields.js';
import { assumedCounts } from '../limits/item-counts.js';
import { fieldsOfCall, weightOf, type Weight } from '../limits/weight.js';
import { decisionBy, decisiveVariables, declarations, typesOf, variablesIn, type Variables } from './declarations.js';
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
  /** How many variants of it are held at most; with more than one, the parsed document is held, too. */
  readonly variants: number;
}

export interface Prepared {
  readonly variables: Variables;
  readonly roots: readonly Root[];
}

/** What compiling a plan needs. */
export type PlanScope = Omit<ViewScope, 'fragments' | 'variables'>;

/** Variables that may decide what is shown of a call. */
const MAX_DECISIVE = 8;
/** Combinations of their values that are held: the least recently used goes. */
const MAX_VARIANTS = 8;

/**
 * Compiles a document that the standard path has found to be valid. Null if it cannot be: a mutation, more than one
 * operation, other fields at its root than `call`, `calls` and `_entities`.
 */
export function compilePlan(scope: PlanScope, document: DocumentNode): Plan | null {
  const [operation, ...others] = document.definitions.filter((part) => part.kind === Kind.OPERATION_DEFINITION);
  if (!operation || others.length > 0 || operation.operation !== OperationTypeNode.QUERY) return null;
  const decisive = decisiveVariables(scope.schema, document);
  if (decisive.length > MAX_DECISIVE) return null;
  return decisive.length === 0
    ? compileConstant(scope, operation, fragmentsOf(document))
    : compileVarying(scope, operation, fragmentsOf(document), decisive);
}

function compileConstant(scope: PlanScope, operation: OperationDefinitionNode, fragments: Fragments): Plan | null {
  const variant = compileVariant(scope, operation, fragments, {});
  if (variant === 'unsupported') return null;
  const { isComplete, withDefaults } = declarations(operation);
  return {
    operationName: operation.name?.value ?? null,
    variants: 1,
    prepare: (given) =>
      isComplete(given) && isWithin(given, [], variant.names)
        ? { variables: withDefaults(given), roots: variant.roots }
        : 'variables',
  };
}

/** A variant is compiled for each combination of the values of the variables that decide what is shown. */
function compileVarying(
  scope: PlanScope,
  operation: OperationDefinitionNode,
  fragments: Fragments,
  decisive: readonly string[],
): Plan {
  const { isComplete, withDefaults } = declarations(operation);
  const declared = (operation.variableDefinitions ?? []).filter(({ variable }) =>
    decisive.includes(variable.name.value),
  );
  const variants = new LRUCache<string, Variant | 'unsupported'>({ max: MAX_VARIANTS });
  return {
    operationName: operation.name?.value ?? null,
    variants: MAX_VARIANTS,
    prepare(given) {
      if (!isComplete(given)) return 'variables';
      const variables = withDefaults(given);
      const decision = decisionBy(decisive, variables);
      if (decision === null) return 'variables';
      let variant = variants.get(decision);
      if (variant === undefined) {
        const { coerced } = getVariableValues(scope.schema, declared, variables, { maxErrors: 1 });
        if (!coerced) return 'variables';
        variant = compileVariant(scope, operation, fragments, coerced);
        variants.set(decision, variant);
      }
      if (variant === 'unsupported') return 'unsupported';
      return isWithin(given, decisive, variant.names) ? { variables, roots: variant.roots } : 'variables';
    },
  };
}

/** What the values of its decisive variables make of an operation. */
interface Variant {
  readonly roots: readonly Root[];
  /** The variables that the arguments of its roots take. */
  readonly names: ReadonlySet<string>;
}

/** Whether only declared and used variables were sent: no other check covers the rest. */
function isWithin(given: Variables, decisive: readonly string[], names: ReadonlySet<string>): boolean {
  for (const name in given) if (!names.has(name) && !decisive.includes(name)) return false;
  return true;
}

/** `variables`: the decisive ones, as their types have them. */
function compileVariant(
  { schema, ...scope }: PlanScope,
  operation: OperationDefinitionNode,
  fragmentMap: Fragments,
  variables: Variables,
): Variant | 'unsupported' {
  const query = schema.getQueryType() as GraphQLObjectType;
  const call = schema.getType('Call') as GraphQLObjectType;
  const fragments: Readonly<Record<string, FragmentDefinitionNode>> = Object.fromEntries(fragmentMap);
  // What is shown depends on these beside the selections.
  const common = [...[...fragmentMap.values()].map(print), JSON.stringify(variables)].join('\n');
  const types = typesOf(operation);
  const compileRoot = ([name, nodes]: readonly [string, readonly FieldNode[]], index: number): Root => {
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
    const fields = [...collectFields(schema, fragments, variables, query, operation.selectionSet)];
    const roots = fields.map(compileRoot);
    return { roots, names: new Set(fields.flatMap(([, nodes]) => (nodes[0]?.arguments ?? []).flatMap(variablesIn))) };
  } catch (error) {
    if (error instanceof UnsupportedDocumentError || error instanceof GraphQLError) return 'unsupported';
    throw error;
  }
}

function idOf(text: string): string {
  return hash('sha256', text, 'base64url').slice(0, ID_LENGTH);
}

/** 132 bits. */
const ID_LENGTH = 22;
