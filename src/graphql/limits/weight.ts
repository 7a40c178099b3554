import type { SelectionSetNode } from 'graphql';
import type { ItemCounts } from './item-counts.js';
import { mergedFieldsOf, type Fragments, type IsIncluded, type MergedField } from './merged-fields.js';

/** Number of answer fields that one root field produces, aliases counted. */
export interface Weight {
  /** With each call, or each other object that the field returns, beside what its lists bring. */
  readonly perObject: number;
  /** With each item of a list of a call, by the path of the list below the call: `legs`, `links.evidence`. */
  readonly perItem: ReadonlyMap<string, number>;
  /** Selections that execution reads, once for all objects of the field; what merges into one field is read each time. */
  readonly selections: number;
  /** Whether it asks for what is derived from all records of a call. */
  readonly isDerived: boolean;
}

/** List fields of a call: the answer has as many objects there as the call has. */
const LISTS: ReadonlySet<string> = new Set([
  ...['legs', 'timeline', 'links', 'transfers', 'holds', 'participants', 'findings', 'evidence', 'sentences'],
]);
/** Fields of a call that are derived from all of its records. Objects that contain only derived fields need no entry. */
const DERIVED: ReadonlySet<string> = new Set([
  ...['verdict', 'verdictReason', 'confidence', 'evidence', 'customerReached', 'callback', 'conference', 'overflowed'],
  ...['answered', 'answeredBy', 'answeredLeg', 'answeredAt', 'timeToAnswerMs', 'abandoned', 'ending', 'endedBy'],
  ...['phaseNow', 'timeline', 'totals', 'links', 'transfers', 'holds', 'participants', 'findings', 'narrative', 'text'],
]);
/** To derive what a leg means is work, whatever of it is shown: it counts as a field. */
const DERIVED_FIELDS_PER_LEG = 1;
/** Fields that each line of a call as text counts as. */
const TEXT = 'text';
const FIELDS_PER_LINE = 4;

/** The weight of a field at the root of an operation, as it merges (see `mergedFieldsOf`). Linear in its selections. */
export function weightOf(field: MergedField, fragments: Fragments, isIncluded?: IsIncluded): Weight {
  // A fragment used below many names is read once here, and once below each name by the execution.
  const known = new Map<SelectionSetNode | undefined, Weight>();
  return below(field);

  function below(nodes: MergedField): Weight {
    const sole = nodes.length === 1 ? nodes[0].selectionSet : undefined;
    const measured = sole && known.get(sole);
    if (measured) return measured;
    let [perObject, selections, isDerived] = [1, 0, false];
    const perItem = new Map<string, number>();
    const add = (path: string, fields: number) => perItem.set(path, (perItem.get(path) ?? 0) + fields);
    const sets = nodes.map((node) => node.selectionSet);
    for (const merged of mergedFieldsOf(sets, fragments, isIncluded, () => (selections += 1)).values()) {
      const name = merged[0].name.value;
      if (DERIVED.has(name) && !isDerived) {
        isDerived = true;
        add('legs', DERIVED_FIELDS_PER_LEG);
      }
      perObject += 1;
      if (name === TEXT) add(name, FIELDS_PER_LINE);
      if (!merged.some((node) => node.selectionSet)) continue;
      const inner = below(merged);
      selections += inner.selections;
      for (const [path, fields] of inner.perItem) add(`${name}.${path}`, fields);
      if (LISTS.has(name)) add(name, inner.perObject);
      else perObject += inner.perObject - 1;
    }
    const weight = { perObject, perItem, selections, isDerived };
    if (sole) known.set(sole, weight);
    return weight;
  }
}

/** Returns the number of fields of a call whose lists have these numbers of items. */
export function fieldsOfCall(weight: Weight, countOf: ItemCounts): number {
  return weight.perObject + fieldsOfItems(weight, countOf);
}

/** Those among them that are in its lists. */
export function fieldsOfItems({ perItem }: Weight, countOf: ItemCounts): number {
  let fields = 0;
  for (const [path, perOne] of perItem) fields += perOne * countOf(path);
  return fields;
}
