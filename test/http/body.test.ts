import { request } from 'node:http';
import { connect } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { reached, send } from '../support/client.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';

const KIB = 1024;
const QUERY = '{"query":"{ __typename }"}';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ MAX_BODY_KIB: '16' });
});
afterAll(() => gateway.close());

const post = (contentType: string, body: string, headers: Record<string, string> = {}) =>
  send(`${gateway.url}/graphql`, { method: 'POST', headers: { 'content-type': contentType, ...headers }, body });
const padded = (bytes: number) => QUERY + ' '.repeat(bytes - QUERY.length);

describe('a body', () => {
  it.each([
    'application/json',
    'application/json;charset=utf-8',
    'application/json; charset=UTF-8',
    'application/json; charset="utf-8"',
    'application/json; charset=utf8',
    'Application/JSON',
  ])('is taken as %s', async (contentType) => {
    expect(await post(contentType, QUERY)).toMatchObject({ status: 200, body: { data: { __typename: 'Query' } } });
  });

  it.each([
    [
      413,
      'is longer than MAX_BODY_KIB',
      'the body is longer than 16384 bytes',
      'application/json',
      padded(16 * KIB + 1),
    ],
    [415, 'is in another charset', 'charset latin1 is not accepted', 'application/json; charset=latin1', QUERY],
    [415, 'is of another type', 'send the body as application/json', 'application/xml', '<query/>'],
    [400, 'is not JSON', 'the body is not JSON', 'application/json', '{"query":'],
    [400, 'is empty', 'the body is not JSON', 'application/json', ''],
  ] as const)('is refused with %i if it %s', async (status, _, message, contentType, body) => {
    const reply = await post(contentType, body);
    expect(reply.status).toBe(status);
    expect(reply.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(reply.body).toEqual({
      errors: [
        {
          message: expect.stringContaining(message),
          extensions: { code: 'BAD_REQUEST', retryable: false, requestId: reply.headers.get('x-request-id') },
        },
      ],
    });
  });

  it('is refused with 415 if it is compressed', async () => {
    const { status, body } = await post('application/json', QUERY, { 'content-encoding': 'gzip' });
    expect(status).toBe(415);
    expect(body.errors).toMatchObject([{ message: expect.stringContaining('compressed') }]);
  });

  it('may be as long as MAX_BODY_KIB', async () => {
    expect(await post('application/json', padded(16 * KIB))).toMatchObject({ status: 200 });
  });

  it('that is too long is answered before its connection is closed, whatever is still sent', async () => {
    const ask = (body: string) =>
      new Promise<{ status: number | undefined; connection: string | undefined }>((resolve, reject) => {
        const options = { method: 'POST', headers: { 'content-type': 'application/json' } };
        const outgoing = request(`${gateway.url}/graphql`, options, (incoming) => {
          const { statusCode: status, headers } = incoming;
          incoming.resume().once('end', () => resolve({ status, connection: headers.connection }));
        });
        outgoing.once('error', reject);
        outgoing.end(body);
      });
    for (let i = 0; i < 5; i++) expect(await ask(padded(1024 * KIB))).toEqual({ status: 413, connection: 'close' });
  });

  it('whose sender leaves half way is noted as such, and is no error', async () => {
    const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
    await once(socket, 'connect');
    const head = 'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 999\r\n';
    socket.write(`${head}x-request-id: leaver\r\n\r\n{"query"`, () => socket.resetAndDestroy());
    const lineOf = () => gateway.logLines.find((line) => line.includes('"requestId":"leaver"'));
    await reached(() => lineOf() !== undefined);
    expect(JSON.parse(lineOf() ?? '')).toMatchObject({ clientGone: true, msg: 'request' });
    // What the aborted reading rejects with comes in the turns after that line.
    for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(gateway.logLines.filter((line) => line.includes('leaver'))).toHaveLength(1);
  });
});

describe('a request that a page could send without asking first', () => {
  const CSRF = /potential Cross-Site Request Forgery/;

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'is refused: a POST as %s',
    async (contentType) => {
      const { status, headers, body } = await post(contentType, QUERY);
      expect(status).toBe(415);
      expect(body).toMatchObject({
        errors: [
          {
            message: 'send the body as application/json',
            extensions: { code: 'BAD_REQUEST', retryable: false, requestId: headers.get('x-request-id') },
          },
        ],
      });
    },
  );

  it('is refused: a bare GET', async () => {
    const { status, headers, body } = await send(`${gateway.url}/graphql?query={__typename}`);
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([
      { message: expect.stringMatching(CSRF), extensions: { requestId: headers.get('x-request-id') } },
    ]);
  });

  it.each([
    { 'apollo-require-preflight': 'true' },
    { 'x-apollo-operation-name': 'x' },
    { 'content-type': 'application/json' },
  ])('is answered by GET with a header that forces the asking: %j', async (headers) => {
    expect(await send(`${gateway.url}/graphql?query={__typename}`, { headers: { ...headers } })).toMatchObject({
      status: 200,
      body: { data: { __typename: 'Query' } },
    });
  });

  it('is answered by GET with variables', async () => {
    const search = new URLSearchParams({
      query: 'query ($vdn: Int!) { call(vdn: $vdn, callId: "1700000000-2") { callId } }',
      variables: '{"vdn":170}',
    });
    const { body } = await send(`${gateway.url}/graphql?${search.toString()}`, {
      headers: { 'apollo-require-preflight': 'true' },
    });
    expect(body).toEqual({ data: { call: { callId: '1700000000-2' } } });
  });
});
