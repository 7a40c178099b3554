import { describe, expect, it } from '@jest/globals';
import type { Limits } from '../../../src/graphql/limits/limits.js';
import { variablesProblem } from '../../../src/graphql/limits/variables.js';
import { createCountedGraph } from './support/counted-graph.js';

const problemOf = (variables: Record<string, unknown>, limits: Partial<Limits>): string | null =>
  variablesProblem(variables, { variablesBytes: 1_000_000, variablesDepth: 8, ...limits } as Limits);

describe('the limits of variables', () => {
  it('count bytes of JSON, not characters', () => {
    expect(problemOf({ a: 'é' }, { variablesBytes: 10 })).toBeNull();
    expect(problemOf({ a: 'é' }, { variablesBytes: 9 })).toBe(
      'The variables are 10 bytes of JSON; at most 9 are taken.',
    );
  });

  it.each([
    [1, { a: [] }],
    [1, { a: [1], b: { c: null } }],
    [2, { a: 1, keys: [{ vdn: 1 }] }],
    [3, { a: [[], { b: {} }] }],
  ])('count %d levels in %j', (depth, variables) => {
    expect(problemOf(variables, { variablesDepth: depth })).toBeNull();
    expect(problemOf(variables, { variablesDepth: depth - 1 })).toContain(`more than ${depth - 1} deep`);
  });

  it('count none in values alone', () => {
    expect(problemOf({ a: 1, b: 'x', c: null, d: true }, { variablesDepth: 0 })).toBeNull();
  });

  it('refuse a value nested 100,000 deep without following it down', () => {
    const deep = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`) as unknown;
    expect(problemOf({ deep }, {})).toBe(
      'The variables nest lists and objects more than 8 deep, which is the most taken.',
    );
  });
});

describe('values of variables that are not of their types', () => {
  const SIZE = 10_000;
  const graph = createCountedGraph();
  const CALLS = 'query ($keys: [CallKeyInput!]!) { calls(keys: $keys) { callId } }';
  const fields = (count: number): object =>
    Object.fromEntries(Array.from({ length: count }, (_, n) => [`f${n}`, 1] as const));

  it.each<[string, object[]]>([
    ['one key with 10,000 fields that no key has', [{ vdn: 170, callId: '1', ...fields(SIZE) }]],
    ['5 keys with 2,000 such fields', Array.from({ length: 5 }, () => ({ vdn: 1, callId: '1', ...fields(SIZE / 5) }))],
    ['an object in place of a number', [{ vdn: fields(SIZE), callId: '1' }]],
  ])('are read a few times at most, however many mistakes they hold: %s', async (_, keys) => {
    const counter = { reads: 0 };
    const { code } = await graph.ask(CALLS, { keys: keys.map((key) => countingReads(key, counter)) });
    expect(code).toBe('BAD_USER_INPUT');
    expect(counter.reads).toBeGreaterThan(SIZE);
    expect(counter.reads).toBeLessThan(8 * SIZE);
  });
});

/** The same object, which counts each look at one of its fields. */
function countingReads(value: object, counter: { reads: number }): object {
  return new Proxy(value, {
    get(target, name, receiver): unknown {
      counter.reads += 1;
      const found: unknown = Reflect.get(target, name, receiver);
      return typeof found === 'object' && found !== null ? countingReads(found, counter) : found;
    },
    getOwnPropertyDescriptor(target, name) {
      counter.reads += 1;
      return Reflect.getOwnPropertyDescriptor(target, name);
    },
  });
}
