import {
  Kind,
  type FieldNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/**
 * The fields that an operation asks for at its root, each as often as it is resolved: those under one name in the answer
 * merge, and a fragment counts once. `isIncluded` tells of a field or fragment whether `@skip` and `@include` leave it in.
 */
export function rootFieldsOf(
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  isIncluded: (selection: SelectionNode) => boolean = () => true,
): FieldNode[] {
  const fields = new Map<string, FieldNode>();
  const seen = new Set<string>();
  collect(operation.selectionSet);
  return [...fields.values()];

  function collect(set: SelectionSetNode | undefined): void {
    for (const selection of set?.selections ?? []) {
      if (!isIncluded(selection)) continue;
      if (selection.kind === Kind.FIELD) {
        fields.set((selection.alias ?? selection.name).value, selection);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        collect(selection.selectionSet);
      } else if (!seen.has(selection.name.value)) {
        seen.add(selection.name.value);
        collect(fragments.get(selection.name.value)?.selectionSet);
      }
    }
  }
}
