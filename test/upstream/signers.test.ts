import { afterEach, describe, expect, it } from '@jest/globals';
import { createAuthorisation, type Authorize } from '../../src/upstream/signers.js';
import { SigningProxyError } from '../../src/upstream/failure.js';
import { createSigner } from '../../src/upstream/signature.js';
import { createTransport } from '../../src/upstream/transport.js';
import { startReplyServer, type ReplyServer } from './support/reply-server.js';
import { until } from './support/until.js';

const REQUEST = {
  method: 'POST',
  url: new URL('https://192.0.2.1:28443/rest/cmsapp/v1/openapi/vdn/querycalltracedetail'),
  headers: { host: '192.0.2.1:28443', 'content-type': 'application/json; charset=UTF-8' },
  body: '{"ccId":1,"vdn":170,"callId":"1749974400-2","logDate":1749988800000}',
};
const SIGNATURE = 'auth-v2/demo-access-key/2025-06-15T12:00:00Z/host/0123456789abcdef';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

/** A signing proxy that answers this text with this status, and the way to be authorised by it. */
async function startSigningProxy(
  text: string,
  status = 200,
  options: { proxyUrl?: URL; secretKey?: () => string; timeoutMs?: number } = {},
) {
  const server: ReplyServer = await startReplyServer((response) => response.writeHead(status).end(text));
  const transport = createTransport({ connections: 2, timeoutMs: 10_000 });
  open.push(server, transport);
  const { proxyUrl = new URL('/sign?tenant=7', server.url), secretKey = () => 'demo-secret-key' } = options;
  const keys = { accessKey: () => 'demo-access-key', secretKey };
  const connection = { transport, timeoutMs: options.timeoutMs ?? 10_000 };
  const { signers } = createAuthorisation({ kind: 'proxy', url: proxyUrl.href, ...keys }, Date.now, connection);
  return { server, authorize: signers[0] as Authorize };
}

describe('a bearer', () => {
  it('sends the token as it is at that moment', async () => {
    let token = 'monday';
    const transport = createTransport({ connections: 2, timeoutMs: 10_000 });
    open.push(transport);
    const proxy = { transport, timeoutMs: 10_000 };
    const { signers, credentials } = createAuthorisation({ kind: 'bearer', token: () => token }, Date.now, proxy);
    expect([await signers[0]?.(REQUEST), credentials()]).toEqual(['Bearer monday', 'monday']);
    token = 'tuesday';
    expect([await signers[0]?.(REQUEST), credentials()]).toEqual(['Bearer tuesday', 'tuesday']);
  });
});

describe('a signing proxy', () => {
  it('sends what is to be signed, and the keys, in one POST', async () => {
    const { server, authorize } = await startSigningProxy(SIGNATURE);
    await authorize(REQUEST);
    expect(server.requests).toHaveLength(1);
    const [request] = server.requests;
    expect(request).toMatchObject({ method: 'POST', path: '/sign?tenant=7' });
    expect(request?.headers['content-type']).toBe('application/json; charset=UTF-8');
    expect(JSON.parse(request?.body ?? '')).toEqual({
      ak: 'demo-access-key',
      sk: 'demo-secret-key',
      url: REQUEST.url.href,
      method: 'POST',
      headers: REQUEST.headers,
      body: REQUEST.body,
    });
  });

  it.each([
    ['plain text', SIGNATURE],
    ['plain text with line breaks', `\r\n${SIGNATURE}\n`],
    ['JSON', JSON.stringify({ authorization: SIGNATURE })],
    ['JSON with a capital', JSON.stringify({ Authorization: SIGNATURE })],
    ['JSON among other things', `\n${JSON.stringify({ code: 0, AUTHORIZATION: `${SIGNATURE}\n` })}`],
  ])('takes a signature that comes as %s', async (_, text) => {
    const { authorize } = await startSigningProxy(text);
    expect(await authorize(REQUEST)).toBe(SIGNATURE);
  });

  it.each([
    ['nothing', ''],
    ['a text of two lines', `${SIGNATURE}\r\nx-forwarded-for: 192.0.2.9`],
    ['a text that is none of a header', 'señal'],
    ['JSON without one', JSON.stringify({ signature: SIGNATURE })],
    ['JSON with a number', JSON.stringify({ authorization: 7 })],
    ['JSON that is cut', '{"authorization": "au'],
  ])('takes %s for no signature', async (_, text) => {
    const { authorize } = await startSigningProxy(text);
    await expect(authorize(REQUEST)).rejects.toThrow('the signing proxy gave no signature');
  });

  it.each([401, 404, 500, 503])('takes HTTP %i for no signature, whatever the text', async (status) => {
    const { authorize } = await startSigningProxy(SIGNATURE, status);
    await expect(authorize(REQUEST)).rejects.toThrow(SigningProxyError);
  });

  it('says that it was the proxy that could not be asked', async () => {
    const { server, authorize } = await startSigningProxy(SIGNATURE);
    await server.close();
    await expect(authorize(REQUEST)).rejects.toThrow('the signing proxy could not be reached');
  });

  it('waits no longer than it may', async () => {
    const silent = await startReplyServer(() => undefined);
    open.push(silent);
    const { authorize } = await startSigningProxy('', 200, { proxyUrl: new URL(silent.url), timeoutMs: 1_000 });
    await expect(authorize(REQUEST)).rejects.toMatchObject({
      message: 'the signing proxy could not be reached',
      cause: { name: 'TimeoutError' },
    });
    expect(silent.requests).toHaveLength(1);
  });

  it('is asked no longer when the client leaves', async () => {
    let cut = false;
    const silent = await startReplyServer((response) => void response.once('close', () => (cut = true)));
    open.push(silent);
    const { authorize } = await startSigningProxy('', 200, { proxyUrl: new URL(silent.url) });
    const client = new AbortController();
    const asked = authorize(REQUEST, client.signal);
    await until(() => silent.requests.length === 1);
    const gone = new Error('gone');
    client.abort(gone);
    await expect(asked).rejects.toBe(gone);
    await until(() => cut);
  });

  it('is to blame when the deadline passes while it is asked', async () => {
    const silent = await startReplyServer(() => undefined);
    open.push(silent);
    const { authorize } = await startSigningProxy('', 200, { proxyUrl: new URL(silent.url) });
    await expect(authorize(REQUEST, AbortSignal.timeout(50))).rejects.toThrow(SigningProxyError);
  });

  it('asks with the keys as they are at that moment', async () => {
    let key = 'old';
    const { server, authorize } = await startSigningProxy(SIGNATURE, 200, { secretKey: () => key });
    await authorize(REQUEST);
    key = 'new';
    await authorize(REQUEST);
    expect(server.requests.map(({ body }) => (JSON.parse(body) as { sk: string }).sk)).toEqual(['old', 'new']);
  });
});

describe('the three ways', () => {
  it('are of one kind: a request in, the value of a header out', async () => {
    const now = () => Date.parse('2025-06-15T12:00:00Z');
    const sign = createSigner({ accessKey: () => 'ak', secretKey: () => 'sk', now });
    const { authorize } = await startSigningProxy(sign(REQUEST));
    expect(await authorize(REQUEST)).toBe(sign(REQUEST));
    expect(sign(REQUEST)).toMatch(/^auth-v2\/ak\/2025-06-15T12:00:00Z\/host\/[0-9a-f]{64}$/);
  });
});
