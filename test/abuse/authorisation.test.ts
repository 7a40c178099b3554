import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { GraphqlErrorBody, Reply } from '../support/client.js';
import { NEVER_FOUND, newCallId, type TestGateway } from '../support/gateway.js';
import { startRedis, type RedisServer } from '../support/redis.js';
import { eventually } from '../cache/redis/support/eventually.js';
import { startSecured, type Credentials, type Secured } from './support/secured.js';

const CALL = 'query ($callId: ID!, $vdn: Int = 170) { call(vdn: $vdn, callId: $callId) { id callerNo } }';
const CALLS = 'query ($keys: [CallKeyInput!]!) { calls(keys: $keys) { callId } }';
const NODE = 'query ($id: ID!) { node(id: $id) { id ... on Call { callerNo } } }';
const ENTITIES =
  'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Call { callId } } }';
const FORGET = 'mutation ($callId: ID!) { forgetCall(vdn: 170, callId: $callId) { forgotten } }';
const REFRESH = 'query ($callId: ID!) { call(vdn: 170, callId: $callId, refresh: true) { id } }';

/** An error without what differs from request to request. */
const plain = ({ extensions: { requestId, ...extensions }, ...error }: GraphqlErrorBody) => {
  expect(requestId).toEqual(expect.any(String));
  return { ...error, extensions };
};
const FORBIDDEN = { code: 'FORBIDDEN', retryable: false };

describe.each(['true', 'false'])('whoever may not ask for a VDN (FAST_PATH=%s)', (fastPath) => {
  let redis: RedisServer;
  let secured: Secured;
  let gateway: TestGateway;
  /** What Redis was told, as one text. */
  const told: string[] = [];
  const strangers: [string, Credentials][] = [];
  beforeAll(async () => {
    redis = await startRedis();
    const monitor = await redis.inside.monitor();
    monitor.on('monitor', (_: string, command: string[]) => told.push(command.join(' ')));
    secured = await startSecured({ FAST_PATH: fastPath, REDIS_URL: redis.url() });
    gateway = secured.gateway;
    await eventually('Redis is up', async () => {
      const readiness = (await (await fetch(`${gateway.url}/readyz`)).json()) as { redis?: string };
      return readiness.redis === 'up';
    });
    strangers.push(
      ['another VDN, by API key', secured.keys.stranger],
      ['another VDN, by token', await secured.token({ vdns: ['1/171'] })],
      ['the VDN of another call centre', await secured.token({ vdns: ['2/170', '2/*'] })],
      ['no VDN', await secured.token({ vdns: undefined })],
    );
    closing.push(async () => {
      monitor.disconnect();
      await secured.close();
      await redis.close();
    });
  });
  const closing: (() => Promise<void>)[] = [];
  afterAll(async () => {
    for (const close of closing) await close();
  });
  beforeEach(() => void told.splice(0));

  /** The holder of a key for the VDN, who has had the call answered three times: it is in memory, and in Redis. */
  async function cached(): Promise<{ callId: string; id: string }> {
    const callId = newCallId();
    let reply: Reply | undefined;
    for (let time = 0; time < 3; time += 1) reply = await gateway.query(CALL, { callId }, secured.keys.dashboard);
    const { id } = reply?.body.data?.['call'] as { id: string };
    // Written behind the answer: the trace, the end of the lease, and word to the other gateways.
    await eventually('Redis was told of the call', () =>
      ['set', 'pexpire', 'xadd'].every((name) =>
        told.some((command) => command.startsWith(name) && command.includes(callId)),
      ),
    );
    return { callId, id };
  }

  /** What happens while the stranger asks: nothing of the call reaches the contact centre or Redis. */
  async function untouched(texts: readonly string[], ask: () => Promise<Reply>): Promise<Reply> {
    const before = gateway.simulator.total;
    told.splice(0);
    const reply = await ask();
    await redis.inside.ping();
    await eventually('all commands were heard', () => told.some((command) => command.startsWith('ping')));
    expect(gateway.simulator.total).toBe(before);
    expect(told.filter((command) => texts.some((text) => command.includes(text)))).toEqual([]);
    return reply;
  }

  it('is told the same of a call that is cached, one that is not, and one that there is not, before anything is asked', async () => {
    const known = await cached();
    const callIds = [known.callId, newCallId(), newCallId(NEVER_FOUND)];
    for (const [name, stranger] of strangers) {
      for (const callId of callIds) {
        for (let time = 0; time < 3; time += 1) {
          const { status, body } = await untouched([callId], () => gateway.query(CALL, { callId }, stranger));
          expect([name, status, body.data, body.errors?.map(plain)]).toEqual([
            name,
            200,
            { call: null },
            [
              {
                message: 'you may not ask for calls of VDN 170 of call centre 1',
                locations: [{ line: 1, column: 41 }],
                path: ['call'],
                extensions: FORBIDDEN,
              },
            ],
          ]);
        }
      }
    }
  });

  it('gets the other calls of `calls`', async () => {
    const { callId } = await cached();
    const own = newCallId();
    const stranger = await secured.token({ vdns: ['1/171'] });
    const keys = [
      { vdn: 171, callId: own },
      { vdn: 170, callId },
      { vdn: 170, callId: newCallId(NEVER_FOUND) },
    ];
    for (let time = 0; time < 3; time += 1) {
      told.splice(0);
      const { body } = await gateway.query(CALLS, { keys }, stranger);
      expect(body.data).toEqual({ calls: [{ callId: own }, null, null] });
      expect(body.errors?.map(plain)).toMatchObject([
        { path: ['calls', 1], extensions: FORBIDDEN },
        { path: ['calls', 2], extensions: FORBIDDEN },
      ]);
      expect(told.filter((command) => command.includes(callId))).toEqual([]);
    }
    expect(gateway.simulator.countOf(callId)).toBe(1);
  });

  it('gets nothing by an `id` either: neither by `node` nor as a router', async () => {
    const { callId, id } = await cached();
    const missing = Buffer.from(`Call:1:170:2025-01:${newCallId(NEVER_FOUND)}`).toString('base64url');
    for (const [name, stranger] of strangers) {
      const messages = new Set<string | undefined>();
      for (const one of [id, missing]) {
        const node = await untouched([callId], () => gateway.query(NODE, { id: one }, stranger));
        expect([name, node.body.data]).toEqual([name, { node: null }]);
        expect(node.body.errors?.map(plain)).toMatchObject([{ path: ['node'], extensions: FORBIDDEN }]);
        messages.add(node.body.errors?.[0]?.message);
      }
      expect(messages.size).toBe(1);
      const representations = [
        { __typename: 'Call', id },
        { __typename: 'Call', ccId: 1, vdn: 170, callId, month: '2025-01' },
      ];
      const entities = await untouched([callId], () => gateway.query(ENTITIES, { representations }, stranger));
      expect([name, entities.body.data]).toEqual([name, { _entities: [null, null] }]);
      expect(entities.body.errors?.map(plain)).toMatchObject([
        { path: ['_entities', 0], extensions: FORBIDDEN },
        { path: ['_entities', 1], extensions: FORBIDDEN },
      ]);
    }
  });

  it('cannot use forgetCall or refresh', async () => {
    const { callId } = await cached();
    for (const [name, stranger] of strangers) {
      for (const document of [FORGET, REFRESH]) {
        const { body } = await untouched([callId], () => gateway.query(document, { callId }, stranger));
        expect([name, body.errors?.map(plain)]).toMatchObject([name, [{ extensions: FORBIDDEN }]]);
      }
    }
    await gateway.query(CALL, { callId }, secured.keys.dashboard);
    expect(gateway.simulator.countOf(callId)).toBe(1);
  });

  it('is another than whoever may', async () => {
    const callId = newCallId();
    const before = gateway.simulator.total;
    for (const vdns of [['1/170'], ['1/*'], ['*/170'], ['*/*'], ['1/171', '1/170'], '2/* 1/170']) {
      const { body } = await gateway.query(CALL, { callId }, await secured.token({ vdns }));
      expect([vdns, body.errors]).toEqual([vdns, undefined]);
    }
    expect(gateway.simulator.total).toBe(before + 1);
  });
});
