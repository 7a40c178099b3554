import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { postOperation, send, type Reply } from '../../support/client.js';
import { newCallId, startTestGateway, type TestGateway } from '../../support/gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ LIMIT_COST: '20', LIMIT_VARIABLES_KIB: '2', LIMIT_VARIABLES_DEPTH: '3' });
});
afterAll(() => gateway.close());

const times = (count: number, item: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => item(index)).join(' ');

const CALLS = 'query ($keys: [CallKeyInput!]!, $refresh: Boolean) { calls(keys: $keys, refresh: $refresh) { callId } }';
const keysOf = (count: number) => Array.from({ length: count }, () => ({ vdn: 170, callId: newCallId() }));

function refused({ status, body, headers }: Reply, code: string, sentence: string): void {
  expect(status).toBe(400);
  expect(body).toEqual({
    errors: [
      expect.objectContaining({
        message: expect.stringContaining(sentence),
        extensions: { code, retryable: false, requestId: headers.get('x-request-id') },
      }),
    ],
  });
}

describe('a document beyond the limits', () => {
  it.each([
    ['tokens', `{ ${'__typename '.repeat(2_500)} }`, 'more than 2500 tokens'],
    ['depth', `${'{ a '.repeat(21)}${'}'.repeat(21)}`, 'brackets more than 20 deep'],
    ['lists', `{ call(vdn: ${'['.repeat(1_200)}${']'.repeat(1_200)}) { id } }`, 'brackets more than 20 deep'],
    ['aliases', `{ ${times(51, (n) => `a${n}: __typename`)} }`, '51 aliases; at most 50'],
    ['comments', `{ __typename } ${'#\n'.repeat(32_768)}`, '65551 bytes long; at most 65536'],
    ['repetitions', `{ call(vdn: 1, callId: "1") { ${'legs { position } '.repeat(61)} } }`, '61 fields of one name'],
    ['directives', `{ __typename ${'@skip(if: false) '.repeat(51)} }`, '51 directives; at most 50'],
    ['fragments', `{ __typename } ${times(31, (n) => `fragment F${n} on Query { __typename }`)}`, '31 fragments; at'],
    [
      'fragments in a circle that overflow the stack of validation',
      `{ ...F0 } ${times(200, (n) => `fragment F${n} on Query { ...F${(n + 1) % 200} ...F${(n + 2) % 200} }`)}`,
      '200 fragments; at most 30',
    ],
  ])('is refused by HTTP 400 in a sentence: %s', async (_, document, sentence) => {
    refused(await gateway.query(document), 'OPERATION_TOO_COMPLEX', sentence);
  });

  it('is refused by GET, too', async () => {
    const query = encodeURIComponent(`{ ${times(51, (n) => `a${n}: __typename`)} }`);
    const reply = await send(`${gateway.url}/graphql?query=${query}`, { headers: { 'apollo-require-preflight': '1' } });
    refused(reply, 'OPERATION_TOO_COMPLEX', '51 aliases');
  });

  it('is refused anew each time', async () => {
    const document = `{ ${times(51, (n) => `b${n}: __typename`)} }`;
    for (let time = 0; time < 3; time += 1)
      refused(await gateway.query(document), 'OPERATION_TOO_COMPLEX', '51 aliases');
  });

  it('is counted in the metrics', async () => {
    await gateway.query(`{ ${times(51, (n) => `c${n}: __typename`)} }`);
    const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
    expect(metrics).toMatch(/OPERATION_TOO_COMPLEX"} [1-9]/);
  });
});

describe('a document within the limits that is not valid', () => {
  it('is told 20 mistakes at most', async () => {
    const { status, body } = await gateway.query(`{ node(id: "") { ${times(500, (n) => `x${n}`)} } }`);
    expect(status).toBe(400);
    expect(body.errors).toHaveLength(21);
  });

  it.each([
    ['a name', `{ ${'x'.repeat(100_000)} }`],
    ['a text where a number is wanted', `{ call(vdn: "${'x'.repeat(100_000)}", callId: "1") { id } }`],
    ['a text where none is wanted', `{ call "${'x'.repeat(100_000)}" }`],
    ['a name in each of its mistakes', `query ${'x'.repeat(100_000)} { call(vdn: $a, callId: $b, ccId: $c) { id } }`],
  ])('is not repeated at length: %s', async (_, document) => {
    const { status, body } = await gateway.query(document);
    expect(status).toBe(400);
    expect(JSON.stringify(body).length).toBeLessThan(5_000);
  });

  it('may have fragments in a circle', async () => {
    const { status, body } = await gateway.query(
      `{ ...F0 } ${times(30, (n) => `fragment F${n} on Query { ...F${(n + 1) % 30} ...F${(n + 2) % 30} }`)}`,
    );
    expect(status).toBe(400);
    expect(body.errors?.[0]).toMatchObject({
      message: expect.stringContaining('Cannot spread fragment'),
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    });
  });
});

describe('variables beyond the limits', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['size', { unused: 'x'.repeat(2_048) }, 'The variables are 2061 bytes of JSON; at most 2048 are taken.'],
    ['depth', { unused: [[[[]]]] }, 'more than 3 deep'],
  ])('are refused, used or not: %s', async (_, variables, sentence) => {
    refused(await gateway.query('{ __typename }', variables), 'OPERATION_TOO_COMPLEX', sentence);
  });

  it('are refused 100,000 deep', async () => {
    const body = `{"query": "{ __typename }", "variables": {"a": ${'['.repeat(100_000)}${']'.repeat(100_000)}}}`;
    const headers = { 'content-type': 'application/json' };
    refused(
      await send(`${gateway.url}/graphql`, { method: 'POST', headers, body }),
      'OPERATION_TOO_COMPLEX',
      'more than 3 deep',
    );
  });

  it('of the wrong type are not repeated at length', async () => {
    const { status, body } = await gateway.query('query ($vdn: Int!) { call(vdn: $vdn, callId: "1") { id } }', {
      vdn: 'x'.repeat(2_000),
    });
    expect(status).toBe(400);
    expect(body.errors?.[0]?.message.length).toBeLessThan(600);
  });
});

describe('the cost of an operation', () => {
  it('is taken up to the limit', async () => {
    const { status, body } = await gateway.query(CALLS, { keys: keysOf(20) });
    expect([status, body.errors]).toEqual([200, undefined]);
    expect((await gateway.query(CALLS, { keys: keysOf(4), refresh: true })).status).toBe(200);
  });

  it.each<[string, string, Record<string, unknown>, number]>([
    ['keys', CALLS, { keys: keysOf(21) }, 21],
    ['refreshes', CALLS, { keys: keysOf(5), refresh: true }, 25],
    ['aliases', `{ ${times(21, (n) => `a${n}: call(vdn: 170, callId: "${newCallId()}") { id }`)} }`, {}, 21],
    [
      'calls and aliases together',
      `query ($keys: [CallKeyInput!]!) { calls(keys: $keys) { id } b: calls(keys: $keys) { id } call(vdn: 1, callId: "1") { id } }`,
      { keys: keysOf(10) },
      21,
    ],
  ])('beyond it is refused before anything is asked: %s', async (_, document, variables, cost) => {
    const before = gateway.simulator.requests.length;
    refused(await gateway.query(document, variables), 'OPERATION_TOO_COMPLEX', `costs ${cost}; at most 20 is taken`);
    expect(gateway.simulator.requests).toHaveLength(before);
  });
});

describe('a request of a wrong form', () => {
  const post = (body: unknown) =>
    send(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const query = '{ __typename }';

  it.each<[string, unknown, string]>([
    ['several operations in a list', [{ query }, { query }], 'Operation batching disabled.'],
    ['an empty list', [], 'Operation batching disabled.'],
    ['null', null, 'POST body missing'],
    ['a number', 7, 'POST body missing'],
    ['a text', query, 'POST body missing'],
    ['an empty object', {}, 'POST body missing'],
    ['no document', { variables: {} }, 'non-empty `query`'],
    ['an empty document', { query: '' }, 'non-empty `query`'],
    ['a document that is null', { query: null }, 'non-empty `query`'],
    ['a document that is a number', { query: 7 }, 'must be strings'],
    ['a document that is a list', { query: [query] }, 'must be strings'],
    ['a document that is an object', { query: { kind: 'Document' } }, 'must be strings'],
    ['variables in a text', { query, variables: '{}' }, '`variables` in a POST body should be provided as an object'],
    ['variables in a list', { query, variables: [] }, '`variables` in a POST body must be an object'],
    ['variables that are a number', { query, variables: 7 }, '`variables` in a POST body must be an object'],
    ['extensions in a text', { query, extensions: 'x' }, '`extensions` in a POST body should be provided as an object'],
    ['extensions in a list', { query, extensions: [] }, '`extensions` in a POST body must be an object'],
    ['a name that is a number', { query, operationName: 7 }, '`operationName` in a POST body must be a string'],
    ['a name that no operation has', { query, operationName: 'A' }, 'Unknown operation named "A"'],
    [
      'no name among several',
      { query: 'query A { __typename } query B { __typename }' },
      'Must provide operation name',
    ],
    ['a document without an operation', { query: 'fragment F on Query { __typename }' }, 'Fragment "F" is never used'],
    ['a document that defines types', { query: 'type A { b: Int }' }, 'not executable'],
    ['a subscription', { query: 'subscription { __typename }' }, 'This graph has no subscription operations.'],
  ])('is refused by HTTP 400 with a sentence, and never taken for a fault of ours: %s', async (_, body, sentence) => {
    const reply = await post(body);
    expect(reply.status).toBe(400);
    expect(reply.body.data).toBeUndefined();
    expect(reply.body.errors?.[0]?.message).toContain(sentence);
    expect(reply.body.errors?.[0]?.extensions['code']).not.toBe('INTERNAL_SERVER_ERROR');
  });

  it('is not logged as an error', () => {
    expect(gateway.logLines.filter((line) => (JSON.parse(line) as { level: number }).level >= 50)).toEqual([]);
  });

  it('is a mutation by GET: 405, and nothing is done', async () => {
    const callId = newCallId();
    const ask = () => gateway.query(`{ call(vdn: 170, callId: "${callId}") { freshness { source } } }`);
    await ask();
    const document = encodeURIComponent(`mutation { forgetCall(vdn: 170, callId: "${callId}") { forgotten } }`);
    const { status, headers, body } = await send(`${gateway.url}/graphql?query=${document}`, {
      headers: { 'apollo-require-preflight': '1' },
    });
    expect([status, headers.get('allow')]).toEqual([405, 'POST']);
    expect(body.errors?.[0]?.message).toContain('GET requests only support query operations');
    expect((await ask()).body.data).toEqual({ call: { freshness: { source: 'MEMORY' } } });
  });

  it.each([
    ['variables that are no JSON', 'query={__typename}&variables={', 'invalid JSON'],
    ['variables in a list', 'query={__typename}&variables=[]', 'JSON-encoded object'],
    ['extensions that are no JSON', 'query={__typename}&extensions=x', 'invalid JSON'],
    ['two documents', 'query={__typename}&query={__typename}', 'only be specified once'],
    ['nothing', '', 'non-empty `query`'],
  ])('by GET is refused likewise: %s', async (_, search, sentence) => {
    const { status, body } = await send(`${gateway.url}/graphql?${search}`, {
      headers: { 'apollo-require-preflight': '1' },
    });
    expect(status).toBe(400);
    expect(body.errors?.[0]?.message).toContain(sentence);
  });
});

describe('the introspection of IDEs', () => {
  it('is within the limits', async () => {
    const { getIntrospectionQuery } = await import('graphql');
    const usual = await startTestGateway();
    const { status, body } = await postOperation(`${usual.url}/graphql`, getIntrospectionQuery());
    await usual.close();
    expect([status, body.errors]).toEqual([200, undefined]);
  });
});
