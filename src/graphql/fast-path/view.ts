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
import { createCall } from '../../call/call.js';
import { traceKeyText } from '../../call/key.js';
import type { CallTrace } from '../../call/trace.js';
import type { CallFields } from '../call-fields.js';
import type { GraphContext } from '../context.js';
import { createPersonalValue, isPersonal, type Viewer } from '../personal.js';
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

/** One call as one selection shows it, written, but for its age: that stands between each two parts. */
export interface View {
  readonly parts: readonly Buffer[];
  /** As the answer writes it now. */
  readonly age: () => string;
  /** What it shows. */
  readonly trace: Pick<CallTrace, 'source' | 'stale'>;
  /** How many legs the call has; 0 if there is no such call. */
  readonly legs: number;
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

/** Something that only the standard path can answer. */
export class UnsupportedDocumentError extends Error {
  override readonly name = 'UnsupportedDocumentError';
}

/** What the selections of an operation are compiled against. */
export interface ViewScope {
  readonly schema: GraphQLSchema;
  readonly fields: CallFields;
  /** How many characters of a phone number a mask leaves. */
  readonly maskKeepDigits: number;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  /** Those that `@skip` and `@include` ask for. */
  readonly variables: Readonly<Record<string, boolean>>;
}

/**
 * Compiles what fields that return a call (one, or several that merge) ask of it. The functions that find and write each
 * value are those of the standard path, so that a view says what it says. Throws UnsupportedDocumentError for what
 * cannot be compiled. What comes back holds nothing of the document.
 */
export function compileView(scope: ViewScope, call: GraphQLObjectType, nodes: readonly FieldNode[]): CompiledView {
  const write = compileObject(scope, call, nodes);
  return { make: (trace, seesNumbers, isKept) => makeView(write, trace, seesNumbers, isKept) };
}

function makeView(writeCall: Write, trace: CallTrace, seesNumbers: boolean, isKept: boolean): View {
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
    legs: trace.records.length,
    keyText: traceKeyText(trace.key),
    showsNumbers: viewer.numbersShown.size > 0,
    size: parts.reduce((sum, part) => sum + part.length, 0),
  };
}

/** In memory of its own: a part of node's pool would keep the whole of it. */
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
  if (!field || field.args.length > 0) throw new UnsupportedDocumentError(`${type.name}.${name}`);
  const valueOf = valueFunction(scope, type, field);
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
  const ofType = (fields as Readonly<Record<string, Readonly<Record<string, ValueOf>>>>)[type.name];
  const value = ofType && Object.hasOwn(ofType, name) ? ofType[name] : undefined;
  if (value) return value;
  if (field.resolve) throw new UnsupportedDocumentError(`${type.name}.${name}`);
  return propertyOf(name);
}

function propertyOf(name: string): ValueOf {
  return (source) => (source as Readonly<Record<string, unknown>>)[name];
}
