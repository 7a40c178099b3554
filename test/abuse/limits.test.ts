import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { send, type Reply } from '../support/client.js';
import { newCallId, startTestGateway, type TestGateway } from '../support/gateway.js';
import { connectRaw, trickle } from '../support/raw.js';
import { startRedis, type RedisServer } from '../support/redis.js';
import { eventually } from '../cache/redis/support/eventually.js';
import { startSecured, type Secured } from './support/secured.js';

const JSON_TYPE = { 'content-type': 'application/json' };
const CALLS = 'query ($keys: [CallKeyInput!]!, $refresh: Boolean) { calls(keys: $keys, refresh: $refresh) { callId } }';
const TWICE = CALLS.replace('calls(', 'a: calls(').replace(
  / }$/,
  ' b: calls(keys: $keys, refresh: $refresh) { callId } }',
);
const times = (count: number, make: (index: number) => string): string =>
  Array.from({ length: count }, (_, n) => make(n)).join(' ');
/** The shortest list of the longest kind, asked for fifty times: it took minutes once. */
const ENTITIES = `query ($r: [_Any!]!) { ${times(50, (n) => `a${n}: _entities(representations: $r) { __typename }`)} }`;
const keysOf = (count: number) => Array.from({ length: count }, () => ({ vdn: 170, callId: newCallId() }));
const codeOf = ({ body }: Reply): unknown => body.errors?.[0]?.extensions['code'];

describe('a request that asks too much', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({ NODE_ENV: 'production', RATE_LIMIT_POINTS_PER_MINUTE: '0' });
  });
  afterAll(() => gateway.close());
  beforeEach(() => gateway.simulator.reset());
  afterEach(async () => {
    expect(gateway.simulator.total).toBe(0);
    expect((await gateway.query('{ __typename }')).body).toEqual({ data: { __typename: 'Query' } });
  });

  it('has a body of more than 256 KiB: 413', async () => {
    const body = `{"query":"{ __typename }","x":"${'x'.repeat(256 * 1024)}"}`;
    const reply = await send(`${gateway.url}/graphql`, { method: 'POST', headers: JSON_TYPE, body });
    expect(reply.status).toBe(413);
  });

  const deep = (levels: number): unknown => (levels === 0 ? 1 : [deep(levels - 1)]);
  it.each<[string, string, string, object]>([
    ['bytes', 'bytes long', `{ __typename } ${'#\n'.repeat(32_768)}`, {}],
    ['tokens', '2500 tokens', `{ ${'__typename '.repeat(2_501)} }`, {}],
    ['depth', '20 deep', `{ call(vdn: 1, callId: "1") ${'{ a '.repeat(30)}${'}'.repeat(30)} }`, {}],
    [
      'depth by fragments',
      'fields deep',
      `{ ...F0 } ${times(21, (n) => `fragment F${n} on Query { a { ...F${n + 1} } }`)}`,
      {},
    ],
    ['aliases', '51 aliases', `{ ${times(51, (n) => `a${n}: call(vdn: 170, callId: "1736000000-${n}") { id }`)} }`, {}],
    ['directives', '51 directives', `{ __typename ${'@skip(if: false) '.repeat(51)} }`, {}],
    ['fragments', '31 fragments', `{ __typename } ${times(31, (n) => `fragment F${n} on Query { __typename }`)}`, {}],
    [
      'repetitions',
      '61 fields of one name',
      `{ call(vdn: 1, callId: "1") { ${'legs { position } '.repeat(61)} } }`,
      {},
    ],
    ['size of variables', 'bytes of JSON', '{ __typename }', { x: 'x'.repeat(131_072) }],
    ['depth of variables', 'more than 8 deep', '{ __typename }', { x: deep(9) }],
    [
      'cost',
      'costs 1060',
      `query ($keys: [CallKeyInput!]!) { ${times(6, (n) => `a${n}: calls(keys: $keys) { id }`)} }`,
      { keys: keysOf(176) },
    ],
    ['cost of refreshing', 'costs 1100', TWICE, { keys: keysOf(110), refresh: true }],
    ['keys beyond the limit of a list', 'Of the 1201 calls .* 200 can be answered', CALLS, { keys: keysOf(1_201) }],
    ['one long list under many names', 'at most 1000 more are taken', ENTITIES, { r: Array<object>(6_000).fill({}) }],
  ])('is refused with OPERATION_TOO_COMPLEX: %s', async (_, sentence, document, variables) => {
    const reply = await gateway.query(document, { ...variables });
    expect([reply.status, codeOf(reply)]).toEqual([400, 'OPERATION_TOO_COMPLEX']);
    expect(reply.body.errors?.[0]?.message).toMatch(new RegExp(sentence));
  });

  it('has many root fields: OPERATION_TOO_COMPLEX', async () => {
    const strict = await startTestGateway({ LIMIT_ROOT_FIELDS: '3' });
    const reply = await strict.query(`{ ${times(4, (n) => `a${n}: __typename`)} }`);
    await strict.close();
    expect([reply.status, codeOf(reply)]).toEqual([400, 'OPERATION_TOO_COMPLEX']);
  });

  it('has more than 200 keys in one `calls`: BAD_USER_INPUT for those beyond, which are charged', async () => {
    const limited = await startTestGateway({ RATE_LIMIT_POINTS_PER_MINUTE: '300' });
    const document = `query ($keys: [CallKeyInput!]!) { calls(keys: $keys) { id } callRateLimit { cost } }`;
    const { body } = await limited.query(document, {
      keys: Array<object>(250).fill({ vdn: 170, callId: newCallId() }),
    });
    await limited.close();
    expect(body.errors?.map(({ extensions }) => extensions['code'])).toEqual(Array(50).fill('BAD_USER_INPUT'));
    // 200 calls, 50 refusals for 5, a new document, and the other field.
    expect(body.data).toMatchObject({ callRateLimit: { cost: 207 } });
  });

  it('holds several operations in a list', async () => {
    const body = JSON.stringify(
      Array.from({ length: 10 }, () => ({ query: '{ call(vdn: 170, callId: "1736000000-2") { id } }' })),
    );
    const reply = await send(`${gateway.url}/graphql`, { method: 'POST', headers: JSON_TYPE, body });
    expect([reply.status, reply.body.errors?.[0]?.message]).toEqual([400, 'Operation batching disabled.']);
  });
});

describe('a caller who asks too often', () => {
  let redis: RedisServer;
  let gateways: [Secured, Secured];
  const POINTS = 100;
  beforeAll(async () => {
    redis = await startRedis();
    const settings = { REDIS_URL: redis.url(), RATE_LIMIT_POINTS_PER_MINUTE: String(POINTS) };
    gateways = [await startSecured(settings), await startSecured(settings)];
    for (const { gateway } of gateways) await eventually('Redis is up', () => isUp(gateway));
  });
  afterAll(async () => {
    for (const secured of gateways) await secured.close();
    await redis.close();
  });
  const isUp = async ({ url }: TestGateway): Promise<boolean> =>
    ((await (await fetch(`${url}/readyz`)).json()) as { redis?: string }).redis === 'up';

  /** Asks as this caller, in turns, until one says no; how often they said yes, and the no. */
  async function askUntilRefused(asked: readonly Secured[], sub: string): Promise<[number, Reply]> {
    for (let taken = 0; ; taken += 1) {
      const secured = asked[taken % asked.length] as Secured;
      const reply = await secured.gateway.query('{ __typename }', {}, await secured.token({ sub }));
      if (reply.status !== 200) return [taken, reply];
      if (taken > 3 * POINTS) throw new Error('nobody says no');
    }
  }
  function expectLimited({ status, headers, body }: Reply): void {
    expect([status, body.errors?.[0]?.extensions['code']]).toEqual([429, 'RATE_LIMITED']);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(60);
  }

  it('is told so with 429 and Retry-After, by both gateways together; others are not', async () => {
    const [taken, refusal] = await askUntilRefused(gateways, 'greedy');
    expectLimited(refusal);
    expect(taken).toBeLessThanOrEqual(POINTS);
    expect(taken).toBeGreaterThan(POINTS / 2);
    const { status } = await gateways[0].gateway.query(
      '{ __typename }',
      {},
      await gateways[0].token({ sub: 'modest' }),
    );
    expect(status).toBe(200);
  });

  it('pays for what an operation costs, and can see what is left', async () => {
    const [secured] = gateways;
    const { gateway } = secured;
    const document = `query ($keys: [CallKeyInput!]!) { calls(keys: $keys) { callId } callRateLimit { limit cost remaining resetAt } }`;
    const caller = await secured.token({ sub: 'careful' });
    const keys = keysOf(30);
    const { body } = await gateway.query(document, { keys }, caller);
    expect(body.data?.['callRateLimit']).toEqual({
      limit: POINTS,
      cost: 32, // with the document, which is new
      remaining: POINTS - 32,
      resetAt: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    for (let time = 0; time < 2; time += 1) await gateway.query(CALLS, { keys }, caller);
    expectLimited(await gateway.query(CALLS, { keys }, caller));
    expect((await gateway.query('{ __typename }', {}, caller)).status).toBe(200);
  });

  it('is limited while Redis is away, too', async () => {
    await redis.kill();
    const [taken, refusal] = await askUntilRefused([gateways[1]], 'lonely');
    expectLimited(refusal);
    expect(taken).toBeLessThanOrEqual(POINTS);
  });
});

describe('a client that holds on to connections', () => {
  let gateway: TestGateway;
  afterEach(() => gateway.close());
  const HEAD = 'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n';

  it.each([
    ['its headers', HEAD],
    ['its body', `${HEAD}\r\n`],
  ])('is cut off with 408 if it sends %s byte by byte', async (_, start) => {
    gateway = await startTestGateway({ RECEIVE_TIMEOUT_MS: '300' });
    const client = await connectRaw(gateway.url);
    client.socket.write(start);
    trickle(client, 'x', 20);
    expect(await client.closed()).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('is cut off if it asks nothing more', async () => {
    gateway = await startTestGateway({ KEEP_ALIVE_TIMEOUT_MS: '100' });
    const client = await connectRaw(gateway.url);
    client.socket.write('GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n');
    expect(await client.closed()).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('gets no more of them than there may be', async () => {
    gateway = await startTestGateway({ MAX_CONNECTIONS: '3' });
    const held = [];
    for (let n = 0; n < 3; n += 1) {
      const client = await connectRaw(gateway.url);
      client.socket.write('GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n');
      await client.until('"ok"');
      held.push(client);
    }
    expect(await (await connectRaw(gateway.url)).closed()).toBe('');
    for (const { socket } of held) socket.destroy();
  });
});
