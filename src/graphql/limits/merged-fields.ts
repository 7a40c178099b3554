import {
  Kind,
  valueFromASTUntyped,
  type DirectiveNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** The fragments of a document by name. */
export type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;
/** Tells of a field or fragment whether `@skip` and `@include` leave it in. */
export type IsIncluded = (selection: SelectionNode) => boolean;
/** Variables as they were sent, or with their defaults in place of those that were not. */
export type Values = Readonly<Record<string, unknown>>;

/** Fields that stand under one name in the answer, and so are resolved as one. */
export type MergedField = readonly [FieldNode, ...FieldNode[]];

/**
 * The fields that these selections ask of one object, by their names in the answer, as execution merges them. A fragment
 * counts once, and its type is not looked at: of the members of `CallResult` together an object has at most these fields. `visit` is called for
 * each selection read.
 */
export function mergedFieldsOf(
  sets: readonly (SelectionSetNode | undefined)[],
  fragments: Fragments,
  isIncluded: IsIncluded = () => true,
  visit: () => void = () => undefined,
): ReadonlyMap<string, MergedField> {
  const fields = new Map<string, [FieldNode, ...FieldNode[]]>();
  const seen = new Set<string>();
  sets.forEach(collect);
  return fields;

  function collect(set: SelectionSetNode | undefined): void {
    for (const selection of set?.selections ?? []) {
      visit();
      if (!isIncluded(selection)) continue;
      if (selection.kind === Kind.FIELD) {
        const name = (selection.alias ?? selection.name).value;
        const others = fields.get(name);
        if (others) others.push(selection);
        else fields.set(name, [selection]);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        collect(selection.selectionSet);
      } else if (!seen.has(selection.name.value)) {
        seen.add(selection.name.value);
        collect(fragments.get(selection.name.value)?.selectionSet);
      }
    }
  }
}

/** Returns what `@skip` and `@include` leave in, by these variables. A non-Boolean condition counts as included: the execution refuses it. */
export function inclusionBy(variables: Values): IsIncluded {
  return ({ directives = [] }) =>
    directives.every((directive) => argumentsOf(directive, variables)['if'] !== (directive.name.value === 'skip'));
}

/** The arguments of a field or directive by name, without a look at their types. */
export function argumentsOf({ arguments: given = [] }: FieldNode | DirectiveNode, variables: Values): Values {
  return Object.fromEntries(given.map(({ name, value }) => [name.value, valueFromASTUntyped(value, variables)]));
}
