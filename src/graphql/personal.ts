import { getNullableType, GraphQLString, isObjectType, Kind, type GraphQLField, type GraphQLSchema } from 'graphql';
import type { CallLeg, Call } from '../call/call.js';
import { holdsNumber } from '../call/phone-number.js';
import type { GraphContext } from './context.js';
import { maskNumber } from './numbers.js';

/** Whether the schema declares that a field holds personal data, or may hold it: by `@personal`. */
export function isPersonal(field: GraphQLField<unknown, GraphContext>): boolean {
  return field.astNode?.directives?.some(({ name }) => name.value === 'personal') ?? false;
}

/** Device types that stand for somebody outside of the contact centre: PLATFORM_CALL, VIRTUAL_DEVICE. */
const OUTSIDE: ReadonlySet<unknown> = new Set([5, 8]);

/** Whether a field is personal only where it holds a phone number: `@personal(ifNumber: true)`. */
function isPersonalIfNumber({ astNode }: GraphQLField<unknown, GraphContext>): boolean {
  const directive = astNode?.directives?.find(({ name }) => name.value === 'personal');
  return directive?.arguments?.some(({ value }) => value.kind === Kind.BOOLEAN && value.value) ?? false;
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
export interface Viewer {
  readonly caller: Pick<GraphContext['caller'], 'seesNumbers'>;
  readonly numbersShown: GraphContext['numbersShown'];
}

/**
 * Returns what a personal field shows to a viewer: masked for callers who may not see it whole. It notes in
 * `numbersShown` whose it was. `keepDigits`: how many characters a mask leaves at the end. Throws TypeError for a field
 * that is no text: there is no mask for it.
 */
export function createPersonalValue(
  field: GraphQLField<unknown, GraphContext>,
  keepDigits: number,
): (source: unknown, viewer: Viewer) => unknown {
  const { name, type } = field;
  const ifNumber = isPersonalIfNumber(field);
  if (getNullableType(type) !== GraphQLString)
    throw new TypeError(`the field ${name} is @personal, and of a type that cannot be masked`);
  return (source, { caller, numbersShown }) => {
    const value = (source as Readonly<Record<string, unknown>>)[name];
    if (typeof value !== 'string') return value;
    if (ifNumber && !holdsNumber(value, OUTSIDE.has((source as Partial<CallLeg>).deviceType))) return value;
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
