import { getNullableType, GraphQLString, isObjectType, type GraphQLField, type GraphQLSchema } from 'graphql';
import type { CallLeg, Call } from '../call/call.js';
import type { GraphContext } from './context.js';
import { maskNumber } from './numbers.js';

/** Whether the schema declares a field to hold personal data, by `@personal`. */
export function isPersonal(field: GraphQLField<unknown, GraphContext>): boolean {
  return field.astNode?.directives?.some(({ name }) => name.value === 'personal') ?? false;
}

/** The names of all fields that hold personal data, each once: what the log strikes out. */
export function personalNames(schema: GraphQLSchema): string[] {
  return [
    ...new Set(
      fieldsOf(schema)
        .filter(isPersonal)
        .map(({ name }) => name),
    ),
  ];
}

/** Who looks at a field: what masks depend on. */
export type Viewer = Pick<GraphContext, 'caller' | 'numbersShown'>;

/**
 * Returns what a personal field shows to a viewer: masked for callers who may not see it whole. It notes in
 * `numbersShown` whose it was. `keepDigits`: how many characters a mask leaves at the end. Throws TypeError for a field
 * that is no text: there is no mask for it.
 */
export function createPersonalValue(
  { name, type }: GraphQLField<unknown, GraphContext>,
  keepDigits: number,
): (source: unknown, viewer: Viewer) => unknown {
  if (getNullableType(type) !== GraphQLString)
    throw new TypeError(`the field ${name} is @personal, and of a type that cannot be masked`);
  return (source, { caller, numbersShown }) => {
    const value = (source as Readonly<Record<string, unknown>>)[name];
    if (typeof value !== 'string') return value;
    numbersShown.add((source as Call | CallLeg).key);
    return caller.seesNumbers ? value : maskNumber(value, keepDigits);
  };
}

/** Puts a mask before every personal field of the schema: see `createPersonalValue`, whose errors it throws. */
export function maskPersonal(schema: GraphQLSchema, keepDigits: number): void {
  for (const field of fieldsOf(schema).filter(isPersonal)) {
    const value = createPersonalValue(field, keepDigits);
    field.resolve = (source, _, context): unknown => value(source, context);
  }
}

function fieldsOf(schema: GraphQLSchema): GraphQLField<unknown, GraphContext>[] {
  return Object.values(schema.getTypeMap()).flatMap((type): GraphQLField<unknown, GraphContext>[] =>
    isObjectType(type) ? Object.values(type.getFields()) : [],
  );
}
