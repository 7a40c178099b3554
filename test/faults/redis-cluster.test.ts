import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../cache/redis/support/eventually.js';
import { startSimulator } from '../../simulator/simulator.js';
import { newCallId } from '../support/gateway.js';
import { startRedisCluster, type RedisCluster } from '../support/redis-cluster.js';
import { createEstate } from '../upstream/support/estate.js';
import { forget, oneByOne, usesRedis } from './support/clients.js';

const MINUTE_MS = 60_000;
const estate = createEstate();
let cluster: RedisCluster;
beforeAll(async () => {
  cluster = await startRedisCluster();
}, MINUTE_MS);
afterAll(() => cluster.close());

describe('a gateway over a Cluster', () => {
  it(
    'answers nothing from memory that was forgotten while the node hung that holds the messages',
    async () => {
      const simulator = await startSimulator();
      const env = { REDIS_URL: cluster.url };
      const [listener, other] = [
        await estate.openGateway(simulator, { env }),
        await estate.openGateway(simulator, { env }),
      ];
      await Promise.all([listener, other].map(usesRedis));
      const node = await cluster.masterOf('calltrace:v2:invalidations');
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
