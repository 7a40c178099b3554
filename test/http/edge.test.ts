import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { send } from '../support/client.js';
import { newCallId, startTestGateway, type TestGateway } from '../support/gateway.js';
import { connectRaw } from '../support/raw.js';

const QUERY = '{"query":"{ __typename }"}';
const POST = 'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n';
const WHOLE = `${POST}content-length: ${QUERY.length}\r\n\r\n${QUERY}`;

describe('every reply', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({ MAX_BODY_KIB: '1', CORS_ORIGINS: 'https://one.example' });
  });
  afterAll(() => gateway.close());

  const json = { 'content-type': 'application/json' };
  it.each<[string, string, RequestInit]>([
    ['an answer', '/graphql', { method: 'POST', headers: json, body: QUERY }],
    ['an answer to GET', '/graphql?query={__typename}', { headers: json }],
    ['a refused operation', '/graphql', { method: 'POST', headers: json, body: '{"query":"{"}' }],
    ['a body that is too long', '/graphql', { method: 'POST', headers: json, body: QUERY.padEnd(2000) }],
    ['a request that a page could forge', '/graphql?query={__typename}', {}],
    ['a preflight', '/graphql', { method: 'OPTIONS', headers: { origin: 'https://one.example' } }],
    ['health', '/healthz', {}],
    ['readiness', '/readyz', {}],
    ['metrics', '/metrics', {}],
    ['a path where nothing is', '/nowhere', {}],
    ['a path that is only read', '/healthz', { method: 'POST' }],
  ])('tells browsers to take it for nothing but data: %s', async (_, path, init) => {
    const { headers } = await fetch(gateway.url + path, init);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
    expect(headers.get('strict-transport-security')).toBeNull();
    expect(headers.get('x-powered-by')).toBeNull();
  });

  it('but the IDE holds to its own scripts and to this server', async () => {
    const { headers } = await fetch(gateway.url);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(
      /^default-src 'none'; script-src 'sha256-[\w+/]{43}='( 'sha256-[\w+/]{43}=')*; worker-src blob:; /,
    );
    expect(policy).toContain("connect-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/script-src[^;]*unsafe|https?:|\*/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });
});

describe('a reply that came over TLS', () => {
  it('asks for TLS ever after, if a proxy that is trusted says so', async () => {
    const gateway = await startTestGateway({ TRUSTED_PROXIES: '1' });
    try {
      const hsts = async (headers: Record<string, string>) =>
        (await send(`${gateway.url}/healthz`, { headers })).headers.get('strict-transport-security');
      expect(await hsts({ 'x-forwarded-proto': 'https' })).toBe('max-age=31536000');
      expect(await hsts({ 'x-forwarded-proto': 'http' })).toBeNull();
      expect(await hsts({})).toBeNull();
    } finally {
      await gateway.close();
    }
  });

  it('does not where none is trusted', async () => {
    const gateway = await startTestGateway();
    try {
      const { headers } = await send(`${gateway.url}/healthz`, { headers: { 'x-forwarded-proto': 'https' } });
      expect(headers.get('strict-transport-security')).toBeNull();
    } finally {
      await gateway.close();
    }
  });
});

describe('a port for operators', () => {
  let gateway: TestGateway;
  afterEach(() => gateway.close());

  it('has metrics and readiness, which are then not at the other one; the graph is not there', async () => {
    gateway = await startTestGateway({ ADMIN_PORT: '0' });
    const { url, adminUrl } = gateway;
    expect(adminUrl).not.toBe(url);
    const statusOf = async (where: string) => (await fetch(where)).status;
    for (const path of ['/healthz', '/readyz', '/metrics']) expect(await statusOf(adminUrl + path)).toBe(200);
    expect(await statusOf(`${url}/healthz`)).toBe(200);
    for (const path of ['/readyz', '/metrics']) expect(await statusOf(url + path)).toBe(404);
    for (const path of ['/graphql', '/']) expect(await statusOf(adminUrl + path)).toBe(404);
    expect((await fetch(`${adminUrl}/metrics`)).headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('answers though the other one takes no more connections', async () => {
    gateway = await startTestGateway({ ADMIN_PORT: '0', MAX_CONNECTIONS: '1' });
    const only = await connectRaw(gateway.url);
    only.socket.write(WHOLE);
    await only.until('__typename');
    const refused = await connectRaw(gateway.url);
    expect(await refused.closed()).toBe('');
    expect((await send(`${gateway.adminUrl}/readyz`)).status).toBe(200);
    only.socket.destroy();
  });
});

describe('a request that is not as it should be', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({ MAX_BODY_KIB: '16', NODE_ENV: 'production' });
  });
  afterAll(() => gateway.close());

  /** The status lines of all that came back until the server closed the connection. */
  async function statuses(text: string | Buffer): Promise<number[]> {
    const connection = await connectRaw(gateway.url);
    connection.socket.write(text);
    return [...(await connection.closed()).matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
  }

  afterEach(async () => {
    // Whatever came, the gateway answers the next one, and has nothing unexpected to log.
    expect((await gateway.query('{ __typename }')).body).toEqual({ data: { __typename: 'Query' } });
    expect(gateway.logLines.filter((line) => line.includes('unexpected'))).toEqual([]);
    expect(gateway.simulator.total).toBe(0);
  });

  it.each([
    [
      'a body longer than announced, of which the rest is no request',
      `${POST}content-length: 5\r\n\r\n${QUERY}`,
      [400, 400],
    ],
    ['two lengths', `${POST}content-length: 26\r\ncontent-length: 27\r\n\r\n${QUERY}`, [400]],
    ['a length and chunks', `${POST}content-length: 26\r\ntransfer-encoding: chunked\r\n\r\n${QUERY}`, [400]],
    ['a length below zero', `${POST}content-length: -1\r\n\r\n`, [400]],
    ['a length that is no number', `${POST}content-length: 0x1a\r\n\r\n${QUERY}`, [400]],
    ['a chunk without end', `${POST}transfer-encoding: chunked\r\n\r\nffffffffffffffffff\r\n`, [400]],
    ['an encoding that nobody knows', `${POST}transfer-encoding: gzip\r\n\r\n${QUERY}`, [501]],
    ['no host', 'GET /healthz HTTP/1.1\r\n\r\n', [400]],
    ['a method that nobody knows', 'STEAL /graphql HTTP/1.1\r\nhost: x\r\n\r\n', [400]],
    ['a tunnel', 'CONNECT internal:80 HTTP/1.1\r\nhost: x\r\n\r\n', []],
    ['a header without a name', 'GET /healthz HTTP/1.1\r\nhost: x\r\n: y\r\n\r\n', [400]],
    ['a header with a zero', 'GET /healthz HTTP/1.1\r\nhost: x\r\nx-request-id: a\0b\r\n\r\n', [400]],
    ['a header that goes on in the next line', 'GET /healthz HTTP/1.1\r\nhost: x\r\n x: y\r\n\r\n', [400]],
    ['headers without end', `GET /healthz HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`, [431]],
    ['a URL without end', `GET /${'y'.repeat(20_000)} HTTP/1.1\r\nhost: x\r\n\r\n`, [431]],
    ['no HTTP at all', 'EHLO x\r\n', [400]],
    ['TLS', Buffer.from('1603010200010001fc0303', 'hex'), [400]],
  ] as [string, string | Buffer, number[]][])(
    'is refused, and its connection closed: %s',
    async (_, text, expected) => {
      expect(await statuses(text)).toEqual(expected);
    },
  );

  it.each([
    ['by a whole address at whose path nothing is', 'GET http://internal/nowhere HTTP/1.1', 404],
    ['by a star', 'OPTIONS * HTTP/1.1', 404],
    ['by a way up', 'GET /graphql/../metrics HTTP/1.1', 404],
    ['by an encoded slash', 'GET /%2e%2e/metrics HTTP/1.1', 404],
    ['by an encoded zero', 'GET /metrics%00 HTTP/1.1', 404],
    ['to trace it', 'TRACE /graphql HTTP/1.1', 405],
    ['to delete it', 'DELETE /graphql HTTP/1.1', 405],
    ['to write what is only read', 'PUT /metrics HTTP/1.1', 405],
  ])('is answered with a refusal: %s', async (_, line, status) => {
    expect(await statuses(`${line}\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\n\r\n`)).toEqual(
      [status],
    );
  });

  it('is cut off if its refused body has no end', async () => {
    const connection = await connectRaw(gateway.url);
    const { socket } = connection;
    socket.write(`${POST}transfer-encoding: chunked\r\n\r\n`);
    const chunk = Buffer.from(`10000\r\n${' '.repeat(0x10000)}\r\n`);
    const pour = () => {
      while (!socket.destroyed && socket.write(chunk));
    };
    socket.on('drain', pour);
    pour();
    expect(await connection.closed()).toMatch(/^HTTP\/1\.1 413 /);
    expect(socket.bytesWritten).toBeLessThan(16 * 1024 * 1024);
  });

  it('is answered in the HTTP of 1996, too', async () => {
    const connection = await connectRaw(gateway.url);
    connection.socket.write(
      `POST /graphql HTTP/1.0\r\ncontent-type: application/json\r\ncontent-length: 26\r\n\r\n${QUERY}`,
    );
    expect(await connection.closed()).toMatch(/ 200 OK\r\n[^]*\{"data":\{"__typename":"Query"\}\}\n?$/);
  });

  it('is answered in its turn if several come in one go', async () => {
    const connection = await connectRaw(gateway.url);
    const aliased = (name: string) => {
      const body = `{"query":"{ ${name}: __typename }"}`;
      return `${POST}content-length: ${body.length}\r\n\r\n${body}`;
    };
    connection.socket.write(aliased('first') + aliased('second') + aliased('third'));
    const text = await connection.until('third');
    expect([...text.matchAll(/"data":\{"(\w+)"/g)].map(([, name]) => name)).toEqual(['first', 'second', 'third']);
    connection.socket.destroy();
  });

  it.each([
    '{"query":"{ __typename }","__proto__":{"polluted":true}}',
    '{"query":"{ __typename }","constructor":{"prototype":{"polluted":true}}}',
    '{"query":"{ __typename }","variables":{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}}',
    '{"query":"{ __typename }","extensions":{"__proto__":{"polluted":true}}}',
    '{"query":"query ($__proto__: Int) { __typename }","variables":{"__proto__":1}}',
    '{"query":"{ __proto__: __typename }","operationName":"__proto__"}',
    '{"query":"{ constructor: __typename toString: __typename }"}',
    '{"__proto__":{"query":"{ __typename }"}}',
  ])('changes nothing for others by the names of prototypes: %s', async (body) => {
    const { status } = await send(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect([200, 400]).toContain(status);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'finds no call under the name of a prototype: %s',
    async (name) => {
      const { body } = await gateway.query('query ($id: ID!) { node(id: $id) { id } }', { id: name });
      expect(body.errors ?? [{ extensions: { code: 'BAD_USER_INPUT' } }]).toMatchObject([
        { extensions: { code: 'BAD_USER_INPUT' } },
      ]);
    },
  );

  it.each([
    ['variables', `{"query":"{ __typename }","variables":${'{"a":'.repeat(2000)}1${'}'.repeat(2000)}}`],
    [
      'a list for a number',
      `{"query":"query($v:Int!){call(vdn:$v,callId:\\"1\\"){id}}","variables":{"v":${'['.repeat(5000)}${']'.repeat(5000)}}}`,
    ],
    ['a body', `${'['.repeat(8000)}${']'.repeat(8000)}`],
    ['a document', JSON.stringify({ query: '{a'.repeat(2000) + '}'.repeat(2000) })],
    [
      'a value',
      JSON.stringify({ query: `{ call(vdn: ${'['.repeat(4000)}1${']'.repeat(4000)}, callId: "1") { id } }` }),
    ],
  ])('is refused or answered however deep it is nested: %s', async (_, body) => {
    const { status } = await send(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect([200, 400]).toContain(status);
  });
});

describe('the log', () => {
  it('shows nothing of a request that a terminal or a reader could take for something else', async () => {
    const gateway = await startTestGateway();
    try {
      const get = async (path: string) => {
        const connection = await connectRaw(gateway.url);
        const head = `GET ${path} HTTP/1.1\r\nhost: x\r\nuser-agent: \u009b31m\r\nx-request-id: "\u009b31m\r\nconnection: close\r\n\r\n`;
        connection.socket.write(Buffer.from(head, 'latin1'));
        return (await connection.closed()).slice(0, 12);
      };
      for (const byte of ['\x00', '\x07', '\x1b', '\x7f', '\u009b', '\u00e9', '\n', '\t'])
        expect(await get(`/a${byte}b`)).toBe('HTTP/1.1 400');
      expect(await get(`/"level":60\\n${'x'.repeat(500)}`)).toBe('HTTP/1.1 404');
      await gateway.query(
        `query Evil($id: ID!) { call(vdn: 170, callId: $id) { id } }`,
        { id: `${newCallId()}\u001b[31m\n{"level":60}\u009b` },
        { 'x-request-id': 'a{"level":60}' },
      );
      const lines = gateway.logLines.map((line) => JSON.parse(line) as { path?: string; level: number });
      expect(lines.map(({ path }) => path)).toContain(`/"level":60\\n${'x'.repeat(87)}`);
      expect(lines.filter(({ level }) => level >= 60)).toEqual([]);
      for (const line of gateway.logLines) expect(line).toMatch(/^[\x20-\x7e]*\n$/);
    } finally {
      await gateway.close();
    }
  });
});
