import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import pino from 'pino';
import { createAnonymous } from '../../src/access/caller.js';
import { ALL_GRANTS } from '../../src/access/grants.js';
import { eachKey } from '../../src/call/fetch-traces.js';
import { openServers, type GatewayServers } from '../../src/gateway/servers.js';
import { createTurns } from '../../src/graphql/limits/turns.js';
import { createLoader } from '../../src/loader.js';
import { loadConfig } from '../../src/config/config.js';
import { createDocumentPolicy } from '../../src/graphql/document-policy.js';
import { createApolloServer } from '../../src/graphql/apollo.js';
import { createPersistedQueries } from '../../src/graphql/persisted-queries.js';
import { postOperation } from '../support/client.js';
import { environmentFor, newCallId, startTestGateway, type TestGateway } from '../support/gateway.js';
import { createTestClock } from '../support/traces.js';
import { SCHEMA } from './fast-path/support/graph.js';

describe('introspection', () => {
  const DOCUMENT = '{ __schema { queryType { name } } }';
  let gateway: TestGateway;
  afterEach(() => gateway.close());

  it.each<Record<string, string>>([
    { NODE_ENV: 'test' },
    { NODE_ENV: 'development' },
    { NODE_ENV: 'production', INTROSPECTION: 'true' },
  ])('is answered with %j', async (settings) => {
    gateway = await startTestGateway(settings);
    expect((await gateway.query(DOCUMENT)).body).toEqual({ data: { __schema: { queryType: { name: 'Query' } } } });
    expect((await gateway.query('{ nod }')).body.errors?.[0]?.message).toContain('Did you mean "node"?');
  });

  it.each<Record<string, string>>([{ NODE_ENV: 'production' }, { NODE_ENV: 'development', INTROSPECTION: 'false' }])(
    'is refused with %j, and errors hint at no field',
    async (settings) => {
      gateway = await startTestGateway(settings);
      const { status, body } = await gateway.query(DOCUMENT);
      expect(status).toBe(400);
      expect(body.data).toBeUndefined();
      expect(body.errors?.[0]?.message).toContain('introspection is not allowed');
      expect((await gateway.query('{ nod }')).body.errors?.[0]?.message).toBe(
        'Cannot query field "nod" on type "Query".',
      );
      expect((await gateway.query('{ __typename }')).body).toEqual({ data: { __typename: 'Query' } });
    },
  );
});

describe('an error that nobody expected', () => {
  const logLines: string[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void logLines.push(line) });
  const secret = 'the customer 5550123456 broke it';
  const broken = eachKey(() => Promise.reject(new TypeError(secret)));
  const { limits, server } = loadConfig({ ...environmentFor({ url: 'http://127.0.0.1' }), DRAIN_MS: '0' }, () => '');
  const documents = createDocumentPolicy(limits, undefined);
  const apollo = createApolloServer({
    ...{ limits, points: null, turns: createTurns(), trusted: undefined, fastPath: null, introspection: true, log },
    persistedQueries: createPersistedQueries(null, documents.isWithinLimits),
    schema: SCHEMA,
    audit: () => undefined,
    observer: { operation: () => 'none', answer: () => undefined, fastPath: () => undefined },
  });
  let servers: GatewayServers;
  beforeAll(async () => {
    await apollo.start();
    servers = await openServers(server, {
      graphql: {
        ...{ apollo, documents, fastPath: null, tracing: null, clock: createTestClock() },
        authenticate: () => ({ caller: createAnonymous(ALL_GRANTS, true), points: null }),
        createLoader: (ask) => createLoader(broken, ask),
      },
      state: () => ({}),
      viewer: null,
      reference: null,
      metrics: () => Promise.resolve({ contentType: 'text/plain', body: '' }),
      ...{ log, requestLog: log, onRefused: () => undefined },
    });
  });
  afterAll(async () => {
    await servers.stop();
    await apollo.stop();
  });

  it('is masked for the client, and logged whole under the ID that the client is told', async () => {
    const { status, headers, body } = await postOperation(
      `${servers.url}/graphql`,
      `{ call(vdn: 170, callId: "${newCallId()}") { id } }`,
    );
    const requestId = headers.get('x-request-id');
    expect(status).toBe(200);
    expect(body).toEqual({
      data: { call: null },
      errors: [
        {
          message: 'Internal server error',
          locations: [{ line: 1, column: 3 }],
          path: ['call'],
          extensions: { code: 'INTERNAL_SERVER_ERROR', retryable: false, requestId },
        },
      ],
    });
    const lines = logLines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.filter((line) => line['level'] === 50)).toMatchObject([
      {
        requestId,
        msg: 'unexpected error while answering',
        err: { type: 'TypeError', message: secret, stack: expect.stringContaining('apollo.test') },
      },
    ]);
  });
});
