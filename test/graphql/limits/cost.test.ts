import { describe, expect, it } from '@jest/globals';
import { Kind, parse, type OperationDefinitionNode } from 'graphql';
import { costOf } from '../../../src/graphql/limits/cost.js';
import { fragmentsOf } from '../../../src/graphql/limits/document.js';

function cost(text: string, variables: Readonly<Record<string, unknown>> = {}): number {
  const document = parse(text);
  const [operation] = document.definitions.filter(
    (definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION,
  );
  if (!operation) throw new Error('no operation');
  return costOf(operation, fragmentsOf(document), variables);
}

describe('the cost', () => {
  it.each([
    [1, 'a call', '{ call(vdn: 1, callId: "1") { id } }'],
    [5, 'a refresh', '{ call(vdn: 1, callId: "1", refresh: true) { id } }'],
    [1, 'no refresh', '{ call(vdn: 1, callId: "1", refresh: false) { id } }'],
    [3, 'keys', '{ calls(keys: [{}, {}, {}]) { id } }'],
    [1, 'a key that stands for a list', '{ calls(keys: {}) { id } }'],
    [15, 'keys with refresh', '{ calls(keys: [{}, {}, {}], refresh: true) { id } }'],
    [2, 'references of a router', '{ _entities(representations: [{}, {}]) { __typename } }'],
    [
      5,
      'calls under other names',
      '{ a: call { id } b: call { id } calls(keys: [{}, {}]) { id } node(id: "") { id } }',
    ],
    [5, 'to forget a call', 'mutation { forgetCall(vdn: 1, callId: "1") { forgotten } }'],
    [1, 'a dictionary', '{ codes(table: DEVICE_TYPE) { code } }'],
    [1, 'introspection', '{ __schema { types { name } } }'],
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
