import { describe, expect, it } from '@jest/globals';
import { Kind, parse, type OperationDefinitionNode } from 'graphql';
import { costOf, pointsOfRefusals, type Cost } from '../../../src/graphql/limits/cost.js';
import { fragmentsOf } from '../../../src/graphql/limits/document.js';

const LIMITS = { cost: 1_050, fields: 50_000 };

function costFor(text: string, variables: Readonly<Record<string, unknown>> = {}, limits = LIMITS): Cost {
  const document = parse(text);
  const [operation] = document.definitions.filter(
    (definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION,
  );
  if (!operation) throw new Error('no operation');
  return costOf(operation, fragmentsOf(document), variables, limits);
}

const cost = (text: string, variables: Readonly<Record<string, unknown>> = {}): number =>
  costFor(text, variables).points;

describe('the cost', () => {
  it.each([
    [1, 'a call', '{ call(vdn: 1, callId: "1") { id } }'],
    [5, 'a refresh', '{ call(vdn: 1, callId: "1", refresh: true) { id } }'],
    [1, 'no refresh', '{ call(vdn: 1, callId: "1", refresh: false) { id } }'],
    [3, 'keys', '{ calls(keys: [{}, {}, {}]) { id } }'],
    [10, 'results, asked anew', '{ callResults(keys: [{}, {}], refresh: true) { __typename } }'],
    [1, 'a key that stands for a list', '{ calls(keys: {}) { id } }'],
    [15, 'keys with refresh', '{ calls(keys: [{}, {}, {}], refresh: true) { id } }'],
    [2, 'references of a router', '{ _entities(representations: [{}, {}]) { __typename } }'],
    [
      5,
      'calls under other names',
      '{ a: call { id } b: call { id } calls(keys: [{}, {}]) { id } node(id: "") { id } }',
    ],
    [5, 'to forget a call', 'mutation { forgetCall(vdn: 1, callId: "1") { forgotten } }'],
    [1, 'a dictionary', '{ callCodes(table: DEVICE_TYPE) { code } }'],
    [1, 'a little introspection', '{ __schema { types { name } } }'],
    [1, 'nothing that is left in', '{ call @skip(if: true) { id } }'],
    [1, 'no keys', '{ calls(keys: []) { id } }'],
  ])('is %d for %s', (expected, _, text) => {
    expect(cost(text)).toBe(expected);
  });

  it('counts keys and refresh in variables, and in their defaults', () => {
    const text =
      'query ($keys: [CallKeyInput!]! = [{}, {}], $refresh: Boolean = true) { calls(keys: $keys, refresh: $refresh) { id } }';
    expect(cost(text)).toBe(10);
    expect(cost(text, { keys: [{}, {}, {}], refresh: false })).toBe(3);
    expect(cost(text, { keys: Array.from({ length: 200 }, () => ({})) })).toBe(1000);
    expect(cost('query ($a: X) { calls(keys: [$a, $a]) { id } }', { a: {} })).toBe(2);
  });

  it('counts the fields of keys that `callResults` refuses, for each is an object, and no other lists', () => {
    const costOfKeys = (field: string, keys: number): { fields: number; items: number } =>
      costFor(`query ($keys: [CallKeyInput!]!) { ${field}(keys: $keys) { ... on CallProblem { code message } } }`, {
        keys: Array<object>(keys).fill({}),
      });
    const [all, more] = [costOfKeys('callResults', 200), costOfKeys('callResults', 1_000)];
    expect(more.fields - all.fields).toBe(800 * 3); // the object, and its two fields
    expect(costFor('{ callCodes { code } __typename }', {}).items).toBe(0);
  });

  it('counts the items of a list up to its limit, and those beyond as refusals', () => {
    const text =
      'query ($keys: [CallKeyInput!]!) { a: calls(keys: $keys) { id } b: callResults(keys: $keys) { __typename } }';
    expect(costFor(text, { keys: Array<object>(201).fill({}) })).toMatchObject({
      points: 401,
      items: 400,
      refusals: 2,
    });
    const lists =
      'query ($r: [_Any!]!) { a: _entities(representations: $r) { __typename } b: _entities(representations: $r) { __typename } }';
    const { items, refusals } = costFor(lists, { r: Array<object>(1_000).fill({}) });
    expect([items > 1_000, items < 1_050, items + refusals]).toEqual([true, true, 2_000]);
    expect([0, 1, 10, 11].map(pointsOfRefusals)).toEqual([0, 1, 1, 2]);
  });

  it('leaves out what the variables leave out', () => {
    const text = `query ($off: Boolean!, $on: Boolean = true) {
      a: call @skip(if: $off) { id }
      b: call @include(if: $on) { id }
      ...F @skip(if: $off) ... @include(if: $off) { c: call { id } }
    } fragment F on Query { d: call { id } }`;
    expect(cost(text, { off: true })).toBe(2);
    expect(cost(text, { off: false })).toBe(3);
    expect(cost(text, { off: true, on: false })).toBe(1);
  });

  it('counts what merges into one field once, and a fragment once', () => {
    expect(cost('{ call { id } call { vdn } ...F ...F } fragment F on Query { call { id } a: call { id } }')).toBe(2);
  });

  it.each<Record<string, unknown>>([
    { keys: 7, refresh: 'true' },
    { keys: null, refresh: {} },
    { keys: { length: 1e9 }, refresh: [true] },
    JSON.parse('{"__proto__": {"refresh": true}, "keys": "x"}') as Record<string, unknown>,
  ])('is a number for variables of wrong types, which the execution refuses (%j)', (variables) => {
    expect(
      cost('query ($keys: X, $refresh: Boolean) { calls(keys: $keys, refresh: $refresh) { id } }', variables),
    ).toBe(1);
  });
});

describe('the fields of an answer', () => {
  const fields = (text: string, variables: Readonly<Record<string, unknown>> = {}): number =>
    costFor(text, variables).fields;
  const [ROOT, OBJECT, LEGS] = [1, 1, 10];

  it.each([
    [ROOT + OBJECT + 2, 'a call with its fields', '{ call { id vdn } }'],
    [ROOT + 3 * (OBJECT + 1), 'each call of a list', '{ calls(keys: [{}, {}, {}]) { id } }'],
    [ROOT, 'an empty list', '{ calls(keys: []) { id legs { position } } }'],
    [ROOT + OBJECT + 1 + LEGS * (OBJECT + 2), 'legs', '{ call { legs { position isLast } } }'],
    [ROOT + OBJECT + 2 + 2 * LEGS * (OBJECT + 1), 'legs twice', '{ call { a: legs { position } b: legs { isLast } } }'],
    [ROOT + OBJECT + 1 + LEGS * (OBJECT + 2), 'what merges', '{ call { legs { position } legs { position isLast } } }'],
    [ROOT + OBJECT + 3, 'aliases', '{ call { a: id b: id c: id } }'],
    [2 * (ROOT + OBJECT + 1), 'aliases of a call', '{ a: call { id } b: call { id } }'],
    [ROOT + OBJECT + 2, 'an object below', '{ call { freshness { source } } }'],
    [ROOT + OBJECT + 2, 'fragments once', '{ call { ...F ...F ... on Call { vdn } } } fragment F on Call { id }'],
    [ROOT + OBJECT + 1, 'what is left in', '{ call { id vdn @skip(if: true) legs @include(if: false) { position } } }'],
    [ROOT + OBJECT + LEGS + 3, 'what is derived', '{ call { verdict answered endedBy } }'],
    [ROOT + OBJECT + LEGS + 1 + 2, 'totals', '{ call { totals { talkingMs holdMs } } }'],
    [ROOT + OBJECT + LEGS + 1 + 10 * (OBJECT + 1), 'a timeline', '{ call { timeline { state } } }'],
    [
      ROOT + OBJECT + LEGS + 1 + 10 * (OBJECT + 2 + OBJECT + 1),
      'links',
      '{ call { links { kind evidence { leg } } } }',
    ],
    [ROOT + OBJECT + LEGS + 2 + 2 * (OBJECT + 1), 'an ending', '{ call { ending { evidence { says } } } }'],
    [ROOT + OBJECT + LEGS + 2 + 10 * (OBJECT + 1), 'sentences', '{ call { narrative { sentences { text } } } }'],
    [ROOT + OBJECT + LEGS + 1 + 10 * 4, 'a text, by its lines', '{ call { text(as: CSV) } }'],
    [ROOT + 2 * (OBJECT + 1), 'results', '{ callResults(keys: [{}, {}]) { __typename } }'],
    [ROOT + 150 * (OBJECT + 1), 'a dictionary', '{ callCodes(table: DEVICE_TYPE) { name } }'],
    [ROOT + 500 * (OBJECT + 1), 'all dictionaries', 'query ($t: CallCodeTable) { callCodes(table: $t) { name } }'],
    [ROOT + OBJECT + 2, 'a limit of points', '{ callRateLimit { limit cost } }'],
  ])('are %d for %s', (expected, _, text) => {
    expect(fields(text)).toBe(expected);
  });

  it('cost a point for each 500', () => {
    const text = `{ calls(keys: $keys) { ${Array.from({ length: 9 }, (_, n) => `a${n}: id`).join(' ')} } }`;
    const pointsFor = (count: number): number => cost(text, { keys: Array.from({ length: count }, () => ({})) });
    expect([pointsFor(49), pointsFor(50), pointsFor(100)]).toEqual([49, 51, 102]);
  });

  it('of many names through fragments that double at each step are counted in as many steps as there are fragments', () => {
    const chain = Array.from(
      { length: 60 },
      (_, n) => `fragment F${n} on Query { a { ...F${n + 1} } b { ...F${n + 1} } }`,
    );
    expect(fields(`{ ...F0 } ${chain.join(' ')} fragment F60 on Query { a }`)).toBeGreaterThan(2 ** 59);
  });
});
