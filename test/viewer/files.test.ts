import { createHash } from 'node:crypto';
import { get as httpGet, type IncomingHttpHeaders } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildViewer, type BuiltFile } from '../../viewer/build.js';
import { send } from '../support/client.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';

describe('the built page', () => {
  let files: BuiltFile[];
  beforeAll(async () => void (files = await buildViewer()));

  /** Most bytes of each kind of file, compressed. */
  const BUDGETS = [
    ['scripts of its own', /page-.*\.js$/, 30 * 1024],
    ['English', /en-.*\.js$/, 8 * 1024],
    ['Chinese', /zh-.*\.js$/, 8 * 1024],
    ['styles', /\.css$/, 6 * 1024],
    ['the shell', /index\.html$/, 2 * 1024],
  ] as const;

  it.each(BUDGETS)('is small: %s', (_, name, most) => {
    const sizes = files.filter((file) => name.test(file.name)).map(({ bytes }) => gzipSync(bytes).length);
    expect(sizes).toHaveLength(1);
    expect(sizes[0]).toBeLessThan(most);
  });

  it('has no file beside these, its icon and its documents', () => {
    const others = files.filter(({ name }) => !BUDGETS.some(([, pattern]) => pattern.test(name)));
    expect(others.map(({ name }) => name.replace(/-\w+\./, '-HASH.')).sort()).toEqual([
      'assets/icon-HASH.svg',
      'documents.json',
    ]);
  });

  it('is the same each time', async () => {
    expect(await buildViewer()).toEqual(files);
  });
});

const OF_ANOTHER_CLIENT = '{ __typename }';
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** What browsers accept, what they get, and how it is read. */
const CODINGS = [
  ['gzip, deflate, br, zstd', 'br', brotliDecompressSync],
  ['gzip, br;q=0', 'gzip', gunzipSync],
  ['identity', undefined, (body: Buffer) => body],
] as const;

/** The body as it came: fetch would decode it. */
function getBytes(url: string, accepted: string): Promise<{ headers: IncomingHttpHeaders; body: Buffer }> {
  return new Promise((resolve, reject) => {
    httpGet(url, { headers: { 'accept-encoding': accepted } }, (response) => {
      buffer(response).then((body) => resolve({ headers: response.headers, body }), reject);
    }).once('error', reject);
  });
}

describe('/calls', () => {
  let gateway: TestGateway;
  beforeAll(
    async () =>
      void (gateway = await startTestGateway(
        { VIEWER: 'true', TRUSTED_DOCUMENTS: 'enforce', TRUSTED_DOCUMENTS_FILE: 'm' },
        { m: JSON.stringify({ [sha256(OF_ANOTHER_CLIENT)]: OF_ANOTHER_CLIENT }) },
      )),
  );
  afterAll(() => gateway.close());

  const get = (path: string, headers: Record<string, string> = {}) => fetch(gateway.url + path, { headers });

  it('is the same shell for every call, under a strict policy, and stored nowhere', async () => {
    const [start, one, other] = await Promise.all([
      get('/calls'),
      get('/calls/170/1749974400-11'),
      get('/calls/1/x?leg=1'),
    ]);
    const text = await start.text();
    expect([await one.text(), await other.text()]).toEqual([text, text]);
    expect(Object.fromEntries(one.headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
    });
    expect(text).not.toMatch(/style=|<script>|https?:/);
  });

  it('loads files that never change, in the coding that the browser takes', async () => {
    const html = await (await get('/calls')).text();
    const path = /src="([^"]+)"/.exec(html)?.[1] ?? '';
    expect(path).toMatch(/^\/calls\/assets\/page-\w{8}\.js$/);
    const plain = await getBytes(gateway.url + path, 'identity');
    expect(plain.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'Accept-Encoding',
    });
    for (const [accepted, coding, decode] of CODINGS) {
      const { headers, body } = await getBytes(gateway.url + path, accepted);
      expect(headers['content-encoding']).toBe(coding);
      expect(decode(body)).toEqual(plain.body);
    }
  });

  it('answers 404 for a file of another build, and 405 by other methods than GET', async () => {
    expect((await get('/calls/assets/page-OLD.js')).status).toBe(404);
    for (const path of ['/calls', '/calls/170/1749974400-11', '/calls/assets/page-OLD.js']) {
      const { status, headers } = await fetch(gateway.url + path, { method: 'POST' });
      expect([path, status, headers.get('allow')]).toEqual([path, 405, 'GET, HEAD, OPTIONS']);
    }
    expect((await fetch(`${gateway.url}/calls/170/1/2`, { method: 'POST' })).status).toBe(404);
  });

  it('runs its own documents where no others are allowed', async () => {
    const file = (await buildViewer()).find(({ name }) => name === 'documents.json');
    const documents = JSON.parse(Buffer.from(file?.bytes ?? []).toString()) as Record<string, string>;
    expect(Object.keys(documents)).toHaveLength(3);
    for (const [id, text] of Object.entries(documents)) {
      expect(sha256(text)).toBe(id);
      const variables = {
        vdn: 170,
        callId: '1749974400-11',
        ...{ legs: true, details: true, timeline: true, story: true, links: true, position: 1 },
        form: 'CSV',
        language: 'ZH',
        timeZone: 'Asia/Shanghai',
      };
      const declared = Object.fromEntries(Object.entries(variables).filter(([name]) => text.includes(`$${name}:`)));
      expect(await gateway.query(text, declared)).toMatchObject({ status: 200, body: { data: expect.anything() } });
    }
    expect(await gateway.query('{ callCodes { code } }')).toMatchObject({ status: 400 });
  });

  it('is not there unless VIEWER says so', async () => {
    const closed = await startTestGateway();
    try {
      expect((await send(`${closed.url}/calls`)).status).toBe(404);
    } finally {
      await closed.close();
    }
  });
});
