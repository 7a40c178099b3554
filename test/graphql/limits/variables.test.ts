import { describe, expect, it } from '@jest/globals';
import type { Limits } from '../../../src/graphql/limits/limits.js';
import { variablesProblem } from '../../../src/graphql/limits/variables.js';

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
