import type { SelectionSetNode } from 'graphql';
import { mergedFieldsOf, type Fragments, type IsIncluded, type MergedField } from './merged-fields.js';

/** How many fields an answer gets by one field at its root, aliases counted. */
export interface Weight {
  /** With each call, or each other object that the field returns. */
  readonly perObject: number;
  /** With each leg of a call. */
  readonly perLeg: number;
  /** Selections that execution reads, once for all objects of the field; what merges into one field is read each time. */
  readonly selections: number;
}

/** The field below which the objects of an answer are as many as a call has legs. */
const LEGS = 'legs';

/** The weight of a field at the root of an operation, as it merges (see `mergedFieldsOf`). Linear in its selections. */
export function weightOf(field: MergedField, fragments: Fragments, isIncluded?: IsIncluded): Weight {
  // A fragment used below many names is read once here, and once below each name by the execution.
  const known = new Map<SelectionSetNode | undefined, Weight>();
  return below(field);

  function below(nodes: MergedField): Weight {
    const sole = nodes.length === 1 ? nodes[0].selectionSet : undefined;
    const measured = sole && known.get(sole);
    if (measured) return measured;
    let selections = 0;
    let [perObject, perLeg] = [1, 0];
    const sets = nodes.map((node) => node.selectionSet);
    const fields = mergedFieldsOf(sets, fragments, isIncluded, () => (selections += 1));
    for (const merged of fields.values()) {
      if (!merged.some((node) => node.selectionSet)) {
        perObject += 1;
        continue;
      }
      const inner = below(merged);
      selections += inner.selections;
      perLeg += inner.perLeg;
      if (merged[0].name.value === LEGS) [perObject, perLeg] = [perObject + 1, perLeg + inner.perObject];
      else perObject += inner.perObject;
    }
    const weight = { perObject, perLeg, selections };
    if (sole) known.set(sole, weight);
    return weight;
  }
}

/** The fields that a call of so many legs brings. */
export function fieldsOfCall({ perObject, perLeg }: Weight, legs: number): number {
  return perObject + perLeg * legs;
}
