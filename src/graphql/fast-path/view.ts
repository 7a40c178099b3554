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
import type { GraphContext } from '../context.js';

/** The bytes of one call as one selection shows it, but for its age: that stands between each two parts. */
export interface View {
  readonly parts: readonly Buffer[];
  /** As the answer writes it now. */
  readonly age: () => string;
  /** What it shows. */
  readonly trace: Pick<CallTrace, 'source' | 'stale'>;
  /** The canonical text of the trace's key. */
  readonly keyText: string;
  /** Whether it shows a phone number, whole or masked. */
  readonly showsNumbers: boolean;
  /** Unit: bytes. */
  readonly size: number;
}

/** What a selection shows of a call, compiled. */
export interface CompiledView {
  /** The view of a trace, for callers who see numbers whole or for those who do not. Throws where the plain way would answer an error. */
  make(trace: CallTrace, seesNumbers: boolean): View;
}

/** Something that only the plain way can answer. */
export class UnsupportedDocumentError extends Error {
  override readonly name = 'UnsupportedDocumentError';
}

/** What a view is written to. */
interface Page {
  text: string;
  readonly texts: string[];
  /** The age, where the selection asks for it: it is written into each answer. */
  age: () => string;
  readonly context: Pick<GraphContext, 'caller' | 'numbersShown'>;
}

type Write = (value: unknown, page: Page) => void;

/** What the fields of an operation are compiled against. */
export interface Surroundings {
  readonly schema: GraphQLSchema;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  /** Those that `@skip` and `@include` ask for. */
  readonly variables: Readonly<Record<string, boolean>>;
}

/**
 * Compiles what fields that return a call (one, or several that merge) ask of it. The functions that resolve and write
 * each value are those of the schema, so that a view says what the plain way says.
 * Throws UnsupportedDocumentError for what cannot be compiled.
 */
export function compileView(
  surroundings: Surroundings,
  call: GraphQLObjectType,
  nodes: readonly FieldNode[],
): CompiledView {
  const { schema, fragments, variables } = surroundings;
  const writeCall = compileObject(call, nodes);
  return { make };

  function make(trace: CallTrace, seesNumbers: boolean): View {
    const page: Page = {
      text: '',
      texts: [],
      age: () => '',
      context: { caller: { ...NOBODY.caller, seesNumbers }, numbersShown: new Set() },
    };
    const value = createCall(trace);
    if (value === null) page.text = 'null';
    else writeCall(value, page);
    const parts = [...page.texts, page.text].map(bytesOf);
    return {
      parts,
      age: page.age,
      trace: { source: trace.source, stale: trace.stale },
      keyText: traceKeyText(trace.key),
      showsNumbers: page.context.numbersShown.size > 0,
      size: parts.reduce((sum, part) => sum + part.length, 0),
    };
  }

  function compileObject(type: GraphQLObjectType, parents: readonly FieldNode[]): Write {
    const fields = [...collectSubfields(schema, fragments, variables, type, parents)];
    const members = fields.map(([name, [node, ...others]], index) => ({
      head: `${index === 0 ? '' : ','}${JSON.stringify(name)}:`,
      write: compileField(type, [node as FieldNode, ...others]),
    }));
    return (value, page) => {
      page.text += '{';
      for (const { head, write } of members) {
        page.text += head;
        write(value, page);
      }
      page.text += '}';
    };
  }

  function compileField(type: GraphQLObjectType, parents: readonly [FieldNode, ...FieldNode[]]): Write {
    const name = parents[0].name.value;
    if (name === '__typename') return (_, page) => (page.text += JSON.stringify(type.name));
    const field = type.getFields()[name] as GraphQLField<unknown, Page['context']> | undefined;
    if (!field || field.args.length > 0) throw new UnsupportedDocumentError(`${type.name}.${name}`);
    const resolve = resolverOf(field);
    // It changes from answer to answer, and comes between a part and the next.
    if (type.name === 'Freshness' && name === 'ageMs') {
      return (freshness, page) => {
        page.age = () => String(resolve(freshness, NOBODY));
        page.texts.push(page.text);
        page.text = '';
      };
    }
    const write = compileValue(field.type, parents);
    return (source, page) => write(resolve(source, page.context), page);
  }

  function compileValue(type: GraphQLOutputType, parents: readonly FieldNode[]): Write {
    if (isNonNullType(type)) {
      const write = compilePresent(type.ofType, parents);
      return (value, page) => {
        if (value === null || value === undefined)
          throw new UnsupportedDocumentError('null where there must be a value');
        write(value, page);
      };
    }
    const write = compilePresent(type, parents);
    return (value, page) => {
      if (value === null || value === undefined) page.text += 'null';
      else write(value, page);
    };
  }

  function compilePresent(type: GraphQLOutputType, parents: readonly FieldNode[]): Write {
    if (isLeafType(type)) return (value, page) => (page.text += jsonOf(type.serialize(value)));
    if (isObjectType(type)) return compileObject(type, parents);
    if (!isListType(type)) throw new UnsupportedDocumentError(String(type));
    const write = compileValue(type.ofType, parents);
    return (values, page) => {
      page.text += '[';
      (values as readonly unknown[]).forEach((value, index) => {
        if (index > 0) page.text += ',';
        write(value, page);
      });
      page.text += ']';
    };
  }
}

/** In memory of its own: a part of node's pool would keep the whole of it. */
function bytesOf(text: string): Buffer {
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(text));
  bytes.write(text);
  return bytes;
}

/** What JSON.stringify says, sooner. */
function jsonOf(leaf: unknown): string {
  return typeof leaf === 'number' || typeof leaf === 'boolean' ? String(leaf) : JSON.stringify(leaf);
}

type Resolve = (source: unknown, context: Page['context']) => unknown;

/** The field's own resolver; none of this schema looks at arguments or at `info` below a call. */
function resolverOf({ name, resolve }: GraphQLField<unknown, Page['context']>): Resolve {
  if (!resolve) return (source) => (source as Readonly<Record<string, unknown>>)[name];
  return (source, context) => resolve(source, {}, context, undefined as never);
}

/** Who looks at an age: it is the same for all. */
const NOBODY: Page['context'] = {
  caller: { id: '', grants: { allows: () => false }, seesNumbers: false },
  numbersShown: new Set(),
};
