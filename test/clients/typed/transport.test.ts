import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createCallTraceClient, type CallTraceClientOptions } from '../../../client/src/client.js';
import { isCallTraceError, type CallTraceError } from '../../../client/src/errors.js';
import { startReplyServer, type CameIn, type ReplyServer } from '../../upstream/support/reply-server.js';

const ANSWER = JSON.stringify({ data: { callCodes: [] } });
const DOCUMENT = 'query Codes { callCodes { name } }';
const CREDENTIAL = { apiKey: 'ctg_a-key-that-nobody-may-see' };

/** What the server sends, one after the other; the last one again and again. */
interface Scripted {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Ends the connection after the body, whose length was said to be greater. */
  readonly breaksOff?: true;
  readonly hangs?: 'before the head' | 'in the body';
}

describe('the typed client', () => {
  let server: ReplyServer;
  let script: Scripted[];
  /** Fulfils with each request that comes in. */
  let cameIn: (request: CameIn) => void;
  beforeEach(async () => {
    cameIn = () => undefined;
    server = await startReplyServer((response, request) => {
      const { status = 200, headers = {}, body = ANSWER, breaksOff, hangs } = script[0] ?? {};
      if (script.length > 1) script.shift();
      if (hangs !== 'before the head') {
        const length = breaksOff || hangs ? { 'content-length': String(body.length + 100) } : {};
        response.writeHead(status, { 'content-type': 'application/json', ...length, ...headers });
        if (hangs) response.write(body);
        else if (breaksOff) response.write(body, () => response.destroy());
        else response.end(body);
      }
      cameIn(request);
    });
  });
  afterEach(() => server.close());

  const clientWith = (options: Partial<CallTraceClientOptions> = {}): ReturnType<typeof createCallTraceClient> =>
    createCallTraceClient({ url: `${server.url}/graphql`, credential: CREDENTIAL, pauseMs: 1, ...options });

  async function failureOf(promise: Promise<unknown>): Promise<CallTraceError> {
    const error: unknown = await promise.then(
      () => null,
      (reason: unknown) => reason,
    );
    if (!isCallTraceError(error)) throw new Error('it was fulfilled, or failed otherwise', { cause: error });
    expect(JSON.stringify(error) + error.message + String(error.stack)).not.toContain(CREDENTIAL.apiKey);
    return error;
  }

  it.each<[string, Scripted, object]>([
    [
      'a page of a proxy',
      { status: 502, headers: { 'content-type': 'text/html' }, body: '<h1>Bad Gateway</h1>' },
      { kind: 'transport', code: 'NOT_JSON', status: 502, retryable: true },
    ],
    [
      'a page of something else',
      { headers: { 'content-type': 'text/html' }, body: '<h1>It works!</h1>' },
      { kind: 'transport', code: 'NOT_JSON', status: 200, retryable: false },
    ],
    ['half of an answer', { body: ANSWER.slice(0, -3) }, { code: 'NOT_JSON', status: 200, retryable: false }],
    ['an empty body', { body: '' }, { code: 'NOT_JSON', retryable: false }],
    ['JSON of something else', { body: '{"status":"UP"}' }, { code: 'NOT_GRAPHQL', status: 200, retryable: false }],
    ['a list', { body: `[${ANSWER}]` }, { code: 'NOT_GRAPHQL' }],
    ['an answer without data and errors', { body: '{"data":null,"errors":[]}' }, { code: 'NOT_GRAPHQL' }],
    ['an answer that breaks off', { breaksOff: true }, { code: 'TRUNCATED', status: 200, retryable: true }],
    [
      'a redirect',
      { status: 307, headers: { location: 'https://example.com/' } },
      { code: 'REDIRECTED', status: 307, retryable: false },
    ],
    ['nothing in time', { hangs: 'before the head' }, { code: 'TIMEOUT', status: null, retryable: true }],
    ['a body without an end', { hangs: 'in the body' }, { code: 'TIMEOUT', status: 200, retryable: true }],
    [
      'a refusal',
      {
        status: 401,
        headers: { 'x-request-id': 'r-1' },
        body: '{"errors":[{"message":"Send a key.","extensions":{"code":"UNAUTHENTICATED","retryable":false}}]}',
      },
      { kind: 'gateway', code: 'UNAUTHENTICATED', status: 401, retryable: false, requestId: 'r-1', path: null },
    ],
    [
      'an error that is none',
      { body: '{"errors":[7]}' },
      { kind: 'gateway', code: 'UNKNOWN', message: 'The gateway did not say why.', retryable: false },
    ],
  ])('rejects with a typed error for %s', async (_, reply, expected) => {
    script = [reply];
    const error = await failureOf(clientWith({ retries: 0, ...(reply.hangs && { timeoutMs: 1_000 }) }).ask(DOCUMENT));
    expect(error).toMatchObject(expected);
    expect(server.requests).toHaveLength(1);
  });

  it('rejects with a typed error where nothing listens', async () => {
    const { url } = server;
    await server.close();
    const error = await failureOf(clientWith({ url, retries: 0 }).ask(DOCUMENT));
    expect(error).toMatchObject({ code: 'UNREACHABLE', retryable: true, status: null });
    expect(error.message).toContain('ECONNREFUSED');
  });

  it('rejects with a typed error where the connection breaks before an answer', async () => {
    const sockets: Socket[] = [];
    const listener = createServer((socket) => void (sockets.push(socket), socket.once('data', () => socket.destroy())));
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
    const error = await failureOf(clientWith({ url, retries: 1 }).ask(DOCUMENT)).finally(() => listener.close());
    expect(error).toMatchObject({ code: 'UNREACHABLE' });
    expect(sockets.length).toBeGreaterThanOrEqual(2);
  });

  it('asks again what is retryable, and no more often than it may', async () => {
    script = [{ status: 503, body: 'no' }, { status: 504, body: 'no' }, {}];
    await expect(clientWith().ask(DOCUMENT)).resolves.toMatchObject({ data: { callCodes: [] }, errors: [] });
    expect(server.requests).toHaveLength(3);
    script = [{ status: 503, body: 'no' }];
    await failureOf(clientWith({ retries: 2 }).ask(DOCUMENT));
    expect(server.requests).toHaveLength(6);
  });

  it('waits as long as Retry-After says', async () => {
    script = [{ status: 503, headers: { 'retry-after': '1' }, body: 'no' }, {}];
    const pauses: number[] = [];
    const came: number[] = [];
    cameIn = () => void came.push(performance.now());
    await clientWith({ onRetry: (_, pauseMs) => void pauses.push(pauseMs) }).ask(DOCUMENT);
    expect(came).toHaveLength(2);
    expect(Number(came[1]) - Number(came[0])).toBeGreaterThanOrEqual(995);
    expect(pauses[0]).toBeGreaterThanOrEqual(1_000);
  });

  it('reads Retry-After as a date by the clock of whoever sent it, and the longer of header and error', async () => {
    const date = new Date(0).toUTCString();
    const later = new Date(120_000).toUTCString();
    script = [{ status: 503, headers: { date, 'retry-after': later }, body: 'no' }];
    expect(await failureOf(clientWith().ask(DOCUMENT))).toMatchObject({ retryAfterMs: 120_000 });
    const extensions = { code: 'RATE_LIMITED', retryable: true, retryAfterMs: 90_000 };
    const body = JSON.stringify({ errors: [{ message: 'No points are left.', extensions }] });
    script = [{ status: 429, headers: { 'retry-after': '60' }, body }];
    expect(await failureOf(clientWith().ask(DOCUMENT))).toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: 90_000 });
    // There was no time for either.
    expect(server.requests).toHaveLength(2);
  });

  it('stops to ask again once many requests have failed, and starts anew once some were answered', async () => {
    script = [{ status: 503, body: 'no' }];
    const client = clientWith({ retries: 4 });
    const failures = Array.from({ length: 10 }, () => failureOf(client.ask(DOCUMENT)));
    await Promise.all(failures);
    expect(server.requests).toHaveLength(20);
    script = [{}];
    for (let asked = 0; asked < 11; asked += 1) await client.ask(DOCUMENT);
    script = [{ status: 503, body: 'no' }, {}];
    await client.ask(DOCUMENT);
    expect(server.requests).toHaveLength(33);
  });

  it.each([
    ['before it is sent', {}, 0],
    ['while it waits for an answer', { hangs: 'before the head' }, 1],
    ['within the body', { hangs: 'in the body' }, 1],
  ] as const)('ends when the caller aborts %s', async (_, reply, requests) => {
    script = [reply];
    const controller = new AbortController();
    const reason = new Error('the page was closed');
    cameIn = () => setImmediate(() => controller.abort(reason));
    if (requests === 0) controller.abort(reason);
    const error = await failureOf(clientWith().ask(DOCUMENT, {}, { signal: controller.signal }));
    expect(error).toMatchObject({ code: 'ABORTED', retryable: false, cause: reason });
    expect(server.requests).toHaveLength(requests);
  });

  it('ends when the caller aborts a pause, and asks no more', async () => {
    script = [{ status: 503, headers: { 'retry-after': '20' }, body: 'no' }];
    const controller = new AbortController();
    const client = clientWith({ onRetry: () => controller.abort() });
    expect(await failureOf(client.ask(DOCUMENT, {}, { signal: controller.signal }))).toMatchObject({ code: 'ABORTED' });
    expect(server.requests).toHaveLength(1);
  });

  it('ends in time with a fetch that knows no signal', async () => {
    const client = clientWith({ fetch: () => new Promise(() => undefined), timeoutMs: 50, retries: 0 });
    expect(await failureOf(client.ask(DOCUMENT))).toMatchObject({ code: 'TIMEOUT' });
  });

  it('sends credential, request ID, trace context, deadline and its name', async () => {
    script = [{}];
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const options = { requestId: 'order-7', traceparent, deadlineMs: 2_000 };
    await clientWith({ clientName: 'tickets/1.2' }).ask(DOCUMENT, { first: 1 }, options);
    expect(server.requests[0]).toMatchObject({
      method: 'POST',
      path: '/graphql',
      headers: {
        'content-type': 'application/json',
        'x-api-key': CREDENTIAL.apiKey,
        'x-request-id': 'order-7',
        'x-deadline-ms': '2000',
        'user-agent': 'tickets/1.2',
        traceparent,
      },
      body: JSON.stringify({ query: DOCUMENT, variables: { first: 1 } }),
    });
  });

  it('asks for a token anew before each attempt', async () => {
    script = [{ status: 503, body: 'no' }, {}];
    let issued = 0;
    await clientWith({ credential: () => Promise.resolve({ token: `token-${(issued += 1)}` }) }).ask(DOCUMENT);
    const sent = server.requests.map(({ headers }) => headers.authorization);
    expect(sent).toEqual(['Bearer token-1', 'Bearer token-2']);
  });

  it.each([
    ['a key of two lines', { credential: { apiKey: 'secret\nsecret' } }, {}],
    ['a token with a space', { credential: { token: 'secret secret' } }, {}],
    ['a request ID of two lines', {}, { requestId: 'secret\nsecret' }],
  ])('refuses %s and does not show it', async (_, options, ofRequest) => {
    script = [{}];
    const asked = clientWith(options).ask(DOCUMENT, {}, ofRequest);
    await expect(asked).rejects.toThrow(TypeError);
    await expect(asked).rejects.not.toThrow(/secret/);
    expect(server.requests).toHaveLength(0);
  });

  it('refuses to send the ID of a document that has none', async () => {
    script = [{}];
    await expect(clientWith({ documents: 'id' }).ask(DOCUMENT)).rejects.toThrow(/this document has none/);
    const persisted = Object.assign(new String(DOCUMENT), { __meta__: { hash: 'sha256:12' } });
    await clientWith({ documents: 'id' }).ask(persisted);
    expect(server.requests.map(({ body }) => body)).toEqual(['{"documentId":"sha256:12"}']);
  });
});
