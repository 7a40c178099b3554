import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { send } from '../support/client.js';
import { newCallId, startTestGateway, type TestGateway } from '../support/gateway.js';

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

describe('the gateway', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway();
  });
  afterAll(() => gateway.close());

  it.each(['/nowhere', '//', '/graphql/', '/graphql/x', '/healthz/x', '/Graphql'])(
    'answers the path %s with 404 and says where the graph is',
    async (path) => {
      const { status, headers, body } = await send(gateway.url + path);
      expect(status).toBe(404);
      expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
      expect(body).toEqual({
        errors: [
          {
            message: 'nothing is served at this path; the graph is at /graphql',
            extensions: { code: 'BAD_REQUEST', retryable: false, requestId: headers.get('x-request-id') },
          },
        ],
      });
    },
  );

  it('says at /healthz that the process lives, and at /readyz that it takes requests', async () => {
    expect(await send(`${gateway.url}/healthz`)).toMatchObject({ status: 200, body: { status: 'ok' } });
    expect(await send(`${gateway.url}/readyz?verbose`)).toMatchObject({
      status: 200,
      body: { ready: true, redis: 'off' },
    });
  });

  it('is ready though the contact centre is away', async () => {
    const lonely = await startTestGateway({ CMS_BASE_URL: 'http://127.0.0.1:9' });
    try {
      expect(await send(`${lonely.url}/readyz`)).toMatchObject({ status: 200 });
      const { body } = await lonely.query(`{ call(vdn: 170, callId: "${newCallId()}") { id } }`);
      expect(body.errors).toMatchObject([{ extensions: { code: 'UPSTREAM_UNAVAILABLE', retryable: true } }]);
    } finally {
      await lonely.close();
    }
  });

  describe('gives every request an ID and', () => {
    it.each(['7f3a', 'a', 'trace:1/2+3=.4_5-6', 'x'.repeat(128)])('keeps a good one from outside: %s', async (id) => {
      const { headers, body } = await gateway.query('{ nope }', {}, { 'x-request-id': id });
      expect(headers.get('x-request-id')).toBe(id);
      expect(body.errors).toMatchObject([{ extensions: { requestId: id } }]);
      expect(gateway.logLines.some((line) => line.includes(`"requestId":"${id}"`))).toBe(true);
    });

    it.each(['two words', '"quoted"', '<b>', 'ü', 'x'.repeat(129)])('replaces a bad one: %s', async (id) => {
      const { headers, body } = await gateway.query('{ nope }', {}, { 'x-request-id': id });
      expect(headers.get('x-request-id')).toMatch(UUID);
      expect(body.errors?.[0]?.extensions['requestId']).toBe(headers.get('x-request-id'));
    });

    it('makes one where none came, another each time', async () => {
      const ids = await Promise.all([1, 2].map(async () => (await gateway.query('{ __typename }')).headers));
      const [first, second] = ids.map((headers) => headers.get('x-request-id'));
      expect(first).toMatch(UUID);
      expect(second).toMatch(UUID);
      expect(first).not.toBe(second);
    });

    it.each([
      ['without a body', { method: 'POST', headers: { 'content-type': 'application/json' } }],
      ['of an unknown method', { method: 'DELETE', headers: { 'content-type': 'application/json' } }],
      ['with several operations', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '[{}]' }],
      ['with nothing to do', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }],
    ])('names it in the refusal of a request %s', async (_, init) => {
      const { status, headers, body } = await send(`${gateway.url}/graphql`, init);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
      expect(body.errors).toMatchObject([
        { message: expect.any(String), extensions: { retryable: false, requestId: headers.get('x-request-id') } },
      ]);
    });
  });
});

describe('pages of other origins', () => {
  const PREFLIGHT = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' };
  let gateway: TestGateway;
  afterEach(() => gateway.close());

  const preflight = (origin: string) =>
    send(`${gateway.url}/graphql`, { method: 'OPTIONS', headers: { origin, ...PREFLIGHT } });
  const ask = (origin: string) => gateway.query('{ __typename }', {}, { origin });

  it('may ask from anywhere if CORS_ORIGINS is *', async () => {
    gateway = await startTestGateway({ CORS_ORIGINS: '*' });
    const reply = await ask('https://any.example');
    expect(reply).toMatchObject({ status: 200, body: { data: { __typename: 'Query' } } });
    expect(reply.headers.get('access-control-allow-origin')).toBe('*');
    expect(reply.headers.get('access-control-expose-headers')).toBe('x-request-id, retry-after');
    expect(reply.headers.get('access-control-allow-credentials')).toBeNull();
  });

  it('may ask from the origins listed, and browsers keep the others out', async () => {
    gateway = await startTestGateway({ CORS_ORIGINS: 'https://one.example, https://two.example:8443' });
    for (const origin of ['https://one.example', 'https://two.example:8443']) {
      const { headers } = await ask(origin);
      expect(headers.get('access-control-allow-origin')).toBe(origin);
      expect(headers.get('vary')).toMatch(/\borigin\b/i);
      expect((await preflight(origin)).headers.get('access-control-allow-origin')).toBe(origin);
    }
    for (const origin of ['https://three.example', 'https://one.example.evil.example', 'http://one.example', 'null']) {
      expect((await ask(origin)).headers.get('access-control-allow-origin')).toBeNull();
      expect((await preflight(origin)).headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  it('may not ask in production unless that is configured', async () => {
    gateway = await startTestGateway({ NODE_ENV: 'production' });
    const { status, headers } = await ask('https://any.example');
    expect(status).toBe(200);
    expect(headers.get('access-control-allow-origin')).toBeNull();
    const refused = await preflight('https://any.example');
    expect(refused.status).toBe(204);
    for (const name of ['origin', 'methods', 'headers'])
      expect(refused.headers.get(`access-control-allow-${name}`)).toBeNull();
  });

  it('may be Apollo Sandbox: its preflight is allowed and its introspection answered', async () => {
    gateway = await startTestGateway();
    const origin = 'https://studio.apollographql.com';
    const { status, headers } = await preflight(origin);
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toMatch(/^(\*|https:\/\/studio\.apollographql\.com)$/);
    expect(headers.get('access-control-allow-headers')).toBe('content-type');
    expect(headers.get('access-control-allow-methods')).toContain('POST');
    const reply = await gateway.query(
      'query IntrospectionQuery { __schema { queryType { name } types { kind name description } directives { name } } }',
      {},
      { origin },
    );
    expect(reply.headers.get('access-control-allow-origin')).toMatch(/^(\*|https:\/\/studio\.apollographql\.com)$/);
    expect(reply.body).toMatchObject({
      data: {
        __schema: {
          queryType: { name: 'Query' },
          types: expect.arrayContaining([{ kind: 'OBJECT', name: 'Call', description: expect.any(String) }]),
        },
      },
    });
    expect(reply.body.errors).toBeUndefined();
  });
});
