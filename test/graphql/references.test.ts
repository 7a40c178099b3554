import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newCallId, startTestGateway, type TestGateway } from '../support/gateway.js';

const ENTITIES =
  'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Call { callId } } }';

describe('a reference in `_entities`', () => {
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
    ['null', null],
    ['a list', [[]]],
    ['without a type', { id: 'x' }],
    ['of an unknown type', { __typename: 'Nothing' }],
    ['of a type that is no entity', { __typename: 'CallLeg', callerNo: '1' }],
    ['of an interface', { __typename: 'Node', id: 'x' }],
    ['of a type that is no object', { __typename: 'DateTime' }],
    ['of a type of introspection', { __typename: '__Type' }],
    ['of a type that is no text', { __typename: ['Call'] }],
  ])('to anything else is the mistake of the client, not ours: %s', async (_, reference) => {
    const documents: [string, Record<string, unknown>][] = [
      [ENTITIES, { representations: reference }],
      [ENTITIES, { representations: [{ __typename: 'Call', id: 'x' }, reference] }],
      ['{ _entities(representations: [{__typename: "Nothing"}]) { __typename } }', {}],
    ];
    for (const [document, variables] of documents) {
      const { status, body } = await gateway.query(document, variables);
      expect([status, body.data]).toEqual([400, undefined]);
      expect(body.errors?.[0]?.extensions['code']).toMatch(/^(BAD_USER_INPUT|GRAPHQL_VALIDATION_FAILED)$/);
    }
    expect(gateway.logLines.filter((line) => line.includes('"level":50'))).toEqual([]);
  });

  const good = { __typename: 'Call', ccId: 1, vdn: 170, callId: '1736000000-2', month: '2025-01' };
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
  ])('whose %s is of another type fails alone, as a bad argument', async (argument, reference) => {
    const { status, body } = await gateway.query(ENTITIES, { representations: [good, reference] });
    expect([status, body.data]).toEqual([200, { _entities: [{ callId: good.callId }, null] }]);
    expect(body.errors).toMatchObject([
      { path: ['_entities', 1], extensions: { code: 'BAD_USER_INPUT', argument, retryable: false } },
    ]);
  });
});
