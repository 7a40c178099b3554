import { valueFromASTUntyped, type OperationDefinitionNode } from 'graphql';
import { assumedCounts } from './item-counts.js';
import { argumentsOf, inclusionBy, mergedFieldsOf, type Fragments, type Values } from './merged-fields.js';
import { MAX_KEYS, type Limits } from './limits.js';
import { fieldsOfCall, weightOf, type Weight } from './weight.js';

/** Cost of a call that must be fetched from the contact centre; a call that may come from a cache costs 1. Unit: points. */
export const REFRESH_COST = 5;
/** Each complete set of this many fields of an answer costs one point: some 0.5 ms of a processor. */
export const FIELDS_PER_POINT = 500;
/** A new document costs one point per this many characters, rounded up: it is parsed and validated. */
export const CHARACTERS_PER_POINT = 250;
/** So many items that fail beyond the limit of their list cost one point. */
const REFUSALS_PER_POINT = 10;

/** Upper bounds for the rows of one and of all dictionaries, without an operator's. */
const DICTIONARY_ROWS = 150;
const ALL_DICTIONARY_ROWS = 500;
/** Assumed number of completions of an introspection field: this schema has somewhat more enum values, and fewer types. */
const INTROSPECTED_OBJECTS = 200;

/** Without limits every representation of a router counts. */
const NO_LIMITS = { cost: Infinity, fields: Infinity };

/** The root fields that return calls. */
const CALL_FIELDS: ReadonlySet<string> = new Set(['call', 'calls', 'callResults', 'node', '_entities']);

/** The cost of an operation, as computed before anything is fetched. */
export interface Cost {
  /** The points that the caller pays. At least 1. */
  readonly points: number;
  /** How many fields its answer has if each call has `assumedCounts`. */
  readonly fields: number;
  /** Those among them that belong to no call: names at the root, dictionaries, introspection. */
  readonly fieldsBesideCalls: number;
  /** Of each field at its root, by the name in the answer. */
  readonly weights: ReadonlyMap<string, Weight>;
  /** How many representations of each `_entities` are answered, by the name in the answer: those that the limits allow. */
  readonly references: ReadonlyMap<string, number>;
  /** Items of all lists that are answered, or fail by themselves. */
  readonly items: number;
  /** Items beyond the limits of their lists: each fails at its place. */
  readonly refusals: number;
}

/**
 * The cost of an operation that is valid. A field at its root asks for one call; `calls`, `callResults` and `_entities` for
 * as many as they have keys. Each costs 1 point, 5 with `refresh: true` and for `forgetCall`, which always cause a request to the contact centre,
 * and each `FIELDS_PER_POINT` fields of the answer one more. `variables` are those sent, not yet checked. Of a list only the
 * items that are answered count: `MAX_KEYS`, and of the lists of `_entities`, which routers cannot split, as many
 * representations as `limits` allow beside the rest.
 */
export function costOf(
  operation: OperationDefinitionNode,
  fragments: Fragments,
  variables: Values,
  limits: Pick<Limits, 'cost' | 'fields'> = NO_LIMITS,
): Cost {
  const values = withDefaults(operation, variables);
  const isIncluded = inclusionBy(values);
  const weights = new Map<string, Weight>();
  const lists: { readonly name: string; readonly wanted: number; readonly fieldsEach: number }[] = [];
  let [calls, fields, fieldsBesideCalls, items, refusals] = [0, 0, 0, 0, 0];
  for (const [name, merged] of mergedFieldsOf([operation.selectionSet], fragments, isIncluded)) {
    const weight = weightOf(merged, fragments, isIncluded);
    const field = merged[0].name.value;
    const given = argumentsOf(merged[0], values);
    const keys = given[field === '_entities' ? 'representations' : 'keys'];
    const wanted = Array.isArray(keys) ? keys.length : 1;
    weights.set(name, weight);
    if (field === '_entities') {
      lists.push({ name, wanted, fieldsEach: fieldsOfCall(weight, assumedCounts) });
      fieldsBesideCalls += 1;
      fields += 1;
      continue;
    }
    const count = Math.min(wanted, MAX_KEYS);
    if (Array.isArray(keys)) items += count;
    refusals += wanted - count;
    calls += count * (given['refresh'] === true || field === 'forgetCall' ? REFRESH_COST : 1);
    const fixed = fieldsBesideCallsOf(field, given, weight);
    fieldsBesideCalls += 1 + (fixed ?? 0);
    fields += 1 + (fixed ?? count * fieldsOfCall(weight, assumedCounts));
    if (field === 'callResults') fields += (wanted - count) * weight.perObject; // each further key is an object, too
  }
  const references = new Map<string, number>();
  for (const { name, wanted, fieldsEach } of lists) {
    const fits = (count: number): boolean =>
      fields + count * fieldsEach <= limits.fields &&
      pointsOf(calls + count, fields + count * fieldsEach) <= limits.cost;
    const allowed = largestUpTo(wanted, fits);
    references.set(name, allowed);
    items += allowed;
    refusals += wanted - allowed;
    calls += allowed;
    fields += allowed * fieldsEach;
  }
  return { points: pointsOf(calls, fields), fields, fieldsBesideCalls, weights, references, items, refusals };
}

/** Returns the largest number up to `most` that fits, if each smaller one does; 0 if none. */
function largestUpTo(most: number, fits: (count: number) => boolean): number {
  if (fits(most)) return most;
  let [low, high] = [0, most];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** Points for calls (one that is asked anew counts `REFRESH_COST` times) whose answer has this many fields. At least 1. */
export function pointsOf(calls: number, fields: number): number {
  return Math.max(1, calls + pointsOfFields(fields));
}

/** Returns the points of an answer apart from those of its calls. */
export function pointsOfFields(fields: number): number {
  return Math.floor(fields / FIELDS_PER_POINT);
}

/** Returns the points for items that fail beyond the limits of their lists. */
export function pointsOfRefusals(refusals: number): number {
  return Math.ceil(refusals / REFUSALS_PER_POINT);
}

/** Returns the points for parsing and validating a new document. */
export function pointsOfNewDocument(text: string): number {
  return Math.ceil(text.length / CHARACTERS_PER_POINT);
}

/** The fields below one at the root that returns no calls; null if it does. */
function fieldsBesideCallsOf(field: string, given: Values, weight: Weight): number | null {
  if (field === 'callCodes') return weight.perObject * (given['table'] == null ? ALL_DICTIONARY_ROWS : DICTIONARY_ROWS);
  if (field === '__schema' || field === '__type') return weight.selections * INTROSPECTED_OBJECTS;
  return CALL_FIELDS.has(field) ? null : weight.perObject;
}

function withDefaults({ variableDefinitions = [] }: OperationDefinitionNode, variables: Values): Values {
  const defaults = variableDefinitions.flatMap(({ variable, defaultValue }) =>
    defaultValue ? [[variable.name.value, valueFromASTUntyped(defaultValue)] as const] : [],
  );
  return { ...Object.fromEntries(defaults), ...variables };
}
