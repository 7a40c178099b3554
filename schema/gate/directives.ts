import { parse, print, valueFromASTUntyped, visit, type ConstDirectiveNode } from 'graphql';
import type { SchemaChange } from './changes.js';
import type { Level } from './levels.js';

/** The use of a directive. */
export interface DirectiveUse {
  readonly name: string;
  /** As it is written. */
  readonly text: string;
  /** The values of its arguments, without those that stand for nothing: `resolvable: true`, `ifNumber: false`. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** Values that an argument has where it is left out. */
const DEFAULTS: Readonly<Record<string, unknown>> = { '@key.resolvable': true, '@personal.ifNumber': false };

/** Returns what is said where a directive is used. */
export function readDirective(node: ConstDirectiveNode): DirectiveUse {
  const name = node.name.value;
  const values = (node.arguments ?? [])
    .map(({ name: { value: argument }, value }) => [argument, valueFromASTUntyped(value)] as const)
    .filter(([argument, value]) => value !== DEFAULTS[`@${name}.${argument}`])
    .map(([argument, value]) => [argument, argument === 'fields' ? sortedFields(String(value)) : value] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return { name, text: print(node), values: Object.fromEntries(values) };
}

/** The same fields in another order are the same key. */
function sortedFields(text: string): string {
  const document = visit(parse(`{${text}}`), {
    SelectionSet: {
      leave: (set) => ({ ...set, selections: [...set.selections].sort((a, b) => (print(a) < print(b) ? -1 : 1)) }),
    },
  });
  return print(document);
}

/** Returns the changes of the directives of an element, by its coordinate. */
export function changesOfUses(
  coordinate: string,
  before: readonly DirectiveUse[],
  after: readonly DirectiveUse[],
): SchemaChange[] {
  const lost = before.filter((use) => !after.some((next) => keeps(use, next)));
  const gained = after.filter((use) => !before.some((was) => keeps(was, use) && keeps(use, was)));
  return [
    ...lost.map(({ name, text }) => ({
      level: 'breaking' as const,
      sentence: `\`${coordinate}\` lost \`${text}\`.`,
      consequence: LOSSES[name] ?? 'Whoever reads the schema relies on it.',
    })),
    ...gained.map(({ name, text }) => {
      const [level, consequence] = GAINS[name] ?? (['breaking', 'Routers or tools may act upon it.'] as const);
      return { level, sentence: `\`${coordinate}\` has \`${text}\`.`, consequence };
    }),
  ];
}

/** Whether all that a use says is still said by another: the same, a mask for more values, or more imports. */
function keeps(before: DirectiveUse, after: DirectiveUse): boolean {
  if (before.name !== after.name) return false;
  if (after.name === 'personal' && Object.keys(after.values).length === 0) return true;
  if (after.name !== 'link') return isSame(before.values, after.values);
  const { import: imported, ...link } = before.values;
  const { import: importedNow, ...linkNow } = after.values;
  return isSame(link, linkNow) && listOf(imported).every((one) => listOf(importedNow).some((now) => isSame(one, now)));
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

const LOSSES: Readonly<Record<string, string>> = {
  key: 'Routers name a call by it: supergraphs that use it no longer compose.',
  personal: 'Personal data would be shown unmasked, unaudited, and be in the log.',
  tag: 'Routers filter by it: what a contract hid would be shown.',
  link: 'Composers that do not know the other version refuse the schema.',
  shareable: 'Subgraphs that have the field, too, no longer compose.',
};

const HIDES = 'Clients of a router are refused it.';
/** A directive that is not here breaks: nobody has judged what it does. */
const GAINS: Readonly<Record<string, readonly [level: Level, consequence: string]>> = {
  key: ['safe', ''],
  link: ['safe', ''],
  shareable: ['safe', ''],
  specifiedBy: ['safe', ''],
  personal: ['dangerous', 'Callers without the scope `numbers` read it masked.'],
  tag: ['dangerous', 'Contracts that leave out what has the tag lose it.'],
  inaccessible: ['breaking', HIDES],
  authenticated: ['breaking', HIDES],
  requiresScopes: ['breaking', HIDES],
  policy: ['breaking', HIDES],
  oneOf: ['breaking', 'Clients that send more than one of its fields, or none, are refused.'],
  external: ['breaking', 'Routers no longer ask this graph for it.'],
};
