import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startSecured } from '../abuse/support/secured.js';
import { send } from '../support/client.js';
import { NEVER_FOUND, newCallId, startTestGateway, type TestGateway } from '../support/gateway.js';

/** So often each operation is asked: by then those that can be are answered by the fast path. */
const TIMES = 4;
const REVALIDATE = 'private, no-cache';
const NO_STORE = 'no-store';

/** The URL of an operation asked by GET. */
function urlOf(gateway: Pick<TestGateway, 'url'>, query: string, variables: object = {}): string {
  const search = new URLSearchParams({ query, variables: JSON.stringify(variables) });
  return `${gateway.url}/graphql?${search.toString()}`;
}

function get(gateway: Pick<TestGateway, 'url'>, query: string, variables = {}, headers = {}): Promise<Response> {
  return fetch(urlOf(gateway, query, variables), { headers: { 'apollo-require-preflight': 'true', ...headers } });
}

/** What the headers say of each of several answers to the same request. */
async function storedAs(ask: () => Promise<Response>): Promise<(string | null)[]> {
  const said: (string | null)[] = [];
  for (let time = 0; time < TIMES; time += 1) {
    const reply = await ask();
    await reply.arrayBuffer();
    said.push(reply.headers.get('cache-control'));
    expect(reply.headers.has('etag')).toBe(said.at(-1) === REVALIDATE);
    expect(reply.headers.has('age')).toBe(false);
  }
  return said;
}

describe('an answer to a GET where nobody signs in', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({ RATE_LIMIT_POINTS_PER_MINUTE: '100000' });
  });
  beforeEach(() => gateway.simulator.reset());
  afterAll(() => gateway.close());

  const CALL = 'query ($callId: ID!, $refresh: Boolean) { call(vdn: 170, callId: $callId, refresh: $refresh)';

  it.each([
    ['a call', `${CALL} { complete callerNoHash } }`],
    ['several calls', 'query ($callId: ID!) { calls(keys: [{ vdn: 170, callId: $callId }]) { complete } }'],
    ['a dictionary', '{ callCodes(table: MEDIA_TYPE) { code } }'],
    ['a name of a type', '{ __typename }'],
  ])('may be stored, and is revalidated: %s', async (_, query) => {
    const variables = query.includes('$callId') ? { callId: newCallId() } : {};
    expect(await storedAs(() => get(gateway, query, variables))).toEqual(Array<string>(TIMES).fill(REVALIDATE));
  });

  it('may be stored if the call was not found', async () => {
    const variables = { callId: newCallId(NEVER_FOUND) };
    expect((await get(gateway, `${CALL} { complete } }`, variables)).headers.get('cache-control')).toBe(REVALIDATE);
  });

  it.each([
    ['a phone number', `${CALL} { callerNo } }`, {}],
    ['a phone number of a leg', `${CALL} { legs { calleeNo } } }`, {}],
    ['a refreshed call', `${CALL} { complete } }`, { refresh: true }],
    [
      'points that are left',
      `${CALL} { complete } ...Left } fragment Left on Query { left: callRateLimit { cost } }`,
      {},
    ],
  ])('is not stored with %s', async (_, query, variables) => {
    const ask = (): Promise<Response> => get(gateway, query, { callId: newCallId(), ...variables });
    expect(await storedAs(ask)).toEqual(Array<string>(TIMES).fill(NO_STORE));
  });

  it('is not stored with a masked phone number', async () => {
    const masking = await startTestGateway({ ANONYMOUS_SCOPES: '' });
    const variables = { callId: newCallId() };
    const said = await storedAs(() => get(masking, `${CALL} { callerNo } }`, variables));
    await masking.close();
    expect(said).toEqual(Array<string>(TIMES).fill(NO_STORE));
  });

  it('is not stored if anything failed', async () => {
    const failing = newCallId();
    gateway.simulator.configure({ fault: 'http-500', faultCallIds: [failing] });
    const query = 'query ($keys: [CallKeyInput!]!) { calls(keys: $keys) { complete } }';
    const keys = [newCallId(), failing].map((callId) => ({ vdn: 170, callId }));
    expect((await get(gateway, query, { keys })).headers.get('cache-control')).toBe(NO_STORE);
    expect((await get(gateway, '{ nothing }')).headers.get('cache-control')).toBe(NO_STORE);
    expect((await get(gateway, '{')).headers.get('cache-control')).toBe(NO_STORE);
  });

  it('is not stored if it was asked for by POST', async () => {
    const variables = { callId: newCallId() };
    const body = JSON.stringify({ query: `${CALL} { complete } }`, variables });
    const ask = (): Promise<Response> =>
      fetch(`${gateway.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    expect(await storedAs(ask)).toEqual(Array<string>(TIMES).fill(NO_STORE));
  });

  it('is not sent again to a client that holds it', async () => {
    const variables = { callId: newCallId() };
    for (let time = 0; time < TIMES; time += 1) {
      const first = await get(gateway, `${CALL} { complete } }`, variables);
      const text = await first.text();
      const etag = first.headers.get('etag') ?? '';
      const again = await get(gateway, `${CALL} { complete } }`, variables, { 'if-none-match': `"other", W/${etag}` });
      expect([again.status, await again.text()]).toEqual([304, '']);
      expect(again.headers.get('etag')).toBe(etag);
      expect(again.headers.get('cache-control')).toBe(REVALIDATE);
      expect(again.headers.get('vary')).toBe(first.headers.get('vary'));
      expect(again.headers.has('content-type')).toBe(false);
      const other = await get(gateway, `${CALL} { complete } }`, variables, { 'if-none-match': '"other"' });
      expect([other.status, await other.text()]).toEqual([200, text]);
    }
  });

  it('has another tag in another form, and for another answer', async () => {
    const ask = (callId: string, accept: string) => get(gateway, `${CALL} { callId } }`, { callId }, { accept });
    const [one, other] = [newCallId(), newCallId()];
    const replies = [
      await ask(one, 'application/json'),
      await ask(one, 'application/graphql-response+json'),
      await ask(other, 'application/json'),
    ];
    expect(new Set(replies.map(({ headers }) => headers.get('etag'))).size).toBe(replies.length);
  });
});

describe('an answer to a GET where callers sign in', () => {
  it('is stored by nobody, whatever is in it', async () => {
    const secured = await startSecured();
    const { gateway, keys } = secured;
    const query = `query ($callId: ID!) { call(vdn: 170, callId: $callId) { complete } }`;
    const variables = { callId: newCallId() };
    const said = await storedAs(() => get(gateway, query, variables, keys.auditor));
    const refused = await send(urlOf(gateway, query, variables));
    await secured.close();
    expect(said).toEqual(Array<string>(TIMES).fill(NO_STORE));
    expect([refused.status, refused.headers.get('cache-control')]).toEqual([401, NO_STORE]);
  });
});
