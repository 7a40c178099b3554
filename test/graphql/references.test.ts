import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newCallId, startTestGateway, type TestGateway } from '../support/gateway.js';

const ENTITIES =
  'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Call { callId } } }';

describe('a reference in `_entities`', () => {
  const good = { __typename: 'Call', ccId: 1, vdn: 170, callId: '1736000000-2', month: '2025-01' };
  const id = Buffer.from('Call:1:170:2025-01:1736000000-2').toString('base64url');
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({ NODE_ENV: 'production' });
  });
  afterAll(() => gateway.close());

  it('to a call is answered, as a variable and in the document', async () => {
    const callId = newCallId();
    const data = { _entities: [{ callId }] };
    const representations = [{ __typename: 'Call', ccId: 1, vdn: 170, callId, month: '2025-01' }];
    expect((await gateway.query(ENTITIES, { representations })).body).toEqual({ data });
    const literal = `[{__typename: "Call", ccId: 1, vdn: 170, callId: "${callId}", month: "2025-01"}]`;
    const document = ENTITIES.replace('query ($representations: [_Any!]!)', '').replace('$representations', literal);
    expect((await gateway.query(document)).body).toEqual({ data });
  });

  it.each<[string, unknown]>([
    ['a text', '1736000000-2'],
    ['a number', 7],
    ['a list', [[]]],
    ['without a type', { id: 'x' }],
    ['of an unknown type', { __typename: 'Nothing' }],
    ['of a type that is no entity', { __typename: 'CallLeg', callerNo: '1' }],
    ['of an interface', { __typename: 'Node', id: 'x' }],
    ['of a type that is no object', { __typename: 'DateTime' }],
    ['of a type of introspection', { __typename: '__Type' }],
    ['of a type that is no text', { __typename: ['Call'] }],
  ])('to anything else fails alone, as the mistake of the client and not ours: %s', async (_, reference) => {
    const representations = [good, reference, good];
    const { status, body } = await gateway.query(ENTITIES, { representations });
    expect([status, body.data]).toEqual([200, { _entities: [{ callId: good.callId }, null, { callId: good.callId }] }]);
    expect(body.errors).toMatchObject([
      { path: ['_entities', 1], extensions: { code: 'BAD_USER_INPUT', argument: '__typename', retryable: false } },
    ]);
    expect(gateway.logLines.filter((line) => line.includes('"level":50'))).toEqual([]);
  });

  it('to nothing, in a list or for it, is refused with the whole request', async () => {
    for (const representations of [null, [good, null]]) {
      const { status, body } = await gateway.query(ENTITIES, { representations });
      expect([status, body.data]).toEqual([400, undefined]);
      expect(body.errors?.[0]?.extensions['code']).toBe('BAD_USER_INPUT');
    }
  });

  it.each<[string, object]>([
    ['id', { __typename: 'Call', id: { toString: 1 } }],
    ['ccId', { ...good, ccId: '1' }],
    ['vdn', { ...good, vdn: [170] }],
    ['vdn', { ...good, vdn: { valueOf: 1 } }],
    ['callId', { ...good, callId: ['1736000000-2'] }],
    ['callId', { ...good, callId: 7 }],
    ['month', { ...good, month: ['2025-01'] }],
    ['month', { ...good, month: { toString: 1 } }],
    ['month', { ...good, month: 202501 }],
    ['id', { __typename: 'Call', id: null }],
    ['ccId', { ...good, ccId: null }],
    ['vdn', { ...good, vdn: null }],
    ['callId', { ...good, callId: null }],
    ['month', { ...good, month: null }],
    ['vdn', { __typename: 'Call' }],
    ['vdn', { __typename: 'Call', ticket: 'T-1' }],
    ['id', { ...good, id: 'x' }],
    ['ccId', { ...good, id, ccId: 2 }],
    ['vdn', { ...good, id, vdn: 171 }],
    ['callId', { ...good, id, callId: '1736000000-3' }],
    ['month', { ...good, id, month: '2025-02' }],
    ['month', { ...good, id, month: null }],
  ])(
    'whose %s is of another type, null, missing or contradicted fails alone, as a bad argument',
    async (argument, reference) => {
      const { status, body } = await gateway.query(ENTITIES, { representations: [good, reference] });
      expect([status, body.data]).toEqual([200, { _entities: [{ callId: good.callId }, null] }]);
      expect(body.errors).toMatchObject([
        { path: ['_entities', 1], extensions: { code: 'BAD_USER_INPUT', argument, retryable: false } },
      ]);
    },
  );
  it('is answered by keys that agree', async () => {
    const { body } = await gateway.query(ENTITIES, {
      representations: [
        { ...good, id },
        { __typename: 'Call', id, vdn: 170 },
      ],
    });
    expect(body).toEqual({ data: { _entities: [{ callId: good.callId }, { callId: good.callId }] } });
  });
});

describe('a list of references beyond the limit', () => {
  it('is answered as far as the limit goes, and the rest is refused one by one, with the limit', async () => {
    const gateway = await startTestGateway({ LIMIT_COST: '5' });
    const ids = Array.from({ length: 4 }, () => newCallId());
    const representations = ids.map((callId) => ({ __typename: 'Call', vdn: 170, callId }));
    const document = `query ($representations: [_Any!]!) {
      call(vdn: 170, callId: "${newCallId()}") { vdn }
      first: _entities(representations: $representations) { ... on Call { callId } }
      second: _entities(representations: $representations) { ... on Call { callId } }
    }`;
    for (let time = 0; time < 4; time += 1) {
      const { status, body } = await gateway.query(document, { representations });
      const first = ids.map((callId) => ({ callId }));
      expect([status, body.data]).toEqual([200, { call: { vdn: 170 }, first, second: [null, null, null, null] }]);
      expect(body.errors).toHaveLength(4);
      expect(body.errors?.[3]).toMatchObject({
        path: ['second', 3],
        message: expect.stringContaining('more than 5') as unknown,
        extensions: { code: 'OPERATION_TOO_COMPLEX', retryable: false, requestId: expect.any(String) as unknown },
      });
    }
    await gateway.close();
  });
});
