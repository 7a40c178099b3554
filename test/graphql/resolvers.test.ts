import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
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

describe('codes', () => {
  const DOCUMENT =
    'query ($table: CodeTable!) { codes(table: $table) { code wireCode name meaning confidence source } }';
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

  it('has a table behind each value of CodeTable', async () => {
    const { body } = await gateway.query('{ __type(name: "CodeTable") { enumValues { name } } }');
    expect(body.data?.['__type']).toEqual({ enumValues: Object.keys(TABLES).map((name) => ({ name })) });
  });

  it.each(Object.entries(TABLES))('lists the rows of %s in the order of their codes', async (table, rows) => {
    const { body } = await gateway.query(DOCUMENT, { table });
    const expected = [...rows]
      .sort((a, b) => a.code - b.code)
      .map(({ code, wireCode, name, meaning, confidence, source }) => ({
        code,
        wireCode,
        name,
        meaning,
        confidence,
        source,
      }));
    expect(expected.length).toBeGreaterThan(5);
    expect(body).toEqual({ data: { codes: expected } });
  });

  it('writes result codes as the interface does, with their leading zero', async () => {
    const { body } = await gateway.query('{ codes(table: RESULT_CODE) { code wireCode } }');
    expect(body.data?.['codes']).toEqual(expect.arrayContaining([{ code: 100_001, wireCode: '0100001' }]));
  });

  it('lists the channels in the edition of the deployment', async () => {
    const legacy = await startTestGateway({ CMS_SUB_MEDIA_EDITION: 'legacy' });
    try {
      const { body } = await legacy.query('{ codes(table: SUB_MEDIA_TYPE) { code name } }');
      expect(body.data?.['codes']).toEqual(LEGACY_SUB_MEDIA_TYPES.map(({ code, name }) => ({ code, name })));
    } finally {
      await legacy.close();
    }
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
    expect(sdl).toContain('https://specs.apollo.dev/federation/v2.3');
  });

  it('resolves a call by its id, and by the four fields, with one question for both', async () => {
    const callId = newCallId();
    const call = { id: idOf(callId), callId, month: '2025-01' };
    expect(await entities({ id: call.id }, { ccId: 1, vdn: 170, callId, month: '2025-01' })).toEqual({
      data: { _entities: [call, call] },
    });
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
