import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { getIntrospectionQuery } from 'graphql';
import { loadConfig } from '../../../src/config/config.js';
import { documentProblems } from '../../../src/graphql/limits/document.js';
import type { Limits } from '../../../src/graphql/limits/limits.js';
import { environmentFor } from '../../support/gateway.js';

const { limits } = loadConfig(environmentFor({ url: 'http://127.0.0.1' }), () => '');

const problemsOf = (text: string, changed: Partial<Limits> = {}): string[] =>
  documentProblems(text, { ...limits, ...changed });

const times = (count: number, item: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => item(index)).join(' ');

describe('the limits of a document', () => {
  it.each<[keyof Limits, number, string, string]>([
    ['documentBytes', 10, '{ a } # é', 'The document is 10 bytes long; at most 9 are taken.'],
    [
      'repetitions',
      2,
      '{ a { b } ... { c: d { a { b } } } a }',
      'The document has 2 fields of one name that have arguments or fields below them',
    ],
    [
      'repetitions',
      2,
      '{ a(x: 1) b: a(x: 1) ... { c { a(x: 2) } } a }',
      'The document has 2 fields of one name that have arguments or fields below them',
    ],
    ['tokens', 5, '{ a b c }', 'The document has more than 4 tokens'],
    ['depth', 3, '{ a { b { c } } }', 'The document nests brackets more than 2 deep'],
    ['depth', 3, '{ a(x: [1]) }', 'The document nests brackets more than 2 deep'],
    ['aliases', 2, '{ a: x { b: y } c }', 'The document has 2 aliases; at most 1 are taken.'],
    ['rootFields', 2, '{ a b }', 'The document has 2 fields at the root of an operation; at most 1 are taken.'],
    ['fragments', 2, '{ a } fragment F on A { a } fragment G on A { a }', 'The document has 2 fragments; at most 1'],
    ['directives', 2, '{ a @x ... @y { b } }', 'The document has 2 directives; at most 1 are taken.'],
  ])('take %s up to %d (%s), and no more', (name, most, text, sentence) => {
    expect(problemsOf(text, { [name]: most })).toEqual([]);
    expect(problemsOf(text, { [name]: most - 1 })).toEqual([expect.stringContaining(sentence)]);
  });

  it('count fields through fragments, wherever these stand and however they nest', () => {
    const text = 'fragment G on A { c { ... on B { d } } } query { a { ...F } } fragment F on A { b { ...G } }';
    expect(problemsOf(text, { depth: 4 })).toEqual([]);
    expect(problemsOf(text, { depth: 3 })).toEqual(['The document is 4 fields deep; at most 3 are taken.']);
  });

  it('judge every operation of a document', () => {
    expect(problemsOf('query A { a } query B { a b }', { rootFields: 1 })).toHaveLength(1);
  });

  it('count what merges into one field at the root once', () => {
    const text = '{ a ...F ... { a b } ...F ...G } fragment F on Query { a ...G } fragment G on Query { b }';
    expect(problemsOf(text, { rootFields: 2 })).toEqual([]);
    expect(problemsOf(text, { rootFields: 1 })).toHaveLength(1);
  });

  it('tell all that is too much at once', () => {
    expect(problemsOf('{ a: b @x c: d @x }', { aliases: 1, directives: 1 })).toHaveLength(2);
  });

  it.each([
    {},
    { descriptions: false },
    { inputValueDeprecation: true, oneOf: true, schemaDescription: true, specifiedByUrl: true },
  ])('take the introspection of IDEs (%j)', (options) => {
    expect(problemsOf(getIntrospectionQuery({ ...options, directiveIsRepeatable: true }))).toEqual([]);
  });

  it('take 200 keys written out', () => {
    expect(
      problemsOf(`{ calls(keys: [${times(200, (n) => `{vdn: 1, callId: "${n}", month: "2025-01"}`)}]) { id } }`),
    ).toEqual([]);
  });

  it('say nothing of what is no document: the parser does', () => {
    for (const text of ['', '{', '}', '{ a(', '\u0000', '{ "', '...', 'type A { b: C }'])
      expect(problemsOf(text)).toEqual([]);
  });
});

describe('a hostile document', () => {
  const chain = (count: number, next: (index: number) => string) =>
    `{ ...F0 } ${times(count, (n) => `fragment F${n} on Query { ${next(n)} }`)}`;

  it.each([
    ['20,000 tokens', `{ ${'a '.repeat(20_000)} }`, 'tokens'],
    ['a million characters of tokens', '{'.repeat(1_000_000), 'deep'],
    ['brackets without end', `{ a(x: ${'['.repeat(1_000)}`, 'deep'],
    ['braces without end', '{a'.repeat(1_000), 'deep'],
    [
      'a chain of fragments that overflows the stack of validation',
      chain(300, (n) => `...F${(n + 1) % 300} ...F${(n + 2) % 300}`),
      'fragments',
    ],
  ])('is refused: %s', (_, text, word) => {
    expect(
      problemsOf(text, { tokens: word === 'tokens' ? limits.tokens : 1_000_000, documentBytes: 1_000_000 }),
    ).toEqual([expect.stringContaining(word)]);
  });

  it('whose fragments double at each step is measured in as many steps as it has fragments', () => {
    // 2^60 fields if each use were followed.
    const text = chain(60, (n) => (n < 59 ? `a { ...F${n + 1} } b { ...F${n + 1} }` : 'a'));
    expect(problemsOf(text, { fragments: 60, depth: 60 })).toEqual([]);
    expect(problemsOf(text, { fragments: 60, depth: 59 })).toEqual([
      'The document is 60 fields deep; at most 59 are taken.',
    ]);
  });

  it('whose fragments contain themselves, or are not there, is left to validation', () => {
    expect(problemsOf('{ ...F } fragment F on Query { a { ...F } ...G } fragment G on Query { ...F }')).toEqual([]);
    expect(problemsOf('{ ...nowhere }')).toEqual([]);
  });

  it('of any tokens in any order makes nothing throw', () => {
    const token = fc.constantFrom(
      '{',
      '}',
      '(',
      ')',
      '[',
      ']',
      ':',
      '...',
      '@',
      '$',
      'a',
      'on',
      'fragment',
      'query',
      'F',
      '1',
      '"',
      '"""',
      '#',
    );
    fc.assert(
      fc.property(fc.array(token, { maxLength: 60 }), (tokens) => {
        expect(Array.isArray(problemsOf(tokens.join(' '), { depth: 3, aliases: 1, fragments: 1 }))).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});
