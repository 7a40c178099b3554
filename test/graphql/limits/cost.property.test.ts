import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CALL_FIELDS, LEG_FIELDS, times } from '../../../bench/heavy-operations.js';
import { FIELDS_PER_SHARE, FIELDS_PER_TURN } from '../../../src/graphql/limits/turns.js';
import { createCountedGraph, type Counted } from './support/counted-graph.js';

/** `npm run fuzz` asks for more. */
const CASES = Math.max(60, Number(process.env['FUZZ_CASES'] ?? 0) / 20);
/** More than any machine needs for one case. Unit: ms. */
const CASE_MS = 2_000;

const graph = createCountedGraph();

/** A turn is over once its fields are; the last share of it may be as long as a share, and a call's own fields longer. */
const MOST_IN_A_TURN = FIELDS_PER_TURN + 2 * FIELDS_PER_SHARE;
/** Names and values of this schema, with JSON around them, take no more. Unit: characters. */
const LENGTH_OF_FIELD = 80;

function expectBounded({ code, fields, mostInATurn, counted, length }: Counted): void {
  expect([null, 'OPERATION_TOO_COMPLEX']).toContain(code);
  expect(fields).toBeLessThanOrEqual(graph.maxFields);
  expect(mostInATurn).toBeLessThanOrEqual(MOST_IN_A_TURN);
  expect(length).toBeLessThanOrEqual(graph.maxFields * LENGTH_OF_FIELD);
  if (code === null) expect(counted).toBeGreaterThanOrEqual(fields);
}

const LEAVES = { Call: names(CALL_FIELDS.replace(/freshness \{.*\}/s, '')), CallLeg: names(LEG_FIELDS) };
/** What is derived from all legs, with most of what can be asked of it. */
const DERIVED = [
  'verdict',
  'evidence { leg field says }',
  'ending { party evidence { code name says } }',
  'timeline { state from to durationMs legs }',
  'totals { durationMs talkingMs }',
  'links { kind from to evidence { leg says confidence } }',
  'transfers { kind evidence { says } }',
  'holds { by from to }',
  'participants { role deviceId times { talkMs holdMs } }',
  'findings { code legs numbers ms }',
  'narrative { headline sentences { text legs } }',
  'x: timeline { state }',
];
const alias = (n: number): string => `x${n}: `;

/** Fields of a leg: many or few, repeated, under other names, in a fragment. */
const legs = fc
  .record({
    fields: fc.subarray(LEAVES.CallLeg, { minLength: 1 }),
    aliases: fc.nat(20),
    repeated: fc.nat(3),
    inFragment: fc.boolean(),
  })
  .map(({ fields, aliases, repeated, inFragment }) => {
    const [first = ''] = fields;
    const text = [...Array<string>(repeated + 1).fill(fields.join(' ')), times(aliases, (n) => alias(n) + first)].join(
      ' ',
    );
    return inFragment ? '...L' : text;
  });
const call = fc
  .record({
    fields: fc.subarray(LEAVES.Call, { minLength: 1 }),
    legs: fc.array(legs, { maxLength: 4 }),
    freshness: fc.boolean(),
    derived: fc.subarray(DERIVED),
    aliases: fc.nat(10),
  })
  .map(({ fields, legs: all, freshness, derived, aliases }) =>
    [
      ...fields,
      ...derived,
      times(aliases, (n) => `${alias(n)}callerNoHash`),
      ...all.map((one, n) => `l${n}: legs { ${one} }`),
      ...(freshness ? ['freshness { final ageMs x: final }'] : []),
    ].join(' '),
  );
const root = fc
  .record({
    field: fc.constantFrom(
      'calls(keys: $keys)',
      'callResults(keys: $keys)',
      '_entities(representations: $references)',
      'node(id: $id)',
      'callCodes',
    ),
    below: call,
    inFragment: fc.boolean(),
  })
  .map(({ field, below, inFragment }) => {
    if (field === 'callCodes') return 'callCodes(table: RELEASE_CAUSE) { name meaning x: meaning }';
    const selection = inFragment ? '...C' : below;
    return `${field} { ${field.startsWith('calls(') ? selection : `... on Call { ${selection} }`} }`;
  });
const operation = fc.record({
  roots: fc.array(root, { minLength: 1, maxLength: 6 }),
  fragment: call,
  ofLeg: fc.subarray(LEAVES.CallLeg, { minLength: 1 }),
  keys: fc.oneof(fc.nat(10), fc.nat(200)),
  legs: fc.constantFrom(1, 4, 10, 40, 400, 2_000),
});

describe('whatever is asked of the standard path', () => {
  it(
    'holds the event loop for a bounded number of fields, and has a bounded answer',
    async () => {
      const outcomes = new Map<string | null, number>();
      await fc.assert(
        fc.asyncProperty(operation, async ({ roots, fragment, ofLeg, keys, legs: legCount }) => {
          const asked = roots.map((one, n) => `r${n}: ${one}`).join('\n');
          const document =
            `query ($keys: [CallKeyInput!] = [], $references: [_Any!] = [], $id: ID = "") { ${asked} unused: __typename @include(if: false)
            ...All @include(if: false) }
            fragment All on Query { node(id: $id) { ...C } calls(keys: $keys) { id } callResults(keys: $keys) { __typename } _entities(representations: $references) { __typename } }
            fragment C on Call { ${fragment} unused: legs @include(if: false) { ...L } } fragment L on CallLeg { ${ofLeg.join(' ')} }`
              .replace('[CallKeyInput!] =', '[CallKeyInput!]! =')
              .replace('[_Any!] =', '[_Any!]! =')
              .replace('ID =', 'ID! =');
          const result = await graph.ask(document, variablesFor(keys, legCount));
          outcomes.set(result.code, (outcomes.get(result.code) ?? 0) + 1);
          expectBounded(result);
        }),
        { numRuns: CASES },
      );
      // That it was asked in earnest: answers, and refusals.
      expect([...outcomes.keys()].sort()).toEqual(['OPERATION_TOO_COMPLEX', null]);
    },
    CASES * CASE_MS,
  );
});

describe('the heaviest operations that were found', () => {
  const ALL = `{ ${CALL_FIELDS} legs { ${LEG_FIELDS} } }`;
  it.each<[string, string, number, number]>([
    ['25 calls of 40 legs, all fields', `calls(keys: $keys) ${ALL}`, 25, 40],
    [
      '200 calls of 400 legs, a fifth of the fields',
      'calls(keys: $keys) { legs { position isLast callEnd } }',
      200,
      400,
    ],
    ['one call of 1,400 legs, all fields', `calls(keys: $keys) ${ALL}`, 1, 1_400],
    ['one call of 10,000 legs', 'calls(keys: $keys) { durationMs legs { position } }', 1, 10_000],
    [
      'one call of 10,000 legs, final 600 times',
      `calls(keys: $keys) { ${times(24, (n) => `f${n}: freshness { ...F }`)} }`,
      1,
      10_000,
    ],
    ['one call of 1,000 legs, all that is derived', `calls(keys: $keys) { ${DERIVED.join(' ')} }`, 1, 1_000],
    ['one call of 10,000 legs, and its verdict', 'calls(keys: $keys) { verdict }', 1, 10_000],
    ['200 calls of 2,000 legs, and their verdicts', 'calls(keys: $keys) { verdict }', 200, 2_000],
    ['dictionaries under 12 names', times(12, (n) => `d${n}: callCodes(table: RELEASE_CAUSE) { ...D }`), 0, 0],
  ])('hold it no longer: %s', async (_, asked, keys, legCount) => {
    const fragments = [
      asked.includes('...F') ? `fragment F on CallFreshness { ${times(24, (n) => `${alias(n)}final`)} }` : '',
      asked.includes('...D') ? `fragment D on CallCode { ${times(25, (n) => `${alias(n)}meaning`)} }` : '',
    ];
    const head = asked.includes('$keys') ? 'query ($keys: [CallKeyInput!]!)' : 'query';
    const result = await graph.ask(`${head} { ${asked} } ${fragments.join(' ')}`, variablesFor(keys, legCount));
    expectBounded(result);
  });

  it('complete an answer near the limit in many turns', async () => {
    const result = await graph.ask(
      `query ($keys: [CallKeyInput!]!) { calls(keys: $keys) ${ALL} }`,
      variablesFor(1, 1_400),
    );
    expect(result.code).toBeNull();
    expect(result.fields).toBeGreaterThan(40_000);
    expect(result.mostInATurn).toBeLessThan(result.fields / 3);
  });
});

function variablesFor(keys: number, legCount: number) {
  const all = Array.from({ length: keys }, (_, n) => ({ vdn: 170, callId: `${1_749_974_400 + n}-${legCount}` }));
  return {
    keys: all,
    references: all.map((key) => ({ __typename: 'Call', ccId: 1, month: '2025-06', ...key })),
    id: Buffer.from(`Call:1:170:2025-06:1749974400-${legCount}`).toString('base64url'),
  };
}

function names(fields: string): string[] {
  return fields.split(/\s+/).filter((name) => name !== '');
}
