import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../../cache/redis/support/eventually.js';
import { newCallId, startTestGateway, type TestGateway } from '../../support/gateway.js';
import { connectRaw } from '../../support/raw.js';

const JSON_TYPE = 'content-type: application/json\r\n';
const QUERY = '{"query":"{ __typename }"}';

/** A request for the graph, as it is sent. */
function post(document: string, headers = ''): string {
  const body = JSON.stringify({ query: document });
  return `POST /graphql HTTP/1.1\r\nhost: x\r\n${headers}${JSON_TYPE}content-length: ${body.length}\r\n\r\n${body}`;
}

/** The status of each reply, in order. */
function statusesOf(received: string): number[] {
  return [...received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
}

describe('what follows a request on its connection', () => {
  let gateway: TestGateway;
  beforeEach(async () => {
    gateway = await startTestGateway();
  });
  afterEach(() => gateway.close());

  const answersTo = async (text: string): Promise<string> => {
    const connection = await connectRaw(gateway.url);
    connection.socket.write(text);
    return connection.closed();
  };
  const call = (): string => `{ call(vdn: 170, callId: "${newCallId()}") { callId } }`;

  it('is answered with 400 after the answers to what came whole, if it is no request', async () => {
    const mutation = `mutation { forgetCall(vdn: 170, callId: "${newCallId()}") { forgotten } }`;
    const received = await answersTo(`${post(call())}${post(mutation)}${post('{ __typename }')}JUNK\r\n\r\n`);
    expect(statusesOf(received)).toEqual([200, 200, 200, 400]);
    expect(received).toMatch(
      /"callId":[^]*"forgotten":true[^]*"Query"[^]*connection: close[^]*this is not an HTTP request/,
    );
  });

  it('is answered in its place while an earlier answer is awaited, however much comes', async () => {
    gateway.simulator.configure({ capacity: 0 });
    const connection = await connectRaw(gateway.url);
    connection.socket.write(`${post(call())}JUNK\r\n\r\n`);
    await eventually('the call is asked for', () => gateway.simulator.inFlight === 1);
    for (let times = 0; times < 5; times += 1) connection.socket.write('MORE JUNK\r\n\r\n');
    expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);
    expect(connection.received).toBe('');
    gateway.simulator.configure({ capacity: Infinity });
    expect(statusesOf(await connection.closed())).toEqual([200, 400]);
  });

  it('is answered with 400 if it is a request whose body is broken, and has its line in the log', async () => {
    const broken = `POST /graphql HTTP/1.1\r\nhost: x\r\nx-request-id: broken-1\r\n${JSON_TYPE}transfer-encoding: chunked\r\n\r\nzz\r\n`;
    const received = await answersTo(`${post(call())}${broken}`);
    expect(statusesOf(received)).toEqual([200, 400]);
    expect(received).toMatch(/x-request-id: broken-1\r\n/);
    const lineOf = (): string | undefined => gateway.logLines.find((line) => line.includes('broken-1'));
    await eventually('the line is there', () => lineOf() !== undefined);
    expect(JSON.parse(lineOf() ?? '')).toMatchObject({ status: 400, refused: 'bad_request' });
  });

  it.each(['\r\n', 'xx', 'GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n'])(
    'is ignored after Connection: close: %j',
    async (rest) => {
      const received = await answersTo(`${post(call(), 'connection: close\r\n')}${rest}`);
      expect(statusesOf(received)).toEqual([200]);
      expect(received).toMatch(/connection: close\r\n[^]*"callId":/i);
    },
  );
});

describe('a request whose end or target another server may see otherwise', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({ MAX_BODY_KIB: '1' });
  });
  afterAll(() => gateway.close());

  const chunked = `1a\r\n${QUERY}\r\n0\r\n\r\n`;
  const fillers = (count: number): string => Array.from({ length: count }, (_, n) => `a${n}: b\r\n`).join('');

  it.each([
    [
      'HTTP/1.0 with a transfer coding',
      `POST /graphql HTTP/1.0\r\nconnection: keep-alive\r\n${JSON_TYPE}transfer-encoding: chunked\r\n\r\n${chunked}`,
      400,
    ],
    [
      'a header beyond those that are read',
      `POST /graphql HTTP/1.1\r\nhost: x\r\n${JSON_TYPE}${'a:\r\n'.repeat(2_500)}transfer-encoding: gzip, chunked\r\n\r\n${chunked}`,
      431,
    ],
    ['more headers than an honest client sends', `GET /healthz HTTP/1.1\r\nhost: x\r\n${fillers(200)}\r\n`, 431],
    ['a Host that is none', 'GET /healthz HTTP/1.1\r\nhost: a b/c\r\n\r\n', 400],
    ['a Host with a user', 'GET /healthz HTTP/1.1\r\nhost: user@a\r\n\r\n', 400],
    [
      'a target with a fragment',
      `POST /graphql#x HTTP/1.1\r\nhost: x\r\n${JSON_TYPE}content-length: 26\r\n\r\n${QUERY}`,
      400,
    ],
    ['a query with a fragment', 'GET /graphql?query=%7B__typename%7D#x HTTP/1.1\r\nhost: x\r\n\r\n', 400],
  ])('is refused, and its connection closed: %s', async (_, text, status) => {
    const connection = await connectRaw(gateway.url);
    connection.socket.write(text);
    const received = await connection.closed();
    expect(statusesOf(received)).toEqual([status]);
    expect(received).toMatch(/\r\nconnection: close\r\n[^]*\{"errors":/i);
  });

  it.each(['a.example', 'a_b:4000', '10.0.0.1:80', '[::1]:4000', '[fe80::1]', ''])(
    'is none if its Host is %j',
    async (host) => {
      const connection = await connectRaw(gateway.url);
      connection.socket.write(`GET /healthz HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n${fillers(90)}\r\n`);
      expect(statusesOf(await connection.closed())).toEqual([200]);
    },
  );
});

describe('the invitation to send a body', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({ MAX_BODY_KIB: '1' });
  });
  afterAll(() => gateway.close());

  it('is not given to a body that is too long: it is refused at once', async () => {
    const connection = await connectRaw(gateway.url);
    connection.socket.write(
      `POST /graphql HTTP/1.1\r\nhost: x\r\n${JSON_TYPE}expect: 100-continue\r\ncontent-length: 1025\r\n\r\n`,
    );
    expect(statusesOf(await connection.closed())).toEqual([413]);
  });

  it('is not given to a client of HTTP/1.0, which does not know it', async () => {
    const connection = await connectRaw(gateway.url);
    connection.socket.write(
      `POST /graphql HTTP/1.0\r\n${JSON_TYPE}expect: 100-continue\r\ncontent-length: ${QUERY.length}\r\n\r\n`,
    );
    connection.socket.write(QUERY);
    expect(statusesOf(await connection.closed())).toEqual([200]);
  });
});

describe('a charset that is not known', () => {
  it('is told with how to write the known one', async () => {
    const gateway = await startTestGateway();
    try {
      const connection = await connectRaw(gateway.url);
      connection.socket.write(
        `POST /graphql HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json; charset='utf-8'\r\ncontent-length: ${QUERY.length}\r\n\r\n${QUERY}`,
      );
      const received = await connection.closed();
      expect(received).toMatch(/^HTTP\/1\.1 415 /);
      expect(received).toContain('application/json; charset=utf-8');
    } finally {
      await gateway.close();
    }
  });
});
