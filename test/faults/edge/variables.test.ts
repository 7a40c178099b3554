import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { send, type Reply } from '../../support/client.js';
import { newCallId, startTestGateway, type TestGateway } from '../../support/gateway.js';

const open: TestGateway[] = [];
afterEach(async () => {
  for (const gateway of open.splice(0)) await gateway.close();
});

async function start(settings: Readonly<Record<string, string>> = {}): Promise<TestGateway> {
  const gateway = await startTestGateway(settings);
  open.push(gateway);
  return gateway;
}

/** What an answer says, without what differs from one request to another. */
const seen = (reply: Reply | undefined) => ({
  status: reply?.status,
  data: reply?.body.data,
  errors: reply?.body.errors?.map(({ message, extensions }) => [extensions.code, message]),
});

const CALLS = 'query ($keys: [CallKeyInput!]!) { calls(keys: $keys) { callId } }';
const fields = (count: number): object =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`f${n}`, 1] as const));

describe('a value of a variable that is not of its type', () => {
  it.each<[string, string, object]>([
    ['a key with 12,000 fields that no key has', CALLS, { keys: [{ vdn: 170, callId: '1', ...fields(12_000) }] }],
    ['60 keys with 200 such fields', CALLS, { keys: Array.from({ length: 60 }, () => fields(200)) }],
    ['200 such fields beside a long text', CALLS, { keys: [{ ...fields(200), text: '"'.repeat(60_000) }] }],
    [
      'one key with such fields',
      CALLS.replace('[CallKeyInput!]!', 'CallKeyInput!').replace(': $keys', ': [$keys]'),
      {
        keys: fields(12_000),
      },
    ],
    ['an object in place of a call ID', CALLS, { keys: [{ vdn: 170, callId: fields(12_000) }] }],
    [
      '100 lists in place of a number',
      CALLS,
      {
        keys: Array.from({ length: 100 }, () => ({ vdn: Array.from({ length: 200 }, () => [1]), callId: 'x' })),
      },
    ],
    ['a long name of a field', CALLS, { keys: [{ ['f'.repeat(100_000)]: 1 }] }],
  ])('is refused by its first mistake, in a short sentence: %s', async (_, document, variables) => {
    const gateway = await start();
    const { status, body } = await gateway.query(document, { ...variables });
    expect([status, body.data, body.errors?.length]).toEqual([400, undefined, 1]);
    expect(body.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect(body.errors?.[0]?.message).toMatch(/^Variable "\$\w+" got an invalid value( at "\w+(\[\d+\]|\.\w+)+")?: /);
    expect(JSON.stringify(body).length).toBeLessThan(1_000);
  });

  it('is told by its place, by what is wrong there, and by what may have been meant', async () => {
    const gateway = await start();
    const ok = { vdn: 170, callId: newCallId() };
    const messageFor = async (key: object): Promise<unknown> =>
      (await gateway.query(CALLS, { keys: [ok, key] })).body.errors?.map(({ message }) => message);
    expect(await messageFor({ ...ok, mont: '2025-01' })).toEqual([
      'Variable "$keys" got an invalid value at "keys[1]": Field "mont" is not defined by type "CallKeyInput". Did you mean "month"?',
    ]);
    expect(await messageFor({ vdn: 'many', callId: '1' })).toEqual([
      'Variable "$keys" got an invalid value at "keys[1].vdn": Int cannot represent non-integer value: "many"',
    ]);
    expect(await messageFor({ vdn: 170 })).toEqual([
      'Variable "$keys" got an invalid value at "keys[1]": Field "callId" of required type "ID!" was not provided.',
    ]);
  });
});

describe('a document that repeats a field with arguments', () => {
  it.each([
    ['one field', 400, 'text(as: MARKDOWN)'],
    ['with long arguments', 61, `text(as: PLAIN, timeZone: "${'z'.repeat(900)}")`],
  ])('is refused before each is compared with each other: %s', async (_, count, field) => {
    const gateway = await start();
    const { status, body } = await gateway.query(
      `{ call(vdn: 170, callId: "${newCallId()}") { ${`${field} `.repeat(count)} } }`,
    );
    expect([status, body.errors?.[0]?.extensions.code]).toEqual([400, 'OPERATION_TOO_COMPLEX']);
    expect(body.errors?.[0]?.message).toMatch(
      `${count} fields of one name that have arguments or fields below them; at`,
    );
  });
});

/** The last answers to the same questions, of a gateway with the fast path and of one without. */
async function askBoth<Asked>(
  settings: Readonly<Record<string, string>>,
  ask: (gateway: TestGateway, asked: Asked) => Promise<Reply>,
  questions: readonly Asked[],
): Promise<readonly [fast: Reply | undefined, standard: Reply | undefined]> {
  const lastOf = async (FAST_PATH: string): Promise<Reply | undefined> => {
    const gateway = await start({ ...settings, FAST_PATH });
    let last: Reply | undefined;
    for (const question of questions) last = await ask(gateway, question);
    return last;
  };
  return [await lastOf('true'), await lastOf('false')];
}

describe('a variable inside a literal reference', () => {
  const id = (callId: string): string => Buffer.from(`Call:1:170:2025-01:${callId}`).toString('base64url');
  const reference = (type: string, parts: string): string =>
    `query ($x: ${type}) { _entities(representations: [{ __typename: "Call", ${parts} }]) { ... on Call { vdn callId } } }`;
  const callId = newCallId();

  it.each<[string, string, unknown]>([
    ['Int', 'id: $x', id(callId)],
    ['Boolean', 'id: $x', id(callId)],
    ['CallMediaType', 'id: $x', id(callId)],
    ['CallCodeTable', 'id: $x', id(callId)],
    ['CallKeyInput', 'id: $x', id(callId)],
    ['[ID]', 'id: $x', id(callId)],
    ['Int', `vdn: 170, callId: "${callId}", month: $x`, '2025-01'],
    ['ID', `vdn: $x, callId: "${callId}"`, 170],
    ['String', `vdn: $x, callId: "${callId}"`, 170],
    ['Boolean', `vdn: $x, callId: "${callId}"`, 170],
    ['Int', 'vdn: 170, callId: $x', callId],
    ['ID', `ccId: $x, vdn: 170, callId: "${callId}"`, 1],
    ['[CallKeyInput!]', `vdn: 170, callId: "${callId}", month: $x`, '2025-01'],
  ])('is taken by its declared type, on either path: %s as %s', async (type, parts, value) => {
    const query = reference(type, parts);
    const ask = (gateway: TestGateway, variables: object): Promise<Reply> => gateway.query(query, { ...variables });
    const [fast, standard] = await askBoth({}, ask, [{}, {}, {}, {}, { x: value }]);
    expect(seen(fast)).toEqual(seen(standard));
  });

  it.each([
    ['ID!', 'id: $x', id(callId)],
    ['ID!', 'vdn: 170, callId: $x', callId],
    ['Int!', `vdn: $x, callId: "${callId}"`, 170],
    ['CallMonth', `vdn: 170, callId: "${callId}", month: $x`, '2025-01'],
  ])('of the type that stands there is answered by the fast path: %s as %s', async (type, parts, value) => {
    const gateway = await start();
    for (let time = 0; time < 3; time += 1) {
      const { body } = await gateway.query(reference(type, parts), { x: value });
      expect(body).toEqual({ data: { _entities: [{ vdn: 170, callId }] } });
    }
    const metrics = await (await fetch(`${gateway.adminUrl}/metrics`)).text();
    expect(metrics).toContain('calltrace_fast_path_requests_total{outcome="answered"} 1\n');
  });
});

describe('LIMIT_VARIABLES_KIB', () => {
  const settings = { LIMIT_VARIABLES_KIB: '1' };
  const keys = (count: number): object => ({
    keys: Array.from({ length: count }, () => ({ vdn: 170, callId: newCallId() })),
  });
  const inUrl = (parameters: Readonly<Record<string, string>>) => (gateway: TestGateway, variables: object) =>
    send(
      `${gateway.url}/graphql?${new URLSearchParams({ ...parameters, variables: JSON.stringify(variables) }).toString()}`,
      { headers: { 'apollo-require-preflight': '1' } },
    );

  it('bounds the variables of a GET, on either path', async () => {
    const [fast, standard] = await askBoth(settings, inUrl({ query: CALLS }), [
      keys(1),
      keys(1),
      keys(1),
      keys(1),
      keys(40),
    ]);
    expect(seen(fast)).toMatchObject({ status: 400, errors: [['OPERATION_TOO_COMPLEX', expect.any(String)]] });
    expect(seen(fast)).toEqual(seen(standard));
  });

  it('counts them as JSON is written, however short they were sent', async () => {
    const query = 'query ($keys: [CallKeyInput!]!) { calls(keys: $keys) { vdn } }';
    const extensions = JSON.stringify({
      persistedQuery: { version: 1, sha256Hash: createHash('sha256').update(query).digest('hex') },
    });
    // An instant of 5 characters that is written with 13.
    const keys = Array.from({ length: 22 }, () => '{"vdn":1,"callId":"1","logDate":17e11}').join();
    const ask = (gateway: TestGateway, { parts }: { parts?: string }): Promise<Reply> =>
      send(`${gateway.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: `{"extensions":${extensions},${parts ?? `"variables":{"keys":[${keys}]}`}}`,
      });
    expect(extensions.length + keys.length).toBeLessThan(1_024 - 40);
    const registering = { parts: `"query":${JSON.stringify(query)},"variables":{"keys":[]}` };
    const known = { parts: '"variables":{"keys":[]}' };
    const [fast, standard] = await askBoth(settings, ask, [registering, known, known, known, {}]);
    expect(seen(fast)).toMatchObject({ status: 400, errors: [['OPERATION_TOO_COMPLEX', expect.any(String)]] });
    expect(seen(fast)).toEqual(seen(standard));
  });
});
