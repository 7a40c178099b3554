import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../../cache/redis/support/eventually.js';
import { send } from '../../support/client.js';
import { newCallId, startTestGateway, type TestGateway } from '../../support/gateway.js';
import { connectRaw, trickle } from '../../support/raw.js';

const JSON_TYPE = 'content-type: application/json\r\n';
const QUERY = '{"query":"{ __typename }"}';
/** Longer than a refused connection may live, and shorter than a request may take to come. Unit: ms. */
const SOON_MS = 1_500;

/** A client that sends a body without end, from its head on; fulfils with all that it was answered once it is cut off. */
async function pour(url: string, head: string): Promise<string> {
  const connection = await connectRaw(url);
  const { socket } = connection;
  socket.write(`${head}host: x\r\ntransfer-encoding: chunked\r\n\r\n`);
  trickle(connection, '1\r\n \r\n', 10);
  const isCut = await Promise.race([connection.closed().then(() => true), pause(SOON_MS, false, { ref: false })]);
  socket.destroy();
  if (!isCut) throw new Error(`the server reads on, after it answered: ${connection.received}`);
  return connection.received;
}

describe('a request that is refused', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway(
      { NODE_ENV: 'production', AUTH_MODE: 'api-key', API_KEYS_FILE: 'keys', ANONYMOUS_SCOPES: '', MAX_BODY_KIB: '1' },
      { keys: '[]' },
    );
  });
  afterAll(() => gateway.close());

  it.each([
    ['no key', 'POST /graphql HTTP/1.1\r\n', 401, 'unauthenticated'],
    ['an unknown path', 'POST /nowhere HTTP/1.1\r\n', 404, 'not_found'],
    ['a method that the path does not have', 'DELETE /graphql HTTP/1.1\r\n', 405, 'method_not_allowed'],
    ['an OPTIONS with a body', 'OPTIONS /graphql HTTP/1.1\r\n', 204, null],
  ])('does not have its endless body read: %s', async (_, head, status, reason) => {
    const answer = await pour(gateway.url, head + JSON_TYPE);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} [^]*\r\nconnection: close\r\n`, 'i'));
    if (reason === null) return;
    const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
    expect(metrics).toMatch(new RegExp(`calltrace_refused_total\\{reason="${reason}"\\} [1-9]`));
  });

  it('has a line in the log with its reason and the network of its client', async () => {
    const { status } = await send(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-request-id': 'refused-one' },
      body: QUERY,
    });
    expect(status).toBe(401);
    const lineOf = (): string | undefined => gateway.logLines.find((line) => line.includes('refused-one'));
    await eventually('the line is there', () => lineOf() !== undefined);
    expect(JSON.parse(lineOf() ?? '')).toMatchObject({
      level: 30,
      status: 401,
      refused: 'unauthenticated',
      detail: 'no_credential',
      client: '127.0.0.0/24',
    });
  });

  it.each(['/graphql', '/healthz', '/readyz', '/metrics'])('is told at %s which methods there are', async (path) => {
    const expected = path === '/graphql' ? 'POST, GET, HEAD, OPTIONS' : 'GET, HEAD, OPTIONS';
    const wrong = await fetch(gateway.url + path, { method: 'PUT' });
    expect([wrong.status, wrong.headers.get('allow')?.split(', ').sort()]).toEqual([405, expected.split(', ').sort()]);
    const options = await fetch(gateway.url + path, { method: 'OPTIONS' });
    expect([options.status, options.headers.get('allow')]).toEqual([204, wrong.headers.get('allow')]);
  });

  it.each([
    ['two hosts', 'GET /healthz HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n', 400],
    ['no host', 'GET /healthz HTTP/1.1\r\n\r\n', 400],
    [
      'a coding that is not known',
      'POST /graphql HTTP/1.1\r\nhost: x\r\ntransfer-encoding: gzip, chunked\r\n\r\n',
      501,
    ],
    ['an expectation that cannot be met', 'POST /graphql HTTP/1.1\r\nhost: x\r\nexpect: tea\r\n\r\n', 417],
    ['a path that is not encoded', 'GET /%zz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n', 404],
    [
      'a path that would be one of ours if it were decoded',
      'GET /%6detrics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n',
      404,
    ],
  ])('is answered like any other, and its connection closed: %s', async (_, text, status) => {
    const connection = await connectRaw(gateway.url);
    connection.socket.write(text);
    const answer = await connection.closed();
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} [^]*\r\nx-request-id: [^]*\r\n\r\n\\{"errors":`, 'i'));
  });

  it('is not invited to send its body', async () => {
    const head = 'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-length: 26\r\nexpect: 100-continue\r\n';
    const connection = await connectRaw(gateway.url);
    connection.socket.write(`${head}${JSON_TYPE}\r\n`);
    expect(await connection.closed()).toMatch(/^HTTP\/1\.1 401 /);
  });

  it('is counted if it is no HTTP, too large a head, or too large a body', async () => {
    const countOf = async (reason: string) => {
      const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
      return Number(new RegExp(`calltrace_refused_total\\{reason="${reason}"\\} (\\d+)`).exec(metrics)?.[1]);
    };
    const [bad, large] = [await countOf('bad_request'), await countOf('too_large')];
    for (const text of ['EHLO x\r\n', `GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`]) {
      const connection = await connectRaw(gateway.url);
      connection.socket.write(text);
      await connection.closed();
    }
    expect([await countOf('bad_request'), await countOf('too_large')]).toEqual([bad + 1, large + 1]);
  });
});

describe('a request that is as HTTP allows', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({ NODE_ENV: 'production' });
  });
  afterAll(() => gateway.close());
  const answerTo = async (text: string | Buffer): Promise<string> => {
    const connection = await connectRaw(gateway.url);
    connection.socket.write(text);
    return connection.closed();
  };
  const post = (target: string, body: Buffer, contentType = 'application/json') =>
    answerTo(
      Buffer.concat([
        Buffer.from(
          `POST ${target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: ${contentType}\r\ncontent-length: ${body.length}\r\n\r\n`,
        ),
        body,
      ]),
    );

  it('is answered if its target is a whole URL', async () => {
    expect(await post('http://gateway.example/graphql', Buffer.from(QUERY))).toMatch(/^HTTP\/1\.1 200 [^]*"Query"/);
    expect(await answerTo('GET http://x/healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')).toMatch(
      /^HTTP\/1\.1 200 /,
    );
  });

  it('is answered if its charset is written utf8, or its text begins with a byte order mark', async () => {
    const answered = /^HTTP\/1\.1 200 [^]*"Query"/;
    expect(await post('/graphql', Buffer.from(QUERY), 'application/json; charset=utf8')).toMatch(answered);
    expect(await post('/graphql', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(QUERY)]))).toMatch(
      answered,
    );
  });

  it('is refused if its text is in another charset than it says, and never read with other letters', async () => {
    const latin1 = Buffer.from('{"query":"{ __typename }","operationName":null,"extensions":{"x":"ü"}}', 'latin1');
    expect(await post('/graphql', latin1)).toMatch(/^HTTP\/1\.1 400 [^]*not valid UTF-8/);
    expect(await post('/graphql', Buffer.from(QUERY), 'application/json; charset=gbk')).toMatch(/^HTTP\/1\.1 415 /);
  });

  it('is invited to send its body if it waits for that', async () => {
    const connection = await connectRaw(gateway.url);
    const head = `POST /graphql HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: ${QUERY.length}\r\n`;
    connection.socket.write(`${head}expect: 100-continue\r\n${JSON_TYPE}\r\n`);
    expect(await connection.until('\r\n\r\n')).toBe('HTTP/1.1 100 Continue\r\n\r\n');
    connection.socket.write(QUERY);
    expect(await connection.closed()).toMatch(/\r\n\r\nHTTP\/1\.1 200 [^]*"Query"/);
  });

  it('runs no operation if it is a HEAD', async () => {
    const callId = newCallId();
    const search = new URLSearchParams({ query: `{ call(vdn: 170, callId: "${callId}") { id } }` });
    const { status } = await fetch(`${gateway.url}/graphql?${search.toString()}`, {
      method: 'HEAD',
      headers: { 'apollo-require-preflight': 'true' },
    });
    expect([status, gateway.simulator.countOf(callId)]).toEqual([200, 0]);
  });
});

describe('pipelined requests', () => {
  let gateway: TestGateway;
  beforeEach(async () => {
    gateway = await startTestGateway({ CMS_MAX_CONCURRENCY: '1' });
  });
  afterEach(() => gateway.close());

  it('end with their client: what has not been asked by then never is, and is not audited as shown', async () => {
    gateway.simulator.configure({ capacity: 0 });
    const callIds = Array.from({ length: 5 }, () => newCallId());
    const connection = await connectRaw(gateway.url);
    for (const callId of callIds) {
      const body = JSON.stringify({ query: `{ call(vdn: 170, callId: "${callId}") { callerNo } }` });
      connection.socket.write(
        `POST /graphql HTTP/1.1\r\nhost: x\r\n${JSON_TYPE}content-length: ${body.length}\r\n\r\n${body}`,
      );
    }
    await eventually('the first one is asked', () => gateway.simulator.inFlight === 1);
    connection.socket.resetAndDestroy();
    const lines = () => gateway.logLines.filter((line) => line.includes('"msg":"request"'));
    await eventually('all are over', () => lines().length === callIds.length);
    gateway.simulator.configure({ capacity: Infinity });
    await gateway.query(`{ call(vdn: 170, callId: "${newCallId()}") { id } }`);
    expect(callIds.slice(1).map((callId) => gateway.simulator.countOf(callId))).toEqual([0, 0, 0, 0]);
    expect(
      lines()
        .slice(0, 5)
        .every((line) => line.includes('"clientGone":true')),
    ).toBe(true);
    expect(gateway.logLines.filter((line) => line.includes('phone numbers were shown'))).toEqual([]);
  });
});

describe('a start that fails', () => {
  it('closes what was opened by then, so that the process ends', async () => {
    const taken = await startTestGateway();
    try {
      await expect(startTestGateway({ PORT: new URL(taken.url).port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
      expect((await taken.query('{ __typename }')).status).toBe(200);
    } finally {
      await taken.close();
    }
  });
});
