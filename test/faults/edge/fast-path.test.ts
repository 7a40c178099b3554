import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createApiKey } from '../../../src/access/new-api-key.js';
import type { FallbackReason } from '../../../src/graphql/fast-path/fallback.js';
import { send, type Reply } from '../../support/client.js';
import { newCallId, startTestGateway, type TestGateway } from '../../support/gateway.js';

const open: TestGateway[] = [];
afterEach(async () => {
  for (const gateway of open.splice(0)) await gateway.close();
});

async function start(...given: Parameters<typeof startTestGateway>): Promise<TestGateway> {
  const gateway = await startTestGateway(...given);
  open.push(gateway);
  return gateway;
}

/** How often the fast path was asked, by outcome, those of zero left out. */
async function outcomes({ adminUrl }: TestGateway): Promise<Partial<Record<'answered' | FallbackReason, number>>> {
  const text = await (await fetch(`${adminUrl}/metrics`)).text();
  const series = text.matchAll(/^calltrace_fast_path_requests_total\{outcome="(\w+)"\} ([1-9]\d*)$/gm);
  return Object.fromEntries([...series].map(([, outcome = '', count]) => [outcome, Number(count)]));
}

type Fields = Readonly<Record<string, unknown>>;
type HeaderFields = Readonly<Record<string, string>>;

const post = ({ url }: TestGateway, parameters: Fields, headers: HeaderFields = {}): Promise<Reply> =>
  send(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(parameters),
  });

const get = ({ url }: TestGateway, parameters: Fields, headers: HeaderFields = {}): Promise<Reply> => {
  const search = new URLSearchParams(
    Object.entries(parameters).map(([name, value]): [string, string] => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
  return send(`${url}/graphql?${search.toString()}`, { headers: { 'apollo-require-preflight': '1', ...headers } });
};

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const persisted = (text: string): Fields => ({
  extensions: { persistedQuery: { version: 1, sha256Hash: sha256(text) } },
});

const LEGS = 'legs { callIdNum deviceType deviceNo waitBegin callEnd callerNo }';
const ONE = `query One($callId: ID!) { call(vdn: 170, callId: $callId) { callId complete ${LEGS} } }`;
const MANY = `query Many($keys: [CallKeyInput!]!) { calls(keys: $keys) { callId complete ${LEGS} } }`;
const ENTITIES = `query ($representations: [_Any!]!) { _entities(representations: $representations) { __typename ... on Call { callId ${LEGS} } } }`;

const oneCall = (): Fields => ({ callId: newCallId() });
const manyCalls = (): Fields => ({ keys: Array.from({ length: 25 }, () => ({ vdn: 170, callId: newCallId() })) });
const reference = (parts: (callId: string) => object) => (): Fields => ({
  representations: Array.from({ length: 3 }, () => ({ __typename: 'Call', ...parts(newCallId()) })),
});
const nodeId = (callId: string): string => Buffer.from(`Call:1:170:2025-01:${callId}`).toString('base64url');

/** Asks three times; gives how often the fast path answered, and the last answer. */
async function askThrice(gateway: TestGateway, ask: () => Promise<Reply>): Promise<[answered: number, last: Reply]> {
  const before = (await outcomes(gateway)).answered ?? 0;
  await ask();
  await ask();
  const last = await ask();
  return [((await outcomes(gateway)).answered ?? 0) - before, last];
}

describe('the fast path', () => {
  const SHAPES: readonly [string, string, () => Fields][] = [
    ['one call', ONE, oneCall],
    ['a list of 25 calls', MANY, manyCalls],
    ['an empty list', MANY, () => ({ keys: [] })],
    ["a router's list by id", ENTITIES, reference((callId) => ({ id: nodeId(callId) }))],
    [
      "a router's list by four fields",
      ENTITIES,
      reference((callId) => ({ ccId: 1, vdn: 170, callId, month: '2025-01' })),
    ],
    ["a router's list by VDN and call ID", ENTITIES, reference((callId) => ({ vdn: 170, callId }))],
  ];

  it.each(SHAPES)('answers %s from the third time on, by POST and by GET', async (_, query, variables) => {
    const gateway = await start();
    await post(gateway, { query: '{ __typename }' }); // what a client accepts is learnt by any answer
    const [byPost, { status, body }] = await askThrice(gateway, () => post(gateway, { query, variables: variables() }));
    expect([byPost, status, body.errors]).toEqual([1, 200, undefined]);
    const [byGet, last] = await askThrice(gateway, () => get(gateway, { query, variables: variables() }));
    expect([byGet, last.status, last.body.errors]).toEqual([3, 200, undefined]); // the plan is the same
  });

  it.each([
    ['POST', post],
    ['GET', get],
  ])('answers a persisted document from the third time on, by %s', async (_, ask) => {
    const gateway = await start();
    await ask(gateway, { query: ONE, variables: oneCall(), ...persisted(ONE) });
    await ask(gateway, { variables: oneCall(), ...persisted(ONE) });
    const { status, body } = await ask(gateway, { variables: oneCall(), ...persisted(ONE) });
    expect([status, body.errors, await outcomes(gateway)]).toEqual([200, undefined, { answered: 1, not_compiled: 1 }]);
  });

  it.each([
    ['POST', post],
    ['GET', get],
  ])('answers a document of the manifest from the third time on, however it is named, by %s', async (_, ask) => {
    const operations = [{ id: 'one', name: 'One', type: 'query', body: ONE }];
    const manifest = JSON.stringify({ format: 'apollo-persisted-query-manifest', version: 1, operations });
    const settings = { TRUSTED_DOCUMENTS: 'enforce', TRUSTED_DOCUMENTS_FILE: '/manifest' };
    const gateway = await start(settings, { '/manifest': manifest });
    const names = [{ documentId: 'one' }, persisted(ONE), { documentId: `sha256:${sha256(ONE)}` }, { query: ONE }];
    for (const name of [...names, ...names]) {
      const { status, body } = await ask(gateway, { ...name, variables: oneCall() });
      expect([status, body.errors]).toEqual([200, undefined]);
    }
    expect(await outcomes(gateway)).toEqual({ answered: 6, not_compiled: 1 });
  });

  it('stays fast, and its answers have no extensions, whatever header asks for a trace', async () => {
    const gateway = await start({ NODE_ENV: 'production' });
    const traced = { 'apollo-federation-include-trace': 'ftv1' };
    for (const query of [ONE, `${ONE} # seen after the header`]) {
      for (let time = 0; time < 4; time += 1) {
        const { body } = await post(gateway, { query, variables: oneCall() }, traced);
        expect(Object.keys(body)).toEqual(['data']);
      }
      const [answered] = await askThrice(gateway, () => post(gateway, { query, variables: oneCall() }));
      expect(answered).toBe(3);
    }
  });

  it('tells why it falls back', async () => {
    const gateway = await start({ LIMIT_COST: '60' });
    const ask = (query: string, variables: Fields) => post(gateway, { query, variables });
    await ask('{ __typename }', {});
    const compile = async (query: string, variables: Fields) => {
      for (let time = 0; time < 2; time += 1) await ask(query, variables);
    };
    const changes = async (act: () => Promise<unknown>) => {
      const before = await outcomes(gateway);
      await act();
      const after = await outcomes(gateway);
      const names = Object.keys(after) as (keyof typeof after)[];
      return names.filter((name) => after[name] !== before[name]);
    };
    await compile(ONE, oneCall());
    await compile(MANY, manyCalls());
    await compile('{ callCodes(table: MEDIA_TYPE) { name } }', {});
    const failing = newCallId();
    gateway.simulator.configure({ fault: 'result-0101001', faultCallIds: [failing] });
    const cases: readonly [FallbackReason, () => Promise<unknown>][] = [
      ['not_compiled', () => ask(`${ONE} # new`, oneCall())],
      ['unsupported', () => ask('{ callCodes(table: MEDIA_TYPE) { name } }', {})],
      ['request_form', () => post(gateway, { query: ONE, variables: oneCall(), operationName: 'Another' })],
      ['request_form', () => post(gateway, { query: ONE, variables: oneCall(), ...persisted(ONE) })],
      ['request_form', () => get(gateway, { query: ONE, variables: 'x' })],
      ['variables', () => ask(ONE, { callId: 7 })],
      ['variables', () => ask(MANY, { keys: Array.from({ length: 61 }, () => ({ vdn: 170, callId: newCallId() })) })],
      ['invalid_key', () => ask(ONE, { callId: 'no time at its head' })],
      ['load_failed', () => ask(ONE, { callId: failing })],
    ];
    for (const [reason, act] of cases) expect(await changes(act)).toEqual([reason]);
  });

  it('tells that a caller may not ask, has too few points, or asks for too long an answer', async () => {
    const { key, entry } = createApiKey({ name: 'board', vdns: '1/171', scopes: 'numbers' }, Date.now);
    const settings = { AUTH_MODE: 'api-key', API_KEYS_FILE: '/keys', RATE_LIMIT_POINTS_PER_MINUTE: '30' };
    const limited = await start(settings, { '/keys': JSON.stringify([entry]) });
    const ask = (variables: Fields) => limited.query(SHORT, variables, { 'x-api-key': key });
    const keys = (vdn: number, count: number) => ({
      keys: Array.from({ length: count }, () => ({ vdn, callId: newCallId() })),
    });
    const SHORT = 'query ($keys: [CallKeyInput!]!) { calls(keys: $keys) { id } }';
    for (let time = 0; time < 3; time += 1) await ask(keys(171, 1));
    await ask(keys(170, 1));
    for (let time = 0; time < 2; time += 1) await ask(keys(171, 20));
    expect(await outcomes(limited)).toMatchObject({ forbidden: 1, rate_limited: 1 });

    const short = await start({ LIMIT_FIELDS: '1000' });
    for (let time = 0; time < 2; time += 1) await short.query(ONE, oneCall());
    const { status, body } = await short.query(ONE, { callId: newCallId(12) }); // 400 legs
    expect([status, body.errors?.[0]?.extensions['code'], await outcomes(short)]).toEqual([
      400,
      'OPERATION_TOO_COMPLEX',
      { not_compiled: 1, too_long: 1 },
    ]);
  });
});
