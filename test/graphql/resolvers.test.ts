import { buildSubgraphSchema } from '@apollo/subgraph';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'graphql';
import { CALL_TYPES } from '../../src/call/codes/call-type.js';
import { DEVICE_TYPES } from '../../src/call/codes/device-type.js';
import { MEDIA_TYPES } from '../../src/call/codes/media-type.js';
import { REASONS } from '../../src/call/codes/reason.js';
import { RELEASE_CAUSES } from '../../src/call/codes/release-cause.js';
import { RESULT_CODES } from '../../src/call/codes/result-code.js';
import { LEGACY_SUB_MEDIA_TYPES } from '../../src/call/codes/sub-media-type-legacy.js';
import { SUB_MEDIA_TYPES } from '../../src/call/codes/sub-media-type.js';
import { send } from '../support/client.js';
import { NEVER_FOUND, newCallId, startTestGateway, type TestGateway } from '../support/gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
beforeEach(() => gateway.simulator.reset());
afterAll(() => gateway.close());

/** The value of a series of /metrics; 0 if it is not there. */
async function metric(series: string): Promise<number> {
  const text = await (await fetch(`${gateway.adminUrl}/metrics`)).text();
  const line = text.split('\n').find((one) => one.startsWith(`${series} `));
  return Number(line?.slice(series.length) ?? 0);
}

describe('node', () => {
  const DOCUMENT = 'query ($id: ID!) { node(id: $id) { __typename id ... on Call { vdn callId month ccId } } }';

  it('answers the id of a call with that call', async () => {
    const callId = newCallId();
    const { body } = await gateway.query(`{ call(vdn: 4999, ccId: 65535, callId: "${callId}") { id } }`);
    const { id } = body.data?.['call'] as { id: string };
    expect((await gateway.query(DOCUMENT, { id })).body).toEqual({
      data: { node: { __typename: 'Call', id, vdn: 4999, callId, month: '2025-01', ccId: 65_535 } },
    });
  });

  it('is null for the id of a call that the contact centre does not know', async () => {
    const id = Buffer.from(`Call:1:170:2025-01:${newCallId(NEVER_FOUND)}`).toString('base64url');
    expect((await gateway.query(DOCUMENT, { id })).body).toEqual({ data: { node: null } });
  });

  it.each(['', 'nonsense', 'Q2FsbDo', Buffer.from('Call:1:5001:2025-01:1736000000-2').toString('base64url')])(
    'refuses an id that this graph never gave out: "%s"',
    async (id) => {
      const { body } = await gateway.query(DOCUMENT, { id });
      expect(body).toMatchObject({
        data: { node: null },
        errors: [
          {
            message: expect.stringMatching(/^id must be one that this graph gave out/),
            path: ['node'],
            extensions: { code: 'BAD_USER_INPUT', argument: 'id', retryable: false },
          },
        ],
      });
      expect(gateway.simulator.total).toBe(0);
    },
  );
});

describe('calls', () => {
  it('is an empty list for no keys, on the standard path and on the fast one', async () => {
    const document =
      'query ($keys: [CallKeyInput!]!) { calls(keys: $keys) { id legs { id } } literal: calls(keys: []) { id } }';
    for (let time = 0; time < 4; time += 1)
      expect(await gateway.query(document, { keys: [] })).toMatchObject({
        status: 200,
        body: { data: { calls: [], literal: [] } },
      });
    expect(await metric('calltrace_fast_path_requests_total{outcome="answered"}')).toBeGreaterThan(0);
  });
});

describe('callResults', () => {
  const DOCUMENT = `query ($keys: [CallKeyInput!]!) { callResults(keys: $keys) {
    __typename
    ... on Call { ccId vdn callId month complete }
    ... on CallNotFound { ccId vdn callId month freshness { source freshUntil } }
    ... on CallProblem { ccId vdn callId code message retryable retryAfterMs requestId }
  } }`;

  it('says of each key what became of it, in the order of the keys, without an error of the whole', async () => {
    const [found, failing] = [newCallId(), newCallId()];
    const missing = newCallId(NEVER_FOUND);
    gateway.simulator.configure({ fault: 'http-500', faultCallIds: [failing] });
    const keys = [
      { vdn: 170, callId: missing },
      { vdn: 170, callId: failing, ccId: 2 },
      { vdn: 170, callId: found },
      { vdn: 0, callId: found },
    ];
    const { status, headers, body } = await gateway.query(DOCUMENT, { keys });
    const requestId = headers.get('x-request-id');
    const problem = { __typename: 'CallProblem', retryAfterMs: null, requestId };
    expect(status).toBe(200);
    expect(body).toEqual({
      data: {
        callResults: [
          {
            ...{ __typename: 'CallNotFound', ccId: 1, vdn: 170, callId: missing, month: '2025-01' },
            freshness: { source: 'UPSTREAM', freshUntil: expect.any(String) },
          },
          {
            ...{ ...problem, ccId: 2, vdn: 170, callId: failing, code: 'UPSTREAM_UNAVAILABLE', retryable: true },
            message: expect.stringContaining(failing),
          },
          { __typename: 'Call', ccId: 1, vdn: 170, callId: found, month: '2025-01', complete: true },
          {
            ...{ ...problem, ccId: 1, vdn: 0, callId: found, code: 'BAD_USER_INPUT', retryable: false },
            message: 'vdn must be an integer from 1 to 5000',
          },
        ],
      },
    });
  });

  it('counts its problems as those in `errors`', async () => {
    const series = 'calltrace_operation_failures_total{code="UPSTREAM_UNAVAILABLE"}';
    const before = await metric(series);
    const callId = newCallId();
    gateway.simulator.configure({ fault: 'http-500', faultCallIds: [callId] });
    await gateway.query(DOCUMENT, { keys: [{ vdn: 170, callId }] });
    expect(await metric(series)).toBe(before + 1);
    expect(gateway.logLines.filter((line) => line.includes('UPSTREAM_UNAVAILABLE'))).not.toEqual([]);
  });

  it('is an empty list for no keys', async () => {
    expect((await gateway.query(DOCUMENT, { keys: [] })).body).toEqual({ data: { callResults: [] } });
  });

  it('answers 200 of 202 keys, and says of the others that they are too many', async () => {
    const callId = newCallId();
    const keys = Array.from({ length: 202 }, () => ({ vdn: 170, callId }));
    const document =
      'query ($keys: [CallKeyInput!]!) { callResults(keys: $keys) { ... on Call { callId } ... on CallProblem { code message } } }';
    const tooMany = (number: number) => ({
      code: 'BAD_USER_INPUT',
      message: `keys must hold at most 200 keys: this is number ${number}`,
    });
    expect((await gateway.query(document, { keys })).body).toEqual({
      data: { callResults: [...Array.from({ length: 200 }, () => ({ callId })), tooMany(201), tooMany(202)] },
    });
  });

  it('asks anew with refresh', async () => {
    const callId = newCallId();
    const document = 'query ($keys: [CallKeyInput!]!) { callResults(keys: $keys, refresh: true) { __typename } }';
    const ask = () => gateway.query(document, { keys: [{ vdn: 170, callId }] });
    await ask();
    expect((await ask()).headers.get('cache-control')).toBe('no-store');
    expect(gateway.simulator.countOf(callId)).toBe(2);
  });
});

describe('legs', () => {
  it('have ids of their own, which stay, and say when they began and ended', async () => {
    const callId = newCallId();
    const ask = async () => {
      const document = `{ call(vdn: 170, callId: "${callId}") { legs { id callIdNum startedAt endedAt waitBegin ackBegin callBegin callEnd } } }`;
      const { body } = await gateway.query(document);
      return (body.data?.['call'] as { legs: Record<string, unknown>[] }).legs;
    };
    const legs = await ask();
    expect(new Set(legs.map(({ id }) => id)).size).toBe(legs.length);
    for (const { id, callIdNum, startedAt, endedAt, waitBegin, ackBegin, callBegin, callEnd } of legs) {
      const text = Buffer.from(String(id), 'base64url').toString();
      expect(text).toBe(`CallLeg:1:170:2025-01:${callId}:${String(callIdNum)}`);
      expect([startedAt, endedAt]).toEqual([waitBegin ?? ackBegin ?? callBegin, callEnd]);
    }
    expect(await ask()).toEqual(legs);
  });
});

describe('callViewer', () => {
  it('tells an anonymous caller what everybody may see', async () => {
    const { body } = await gateway.query('{ callViewer { name anonymous vdns numbersMasked } }');
    expect(body).toEqual({
      data: { callViewer: { name: 'anonymous', anonymous: true, vdns: ['*/*'], numbersMasked: false } },
    });
  });
});

describe('callCodes', () => {
  const DOCUMENT =
    'query ($table: CallCodeTable) { callCodes(table: $table) { table code wireCode name meaning confidence source } }';
  const TABLES = {
    MEDIA_TYPE: MEDIA_TYPES,
    SUB_MEDIA_TYPE: SUB_MEDIA_TYPES,
    DEVICE_TYPE: DEVICE_TYPES,
    CALL_TYPE: CALL_TYPES,
    ENTER_REASON: REASONS,
    LEAVE_REASON: REASONS,
    RELEASE_CAUSE: RELEASE_CAUSES,
    RESULT_CODE: RESULT_CODES,
  };

  it('has a table behind each value of CallCodeTable', async () => {
    const { body } = await gateway.query('{ __type(name: "CallCodeTable") { enumValues { name } } }');
    expect(body.data?.['__type']).toEqual({ enumValues: Object.keys(TABLES).map((name) => ({ name })) });
  });

  it.each(Object.entries(TABLES))('lists the rows of %s in the order of their codes', async (table, rows) => {
    const { body } = await gateway.query(DOCUMENT, { table });
    const expected = [...rows]
      .sort((a, b) => a.code - b.code)
      .map(({ code, wireCode, name, meaning, confidence, source }) => ({
        table,
        code,
        wireCode,
        name,
        meaning,
        confidence,
        source,
      }));
    expect(expected.length).toBeGreaterThan(5);
    expect(body).toEqual({ data: { callCodes: expected } });
  });

  it('writes result codes as the interface does, with their leading zero', async () => {
    const { body } = await gateway.query('{ callCodes(table: RESULT_CODE) { code wireCode } }');
    expect(body.data?.['callCodes']).toEqual(expect.arrayContaining([{ code: 100_001, wireCode: '0100001' }]));
  });

  it('lists the channels in the edition of the deployment', async () => {
    const legacy = await startTestGateway({ CMS_SUB_MEDIA_EDITION: 'legacy' });
    try {
      const { body } = await legacy.query('{ callCodes(table: SUB_MEDIA_TYPE) { code name } }');
      expect(body.data?.['callCodes']).toEqual(LEGACY_SUB_MEDIA_TYPES.map(({ code, name }) => ({ code, name })));
    } finally {
      await legacy.close();
    }
  });

  it.each(['(table: null)', ''])('lists all dictionaries one after the other for callCodes%s', async (given) => {
    const { body } = await gateway.query(`{ callCodes${given} { table code } }`);
    const rows = Object.entries(TABLES).flatMap(([table, { length }]) => Array<string>(length).fill(table));
    expect((body.data?.['callCodes'] as { table: string }[]).map(({ table }) => table)).toEqual(rows);
  });

  it('tells the meanings in Chinese as well, and whose words they are', async () => {
    const { body } = await gateway.query(
      '{ callCodes(table: LEAVE_REASON) { code zh: meaning(language: ZH) en: meaning(language: EN) meaning chineseFrom } }',
    );
    const rows = [...REASONS].sort((a, b) => a.code - b.code);
    expect(body.data?.['callCodes']).toEqual(
      rows.map(({ code, zh, meaning, zhSource }) => ({ code, zh, en: meaning, meaning, chineseFrom: zhSource })),
    );
  });

  it('asks nobody', async () => {
    await gateway.query(DOCUMENT, { table: 'MEDIA_TYPE' });
    expect(gateway.simulator.total).toBe(0);
  });
});

describe('forgetCall', () => {
  const DOCUMENT =
    'mutation ($callId: ID!, $vdn: Int = 170) { forgetCall(vdn: $vdn, callId: $callId) { forgotten problem } }';

  it('makes the next question for the call, and for no other, go to the contact centre', async () => {
    const [callId, other] = [newCallId(), newCallId()];
    const ask = () =>
      gateway.query('query ($keys: [CallKeyInput!]!) { calls(keys: $keys) { freshness { source } } }', {
        keys: [callId, other].map((id) => ({ vdn: 170, callId: id })),
      });
    await ask();
    expect((await gateway.query(DOCUMENT, { callId })).body).toEqual({
      data: { forgetCall: { forgotten: true, problem: null } },
    });
    expect((await ask()).body).toEqual({
      data: { calls: [{ freshness: { source: 'UPSTREAM' } }, { freshness: { source: 'MEMORY' } }] },
    });
    expect(gateway.simulator.countOf(callId)).toBe(2);
  });

  it('refuses a bad argument as `call` does', async () => {
    const { body } = await gateway.query(DOCUMENT, { callId: newCallId(), vdn: 0 });
    expect(body).toMatchObject({
      data: null,
      errors: [{ path: ['forgetCall'], extensions: { code: 'BAD_USER_INPUT', argument: 'vdn' } }],
    });
  });

  it('is refused by GET, which may be repeated by anybody on the way', async () => {
    const search = new URLSearchParams({
      query: 'mutation { forgetCall(vdn: 170, callId: "1736000000-2") { forgotten } }',
    });
    const { status } = await send(`${gateway.url}/graphql?${search.toString()}`, {
      headers: { 'apollo-require-preflight': '1' },
    });
    expect(status).toBe(405);
  });
});

describe('a federated router', () => {
  const DOCUMENT =
    'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Call { id callId month } } }';
  const entities = async (...references: object[]) => {
    const representations = references.map((reference) => ({ __typename: 'Call', ...reference }));
    return (await gateway.query(DOCUMENT, { representations })).body;
  };
  const idOf = (callId: string) => Buffer.from(`Call:1:170:2025-01:${callId}`).toString('base64url');

  it('gets the schema with its federation directives', async () => {
    const { body } = await gateway.query('{ _service { sdl } }');
    const { sdl } = body.data?.['_service'] as { sdl: string };
    expect(sdl).toContain('@key(fields: "id")');
    expect(sdl).toContain('@key(fields: "ccId vdn callId month")');
    expect(sdl).toContain('@key(fields: "vdn callId")');
    expect(sdl).toContain('https://specs.apollo.dev/federation/v2.3');
  });

  it('gets every personal field with a tag that routers keep', async () => {
    const { body } = await gateway.query('{ _service { sdl } }');
    const { sdl } = body.data?.['_service'] as { sdl: string };
    const personal = sdl.match(/^ +\w+: \w+ @personal.*$/gm) ?? [];
    expect(personal).toHaveLength(7);
    for (const field of personal) expect(field).toContain('@tag(name: "personal-data")');
  });

  it('gets no field that is for direct clients alone, which have them', async () => {
    const { body } = await gateway.query('{ _service { sdl } __type(name: "Query") { fields { name } } }');
    const { sdl } = body.data?.['_service'] as { sdl: string };
    const { fields } = body.data?.['__type'] as { fields: { name: string }[] };
    const subgraph = buildSubgraphSchema(parse(sdl)).getQueryType()?.getFields() ?? {};
    const direct = fields.map(({ name }) => name).filter((name) => !(name in subgraph));
    expect(direct.sort()).toEqual(['callRateLimit', 'callViewer', 'node']);
  });

  it('resolves a call by its id, by the four fields, and by vdn and callId, with one question for all', async () => {
    const callId = newCallId();
    const call = { id: idOf(callId), callId, month: '2025-01' };
    const references = [{ id: call.id }, { ccId: 1, vdn: 170, callId, month: '2025-01' }, { vdn: 170, callId }];
    for (let time = 0; time < 3; time += 1)
      expect(await entities(...references)).toEqual({ data: { _entities: [call, call, call] } });
    expect(gateway.simulator.total).toBe(1);
  });

  it('gets null for a call that the contact centre does not know', async () => {
    expect(await entities({ id: idOf(newCallId(NEVER_FOUND)) })).toEqual({ data: { _entities: [null] } });
  });

  it.each([
    ['id', { id: 'nonsense' }],
    ['id', { id: 5 }],
    ['id', { id: null }],
    ['callId', { ccId: 1, vdn: 170, month: '2025-01' }],
    ['callId', { ccId: 1, vdn: 170, callId: 92, month: '2025-01' }],
    ['vdn', { ccId: 1, callId: '1736000000-2', month: '2025-01' }],
    ['vdn', { ccId: 1, vdn: '170', callId: '1736000000-2', month: '2025-01' }],
    ['month', { ccId: 1, vdn: 170, callId: '1736000000-2', month: 202_501 }],
  ])('learns which part of a reference is wrong (%s of %j), and gets the other calls', async (argument, reference) => {
    const callId = newCallId();
    expect(await entities(reference, { id: idOf(callId) })).toMatchObject({
      data: { _entities: [null, { callId }] },
      errors: [{ path: ['_entities', 0], extensions: { code: 'BAD_USER_INPUT', argument, retryable: false } }],
    });
  });
});
