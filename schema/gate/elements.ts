import {
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  type ConstDirectiveNode,
  type GraphQLSchema,
} from 'graphql';
import { readDirective, type DirectiveUse } from './directives.js';

/** A part of a schema that has a name of its own. */
export interface SchemaElement {
  /** Its directives, without `@deprecated`. */
  readonly directives: readonly DirectiveUse[];
  /** Why it is deprecated; null: it is not. */
  readonly deprecation: string | null;
}

/** A definition as graphql-js has it: a type, a field, an argument, an enum value. */
interface Definition {
  readonly astNode?: { readonly directives?: readonly ConstDirectiveNode[] | undefined } | null | undefined;
  readonly extensionASTNodes?: readonly { readonly directives?: readonly ConstDirectiveNode[] | undefined }[];
  readonly deprecationReason?: string | null | undefined;
}

/**
 * Returns the elements of a schema by coordinate: `schema`, `Call`, `Call.legs`, `Query.call.vdn`, `CallParty.AGENT`. An
 * argument's coordinate has a point before it, as in the paths of graphql-inspector.
 */
export function elementsOf(schema: GraphQLSchema): ReadonlyMap<string, SchemaElement> {
  const elements = new Map<string, SchemaElement>([['schema', elementOf(schema)]]);
  for (const type of Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'))) {
    elements.set(type.name, elementOf(type));
    const add = (path: string, part: Definition) => elements.set(`${type.name}.${path}`, elementOf(part));
    if (isEnumType(type)) for (const value of type.getValues()) add(value.name, value);
    if (isInputObjectType(type)) for (const field of Object.values(type.getFields())) add(field.name, field);
    if (isObjectType(type) || isInterfaceType(type)) {
      for (const field of Object.values(type.getFields())) {
        add(field.name, field);
        for (const argument of field.args) add(`${field.name}.${argument.name}`, argument);
      }
    }
  }
  return elements;
}

function elementOf({ astNode, extensionASTNodes = [], deprecationReason }: Definition): SchemaElement {
  const nodes = [astNode, ...extensionASTNodes].flatMap((node) => node?.directives ?? []);
  return {
    directives: nodes.filter(({ name }) => name.value !== 'deprecated').map(readDirective),
    deprecation: deprecationReason ?? null,
  };
}
