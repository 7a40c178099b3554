import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { getIntrospectionQuery } from 'graphql';
import { send, type Reply } from '../support/client.js';
import { newCallId, startTestGateway, type TestGateway } from '../support/gateway.js';
import { startRedis } from '../support/redis.js';
import { eventually } from '../cache/redis/support/eventually.js';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const WANTED = 'query Wanted($callId: ID!) { call(vdn: 170, callId: $callId) { complete } }';
const UNWANTED = 'query Wanted($callId: ID!) { call(vdn: 170, callId: $callId) { callerNo } }';
const MANIFESTS = {
  'of generate-persisted-query-manifest': {
    format: 'apollo-persisted-query-manifest',
    version: 1,
    operations: [{ id: sha256(WANTED), name: 'Wanted', type: 'query', body: WANTED }],
  },
  'of graphql-codegen': { [sha256(WANTED)]: WANTED },
};
const persisted = (text: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash: sha256(text) } } });

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
const start = async (mode: string, manifest: object, settings = {}): Promise<TestGateway> => {
  const gateway = await startTestGateway(
    { TRUSTED_DOCUMENTS: mode, TRUSTED_DOCUMENTS_FILE: 'manifest.json', NODE_ENV: 'production', ...settings },
    { 'manifest.json': JSON.stringify(manifest) },
  );
  closing.push(() => gateway.close());
  return gateway;
};
const post = ({ url }: TestGateway, body: object): Promise<Reply> =>
  send(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ variables: { callId: newCallId() }, ...body }),
  });
const codeOf = ({ body }: Reply): unknown => body.errors?.[0]?.extensions['code'];

describe.each(Object.entries(MANIFESTS))('with a manifest %s, enforced,', (_, manifest) => {
  it('nothing runs but what is in it', async () => {
    const gateway = await start('enforce', manifest);
    const asked = [
      { query: UNWANTED },
      { query: ` ${WANTED}` },
      { query: `${WANTED} query Other { __typename }`, operationName: 'Wanted' },
      { query: UNWANTED, ...persisted(UNWANTED) },
      { query: UNWANTED, ...persisted(WANTED) },
      { query: UNWANTED, documentId: sha256(WANTED) },
      { documentId: sha256(UNWANTED) },
      { documentId: '__proto__' },
      persisted(UNWANTED),
      { query: 'mutation { forgetCall(vdn: 170, callId: "1736000000-2") { forgotten } }' },
      { query: getIntrospectionQuery() },
      { query: '{' },
    ];
    for (const body of asked) {
      const reply = await post(gateway, body);
      expect([body, reply.status, codeOf(reply)]).toEqual([body, 400, 'DOCUMENT_NOT_TRUSTED']);
    }
    const byGet = await send(`${gateway.url}/graphql?query=${encodeURIComponent('{ __typename }')}`, {
      headers: { 'apollo-require-preflight': '1' },
    });
    expect(codeOf(byGet)).toBe('DOCUMENT_NOT_TRUSTED');
    expect(gateway.simulator.total).toBe(0);
    for (const body of [{ query: WANTED }, { documentId: `sha256:${sha256(WANTED)}` }, persisted(WANTED)]) {
      expect((await post(gateway, body)).body).toEqual({ data: { call: { complete: true } } });
    }
  });

  it('or logged, what is not in it runs and is told', async () => {
    const gateway = await start('log', manifest);
    expect((await post(gateway, { query: UNWANTED })).body.errors).toBeUndefined();
    expect(gateway.logLines.filter((line) => line.includes(sha256(UNWANTED)))).toHaveLength(1);
  });
});

describe('a document that somebody put into Redis under the hash of another', () => {
  it('is not run', async () => {
    const redis = await startRedis();
    closing.push(() => redis.close());
    const gateway = await start('off', {}, { REDIS_URL: redis.url(), TRUSTED_DOCUMENTS_FILE: '' });
    await eventually('Redis is up', async () => {
      const readiness = (await (await fetch(`${gateway.url}/readyz`)).json()) as { redis?: string };
      return readiness.redis === 'up';
    });
    await redis.inside.set(`calltrace:apq:${sha256(WANTED)}`, UNWANTED);
    expect(codeOf(await post(gateway, persisted(WANTED)))).toBe('PERSISTED_QUERY_NOT_FOUND');
    await redis.inside.set(`calltrace:apq:${sha256(WANTED)}`, WANTED);
    expect((await post(gateway, persisted(WANTED))).body).toEqual({ data: { call: { complete: true } } });
  });
});
