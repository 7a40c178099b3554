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
  /** Called with each request that comes in. */
  let cameIn: (request: CameIn) => void;
  /** Called once a response is over, also because its connection is. */
  let isOver: () => void;
  beforeEach(async () => {
    cameIn = () => undefined;
    isOver = () => undefined;
    server = await startReplyServer((response, request) => {
      response.once('close', () => isOver());
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

  it.each([
    ['-5', null],
    ['1.5', null],
    ['soon', null],
    ['2 March', null],
    ['99999999999', 99_999_999_999_000],
    ['7, 60', 60_000],
    [new Date(0).toUTCString(), 0],
  ])('reads Retry-After %s as %s ms', async (header, retryAfterMs) => {
    script = [{ status: 503, headers: { 'retry-after': header, date: new Date(60_000).toUTCString() }, body: 'no' }];
    expect(await failureOf(clientWith({ retries: 0 }).ask(DOCUMENT))).toMatchObject({ retryAfterMs });
  });

  it('reads Retry-After as a date by its own clock, where the date of the answer is none', async () => {
    const later = new Date(Date.now() + 3_600_000).toUTCString();
    script = [{ status: 503, headers: { 'retry-after': later, date: 'today' }, body: 'no' }];
    const { retryAfterMs } = await failureOf(clientWith({ retries: 0 }).ask(DOCUMENT));
    expect(retryAfterMs).toBeGreaterThan(3_000_000);
  });

  it('does not ask again where the pause is longer than a timer takes', async () => {
    const extensions = { code: 'UPSTREAM_UNAVAILABLE', retryable: true, retryAfterMs: 1e12 };
    script = [{ status: 503, body: JSON.stringify({ errors: [{ message: 'Later.', extensions }] }) }];
    expect(await failureOf(clientWith({ retryForMs: Infinity }).ask(DOCUMENT))).toMatchObject({ retryAfterMs: 1e12 });
    expect(server.requests).toHaveLength(1);
  });

  it('takes a time limit that is longer than a timer takes for none', async () => {
    script = [{}];
    await expect(clientWith({ timeoutMs: Infinity, retries: 0 }).ask(DOCUMENT)).resolves.toMatchObject({ errors: [] });
  });

  it.each([
    ['a limit that is no number', { timeoutMs: NaN }, 'timeoutMs must be a number, and at least 1.'],
    ['a limit of no time', { timeoutMs: 0 }, 'timeoutMs must be a number, and at least 1.'],
    ['retries that are no number', { retries: NaN }, 'retries must be'],
    ['a time for retries that is no number', { retryForMs: NaN }, 'retryForMs must be'],
    ['a pause below nothing', { pauseMs: -1 }, 'pauseMs must be'],
    ['a relative address without a page', { url: '/graphql' }, 'url must be the address of a graph'],
    ['another protocol', { url: 'ftp://calls.example.com/' }, 'url must begin with https'],
    ['an address with a password', { url: 'https://joe:secret@calls.example.com/' }, 'url must hold no user'],
  ])('refuses %s at once, and shows no secret', (_, options, message) => {
    expect(() => clientWith(options)).toThrow(message);
    expect(() => clientWith(options)).not.toThrow('secret');
  });

  it('shows no query of its address, which may hold a secret', async () => {
    script = [{ status: 404, body: 'no' }];
    const { message } = await failureOf(clientWith({ url: `${server.url}/graphql?key=secret` }).ask(DOCUMENT));
    expect(message).toBe(`${server.url}/graphql answered 404 with application/json, not with JSON`);
    expect(server.requests[0]?.path).toBe('/graphql?key=secret');
  });

  it('refuses a deadline that is no number, and sends whole milliseconds', async () => {
    script = [{}];
    await expect(clientWith().ask(DOCUMENT, {}, { deadlineMs: NaN })).rejects.toThrow('deadlineMs must be');
    await clientWith().ask(DOCUMENT, {}, { deadlineMs: 1_500.2 });
    expect(server.requests.map(({ headers }) => headers['x-deadline-ms'])).toEqual(['1501']);
  });

  it('rejects with a typed error where the function fails that gives the credential', async () => {
    const cause = new Error('the identity provider is away');
    const error = await failureOf(clientWith({ credential: () => Promise.reject(cause) }).ask(DOCUMENT));
    expect(error).toMatchObject({ code: 'NO_CREDENTIAL', retryable: false, status: null, cause });
  });

  it.each(['aborts', 'has no time left'])('ends where no credential comes and the caller %s', async (why) => {
    const controller = new AbortController();
    const credential = (): Promise<never> => {
      if (why === 'aborts') setImmediate(() => controller.abort());
      return new Promise(() => undefined);
    };
    const client = clientWith({ credential, retries: 0, timeoutMs: why === 'aborts' ? 60_000 : 50 });
    const error = await failureOf(client.ask(DOCUMENT, {}, { signal: controller.signal }));
    expect(error.code).toBe(why === 'aborts' ? 'ABORTED' : 'NO_CREDENTIAL');
    expect(error.retryable).toBe(false);
  });

  it('leaves no connection open behind an answer that it does not read', async () => {
    const closed = new Promise<void>((resolve) => (isOver = resolve));
    script = [{ status: 302, headers: { location: '/' }, hangs: 'in the body', body: 'x' }];
    expect(await failureOf(clientWith().ask(DOCUMENT))).toMatchObject({ code: 'REDIRECTED' });
    await closed;
  });

  it('takes errors that are null for none', async () => {
    script = [{ body: '{"data":{"callCodes":[]},"errors":null}' }];
    await expect(clientWith().ask(DOCUMENT)).resolves.toMatchObject({ errors: [] });
  });

  const KEY = { vdn: 170, callId: '1736000000-1' };
  const KEYS = [KEY, { vdn: 170, callId: '1736000000-2' }];
  const failed = (code: string) => ({ status: 'failed', error: { code } });

  it('takes calls that are null for failed where an error names none of them', async () => {
    const error = { message: 'x', extensions: { code: 'INTERNAL_SERVER_ERROR' } };
    script = [{ body: JSON.stringify({ data: { calls: [null, { callId: '1736000000-2' }] }, errors: [error] }) }];
    expect(await clientWith().calls(KEYS)).toMatchObject([failed('INTERNAL_SERVER_ERROR'), { status: 'found' }]);
  });

  it.each(['{}', '{"calls":null}', '{"calls":[null]}'])('takes no answer for one that holds %s', async (data) => {
    script = [{ body: `{"data":${data}}` }];
    expect(await clientWith().calls(KEYS)).toMatchObject([failed('NOT_GRAPHQL'), failed('NOT_GRAPHQL')]);
    expect(await failureOf(clientWith().call(KEY))).toMatchObject({ code: 'NOT_GRAPHQL' });
  });

  it('loses no calls of other operations where one has no credential', async () => {
    script = [{ body: JSON.stringify({ data: { calls: Array<null>(200).fill(null) } }) }];
    let asked = 0;
    const credential = (): { apiKey: string } => {
      if ((asked += 1) === 2) throw new Error('the identity provider is away');
      return CREDENTIAL;
    };
    const keys = Array.from({ length: 600 }, (_, number) => ({ vdn: 170, callId: `1736000000-${number}` }));
    const results = await clientWith({ credential }).calls(keys);
    expect(results.map(({ status }) => status)).toEqual(
      keys.map((_, at) => (at >= 200 && at < 400 ? 'failed' : 'not-found')),
    );
  });

  it('sends no credential that is undefined', async () => {
    script = [{}];
    const none = JSON.parse('{}') as { readonly key: string };
    for (const credential of [{ apiKey: none.key }, { token: none.key }])
      await expect(clientWith({ credential }).ask(DOCUMENT)).rejects.toThrow('must be one line of printable ASCII');
    expect(server.requests).toEqual([]);
  });

  it('loses no call where onRetry throws', async () => {
    script = [{ status: 503, body: 'no' }, { body: JSON.stringify({ data: { calls: [null] } }) }];
    const onRetry = (): never => {
      throw new Error('the log is full');
    };
    const results = await clientWith({ onRetry }).calls([{ vdn: 170, callId: '1736000000-1' }]);
    expect(results.map(({ status }) => status)).toEqual(['not-found']);
  });

  it('rejects with ABORTED where calls fail otherwise as their caller gives up', async () => {
    const controller = new AbortController();
    const credential = (): { apiKey: string } => {
      controller.abort();
      throw new Error('the page was closed');
    };
    const asked = clientWith({ credential }).calls(KEYS, { signal: controller.signal });
    expect(await failureOf(asked)).toMatchObject({ code: 'ABORTED' });
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
