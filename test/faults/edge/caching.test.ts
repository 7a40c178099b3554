import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { startSecured, type Secured } from '../../abuse/support/secured.js';
import { launchBrowser } from '../../support/browser.js';
import { newCallId, startTestGateway, type TestGateway } from '../../support/gateway.js';

/** So often each caller asks: by then answers come from the fast path. */
const ROUNDS = 4;
const NUMBERS = 'query Numbers($callId: ID!) { call(vdn: 170, callId: $callId) { callId callerNo } }';
const NO_NUMBERS = 'query Plain($callId: ID!) { call(vdn: 170, callId: $callId) { callId complete } }';

/** A request that a page of the gateway's own site makes. */
interface PageRequest {
  readonly url: string;
  readonly init: { method: string; headers: Record<string, string>; body?: string };
}

/** What the page got, from the gateway or from the browser's cache: that has the ID of an earlier request. */
interface PageReply {
  readonly requestId: string | null;
  readonly status: number;
  readonly text: string;
}

function post(url: string, query: string, callId: string): PageRequest {
  const body = JSON.stringify({ query, variables: { callId } });
  return { url: `${url}/graphql`, init: { method: 'POST', headers: { 'content-type': 'application/json' }, body } };
}

function get(url: string, parameters: Readonly<Record<string, string>>, callId: string): PageRequest {
  const search = new URLSearchParams({ ...parameters, variables: JSON.stringify({ callId }) }).toString();
  return { url: `${url}/graphql?${search}`, init: { method: 'GET', headers: { 'apollo-require-preflight': 'true' } } };
}

const persisted = (query: string): Record<string, string> => ({
  extensions: JSON.stringify({
    persistedQuery: { version: 1, sha256Hash: createHash('sha256').update(query).digest('hex') },
  }),
});

const WAYS = [
  ['by POST', post],
  ['by GET', (url: string, query: string, callId: string) => get(url, { query }, callId)],
  [
    'by GET with the hash of a persisted document',
    (url: string, query: string, callId: string) => get(url, persisted(query), callId),
  ],
] as const;

/** Opens a page of the gateway that may ask the gateway, in a browser profile of its own. */
async function openPage(browser: Browser, url: string): Promise<Page> {
  const page = await (await browser.newContext({ bypassCSP: true })).newPage();
  await page.goto(`${url}/healthz`);
  return page;
}

function ask(
  page: Page,
  { url, init }: PageRequest,
  headers: Readonly<Record<string, string>> = {},
): Promise<PageReply> {
  return page.evaluate(
    async ([target, options]) => {
      const reply = await fetch(target, options);
      return { requestId: reply.headers.get('x-request-id'), status: reply.status, text: await reply.text() };
    },
    [url, { ...init, headers: { ...init.headers, ...headers } }] as const,
  );
}

/** Makes the document known by its hash. */
async function persist(url: string, query: string, headers: Readonly<Record<string, string>> = {}): Promise<void> {
  await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({
      query,
      variables: { callId: newCallId() },
      extensions: JSON.parse(persisted(query)['extensions'] ?? '') as unknown,
    }),
  });
}

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
}, 60_000);
afterAll(() => browser.close());

describe('four callers of one browser', () => {
  let secured: Secured;
  let url: string;
  beforeAll(async () => {
    secured = await startSecured();
    ({ url } = secured.gateway);
    await persist(url, NUMBERS, secured.keys.auditor);
  });
  afterAll(() => secured.close());

  it.each(WAYS)('see each their own, %s, and each showing is audited', async (_, requestOf) => {
    const page = await openPage(browser, url);
    const request = requestOf(url, NUMBERS, newCallId());
    const callers = [
      { caller: 'supervisor', headers: secured.keys.auditor },
      { caller: 'masked', headers: secured.keys.dashboard },
      { caller: 'wrong', headers: { 'x-api-key': 'ctg_wrong' } },
      { caller: 'none', headers: {} },
    ];
    const replies: (PageReply & { caller: string })[] = [];
    for (let round = 0; round < ROUNDS; round += 1)
      for (const { caller, headers } of callers) replies.push({ caller, ...(await ask(page, request, headers)) });
    await page.context().close();

    const of = (caller: string): PageReply[] => replies.filter((reply) => reply.caller === caller);
    for (const { status, text } of of('supervisor'))
      expect([status, text]).toEqual([200, expect.stringMatching(/"callerNo":"\d{5,}"/)]);
    for (const { status, text } of of('masked'))
      expect([status, text]).toEqual([200, expect.stringMatching(/"callerNo":"\*{4}\d{1,4}"/)]);
    for (const { status, text } of [...of('wrong'), ...of('none')])
      expect([status, text]).toEqual([401, expect.not.stringContaining('callerNo')]);
    expect(new Set(replies.map(({ requestId }) => requestId)).size).toBe(ROUNDS * callers.length);
    expect(audited(secured.gateway, of('supervisor'))).toEqual(Array<string>(ROUNDS).fill('whole'));
    expect(audited(secured.gateway, of('masked'))).toEqual(Array<string>(ROUNDS).fill('masked'));
  });
});

/** How the audit log says that numbers were shown in these replies, each time. */
function audited({ logLines }: TestGateway, replies: readonly PageReply[]): unknown[] {
  const ids = new Set(replies.map(({ requestId }) => requestId));
  return logLines
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter(({ log, requestId }) => log === 'audit' && ids.has(String(requestId)))
    .map(({ numbers }) => numbers);
}

describe('a browser where nobody signs in', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway();
    for (const query of [NUMBERS, NO_NUMBERS]) await persist(gateway.url, query);
  });
  afterAll(() => gateway.close());

  it.each(WAYS)('asks the gateway each time, %s, for answers that it may store too', async (_, requestOf) => {
    const page = await openPage(browser, gateway.url);
    for (const query of [NUMBERS, NO_NUMBERS]) {
      const request = requestOf(gateway.url, query, newCallId());
      const replies: PageReply[] = [];
      for (let round = 0; round < ROUNDS; round += 1) replies.push(await ask(page, request));
      expect(new Set(replies.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
      expect(replies[0]?.text).toContain('"callId"');
      expect(new Set(replies.map(({ requestId }) => requestId)).size).toBe(ROUNDS);
      if (query === NUMBERS) expect(audited(gateway, replies)).toEqual(Array<string>(ROUNDS).fill('whole'));
    }
    await page.context().close();
  });
});

describe('every reply', () => {
  const PLAIN = `?query=${encodeURIComponent('{ __typename }')}`;
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({ CORS_ORIGINS: 'https://dashboard.example' });
  });
  afterAll(() => gateway.close());

  it.each([
    ['an answer', 200, `/graphql${PLAIN}`, { headers: { 'apollo-require-preflight': 'true' } }],
    [
      'an answer to another site',
      200,
      `/graphql${PLAIN}`,
      {
        headers: { 'apollo-require-preflight': 'true', origin: 'https://dashboard.example' },
      },
    ],
    ['a document that is none', 400, '/graphql?query=%7B', { headers: { 'apollo-require-preflight': 'true' } }],
    ['a request that any site could make', 400, `/graphql${PLAIN}`, {}],
    [
      'a body that is none',
      400,
      '/graphql',
      {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{',
      },
    ],
    ['an unknown path', 404, '/nothing', {}],
    ['an unknown method', 405, '/graphql', { method: 'DELETE' }],
    [
      'a preflight',
      204,
      '/graphql',
      {
        method: 'OPTIONS',
        headers: { origin: 'https://dashboard.example', 'access-control-request-method': 'POST' },
      },
    ],
    ['its health', 200, '/healthz', {}],
    ['its readiness', 200, '/readyz', {}],
    ['its metrics', 200, '/metrics', {}],
    ['the IDE', 200, '/', {}],
  ] as [string, number, string, RequestInit][])('names what it depends on: %s', async (_, status, path, init) => {
    const reply = await fetch(`${gateway.url}${path}`, init);
    await reply.arrayBuffer();
    expect(reply.status).toBe(status);
    const vary = reply.headers.get('vary')?.toLowerCase().split(/, */) ?? [];
    expect(vary).toEqual(expect.arrayContaining(['authorization', 'x-api-key', 'accept', 'origin']));
    expect(new Set(vary).size).toBe(vary.length);
  });

  it('of a refusal is stored by nobody', async () => {
    const secured = await startSecured();
    const reply = await fetch(`${secured.gateway.url}/graphql${PLAIN}`);
    await secured.close();
    expect(reply.status).toBe(401);
    expect(reply.headers.get('cache-control')).toBe('no-store');
    expect(reply.headers.get('vary')).toContain('Authorization');
  });
});
