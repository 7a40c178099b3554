import { diff, type Change } from '@graphql-inspector/core';
import type { GraphQLSchema } from 'graphql';
import { changesOfUses } from './directives.js';
import { elementsOf } from './elements.js';
import { consequenceOf, levelOf, type Level } from './levels.js';
import { earliestRemoval, isDue, NOTICE_DAYS, removalDateOf, typesInUse } from './notice.js';
import type { Served } from './promise.js';

/** One difference between what was promised and what is served. */
export interface SchemaChange {
  readonly level: Level;
  /** Says what changed. */
  readonly sentence: string;
  /** Says what that means for clients; empty for what cannot hurt. */
  readonly consequence: string;
}

/**
 * Returns the changes from a promise to another, each once; those for routers alone say so. `today`, `YYYY-MM-DD`, decides
 * whether the date of a deprecation has passed.
 */
export async function changesBetween(
  released: readonly Served[],
  served: readonly Served[],
  today: string,
): Promise<SchemaChange[]> {
  const changes = new Map<string, SchemaChange>();
  for (const [index, { readers, schema }] of released.entries()) {
    const next = served[index]?.schema;
    if (!next) continue;
    for (const change of await changesOf(schema, next, today)) {
      if (changes.has(change.sentence)) continue;
      const sentence = readers === 'routers' ? `For routers: ${change.sentence}` : change.sentence;
      changes.set(sentence, { ...change, sentence });
    }
  }
  return [...changes.values()];
}

/** What graphql-inspector says of a type that implements an interface now. */
interface InterfaceAdded {
  readonly addedInterfaceName: string;
}

async function changesOf(before: GraphQLSchema, after: GraphQLSchema, today: string): Promise<SchemaChange[]> {
  // Without `DiffRule.simplifyChanges`: of a field that is deprecated it drops the loss of an argument, too.
  const found: Change[] = await diff(before, after);
  const elements = elementsOf(before);
  const isDueAt = (coordinate: string) => isDue(elements.get(coordinate), today);
  const inUse = typesInUse(before, isDueAt);
  // A deprecation announces a removal, and nothing else: what is due keeps its type and its default as long as it is there.
  const isAnnounced = ({ type, path = '' }: Change): boolean => {
    if (!String(type).endsWith('_REMOVED')) return false;
    const [typeName = '', ...parts] = path.split('.');
    if (type === 'TYPE_REMOVED') return !inUse.has(typeName);
    return parts.some((_, index) => isDueAt([typeName, ...parts.slice(0, index + 1)].join('.')));
  };
  const isPartOfNew = ({ type, path = '', meta }: Change): boolean =>
    type !== 'TYPE_ADDED' &&
    !(type === 'OBJECT_TYPE_INTERFACE_ADDED' && elements.has((meta as InterfaceAdded).addedInterfaceName)) &&
    /^\w/.test(path) &&
    !(elements.has(path.split('.')[0] ?? '') && elements.has(path.replace(/\.[^.]*$/, '')));
  const ofParts = found
    .filter((change) => !isPartOfNew(change))
    // Deprecations and the use of directives are compared below, with rules of our own.
    .filter(({ type }) => !/DESCRIPTION|DEPRECATION|DIRECTIVE_USAGE/.test(String(type)))
    .map((change): SchemaChange => {
      const level = levelOf(change);
      const sentence = `${change.message.replaceAll("'", '`').replaceAll(' (deprecated)', '').replace(/\.$/, '')}.`;
      if (level !== 'breaking') return { level, sentence, consequence: consequenceOf(change) };
      if (isAnnounced(change)) return { level: 'announced', sentence, consequence: 'Its deprecation said so.' };
      return { level, sentence, consequence: consequenceOf(change) };
    });
  return [...ofParts, ...changesOfDirectives(before, after), ...changesOfDeprecations(before, after, today)];
}

function changesOfDirectives(before: GraphQLSchema, after: GraphQLSchema): SchemaChange[] {
  const elements = elementsOf(after);
  return [...elementsOf(before)].flatMap(([coordinate, { directives }]) => {
    const next = elements.get(coordinate);
    return next ? changesOfUses(coordinate, directives, next.directives) : [];
  });
}

function changesOfDeprecations(before: GraphQLSchema, after: GraphQLSchema, today: string): SchemaChange[] {
  const elements = elementsOf(before);
  return [...elementsOf(after)].flatMap(([coordinate, { deprecation: reason }]): SchemaChange[] => {
    const was = elements.get(coordinate)?.deprecation ?? null;
    if (was === reason) return [];
    if (reason === null) return [change('safe', `\`${coordinate}\` is no longer deprecated.`)];
    const [date, dateBefore] = [removalDateOf(reason), was === null ? null : removalDateOf(was)];
    const sentence = `\`${coordinate}\` is deprecated: ${reason}`;
    if (date === null)
      return [change('breaking', sentence, 'The reason must end with a date: `Removed after YYYY-MM-DD.`')];
    if (dateBefore !== null && date < dateBefore)
      return [
        change('breaking', sentence, `Clients were told ${dateBefore}: a date can be put off, not brought forward.`),
      ];
    if (dateBefore === null && date < earliestRemoval(today))
      return [change('breaking', sentence, `Clients get ${NOTICE_DAYS} days: not before ${earliestRemoval(today)}.`)];
    return [change('dangerous', sentence)];
  });
}

function change(level: Level, sentence: string, consequence = ''): SchemaChange {
  return { level, sentence, consequence };
}
