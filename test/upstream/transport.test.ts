import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { UpstreamMalformedError } from '../../src/call/errors.js';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../simulator/simulator.js';
import { causeOf } from '../../src/upstream/failure.js';
import { withTimeLimit } from '../../src/upstream/time-limit.js';
import { createTransport, type Posting, type Transport, type TransportOptions } from '../../src/upstream/transport.js';
import { createAuthority } from './support/certificates.js';
import { startHttpProxy, type HttpProxy } from './support/http-proxy.js';
import { startReplyServer } from './support/reply-server.js';
import { until } from './support/until.js';
import { withGarbageCollection } from './support/with-garbage-collection.js';

const BODY = JSON.stringify({ ccId: 1, vdn: 170, callId: '1749974400-2', logDate: 1_749_988_800_000 });
const MINUTE_MS = 60_000;

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

/** A contact centre that lets every request in: signatures are not the subject here. */
async function startOpenSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const simulator = await startSimulator(options);
  open.push(simulator);
  simulator.configure({ checkSignature: false });
  return simulator;
}

function openTransport(options: Partial<TransportOptions> = {}): Transport {
  const transport = createTransport({ connections: 20, timeoutMs: MINUTE_MS, ...options });
  open.push(transport);
  return transport;
}

/** One POST, and the whole reply. */
async function post(transport: Transport, url: URL | string, options: PostOptions = {}): Promise<WholeReply> {
  const { headers = {}, signal = new AbortController().signal, ...watch } = options;
  const response = await transport.post(new URL(url), {
    headers: { 'content-type': 'application/json', ...headers },
    ...{ body: BODY, signal, ...watch },
  });
  return { status: response.status, header: (name) => response.headers.get(name), text: await response.text() };
}

type PostOptions = Partial<Omit<Posting, 'body'>>;

interface WholeReply {
  readonly status: number;
  readonly header: (name: string) => string | null;
  readonly text: string;
}

function ask(transport: Transport, simulator: Simulator, signal?: AbortSignal): Promise<WholeReply> {
  const url = new URL('/rest/cmsapp/v1/openapi/vdn/querycalltracedetail', simulator.url);
  return post(transport, url, signal ? { signal } : {});
}

describe('createTransport', () => {
  it('sends the body byte for byte and gives status, headers and the whole reply', async () => {
    const simulator = await startOpenSimulator();
    const response = await ask(openTransport(), simulator);
    expect(response.status).toBe(200);
    expect(response.header('content-type')).toBe('application/json;charset=UTF-8');
    expect(JSON.parse(response.text)).toMatchObject({ resultCode: '0100000' });
    expect(simulator.requests).toMatchObject([{ body: BODY, status: 200 }]);
  });

  it('gives a reply without a body as it is', async () => {
    const simulator = await startOpenSimulator();
    simulator.configure({ fault: 'empty-body' });
    const response = await ask(openTransport(), simulator);
    expect([response.status, response.text]).toEqual([200, '']);
  });

  it('follows no redirect', async () => {
    const simulator = await startOpenSimulator();
    simulator.configure({ fault: 'redirect' });
    const response = await ask(openTransport(), simulator);
    expect(response.status).toBe(302);
    expect(response.header('location')).toBe('/redirected');
    expect(simulator.redirectsFollowed).toBe(0);
  });

  it('refuses a reply one byte longer than allowed, and takes one that is not', async () => {
    const simulator = await startOpenSimulator();
    const length = Buffer.byteLength((await ask(openTransport(), simulator)).text);
    expect((await ask(openTransport({ maxReplyBytes: length }), simulator)).status).toBe(200);
    const refused = ask(openTransport({ maxReplyBytes: length - 1 }), simulator);
    await expect(refused).rejects.toThrow(UpstreamMalformedError);
    await expect(refused).rejects.toThrow(`the reply is longer than ${length - 1} bytes`);
  });

  it('hangs up on a reply of 50 MiB rather than read it', async () => {
    const simulator = await startOpenSimulator();
    simulator.configure({ fault: 'huge-body' });
    await expect(ask(openTransport(), simulator)).rejects.toThrow(UpstreamMalformedError);
    await until(() => simulator.requests[0]?.aborted === true);
  });

  it('keeps its connections alive and never opens more than it may', async () => {
    const simulator = await startOpenSimulator({ latencyMs: 10 });
    const transport = openTransport({ connections: 3 });
    await Promise.all(Array.from({ length: 12 }, () => ask(transport, simulator)));
    expect(simulator.connections).toBe(3);
    expect(simulator.peakInFlight).toBe(3);
    for (let n = 0; n < 6; n += 1) await ask(transport, simulator);
    expect(simulator.connections).toBe(3);
    expect(simulator.total).toBe(18);
  });

  it('asks nobody once it is closed', async () => {
    const simulator = await startOpenSimulator();
    const transport = openTransport();
    await transport.close();
    await expect(ask(transport, simulator)).rejects.toMatchObject({ code: 'UND_ERR_DESTROYED' });
    expect(simulator.total).toBe(0);
  });
});

describe('a transport to which something comes that HTTP does not allow', () => {
  const GOOD = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}';

  /** The first reply is these bytes, every later one is good. Gives back what asks once. */
  async function openAsker(bytes: string): Promise<() => Promise<WholeReply>> {
    let answer = bytes;
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', () => {
        socket.write(answer);
        answer = GOOD;
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    open.push({ close: () => new Promise((resolve) => void server.close(() => resolve())) });
    const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const transport = openTransport({ connections: 1 });
    return () => withTimeLimit(5_000, undefined, (signal) => post(transport, url, { signal }));
  }

  it.each([
    ['a status that is none', 'HTTP/1.1 700 Odd\r\nContent-Length: 2\r\n\r\n{}', 'an invalid status (700)'],
    ['the status 999', 'HTTP/1.1 999 Odd\r\nContent-Length: 2\r\n\r\n{}', 'an invalid status (999)'],
    ['no HTTP', 'caller 5550100001\r\n\r\n', 'the reply is not HTTP'],
    [
      'a chunk without a length',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n5550100001 is no length\r\n',
      'the reply is not HTTP',
    ],
    [
      'a header with a control character',
      'HTTP/1.1 200 OK\r\nA: b\x01c\r\nContent-Length: 2\r\n\r\n{}',
      'the reply is not HTTP',
    ],
  ])('refuses %s as malformed, and asks on', async (_, bytes, message) => {
    const askOnce = await openAsker(bytes);
    const refused = askOnce();
    await expect(refused).rejects.toThrow(UpstreamMalformedError);
    await expect(refused).rejects.toThrow(message);
    // Not even a cause, which would hold what came.
    await expect(refused).rejects.not.toHaveProperty('cause');
    expect((await askOnce()).status).toBe(200);
  });

  it.each([
    ['a status below 100', 'HTTP/1.1 099 Odd\r\nContent-Length: 2\r\n\r\n{}'],
    ['no answer but to go on', 'HTTP/1.1 100 Continue\r\n\r\n'],
    ['another protocol', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'],
  ])('takes %s for a connection that failed, and asks on', async (_, bytes) => {
    const askOnce = await openAsker(bytes);
    const failure = await askOnce().catch((error: unknown) => causeOf(error));
    expect(failure).toMatchObject({ outcome: 'reset' });
    expect((await askOnce()).status).toBe(200);
  });

  it.each([
    ['', null],
    ['Date: today\r\n', 'today'],
    ['Date: today\r\ndate:  tomorrow \r\n', 'today,tomorrow'],
  ])('gives the header %j as %j', async (lines, value) => {
    const askOnce = await openAsker(`HTTP/1.1 200 OK\r\n${lines}Content-Length: 2\r\n\r\n{}`);
    const reply = await askOnce();
    expect([reply.header('date'), reply.header('constructor')]).toEqual([value, null]);
  });
});

describe('a transport whose contact centre stalls', () => {
  const STALLED = 20;

  it('is cut in time and hangs up for each of 20 stalled bodies, however often garbage is collected', async () => {
    const simulator = await startOpenSimulator();
    simulator.configure({ fault: 'hang-mid-body' });
    const transport = openTransport();
    const asked = Promise.allSettled(
      Array.from({ length: STALLED }, () =>
        withTimeLimit(1000, undefined, (signal) => ask(transport, simulator, signal)),
      ),
    );
    await until(() => simulator.total === STALLED);
    const outcomes = await withGarbageCollection(() => asked);
    // By this limit, long before the transport's own.
    for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: { name: 'TimeoutError' } });
    // The promise is not all that is cut: the connection is, too.
    await until(() => simulator.requests.every((request) => request.aborted) && simulator.inFlight === 0);
  });

  it.each([
    ['hang-mid-body', 'UND_ERR_BODY_TIMEOUT'],
    ['hang-before-headers', 'UND_ERR_HEADERS_TIMEOUT'],
  ] as const)('ends %s by itself, if nobody cuts it', async (fault, code) => {
    const simulator = await startOpenSimulator();
    simulator.configure({ fault });
    await withGarbageCollection(() =>
      expect(ask(openTransport({ timeoutMs: 300 }), simulator)).rejects.toMatchObject({ code }),
    );
  });

  it('hangs up when its signal aborts', async () => {
    const simulator = await startOpenSimulator();
    simulator.configure({ fault: 'hang-before-headers' });
    const client = new AbortController();
    const asked = expect(ask(openTransport(), simulator, client.signal)).rejects.toMatchObject({ name: 'AbortError' });
    await until(() => simulator.total === 1);
    client.abort();
    await asked;
    await until(() => simulator.requests[0]?.aborted === true);
  });

  it('writes nothing of a request that was cut while it waited for a connection', async () => {
    let answerFirst = (): void => undefined;
    const server = await startReplyServer((response) => void (answerFirst = () => response.end('{}')));
    open.push(server);
    const transport = openTransport({ connections: 1 });
    const first = post(transport, server.url);
    await until(() => server.requests.length === 1);
    const client = new AbortController();
    let sendings = 0;
    const second = post(transport, server.url, { signal: client.signal, onSending: () => (sendings += 1) });
    const refused = expect(second).rejects.toMatchObject({ name: 'AbortError' });
    client.abort();
    answerFirst();
    expect((await first).status).toBe(200);
    await refused;
    expect([server.requests.length, sendings]).toEqual([1, 0]);
  });
});

describe('a transport over TLS', () => {
  const { ca, server } = createAuthority('Test Authority');

  it('trusts the private authority it is given', async () => {
    const simulator = await startOpenSimulator({ tls: server });
    expect(simulator.url).toMatch(/^https:/);
    expect((await ask(openTransport({ ca }), simulator)).status).toBe(200);
  });

  it.each<[string, string | undefined]>([
    ['is given none', undefined],
    ['is given another', createAuthority('Other Authority').ca],
    // The same name alone is not enough.
    ['is given a forged one', createAuthority('Test Authority').ca],
  ])('asks nothing of a server of a private authority if it %s', async (_, trusted) => {
    const simulator = await startOpenSimulator({ tls: server });
    await expect(ask(openTransport({ ca: trusted }), simulator)).rejects.toThrow(/certificate|signature/);
    expect(simulator.total).toBe(0);
  });

  it('asks nothing of a server whose certificate is for another address', async () => {
    const elsewhere = createAuthority('Test Authority', [192, 0, 2, 1]);
    const simulator = await startOpenSimulator({ tls: elsewhere.server });
    await expect(ask(openTransport({ ca: elsewhere.ca }), simulator)).rejects.toMatchObject({
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
    expect(simulator.total).toBe(0);
  });
});

describe('a transport with a client certificate', () => {
  const { ca, server, client } = createAuthority('Test Authority');

  it('shows it to a contact centre that asks for one', async () => {
    const simulator = await startOpenSimulator({ tls: { ...server, ca, requestCert: true } });
    expect((await ask(openTransport({ ca, ...client }), simulator)).status).toBe(200);
  });

  it.each([
    ['none', {}],
    ['one of another authority', createAuthority('Other Authority').client],
  ])('is not let in with %s', async (_, shown) => {
    const simulator = await startOpenSimulator({ tls: { ...server, ca, requestCert: true } });
    await expect(ask(openTransport({ ca, ...shown }), simulator)).rejects.toThrow();
    expect(simulator.total).toBe(0);
  });
});

describe('a transport to a contact centre that is known by another name than its address', () => {
  const { ca, server } = createAuthority('Test Authority', 'cms.example.com');

  it('is let in by the certificate of that name', async () => {
    const simulator = await startOpenSimulator({ tls: server });
    const transport = openTransport({ ca, serverName: 'cms.example.com' });
    const url = new URL('/rest/cmsapp/v1/openapi/vdn/querycalltracedetail', simulator.url);
    const response = await post(transport, url, { headers: { host: 'cms.example.com:28443' } });
    expect(response.status).toBe(200);
    expect(simulator.requests[0]?.headers['host']).toBe('cms.example.com:28443');
  });

  it.each([undefined, 'other.example.com'])('is not with the name %p', async (serverName) => {
    const simulator = await startOpenSimulator({ tls: server });
    await expect(ask(openTransport({ ca, serverName }), simulator)).rejects.toMatchObject({
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
    expect(simulator.total).toBe(0);
  });
});

describe('a transport through an HTTP proxy', () => {
  async function openProxy(): Promise<HttpProxy> {
    const proxy = await startHttpProxy();
    open.push(proxy);
    return proxy;
  }

  it('reaches the contact centre through a tunnel', async () => {
    const simulator = await startOpenSimulator();
    const proxy = await openProxy();
    expect((await ask(openTransport({ proxyUrl: proxy.url }), simulator)).status).toBe(200);
    expect(proxy.tunnels.map(({ to }) => to)).toEqual([new URL(simulator.url).host]);
  });

  it('checks the certificate of the contact centre, not of the proxy', async () => {
    const { ca, server } = createAuthority('Test Authority');
    const simulator = await startOpenSimulator({ tls: server });
    const proxy = await openProxy();
    expect((await ask(openTransport({ ca, proxyUrl: proxy.url }), simulator)).status).toBe(200);
    await expect(ask(openTransport({ proxyUrl: proxy.url }), simulator)).rejects.toThrow(/certificate/);
    expect(simulator.total).toBe(1);
  });

  it('tells the proxy the user and the password of its URL, and the contact centre nothing of them', async () => {
    const simulator = await startOpenSimulator();
    const proxy = await openProxy();
    await ask(openTransport({ proxyUrl: proxy.url.replace('//', '//gate:s%C3%A9same@') }), simulator);
    const told = `Basic ${Buffer.from('gate:sésame').toString('base64')}`;
    expect(proxy.tunnels[0]?.headers['proxy-authorization']).toBe(told);
    expect(Object.keys(simulator.requests[0]?.headers ?? {})).not.toContain('proxy-authorization');
  });

  it('opens no more tunnels than it may have connections, and keeps them', async () => {
    const simulator = await startOpenSimulator({ latencyMs: 10 });
    const proxy = await openProxy();
    const transport = openTransport({ proxyUrl: proxy.url, connections: 3 });
    await Promise.all(Array.from({ length: 12 }, () => ask(transport, simulator)));
    for (let n = 0; n < 4; n += 1) await ask(transport, simulator);
    expect(proxy.tunnels).toHaveLength(3);
    expect(simulator.peakInFlight).toBe(3);
  });

  it.each([403, 407, 502])('fails if the proxy refuses with %i, and asks nothing past it', async (status) => {
    const simulator = await startOpenSimulator();
    const proxy = await openProxy();
    proxy.refuseWith(status);
    const refused = ask(openTransport({ proxyUrl: proxy.url }), simulator).catch((error: unknown) => causeOf(error));
    expect(await refused).toMatchObject({ outcome: 'proxy' });
    expect(simulator.total).toBe(0);
  });

  it('fails if the proxy is away, and asks nothing past it', async () => {
    const simulator = await startOpenSimulator();
    const proxy = await openProxy();
    await proxy.close();
    const refused = ask(openTransport({ proxyUrl: proxy.url }), simulator).catch((error: unknown) => causeOf(error));
    expect(await refused).toMatchObject({ outcome: 'proxy' });
    expect(simulator.total).toBe(0);
  });
});

describe('a transport whose kept-alive connection was closed meanwhile', () => {
  /** A server that cuts the connection in place of its second answer, and a transport that has asked it once. */
  async function withCutConnection() {
    let answers = 0;
    const server = await startReplyServer((response) => {
      answers += 1;
      if (answers === 2) response.socket?.destroy();
      else response.end('{}');
    });
    open.push(server);
    const transport = openTransport({ connections: 1 });
    await post(transport, server.url);
    return { server, transport };
  }

  it('sends the same bytes once more over a new one, if it may', async () => {
    const { server, transport } = await withCutConnection();
    expect((await post(transport, server.url, { mayResend: true })).status).toBe(200);
    expect(server.requests.map(({ body }) => body)).toEqual([BODY, BODY, BODY]);
  });

  it('fails if it may not', async () => {
    const { server, transport } = await withCutConnection();
    await expect(post(transport, server.url)).rejects.toMatchObject({ code: 'UND_ERR_SOCKET' });
    expect(server.requests).toHaveLength(2);
  });
});

describe('a transport that is watched', () => {
  it('tells status and headers before the body comes', async () => {
    const simulator = await startOpenSimulator();
    simulator.configure({ fault: 'hang-mid-body' });
    const client = new AbortController();
    const told = new Promise<[number, string | null]>((resolve) => {
      post(openTransport(), new URL('/rest/cmsapp/v1/openapi/vdn/querycalltracedetail', simulator.url), {
        signal: client.signal,
        onHeaders: (status, headers) => resolve([status, headers.get('content-type')]),
      }).catch(() => undefined);
    });
    expect(await told).toEqual([200, 'application/json;charset=UTF-8']);
    client.abort();
  });

  it('tells that bytes go out when there is a connection, and not if there is none', async () => {
    const server = await startReplyServer((response) => response.end('{}'));
    let sendings = 0;
    const onSending = () => (sendings += 1);
    const transport = openTransport();
    await post(transport, server.url, { onSending });
    expect(sendings).toBe(1);
    await server.close();
    await expect(post(openTransport(), server.url, { onSending })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(sendings).toBe(1);
  });

  it.each([401, 404, 503])('waits for no body of HTTP %i, and lets its connection go', async (status) => {
    const server = await startReplyServer((response) => void response.writeHead(status).write('half'));
    open.push(server);
    const transport = openTransport({ connections: 1 });
    for (let n = 0; n < 2; n += 1) {
      const reply = await withTimeLimit(5_000, undefined, (signal) => post(transport, server.url, { signal }));
      expect([reply.status, reply.text]).toEqual([status, '']);
    }
  });
});
