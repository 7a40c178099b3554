import { ApolloServerErrorCode } from '@apollo/server/errors';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { buildASTSchema, isEnumType, parse } from 'graphql';
import { ERROR_CODES, type ErrorCode } from '../../src/call/error-codes.js';
import { readSdl } from '../../src/graphql/sdl.js';
import { startSecured, type Secured } from '../abuse/support/secured.js';
import { send, type Reply } from '../support/client.js';
import { newCallId, startTestGateway, type TestGateway } from '../support/gateway.js';

describe('the error codes', () => {
  it('are the values of CallErrorCode', () => {
    const type = buildASTSchema(parse(readSdl().direct), { assumeValidSDL: true }).getType('CallErrorCode');
    if (!isEnumType(type)) throw new Error('CallErrorCode is no enum');
    expect(type.getValues().map(({ name }) => name)).toEqual([...ERROR_CODES]);
  });

  it('hold those of the GraphQL server', () => {
    expect(ERROR_CODES).toEqual(expect.arrayContaining(Object.values(ApolloServerErrorCode)));
  });
});

/**
 * What makes the gateway answer with each code. Left out: a fault of ours, which needs one (see `apollo.test.ts`), and
 * what the GraphQL server says where it keeps no documents: the document policy refuses such requests before it.
 */
type Provoked = Exclude<ErrorCode, 'INTERNAL_SERVER_ERROR' | 'PERSISTED_QUERY_NOT_SUPPORTED'>;

const FAULTS = {
  UPSTREAM_AUTH_FAILED: 'http-401',
  UPSTREAM_MALFORMED: 'html-200',
  UPSTREAM_UNAVAILABLE: 'http-503',
  UPSTREAM_TIMEOUT: 'hang-before-headers',
  UPSTREAM_REJECTED: 'result-0101001',
} as const;
type OfUpstream = keyof typeof FAULTS;

describe('over HTTP', () => {
  const SETTINGS = {
    CMS_ATTEMPT_TIMEOUT_MS: '3000',
    REQUEST_DEADLINE_MS: '3500',
    CMS_MAX_CONCURRENCY: '1',
    CMS_MAX_QUEUE: '1',
  };
  const MANIFEST = { 'm.json': JSON.stringify({ wanted: '{ callCodes { code } }' }) };
  let gateway: TestGateway;
  let strict: TestGateway;
  let secured: Secured;
  beforeAll(async () => {
    gateway = await startTestGateway(SETTINGS);
    strict = await startTestGateway({ TRUSTED_DOCUMENTS: 'enforce', TRUSTED_DOCUMENTS_FILE: 'm.json' }, MANIFEST);
    secured = await startSecured({ RATE_LIMIT_POINTS_PER_MINUTE: '5' });
  });
  afterEach(() => gateway.simulator.reset());
  afterAll(() => Promise.all([gateway, strict, secured].map((one) => one.close())));

  const call = (argument = '') => `{ call(vdn: 170, callId: "${newCallId()}"${argument}) { id } }`;
  const post = ({ url }: TestGateway, body: string) =>
    send(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  const ask = (document: string) => gateway.query(document);
  const failing = (code: OfUpstream) => () => {
    gateway.simulator.configure({ fault: FAULTS[code] });
    return gateway.query(call());
  };
  const asked = (document: string, holder: 'dashboard' | 'stranger') =>
    secured.gateway.query(document, {}, secured.keys[holder]);

  const PROVOKED: Readonly<Record<Provoked, () => Promise<Reply>>> = {
    UPSTREAM_MALFORMED: failing('UPSTREAM_MALFORMED'),
    UPSTREAM_UNAVAILABLE: failing('UPSTREAM_UNAVAILABLE'),
    UPSTREAM_TIMEOUT: failing('UPSTREAM_TIMEOUT'),
    UPSTREAM_REJECTED: failing('UPSTREAM_REJECTED'),
    UPSTREAM_OVERLOADED: () => {
      gateway.simulator.configure({ fault: 'hang-before-headers' });
      const keys = [1, 2, 3].map(() => ({ vdn: 170, callId: newCallId() }));
      return gateway.query('query ($keys: [CallKeyInput!]!) { calls(keys: $keys) { id } }', { keys });
    },
    UPSTREAM_AUTH_FAILED: failing('UPSTREAM_AUTH_FAILED'), // last of these: it stops the questions
    UNAUTHENTICATED: () => secured.gateway.query(call()),
    AUTHENTICATION_UNAVAILABLE: async () => {
      const other = await startSecured({}, undefined, (issuer) =>
        issuer.answer((response) => response.writeHead(503).end()),
      );
      try {
        return await other.gateway.query(call(), {}, await other.token());
      } finally {
        await other.close();
      }
    },
    FORBIDDEN: () => asked(call(), 'stranger'),
    RATE_LIMITED: async () => {
      let reply = await asked(call(', refresh: true'), 'dashboard');
      while (reply.status === 200) reply = await asked(call(', refresh: true'), 'dashboard');
      return reply;
    },
    OPERATION_TOO_COMPLEX: () => ask(`{ ${Array.from({ length: 300 }, (_, n) => `a${n}: __typename`).join(' ')} }`),
    DOCUMENT_NOT_TRUSTED: () => strict.query(call()),
    PERSISTED_QUERY_NOT_FOUND: () =>
      post(gateway, JSON.stringify({ extensions: { persistedQuery: { version: 1, sha256Hash: '0'.repeat(64) } } })),
    GRAPHQL_PARSE_FAILED: () => ask('{'),
    GRAPHQL_VALIDATION_FAILED: () => ask('{ nothing }'),
    OPERATION_RESOLUTION_FAILURE: () => ask('query A { __typename } query B { __typename }'),
    BAD_USER_INPUT: () => ask(call(', month: "never"')),
    BAD_REQUEST: () => post(gateway, '{'),
  };

  it.each(Object.entries(PROVOKED))('%s leaves the gateway', async (code, provoke) => {
    const { body } = await provoke();
    expect(body.errors?.map(({ extensions }) => extensions.code)).toContain(code);
    for (const { extensions } of body.errors ?? [])
      expect(extensions).toMatchObject({ requestId: expect.any(String), retryable: expect.any(Boolean) });
  });
});
