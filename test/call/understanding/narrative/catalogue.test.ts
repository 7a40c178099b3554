import { describe, expect, it } from '@jest/globals';
import { IntlMessageFormat } from 'intl-messageformat';
import { LANGUAGES, type Language, type MessageKey } from '../../../../src/call/understanding/narrative/catalogue.js';
import { CATALOGUES, createMessages } from '../../../../src/call/understanding/narrative/messages.js';
import {
  CALL_PHASES,
  CUSTOMER_STATES,
  LINK_KINDS,
  TRANSFER_KINDS,
  VERDICT_REASONS,
  VERDICTS,
} from '../../../../src/call/understanding/vocabulary.js';

/** A part of a parsed message: a literal text (type 0), or an argument, perhaps with options. */
interface Node {
  readonly type: number;
  readonly value?: string;
  readonly options?: Readonly<Record<string, { readonly value: readonly Node[] }>>;
  readonly pluralType?: string | undefined;
}
const LITERAL = 0;
const keys = Object.keys(CATALOGUES.en) as MessageKey[];
const astOf = (language: Language, key: MessageKey): readonly Node[] =>
  new IntlMessageFormat(CATALOGUES[language][key], language, undefined, {
    ignoreTag: true,
  }).getAst();

/** The arguments of a message, each with the values that it tells apart. */
function argumentsOf(nodes: readonly Node[], found = new Map<string, Set<string>>()): Map<string, Set<string>> {
  for (const { type, value: name, options, pluralType } of nodes) {
    if (name === undefined || type === LITERAL) continue;
    const values = found.get(name) ?? new Set();
    found.set(name, values);
    for (const [value, option] of Object.entries(options ?? {})) {
      // Which numbers differ is a matter of the language.
      if (pluralType === undefined && value !== 'other') values.add(value);
      argumentsOf(option.value, found);
    }
  }
  return found;
}

function literalsOf(nodes: readonly Node[]): string[] {
  return nodes.flatMap(({ type, value, options }) =>
    type === LITERAL ? [value ?? ''] : Object.values(options ?? {}).flatMap((option) => literalsOf(option.value)),
  );
}

const sorted = (of: Map<string, Set<string>>) => [...of].map(([name, values]) => [name, [...values].sort()]).sort();
const valuesOf = (key: MessageKey, argument: string) => argumentsOf(astOf('en', key)).get(argument) ?? new Set();

describe('the catalogues', () => {
  it('have the same keys', () => {
    expect(Object.keys(CATALOGUES.zh).sort()).toEqual([...keys].sort());
  });

  // English alone names the months.
  it.each(keys.filter((key) => key !== 'date'))(
    'take the same arguments and tell the same values apart in %s',
    (key) => {
      expect(sorted(argumentsOf(astOf('zh', key)))).toEqual(sorted(argumentsOf(astOf('en', key))));
    },
  );

  it.each(keys)('say %s in Chinese without a Latin letter', (key) => {
    for (const literal of literalsOf(astOf('zh', key))) expect(literal).not.toMatch(/[A-Za-z?]/);
  });

  it('have a message or a clause for each value that can be derived', () => {
    const missing = (prefix: string, values: readonly string[]) =>
      values.filter((value) => !keys.some((key) => key === `${prefix}.${value}`));
    expect(missing('verdict', VERDICTS)).toEqual([]);
    expect(missing('piece', CUSTOMER_STATES)).toEqual([]);
    expect(missing('link', LINK_KINDS)).toEqual(['NEXT']);
    const reasons = (['verdict.NOT_REACHED', 'verdict.NOT_SERVED', 'verdict.FAILED'] as const).flatMap((key) => [
      ...valuesOf(key, 'reason'),
    ]);
    expect(new Set(reasons)).toEqual(new Set(VERDICT_REASONS));
    const known = <Value extends string>(values: readonly Value[]) =>
      new Set(values.filter((value) => value !== 'UNKNOWN'));
    expect(valuesOf('now', 'phase')).toEqual(known(CALL_PHASES));
    expect(valuesOf('link.TRANSFER', 'kind')).toEqual(known(TRANSFER_KINDS));
  });
});

describe('createMessages', () => {
  it.each(LANGUAGES)('says in %s a text of the arguments as it stands', (language) => {
    const say = createMessages(language);
    expect(say('nowhere')).not.toBe('');
    for (const text of ['<b>', '{count}', "it's", '#', '']) {
      expect(say('uncertain', { statement: text }).startsWith(text)).toBe(true);
    }
  });

  it('counts as the language does', () => {
    expect(createMessages('en')('agents', { known: 0, count: 1, ids: '' })).toBe('an agent');
    expect(createMessages('en')('agents', { known: 0, count: 3, ids: '' })).toBe('3 agents');
    expect(createMessages('zh')('agents', { known: 0, count: 3, ids: '' })).toBe('3 位座席');
  });
});
