import {
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isUnionType,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql';
import type { SchemaElement } from './elements.js';

/** The shortest time from the release of a deprecation to the removal that it announces. Unit: days. */
export const NOTICE_DAYS = 90;

const DAY_MS = 86_400_000;
const REMOVED_AFTER = /\bRemoved after (\d{4}-\d{2}-\d{2})\.$/;

/**
 * Returns the date that a deprecation reason ends with, `… Removed after 2027-06-01.`; null if there is none, or no such
 * day. Form: `YYYY-MM-DD`.
 */
export function removalDateOf(reason: string): string | null {
  const date = REMOVED_AFTER.exec(reason)?.[1];
  return date !== undefined && dayOf(date) === date ? date : null;
}

/** Returns the first date that a deprecation which is released on a day (`YYYY-MM-DD`) may name. */
export function earliestRemoval(today: string): string {
  return new Date(Date.parse(today) + NOTICE_DAYS * DAY_MS).toISOString().slice(0, 10);
}

/** Whether an element was released as deprecated, and the date of its removal has passed. */
export function isDue(element: SchemaElement | undefined, today: string): boolean {
  const date = element?.deprecation == null ? null : removalDateOf(element.deprecation);
  return date !== null && date < today;
}

/** Returns the types that clients can still reach if nothing is used that is due by its coordinate. */
export function typesInUse(schema: GraphQLSchema, isDueAt: (coordinate: string) => boolean): ReadonlySet<string> {
  const reached = new Set<string>();
  const visit = (name: string | undefined): void => {
    if (name === undefined || reached.has(name)) return;
    reached.add(name);
    const type = schema.getType(name);
    if (isUnionType(type)) for (const member of type.getTypes()) visit(member.name);
    if (isInterfaceType(type)) for (const object of schema.getPossibleTypes(type)) visit(object.name);
    if (isObjectType(type) || isInterfaceType(type)) for (const { name } of type.getInterfaces()) visit(name);
    for (const [coordinate, part] of partsOf(type)) if (!isDueAt(coordinate)) visit(part);
  };
  for (const root of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]) visit(root?.name);
  return reached;
}

/** A field or an argument, by its coordinate, and the name of its type. */
type Part = readonly [coordinate: string, type: string];

function partsOf(type: GraphQLNamedType | undefined): Part[] {
  const parts: Part[] = [];
  const add = (coordinate: string, type: string) => parts.push([coordinate, type.replaceAll(/[[\]!]/g, '')]);
  if (isInputObjectType(type))
    for (const field of Object.values(type.getFields())) add(`${type.name}.${field.name}`, field.type.toString());
  if (isObjectType(type) || isInterfaceType(type)) {
    for (const field of Object.values(type.getFields())) {
      add(`${type.name}.${field.name}`, field.type.toString());
      for (const argument of field.args) add(`${type.name}.${field.name}.${argument.name}`, argument.type.toString());
    }
  }
  return parts;
}

function dayOf(date: string): string | null {
  const ms = Date.parse(date);
  return Number.isNaN(ms) ? null : new Date(ms).toISOString().slice(0, 10);
}
