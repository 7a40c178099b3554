import { ApolloServer } from '@apollo/server';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { GraphContext } from '../../src/graphql/context.js';
import { createObserverPlugin } from '../../src/graphql/observer.js';
import { createContext } from '../../src/graphql/request-context.js';
import { createAnonymous } from '../../src/access/caller.js';
import { ALL_GRANTS } from '../../src/access/grants.js';

/** What the observer was told: kind, name and codes of each operation. */
const told: unknown[][] = [];
/** What was logged as an error. */
const logged: unknown[][] = [];
let server: ApolloServer<GraphContext>;
let isBroken = false;

beforeEach(() => {
  told.length = logged.length = 0;
  isBroken = false;
  const observer = {
    operation(kind: string, name: string | null, codes: readonly string[]) {
      told.push([kind, name, codes]);
      return name ?? 'anonymous';
    },
    answer: () => undefined,
    fastPath: () => undefined,
  };
  server = new ApolloServer<GraphContext>({
    typeDefs: 'type Query { one: Int }',
    plugins: [
      createObserverPlugin(observer, { error: (...line) => void logged.push(line) }),
      {
        requestDidStart: () => (isBroken ? Promise.reject(new Error('a bug of a plugin')) : Promise.resolve()),
      },
    ],
    logger: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
  });
});
afterEach(() => server.stop());

function contextOf(requestId: string): GraphContext {
  const loaderOf = (): never => {
    throw new Error('nothing is loaded here');
  };
  return createContext(requestId, { caller: createAnonymous(ALL_GRANTS, true), points: null }, loaderOf, () => false);
}

describe('the plugin of the observer', () => {
  it('tells an operation, its name and codes, and leaves them to the line of the request', async () => {
    const contextValue = contextOf('r1');
    await server.executeOperation({ query: 'query Today { one }' }, { contextValue });
    expect(told).toEqual([['query', 'Today', []]]);
    expect(contextValue).toMatchObject({ operationName: 'Today', outcomes: [] });
    const other = contextOf('r2');
    await server.executeOperation({ query: 'query Today { two two2: two }' }, { contextValue: other });
    expect(told.at(-1)).toEqual(['none', null, ['GRAPHQL_VALIDATION_FAILED']]);
    expect(other).toMatchObject({ operationName: null, outcomes: ['GRAPHQL_VALIDATION_FAILED'] });
    expect(logged).toEqual([]);
  });

  it('counts an error outside of an operation, and logs it once with the id of its request', async () => {
    isBroken = true;
    const contextValue = contextOf('r3');
    await expect(server.executeOperation({ query: '{ one }' }, { contextValue })).rejects.toThrow();
    expect(told).toEqual([['none', null, ['INTERNAL_SERVER_ERROR']]]);
    expect(contextValue.outcomes).toEqual(['INTERNAL_SERVER_ERROR']);
    expect(logged).toEqual([
      [
        { requestId: 'r3', err: expect.objectContaining({ message: 'a bug of a plugin' }) },
        'unexpected error outside of an operation',
      ],
    ]);
  });
});
