import {
  buildASTSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isSpecifiedScalarType,
  isUnionType,
  parse,
  valueFromASTUntyped,
  type ConstDirectiveNode,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
} from 'graphql';
import { codesOf, type CodeNote } from './codes.js';
import { costOfField } from './costs.js';
import { errorsOf } from './errors.js';

/** A field, an argument or a value of the graph, as the page shows it. */
export interface Part {
  readonly name: string;
  readonly description: string;
  /** Its type as it is written, and the name behind it; null for an enum value. */
  readonly type: { readonly text: string; readonly name: string } | null;
  readonly byDefault: string | null;
  /** What callers without the scope `numbers` see; null: all of it. */
  readonly mask: string | null;
  readonly deprecation: string | null;
  /** What it costs whoever asks for it; null where nothing is to be said. */
  readonly cost: string | null;
  /** The codes of errors that can stand at its path; empty: none of its own. */
  readonly errors: readonly string[];
  /** The codes behind an enum value. */
  readonly codes: readonly CodeNote[];
  readonly parts: readonly Part[];
}

/** A type of the graph. */
export interface TypeEntry extends Pick<Part, 'name' | 'description' | 'parts'> {
  readonly kind: 'object' | 'interface' | 'union' | 'enum' | 'input' | 'scalar';
  /** The names of what it implements, or of its members. */
  readonly related: readonly string[];
  /** The fields by which routers name it, as `@key` writes them. */
  readonly keys: readonly string[];
}

/** Returns the types of an SDL: operations first, then in the order of the SDL. */
export function typesOf(sdl: string): TypeEntry[] {
  const schema = buildASTSchema(parse(sdl), { assumeValidSDL: true });
  const types = Object.values(schema.getTypeMap()).filter(
    (type) => !type.name.startsWith('__') && !isSpecifiedScalarType(type),
  );
  const rank = ({ name }: GraphQLNamedType): number => ['Query', 'Mutation', 'Call', 'CallLeg'].indexOf(name) + 1 || 9;
  const start = ({ astNode }: GraphQLNamedType): number => astNode?.loc?.start ?? 0;
  return types.sort((a, b) => rank(a) - rank(b) || start(a) - start(b)).map(entryOf);
}

function entryOf(type: GraphQLNamedType): TypeEntry {
  const { name, description } = type;
  const entry = { name, description: description ?? '', parts: [], related: [], keys: [] };
  if (isUnionType(type)) return { ...entry, kind: 'union', related: type.getTypes().map((member) => member.name) };
  if (isEnumType(type)) {
    const parts = type.getValues().map((value) => ({ ...partOf(value), codes: codesOf(name, value.name) }));
    return { ...entry, kind: 'enum', parts };
  }
  if (isInputObjectType(type)) return { ...entry, kind: 'input', parts: Object.values(type.getFields()).map(inputOf) };
  if (!isObjectType(type) && !isInterfaceType(type)) return { ...entry, kind: 'scalar' };
  return {
    ...entry,
    kind: isObjectType(type) ? 'object' : 'interface',
    related: type.getInterfaces().map((one) => one.name),
    keys: argumentsOf(type.astNode?.directives, 'key').map(({ fields }) => String(fields)),
    parts: Object.values(type.getFields()).map((field) => fieldOf(name, field)),
  };
}

function fieldOf(typeName: string, field: GraphQLField<unknown, unknown>): Part {
  const [personal] = argumentsOf(field.astNode?.directives, 'personal');
  const mask = personal?.['ifNumber'] === true ? 'if it is a number' : 'always';
  return {
    ...partOf(field),
    type: { text: field.type.toString(), name: getNamedType(field.type).name },
    mask: personal ? mask : null,
    cost: costOfField(typeName, field),
    errors: errorsOf(typeName, field.name),
    parts: field.args.map(inputOf),
  };
}

function inputOf(input: GraphQLArgument | GraphQLInputField): Part {
  const { astNode, type } = input;
  return {
    ...partOf(input),
    type: { text: type.toString(), name: getNamedType(type).name },
    byDefault: astNode?.defaultValue ? String(valueFromASTUntyped(astNode.defaultValue)) : null,
  };
}

/** What all parts have, with the rest left empty. */
function partOf(given: {
  readonly name: string;
  readonly description?: string | null | undefined;
  readonly deprecationReason?: string | null | undefined;
}): Part {
  return {
    ...{ name: given.name, description: given.description ?? '', deprecation: given.deprecationReason ?? null },
    ...{ type: null, byDefault: null, mask: null, cost: null, errors: [], codes: [], parts: [] },
  };
}

/** The arguments of each use of a directive. */
function argumentsOf(nodes: readonly ConstDirectiveNode[] = [], name: string): Readonly<Record<string, unknown>>[] {
  return nodes
    .filter((node) => node.name.value === name)
    .map((node) =>
      Object.fromEntries((node.arguments ?? []).map((given) => [given.name.value, valueFromASTUntyped(given.value)])),
    );
}
