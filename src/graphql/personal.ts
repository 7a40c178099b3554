import { getNullableType, GraphQLString, isObjectType, Kind, type GraphQLField, type GraphQLSchema } from 'graphql';
import type { CallLeg, Call } from '../call/call.js';
import { holdsNumber } from '../call/phone-number.js';
import type { GraphContext } from './context.js';
import { maskNumber } from './numbers.js';

/** Whether a field holds, or may hold, personal data: the schema marks it by `@personal`. */
export function isPersonal(field: GraphQLField<unknown, GraphContext>): boolean {
  return field.astNode?.directives?.some(({ name }) => name.value === 'personal') ?? false;
}

/** Device types of parties outside of the contact centre: PLATFORM_CALL, VIRTUAL_DEVICE. */
const OUTSIDE: ReadonlySet<unknown> = new Set([5, 8]);
/** Fields that name the party at the device. */
const NAMES_OF_DEVICES: ReadonlySet<string> = new Set(['deviceNo', 'deviceIn']);

/** Whether a field is personal only if it holds a phone number: `@personal(ifNumber: true)`. */
function isPersonalIfNumber({ astNode }: GraphQLField<unknown, GraphContext>): boolean {
  const directive = astNode?.directives?.find(({ name }) => name.value === 'personal');
  return directive?.arguments?.some(({ value }) => value.kind === Kind.BOOLEAN && value.value) ?? false;
}

/** Returns the distinct names of all personal fields, which the log redacts. */
export function personalNames(schema: GraphQLSchema): string[] {
  return [
    ...new Set(
      fieldsOf(schema)
        .filter(isPersonal)
        .map(({ name }) => name),
    ),
  ];
}

/** The viewer of a field, on whom masks depend. */
export interface Viewer {
  readonly caller: Pick<GraphContext['caller'], 'seesNumbers'>;
  readonly numbersShown: GraphContext['numbersShown'];
}

/**
 * Returns the function that shows a personal field to a viewer, masked unless the viewer may see it. The function adds the
 * call to `numbersShown`. `keepDigits`: how many characters at the end stay unmasked. Throws TypeError for a field that is
 * not a text: there is no mask for it.
 */
export function createPersonalValue(
  field: GraphQLField<unknown, GraphContext>,
  keepDigits: number,
): (source: unknown, viewer: Viewer) => unknown {
  const { name, type } = field;
  const ifNumber = isPersonalIfNumber(field);
  const isDevice = NAMES_OF_DEVICES.has(name);
  if (getNullableType(type) !== GraphQLString)
    throw new TypeError(`the field ${name} is @personal, and of a type that cannot be masked`);
  return (source, { caller, numbersShown }) => {
    const value = (source as Readonly<Record<string, unknown>>)[name];
    if (typeof value !== 'string') return value;
    const isOutside = isDevice && OUTSIDE.has((source as Partial<CallLeg>).deviceType);
    if (ifNumber && !holdsNumber(value, isOutside)) return value;
    numbersShown.add((source as Call | CallLeg).key);
    return caller.seesNumbers ? value : maskNumber(value, keepDigits);
  };
}

/** Masks every personal field of the schema (see `createPersonalValue`, whose errors it throws). */
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
