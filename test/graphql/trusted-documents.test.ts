import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { postOperation, send, type Reply } from '../support/client.js';
import { newCallId, startTestGateway, type TestGateway } from '../support/gateway.js';
import { openSharedRedis, startRedis } from '../support/redis.js';
import { eventually } from '../cache/redis/support/eventually.js';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function start(
  settings: Readonly<Record<string, string>> = {},
  files: Readonly<Record<string, string>> = {},
): Promise<TestGateway> {
  const gateway = await startTestGateway(settings, files);
  closing.push(() => gateway.close());
  return gateway;
}

type Parameters = Readonly<Record<string, unknown>>;
type Ask = (gateway: TestGateway, parameters: Parameters) => Promise<Reply>;

const byPost: Ask = (gateway, parameters) =>
  send(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(parameters),
  });

const byGet: Ask = (gateway, parameters) => {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters))
    search.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  return send(`${gateway.url}/graphql?${search.toString()}`, { headers: { 'apollo-require-preflight': '1' } });
};

const WAYS: readonly [string, Ask][] = [
  ['POST', byPost],
  ['GET', byGet],
];

const persisted = (sha256Hash: string): Parameters => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } });
const codesOf = ({ body }: Reply) => body.errors?.map(({ extensions }) => extensions['code']);

const QUERY = 'query One($callId: ID!) { call(vdn: 170, callId: $callId) { callId } }';
const HASH = sha256(QUERY);

describe('a document asked for by its hash', () => {
  it.each(WAYS)('is run by %s once a client has sent it with the hash, as Apollo Client does', async (_, ask) => {
    const gateway = await start();
    const variables = { callId: newCallId() };

    const first = await ask(gateway, { operationName: 'One', variables, ...persisted(HASH) });
    expect([first.status, codesOf(first)]).toEqual([200, ['PERSISTED_QUERY_NOT_FOUND']]);
    expect(first.body.errors?.[0]?.message).toBe('PersistedQueryNotFound');

    const second = await ask(gateway, { operationName: 'One', query: QUERY, variables, ...persisted(HASH) });
    expect(second.body).toEqual({ data: { call: { callId: variables.callId } } });

    const third = await ask(gateway, { operationName: 'One', variables, ...persisted(HASH) });
    expect(third.body).toEqual({ data: { call: { callId: variables.callId } } });
  });

  it.each<[string, unknown, string]>([
    ['another document', { version: 1, sha256Hash: sha256('{ __typename }') }, 'is not the SHA-256 of `query`'],
    ['another version', { version: 2, sha256Hash: HASH }, 'must hold version 1'],
    ['no hash', { version: 1 }, 'must hold version 1 and a sha256Hash'],
    ['an object as hash', { version: 1, sha256Hash: { length: 64 } }, 'must hold version 1 and a sha256Hash'],
    ['a hash in capitals', { version: 1, sha256Hash: HASH.toUpperCase() }, 'in lower case'],
    ['a text', 'x', 'must hold version 1'],
    ['a list', [], 'must hold version 1'],
  ])('is refused by HTTP 400 and left alone if the client sends %s', async (_, persistedQuery, sentence) => {
    const gateway = await start();
    for (const ask of [byPost, byGet]) {
      const reply = await ask(gateway, { query: QUERY, variables: { callId: '1' }, extensions: { persistedQuery } });
      expect([reply.status, codesOf(reply)]).toEqual([400, ['BAD_REQUEST']]);
      expect(reply.body.errors?.[0]?.message).toContain(sentence);
    }
    expect(codesOf(await byPost(gateway, persisted(HASH)))).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
    expect(gateway.logLines.filter((line) => (JSON.parse(line) as { level: number }).level >= 50)).toEqual([]);
  });

  it.each([
    ['is not valid', '{ nothing }'],
    ['is beyond the limits', `{ ${Array.from({ length: 51 }, (_, n) => `a${n}: __typename`).join(' ')} }`],
    ['is long', `{ __typename } # ${'x'.repeat(16_384)}`],
  ])('is not remembered if it %s', async (_, query) => {
    const gateway = await start();
    await byPost(gateway, { query, ...persisted(sha256(query)) });
    expect(codesOf(await byPost(gateway, persisted(sha256(query))))).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
  });

  it('is never a mutation by GET', async () => {
    const gateway = await start();
    const query = 'mutation { forgetCall(vdn: 170, callId: "1700000000-2") { forgotten } }';
    expect((await byPost(gateway, { query, ...persisted(sha256(query)) })).body).toEqual({
      data: { forgetCall: { forgotten: true } },
    });
    expect((await byGet(gateway, persisted(sha256(query)))).status).toBe(405);
  });
});

describe('the hashes of documents in Redis', () => {
  const keyOf = (prefix: string, hash: string) => `${prefix}calltrace:apq:${hash}`;
  const ready = (gateway: TestGateway) =>
    eventually('Redis is up', async () => {
      const readiness = (await (await fetch(`${gateway.url}/readyz`)).json()) as { redis?: string };
      return readiness.redis === 'up';
    });

  it('serve every gateway of the estate, for a day', async () => {
    const redis = await openSharedRedis();
    closing.push(() => redis.close());
    const settings = { REDIS_URL: redis.url, REDIS_KEY_PREFIX: redis.keyPrefix };
    const [one, other] = [await start(settings), await start(settings)];
    await Promise.all([ready(one), ready(other)]);
    const variables = { callId: newCallId() };
    await byPost(one, { query: QUERY, variables, ...persisted(HASH) });
    await eventually('it lies in Redis', async () => (await redis.inside.exists(keyOf(redis.keyPrefix, HASH))) === 1);
    expect(await redis.inside.pttl(keyOf(redis.keyPrefix, HASH))).toBeGreaterThan(23 * 3_600_000);
    expect((await byPost(other, { variables, ...persisted(HASH) })).body).toEqual({
      data: { call: { callId: variables.callId } },
    });
  });

  it.each([
    ['another document', 'mutation { forgetCall(vdn: 170, callId: "1700000000-2") { forgotten } }', HASH],
    ['no document', 'x', HASH],
    ...[`{ ${Array.from({ length: 51 }, (_, n) => `a${n}: __typename`).join(' ')} }`].map(
      (text) => ['a document beyond the limits', text, sha256(text)] as const,
    ),
  ])('run nothing if somebody else has put %s there', async (_, text, hash) => {
    const redis = await openSharedRedis();
    closing.push(() => redis.close());
    const gateway = await start({ REDIS_URL: redis.url, REDIS_KEY_PREFIX: redis.keyPrefix });
    await ready(gateway);
    await redis.inside.set(keyOf(redis.keyPrefix, hash), text);
    expect(codesOf(await byPost(gateway, persisted(hash)))).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
  });

  it('are mended by the next client that sends the document', async () => {
    const redis = await openSharedRedis();
    closing.push(() => redis.close());
    const gateway = await start({ REDIS_URL: redis.url, REDIS_KEY_PREFIX: redis.keyPrefix });
    await ready(gateway);
    await redis.inside.set(keyOf(redis.keyPrefix, HASH), '{ __typename }');
    await byPost(gateway, { query: QUERY, variables: { callId: newCallId() }, ...persisted(HASH) });
    await eventually(
      'the document lies there',
      async () => (await redis.inside.get(keyOf(redis.keyPrefix, HASH))) === QUERY,
    );
  });

  it('are remembered by each gateway for itself while Redis is away', async () => {
    const redis = await startRedis();
    closing.push(() => redis.close());
    const gateway = await start({ REDIS_URL: redis.url() });
    await ready(gateway);
    await redis.kill();
    const variables = { callId: newCallId() };
    expect(codesOf(await byPost(gateway, { variables, ...persisted(HASH) }))).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
    await byPost(gateway, { query: QUERY, variables, ...persisted(HASH) });
    expect((await byPost(gateway, { variables, ...persisted(HASH) })).body.errors).toBeUndefined();
  });
});

const APOLLO = JSON.stringify({
  format: 'apollo-persisted-query-manifest',
  version: 1,
  operations: [{ id: HASH, name: 'One', type: 'query', body: QUERY }],
});
/** graphql-codegen hashes with SHA-1 unless it is told otherwise. */
const SHA1 = createHash('sha1').update(QUERY).digest('hex');
const CODEGEN = JSON.stringify({ [SHA1]: QUERY });

const withManifest = (mode: string, manifest: string) =>
  start({ TRUSTED_DOCUMENTS: mode, TRUSTED_DOCUMENTS_FILE: '/manifest.json' }, { '/manifest.json': manifest });

describe('TRUSTED_DOCUMENTS=enforce', () => {
  describe.each([
    ['of Apollo', APOLLO, HASH],
    ['of graphql-codegen', CODEGEN, SHA1],
  ])('with a manifest %s', (_, manifest, id) => {
    it.each(WAYS)('runs its documents by %s, by ID and by text', async (__, ask) => {
      const gateway = await withManifest('enforce', manifest);
      const variables = { callId: newCallId() };
      const answer = { data: { call: { callId: variables.callId } } };
      const asked: readonly Parameters[] = [
        { documentId: id },
        { documentId: `sha256:${HASH}` },
        persisted(id),
        persisted(HASH),
        { query: QUERY },
        { query: QUERY, ...persisted(id) },
        { query: QUERY, documentId: id },
      ];
      for (const parameters of asked) {
        const { status, body } = await ask(gateway, { ...parameters, variables });
        expect({ parameters, status, body }).toEqual({ parameters, status: 200, body: answer });
      }
    });
  });

  it.each(WAYS)('runs nothing else by %s, and says what to do', async (_, ask) => {
    const gateway = await withManifest('enforce', APOLLO);
    const other = '{ __typename }';
    const asked: readonly Parameters[] = [
      { query: other },
      { query: `${QUERY} ` },
      { query: '{ not a document' },
      { query: other, documentId: HASH },
      { query: other, ...persisted(sha256(other)) },
      { query: other, ...persisted(HASH) },
      persisted(sha256(other)),
      { documentId: 'other' },
      { documentId: '__proto__' },
      { documentId: 'sha256:' },
    ];
    for (const parameters of asked) {
      const reply = await ask(gateway, parameters);
      expect({ parameters, status: reply.status, codes: codesOf(reply), data: reply.body.data }).toEqual({
        parameters,
        status: 400,
        codes: ['DOCUMENT_NOT_TRUSTED'],
        data: undefined,
      });
      expect(reply.body.errors?.[0]?.message).toContain('only the documents of its manifest');
      expect(reply.body.errors?.[0]?.extensions['requestId']).toBe(reply.headers.get('x-request-id'));
    }
  });

  it('refuses introspection, IDEs or not', async () => {
    const gateway = await withManifest('enforce', APOLLO);
    expect(codesOf(await gateway.query('{ __schema { queryType { name } } }'))).toEqual(['DOCUMENT_NOT_TRUSTED']);
  });

  it('never runs a mutation by GET', async () => {
    const mutation = 'mutation Forget { forgetCall(vdn: 170, callId: "1700000000-2") { forgotten } }';
    const gateway = await withManifest('enforce', JSON.stringify({ forget: mutation }));
    expect((await byGet(gateway, { documentId: 'forget' })).status).toBe(405);
    expect((await byPost(gateway, { documentId: 'forget' })).body).toEqual({
      data: { forgetCall: { forgotten: true } },
    });
  });

  it('does not lift the limits of variables and cost', async () => {
    const many = 'query Many($keys: [CallKeyInput!]!) { calls(keys: $keys) { id } }';
    const gateway = await start(
      { TRUSTED_DOCUMENTS: 'enforce', TRUSTED_DOCUMENTS_FILE: '/m', LIMIT_COST: '1' },
      { '/m': JSON.stringify({ many }) },
    );
    const keys = [1, 2].map(() => ({ vdn: 170, callId: newCallId() }));
    expect(codesOf(await byPost(gateway, { documentId: 'many', variables: { keys } }))).toEqual([
      'OPERATION_TOO_COMPLEX',
    ]);
  });

  it('runs a document of the manifest that is beyond the limits of documents', async () => {
    const big = `{ ${Array.from({ length: 51 }, (_, n) => `a${n}: __typename`).join(' ')} }`;
    const gateway = await withManifest('enforce', JSON.stringify({ big }));
    expect((await byPost(gateway, { documentId: 'big' })).body.errors).toBeUndefined();
  });
});

describe('TRUSTED_DOCUMENTS=log', () => {
  const told = (gateway: TestGateway) =>
    gateway.logLines
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ msg }) => msg === 'a document that is not in the manifest was run')
      .map(({ operation, sha256: hash }) => ({ operation, hash }));

  it('runs every document, and tells of each unknown one once', async () => {
    const gateway = await withManifest('log', CODEGEN);
    const other = 'query Other { __typename }';
    for (let time = 0; time < 3; time += 1) expect((await gateway.query(other)).body.data).toBeDefined();
    await gateway.query('{ __typename }');
    await gateway.query(QUERY, { callId: newCallId() });
    await byPost(gateway, { documentId: SHA1, variables: { callId: newCallId() } });
    await gateway.query('query Invalid { nothing }');
    expect(told(gateway)).toEqual([
      { operation: 'Other', hash: sha256(other) },
      { operation: null, hash: sha256('{ __typename }') },
    ]);
  });

  it('tells of 1000 at most', async () => {
    const gateway = await withManifest('log', CODEGEN);
    for (let one = 0; one < 1_010; one += 10) {
      await Promise.all(Array.from({ length: 10 }, (_, n) => gateway.query(`query Q${one + n} { __typename }`)));
    }
    expect(told(gateway)).toHaveLength(1_000);
  });

  it('leaves the hashes of other documents to clients', async () => {
    const gateway = await withManifest('log', CODEGEN);
    const query = 'query Other { __typename }';
    expect(codesOf(await byPost(gateway, persisted(sha256(query))))).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
    await byPost(gateway, { query, ...persisted(sha256(query)) });
    expect((await byPost(gateway, persisted(sha256(query)))).body.data).toEqual({ __typename: 'Query' });
  });
});

describe('a manifest', () => {
  it('is not looked at where TRUSTED_DOCUMENTS is off', async () => {
    const gateway = await withManifest('off', CODEGEN);
    expect((await postOperation(`${gateway.url}/graphql`, '{ __typename }')).status).toBe(200);
    expect((await byPost(gateway, { documentId: SHA1 })).status).toBe(400);
  });

  it.each<[string, unknown, string]>([
    ['a field that is not there', { a: 'query Wrong { nothing }' }, 'the document Wrong (a): Cannot query field'],
    ['a syntax error', { a: 'query {' }, 'the document without a name (a): Syntax Error'],
    [
      'an ID given twice',
      {
        format: 'apollo-persisted-query-manifest',
        version: 1,
        operations: [
          { id: 'a', name: 'One', type: 'query', body: 'query One { __typename }' },
          { id: 'a', name: 'Two', type: 'query', body: 'query Two { __typename }' },
        ],
      },
      'the document One (a): its ID stands for another document, too',
    ],
  ])('that holds %s keeps the gateway from starting', async (_, manifest, problem) => {
    for (const mode of ['log', 'enforce']) {
      await expect(withManifest(mode, JSON.stringify(manifest))).rejects.toThrow(problem);
    }
  });
});
