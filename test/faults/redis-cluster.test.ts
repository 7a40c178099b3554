import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../cache/redis/support/eventually.js';
import { startSimulator, type Simulator } from '../../src/simulator/simulator.js';
import { newCallId } from '../support/gateway.js';
import type { RedisServer } from '../support/redis.js';
import { startRedisCluster, type RedisCluster } from '../support/redis-cluster.js';
import { createEstate, type Gate } from '../upstream/support/estate.js';
import { forget, oneByOne, usesRedis } from './support/clients.js';

const MINUTE_MS = 60_000;
const estate = createEstate();
let cluster: RedisCluster;
beforeAll(async () => {
  cluster = await startRedisCluster();
}, MINUTE_MS);
afterAll(() => cluster.close());

/** The node on which a gateway listens: opened alone, it is the only one that does. */
async function nodeHeard(): Promise<RedisServer> {
  for (;;) {
    for (const node of cluster.nodes) if ((await node.inside.pubsub('CHANNELS')).length > 0) return node;
  }
}

/** A gateway that listens on a replica: while that hangs, all masters serve. */
async function openListener(centre: Pick<Simulator, 'url'>): Promise<{ gate: Gate; node: RedisServer }> {
  for (;;) {
    const gate = await estate.openGate(centre, { env: { REDIS_URL: cluster.url } });
    await usesRedis(gate);
    const node = await nodeHeard();
    if ((await node.inside.info('replication')).includes('role:slave')) return { gate, node };
    await estate.close();
  }
}

describe('a gateway over a Cluster', () => {
  it(
    'answers nothing from memory that was forgotten while the node on which it listens hung',
    async () => {
      const simulator = await startSimulator();
      const { gate: listener, node } = await openListener(simulator);
      const other = await estate.openGate(simulator, { env: { REDIS_URL: cluster.url } });
      await usesRedis(other);
      const callId = newCallId();
      expect(await oneByOne(listener, [callId, callId])).toEqual(['UPSTREAM', 'MEMORY']);

      node.pause();
      try {
        await eventually('the call is forgotten', () => forget(other, callId));
        // Heard in another way, or noticed that something may have been missed.
        await eventually('it is asked for anew', async () => (await oneByOne(listener, [callId]))[0] !== 'MEMORY');
        expect(simulator.countOf(callId)).toBe(2);
      } finally {
        node.resume();
        await estate.close();
        await simulator.close();
      }
    },
    2 * MINUTE_MS,
  );
});
