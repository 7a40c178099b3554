import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { send } from '../support/client.js';
import { newCallId, startTestGateway, type TestGateway } from '../support/gateway.js';
import { connectRaw } from '../support/raw.js';

const JSON_TYPE = { 'content-type': 'application/json' };
const FORGET = (callId: string) => `mutation { forgetCall(vdn: 170, callId: "${callId}") { forgotten } }`;

describe('a gateway in production', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({ NODE_ENV: 'production', CORS_ORIGINS: 'https://dashboard.example' });
  });
  afterAll(() => gateway.close());
  const post = (body: string, headers: Record<string, string> = JSON_TYPE) =>
    send(`${gateway.url}/graphql`, { method: 'POST', headers, body });

  it.each([
    ['text/plain', `{"query":"{ __typename }"}`],
    ['application/x-www-form-urlencoded', 'query={__typename}'],
    [
      'multipart/form-data; boundary=x',
      '--x\r\ncontent-disposition: form-data; name="query"\r\n\r\n{__typename}\r\n--x--',
    ],
    ['', `{"query":"{ __typename }"}`],
  ])('takes no request that a page of another site can send without being asked: %s', async (type, body) => {
    const { status, body: answer } = await post(body, type === '' ? {} : { 'content-type': type });
    expect([status, answer.data]).toEqual([415, undefined]);
  });

  it('takes no GET that a page of another site can send, either', async () => {
    const url = `${gateway.url}/graphql?query={__typename}`;
    expect((await send(url)).status).toBe(400);
    expect((await send(url, { headers: { 'apollo-require-preflight': '1' } })).status).toBe(200);
  });

  it('runs no mutation by GET', async () => {
    const callId = newCallId();
    const ask = () => gateway.query(`{ call(vdn: 170, callId: "${callId}") { id } }`);
    await ask();
    const { status } = await send(`${gateway.url}/graphql?query=${encodeURIComponent(FORGET(callId))}`, {
      headers: { 'apollo-require-preflight': '1' },
    });
    expect(status).toBe(405);
    await ask();
    expect(gateway.simulator.countOf(callId)).toBe(1);
  });

  it('lets the pages of listed origins ask, and no others', async () => {
    for (const [origin, allowed] of [
      ['https://dashboard.example', 'https://dashboard.example'],
      ['https://dashboard.example.evil.example', null],
      ['https://evil-dashboard.example', null],
      ['http://dashboard.example', null],
      ['null', null],
    ] as const) {
      const { headers } = await gateway.query('{ __typename }', {}, { origin });
      expect([origin, headers.get('access-control-allow-origin')]).toEqual([origin, allowed]);
      expect(headers.get('access-control-allow-credentials')).toBeNull();
    }
  });

  it('tells browsers to take replies for nothing but data', async () => {
    const { headers } = await gateway.query('{ __typename }');
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    });
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('server')).toBeNull();
  });

  it('tells nobody the schema: no introspection, no IDE, no suggestions', async () => {
    for (const document of ['{ __schema { types { name } } }', '{ __type(name: "Call") { fields { name } } }']) {
      const { status, body } = await gateway.query(document);
      expect([status, body.data]).toEqual([400, undefined]);
    }
    expect((await send(gateway.url)).status).toBe(404);
    for (const document of [
      '{ cal }',
      '{ call(vd: 1) { id } }',
      '{ callCodes(table: MEDIATYPE) { code } }',
      '{ call(vdn: 1, callId: "1") { caler } }',
    ])
      expect([document, JSON.stringify((await gateway.query(document)).body)]).toEqual([
        document,
        expect.not.stringMatching(/did you mean/i),
      ]);
  });

  it('tells no stack, no file and no inner name in an error', async () => {
    const replies = [await post('{'), await post('[]'), await gateway.query('{'), await gateway.query('{ a(b: $c) }')];
    gateway.simulator.configure({ fault: 'html-200' });
    replies.push(await gateway.query(`{ call(vdn: 170, callId: "${newCallId()}") { id } }`));
    gateway.simulator.configure({ fault: null });
    for (const { body } of replies) {
      expect(body.errors?.length).toBeGreaterThan(0);
      expect(JSON.stringify(body)).not.toMatch(/stacktrace|node_modules|\.ts\b|\.js\b|\bat [\w.]+ \(|127\.0\.0\.1/);
    }
  });

  it.each<[string, string, RequestInit, number]>([
    ['of a document', '', { body: '{"query":"{ nothing }"}' }, 400],
    ['of a field', '', { body: '{"query":"{ call(vdn: 0, callId: \\"1\\") { id } }"}' }, 200],
    ['of a body', '', { body: '{' }, 400],
    ['of a request that a page could forge', '?query={__typename}', { method: 'GET' }, 400],
  ])(
    'names the request beside every error, so that it is found in the log: %s',
    async (what, search, init, expected) => {
      const id = `find-me/${what.replaceAll(' ', '-')}`;
      const headers: Record<string, string> = init.method === 'GET' ? {} : JSON_TYPE;
      const { status, body } = await send(`${gateway.url}/graphql${search}`, {
        method: 'POST',
        ...init,
        headers: { ...headers, 'x-request-id': id },
      });
      expect([status, body.errors?.map(({ extensions }) => extensions['requestId'])]).toEqual([expected, [id]]);
      expect(gateway.logLines.filter((line) => line.includes(`"requestId":"${id}"`))).toHaveLength(1);
    },
  );

  it.each([
    [
      'variables',
      `{"query":"query ($keys: [CallKeyInput!]!) { calls(keys: $keys) { id } }","variables":{"keys":[{"vdn":170,"callId":"1736000000-2","__proto__":{"ccId":7}}]}}`,
    ],
    [
      'the whole request',
      `{"query":"{ __typename }","__proto__":{"variables":{}},"constructor":{"prototype":{"polluted":1}}}`,
    ],
    [
      'extensions',
      `{"query":"{ __typename }","extensions":{"__proto__":{"persistedQuery":{"version":1}},"constructor":1}}`,
    ],
    ['the name of the operation', `{"query":"query __proto__ { __typename }","operationName":"__proto__"}`],
    ['names in the document', `{"query":"{ __proto__: __typename constructor: __typename toString: __typename }"}`],
    ['the ID of a document', `{"documentId":"constructor"}`],
  ])('is not harmed by __proto__ and friends in %s', async (_, body) => {
    const { status } = await post(body);
    expect([200, 400]).toContain(status);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(({} as Record<string, unknown>)['ccId']).toBeUndefined();
    expect(gateway.simulator.requests.filter(({ ccId }) => ccId === 7)).toEqual([]);
    expect((await gateway.query('{ __typename }')).body).toEqual({ data: { __typename: 'Query' } });
    expect(gateway.logLines.filter((line) => line.includes('unexpected'))).toEqual([]);
  });

  it('writes one line of JSON for each request, whatever stands in it', async () => {
    const before = gateway.logLines.length;
    const forged =
      'GET /graphql?a=%0a{"level":60} HTTP/1.1\r\nhost: x\r\nx-request-id: a"}{"level":60\r\nconnection: close\r\n\r\n';
    const connection = await connectRaw(gateway.url);
    connection.socket.write(forged);
    const answer = await connection.closed();
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).not.toContain('level');
    await post(JSON.stringify({ query: '{ __typename }', operationName: 'x"}\n{"level":60}' }));
    const lines = gateway.logLines.slice(before);
    expect(lines.map((line) => (JSON.parse(line) as { level: number }).level)).toEqual([30, 30]);
    expect(lines.join('')).not.toContain('60}');
  });
});
