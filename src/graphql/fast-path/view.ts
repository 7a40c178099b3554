import {
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
} from 'graphql';
import { collectSubfields } from 'graphql/execution/collectFields.js';
import { getArgumentValues } from 'graphql/execution/values.js';
import { createCall, type Call } from '../../call/call.js';
import { traceKeyText } from '../../call/key.js';
import type { CallTrace } from '../../call/trace.js';
import type { CallFields } from '../call-fields.js';
import type { GraphContext } from '../context.js';
import { derivedCounts, legCounts } from '../limits/item-counts.js';
import { fieldsOfCall, fieldsOfItems, type Weight } from '../limits/weight.js';
import { createPersonalValue, isPersonal, type Viewer } from '../personal.js';
import type { Variables } from './declarations.js';
import {
  ageWriter,
  constantWriter,
  fieldWriter,
  leafWriter,
  listWriter,
  nonNullWriter,
  nullableWriter,
  objectWriter,
  type Output,
  type ValueOf,
  type Write,
} from './writers.js';

/** The JSON of one call for one selection, split at each `ageMs`, which every answer fills in. */
export interface View {
  readonly parts: readonly Buffer[];
  /** As the answer writes it now. */
  readonly age: () => string;
  /** What it shows. */
  readonly trace: Pick<CallTrace, 'source' | 'stale'>;
  /** How many fields of the answer it is. */
  readonly fields: number;
  /** The canonical text of the trace's key. */
  readonly keyText: string;
  /** Whether it shows a phone number, whole or masked. */
  readonly showsNumbers: boolean;
  /** Unit: bytes. */
  readonly size: number;
}

/** What a selection shows of a call, compiled. */
export interface CompiledView {
  /**
   * Returns the view of a trace, for callers who see numbers whole or for those who do not. `isKept`: it is to be kept,
   * so that its bytes are in memory of their own. Throws where the standard path answers an error.
   */
  make(trace: CallTrace, seesNumbers: boolean, isKept: boolean): View;
}

/** The document has a part that only the standard path can answer. */
export class UnsupportedDocumentError extends Error {
  override readonly name = 'UnsupportedDocumentError';
}

/** What compiling selections needs. */
export interface ViewScope {
  readonly schema: GraphQLSchema;
  readonly fields: CallFields['fields'];
  readonly understandingOf: CallFields['understandingOf'];
  /** How many characters at the end of a phone number stay unmasked. */
  readonly maskKeepDigits: number;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  /** Those in directives and in arguments below the root, as their types have them. */
  readonly variables: Variables;
}

/**
 * Compiles what fields that return a call (one, or several that merge) ask of it. The functions that find and write each
 * value are those of the standard path, so both paths give the same bytes. `weight`: of these fields. Throws UnsupportedDocumentError for what
 * cannot be compiled, GraphQLError for an argument that is null and must not be. What comes back holds nothing of the document.
 */
export function compileView(
  scope: ViewScope,
  call: GraphQLObjectType,
  nodes: readonly FieldNode[],
  weight: Weight,
): CompiledView {
  const write = compileObject(scope, call, nodes);
  const { understandingOf } = scope;
  const fieldsOf = (one: Call | null): number => {
    if (one === null) return weight.perObject;
    const legs = one.legs.length;
    const derived = weight.isDerived ? fieldsOfItems(weight, derivedCounts(legs, understandingOf(one))) : 0;
    return fieldsOfCall(weight, legCounts(legs)) + derived;
  };
  return { make: (trace, seesNumbers, isKept) => makeView(write, fieldsOf, trace, seesNumbers, isKept) };
}

function makeView(
  writeCall: Write,
  fieldsOf: (call: Call | null) => number,
  trace: CallTrace,
  seesNumbers: boolean,
  isKept: boolean,
): View {
  const viewer: Viewer = { caller: { seesNumbers }, numbersShown: new Set() };
  const output: Output = { text: '', texts: [], age: () => '', viewer };
  const call = createCall(trace);
  if (call === null) output.text = 'null';
  else writeCall(call, output);
  const texts = [...output.texts, output.text];
  const parts = isKept ? texts.map(bytesOf) : texts.map((text) => Buffer.from(text));
  return {
    parts,
    age: output.age,
    trace: { source: trace.source, stale: trace.stale },
    fields: fieldsOf(call),
    keyText: traceKeyText(trace.key),
    showsNumbers: viewer.numbersShown.size > 0,
    size: parts.reduce((sum, part) => sum + part.length, 0),
  };
}

/** Copies bytes into memory of their own: a slice of node's pool would keep the whole pool alive. */
function bytesOf(text: string): Buffer {
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(text));
  bytes.write(text);
  return bytes;
}

type Fields = readonly [FieldNode, ...FieldNode[]];

function compileObject(scope: ViewScope, type: GraphQLObjectType, parents: readonly FieldNode[]): Write {
  const fields = [...collectSubfields(scope.schema, scope.fragments, scope.variables, type, parents)];
  return objectWriter(
    fields.map(([name, [node, ...others]], index) => ({
      head: `${index === 0 ? '' : ','}${JSON.stringify(name)}:`,
      write: compileField(scope, type, [node as FieldNode, ...others]),
    })),
  );
}

function compileField(scope: ViewScope, type: GraphQLObjectType, nodes: Fields): Write {
  const name = nodes[0].name.value;
  if (name === '__typename') return constantWriter(JSON.stringify(type.name));
  const field = type.getFields()[name] as GraphQLField<unknown, GraphContext> | undefined;
  if (!field) throw new UnsupportedDocumentError(`${type.name}.${name}`);
  const valueOf =
    field.args.length > 0 ? functionWithArguments(scope, type, field, nodes[0]) : valueFunction(scope, type, field);
  if (type.name === 'CallFreshness' && name === 'ageMs') return ageWriter(valueOf);
  return fieldWriter(valueOf, compileValue(scope, field.type, nodes));
}

function compileValue(scope: ViewScope, type: GraphQLOutputType, nodes: readonly FieldNode[]): Write {
  return isNonNullType(type)
    ? nonNullWriter(compilePresent(scope, type.ofType, nodes))
    : nullableWriter(compilePresent(scope, type, nodes));
}

function compilePresent(scope: ViewScope, type: GraphQLOutputType, nodes: readonly FieldNode[]): Write {
  if (isLeafType(type)) return leafWriter(type);
  if (isObjectType(type)) return compileObject(scope, type, nodes);
  if (isListType(type)) return listWriter(compileValue(scope, type.ofType, nodes));
  throw new UnsupportedDocumentError(String(type));
}

/** The function by which the standard path finds the value of a field; a plain property where it has none. */
function valueFunction(
  { fields, maskKeepDigits }: ViewScope,
  type: GraphQLObjectType,
  field: GraphQLField<unknown, GraphContext>,
): ValueOf {
  if (isPersonal(field)) return createPersonalValue(field, maskKeepDigits);
  const { name } = field;
  const value = functionOf(fields, type.name, name);
  if (value) return value;
  if (field.resolve) throw new UnsupportedDocumentError(`${type.name}.${name}`);
  return propertyOf(name);
}

/** The same for a field with arguments. */
function functionWithArguments(
  { fields, variables }: ViewScope,
  type: GraphQLObjectType,
  field: GraphQLField<unknown, GraphContext>,
  node: FieldNode,
): ValueOf {
  const value = functionOf(fields, type.name, field.name);
  if (!value) throw new UnsupportedDocumentError(`${type.name}.${field.name}`);
  const given = getArgumentValues(field as GraphQLField<unknown, unknown>, node, variables);
  return (source) => value(source, given);
}

/** Returns a value from its parent object, and from a viewer or arguments. */
type FieldFunction = (source: unknown, given: unknown) => unknown;

function functionOf(fields: object, type: string, name: string): FieldFunction | undefined {
  const ofType = (fields as Readonly<Record<string, Readonly<Record<string, FieldFunction>>>>)[type];
  return ofType && Object.hasOwn(ofType, name) ? ofType[name] : undefined;
}

function propertyOf(name: string): ValueOf {
  return (source) => (source as Readonly<Record<string, unknown>>)[name];
}
