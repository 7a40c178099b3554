import {
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  parse,
  type GraphQLField,
  type OperationDefinitionNode,
} from 'graphql';
import { costOf, FIELDS_PER_POINT, REFRESH_COST, type Cost } from '../../src/graphql/limits/cost.js';

/**
 * Returns what a field costs, by the function that charges callers: points for a field at the root, and for a field of a
 * call as how many fields of the answer it counts at least; null for other fields, which count once for each object.
 */
export function costOfField(typeName: string, field: GraphQLField<unknown, unknown>): string | null {
  if (typeName === 'Query' || typeName === 'Mutation') return costAtRoot(typeName, field);
  if (typeName !== 'Call') return null;
  const counted = costOfCall(`__typename ${selectionOf(field)}`).fields - costOfCall('__typename').fields;
  if (counted <= 1) return null;
  const isList = isListType(getNullableType(field.type));
  const grows = isList ? ', more with each item' : '';
  return `counts as ${counted} fields in a call of 10 legs${grows}`;
}

function costAtRoot(typeName: string, field: GraphQLField<unknown, unknown>): string {
  const kind = typeName === 'Query' ? 'query' : 'mutation';
  const { points } = costOfText(`${kind} { ${selectionOf(field)} }`);
  if (field.args.some(({ name }) => name === 'keys')) return `1 point for each key, ${REFRESH_COST} with \`refresh\``;
  const refresh = field.args.some(({ name }) => name === 'refresh') ? `, ${REFRESH_COST} with \`refresh\`` : '';
  return `${points} ${points === 1 ? 'point' : 'points'}${refresh}; 1 more for each ${FIELDS_PER_POINT} fields of the answer`;
}

function costOfCall(selection: string): Cost {
  return costOfText(`{ call(vdn: 1, callId: "1") { ${selection} } }`);
}

function costOfText(text: string): Cost {
  const [operation] = parse(text).definitions;
  return costOf(operation as OperationDefinitionNode, new Map(), {});
}

/** The field with the arguments that it must have, and below it nothing but fields that are no objects, if there are any. */
function selectionOf({ name, type, args }: GraphQLField<unknown, unknown>): string {
  const needed = args.filter((argument) => isNonNullType(argument.type) && argument.defaultValue === undefined);
  const given = needed.length === 0 ? '' : `(${needed.map((argument) => `${argument.name}: 1`).join(', ')})`;
  const below = getNamedType(type);
  if (!isCompositeType(below)) return `${name}${given}`;
  const fields = isObjectType(below) || isInterfaceType(below) ? Object.values(below.getFields()) : [];
  const scalars = fields.filter((field) => !isCompositeType(getNamedType(field.type)) && field.args.length === 0);
  return `${name}${given} { __typename ${scalars.map((field) => field.name).join(' ')} }`;
}
