import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../cache/redis/support/eventually.js';
import { environmentFor, newCallId } from '../support/gateway.js';
import { startGatewayProcess } from '../support/gateway-process.js';
import { LOOPBACK, startRedis, type RedisServer, type RedisServerOptions } from '../support/redis.js';
import { createEstate } from '../upstream/support/estate.js';
import { oneByOne, usesRedis } from './support/clients.js';
import { openRedisFront, type RedisFront } from './support/redis-front.js';

const estate = createEstate();
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await estate.close();
  for (const server of open.splice(0)) await server.close();
});

async function openRedis(options?: RedisServerOptions): Promise<RedisServer> {
  const server = await startRedis(options);
  open.push(server);
  return server;
}

async function openFront(server: RedisServer): Promise<RedisFront> {
  const front = await openRedisFront(server.port);
  open.unshift(front);
  return front;
}

describe('gateways that know Redis by one name', () => {
  it('follow the primary when it moves, though their connections to the old one stay', async () => {
    const first = await openRedis();
    const second = await openRedis({ settings: { replicaof: `${LOOPBACK} ${first.port}` } });
    await eventually('the replica is in touch', async () =>
      (await second.inside.info('replication')).includes('master_link_status:up'),
    );
    const front = await openFront(first);
    const simulator = await estate.startCentre();
    const env = { REDIS_URL: front.url };
    const [one, other] = [await estate.openGateway(simulator, { env }), await estate.openGateway(simulator, { env })];
    await Promise.all([one, other].map(usesRedis));

    await second.inside.call('REPLICAOF', 'NO', 'ONE');
    await first.inside.call('REPLICAOF', LOOPBACK, second.port);
    front.pointTo(second.port);
    await eventually(
      'what one asks for, the other has from Redis',
      async () => {
        const callId = newCallId();
        await oneByOne(one, [callId]);
        return (await oneByOne(other, [callId]))[0] === 'SHARED_CACHE';
      },
      15_000,
    );
    expect(await first.inside.info('replication')).toContain('role:slave');
  });
});

describe('a gateway whose connection for invalidation messages is cut each time it waits for one', () => {
  it('goes on, and answers', async () => {
    const front = await openFront(await openRedis());
    const simulator = await estate.startCentre();
    const gateway = await startGatewayProcess({ ...environmentFor(simulator), REDIS_URL: front.url });
    let hasEnded = false;
    void gateway.ended.then(() => (hasEnded = true));
    try {
      const query = `{ call(vdn: 170, callId: "${newCallId()}") { complete freshness { source } } }`;
      const answer = (source: string) => ({ data: { call: { complete: true, freshness: { source } } } });
      expect((await gateway.query(query)).body).toEqual(answer('UPSTREAM'));
      front.cutListeners(true);
      await eventually('it has been cut five times', () => hasEnded || front.cuts >= 5);
      expect({ hasEnded, lines: gateway.lines.filter((line) => /unhandled|MaxRetries/i.test(line)) }).toEqual({
        hasEnded: false,
        lines: [],
      });
      front.cutListeners(false);
      const { status, body } = await gateway.query(query);
      expect({ status, errors: body.errors }).toEqual({ status: 200, errors: undefined });
    } finally {
      await gateway.kill();
    }
  });
});

describe('a trace that another version of the gateway has left in Redis', () => {
  it('is passed over: the contact centre is asked, and gateways of this version share what it answers', async () => {
    const redis = await openRedis();
    const callId = newCallId();
    const keyText = `1:170:2025-01:${callId}`;
    // The value of the version before: dated, and called final, though it knows of no leg.
    const value = `p${JSON.stringify([2, keyText, Date.now() - 1_000, true, 0, []])}`;
    for (const version of ['v1', 'v2']) await redis.inside.set(`calltrace:${version}:${keyText}`, value);
    const simulator = await estate.startCentre();
    const env = { REDIS_URL: redis.url() };
    const [one, other] = [await estate.openGateway(simulator, { env }), await estate.openGateway(simulator, { env })];
    await Promise.all([one, other].map(usesRedis));
    expect(await oneByOne(one, [callId])).toEqual(['UPSTREAM']);
    await eventually('it is shared', async () => (await oneByOne(other, [callId]))[0] !== 'UPSTREAM');
    expect(simulator.countOf(callId)).toBe(1);
    expect(await redis.inside.get(`calltrace:v1:${keyText}`)).toBe(value);
  });
});
