import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newCallId } from '../../support/gateway.js';
import { startRedisCluster, type RedisCluster } from '../../support/redis-cluster.js';
import { eventually } from './support/eventually.js';
import {
  createPathBench,
  expectOneDelay,
  nameInRedis,
  OUTAGE,
  type PathBench,
  type TestPath,
} from './support/paths.js';

const MINUTE_MS = 60_000;

describe('the whole path over a Cluster', () => {
  let cluster: RedisCluster;
  let bench: PathBench;
  let pair: [TestPath, TestPath];
  beforeAll(async () => {
    cluster = await startRedisCluster();
  }, MINUTE_MS);
  beforeEach(async () => {
    bench = await createPathBench();
    pair = [bench.open({ REDIS_URL: cluster.url }), bench.open({ REDIS_URL: cluster.url })];
    await eventually('both can use Redis', () => pair.every(({ state }) => state === 'up'));
  });
  afterEach(() => bench.close());
  afterAll(() => cluster.close());

  it('shares calls of every master, each with its lease beside it', async () => {
    const callIds = Array.from({ length: 60 }, () => newCallId());
    for (const callId of callIds) expect(await bench.share(...pair, callId)).toBe('REDIS');
    const masters = await Promise.all(callIds.map((callId) => cluster.masterOf(nameInRedis(callId))));
    expect(new Set(masters).size).toBe(3);
    expect(bench.simulator.total).toBe(60);
    expect(pair.flatMap(({ lines, failures }) => [lines, failures])).toEqual([
      [],
      { lost: 0, refused: 0 },
      [],
      { lost: 0, refused: 0 },
    ]);
  });

  it('lets one gateway ask for calls of every master that are wanted by all at once', async () => {
    const callIds = Array.from({ length: 60 }, () => newCallId());
    bench.simulator.configure({ latencyMs: 100 });
    await Promise.all(callIds.flatMap((callId) => pair.map((path) => path.ask(callId))));
    expect(callIds.map((callId) => bench.simulator.countOf(callId))).toEqual(callIds.map(() => 1));
    await eventually('no lease is left', async () => {
      const keys = await Promise.all(cluster.nodes.map(({ inside }) => inside.keys('calltrace:lease:*')));
      return keys.flat().length === 0;
    });
  });

  it('tells all gateways what one forgets', async () => {
    const callId = newCallId();
    await bench.share(...pair, callId);
    expect((await pair[1].ask(callId)).source).toBe('MEMORY');
    await eventually('the other forgets it, too', async () => {
      expect(await pair[0].forget(callId)).toBe(true);
      return (await pair[1].ask(callId)).source === 'UPSTREAM';
    });
  });

  it(
    'fails no query when a master is killed under load, and shares all calls again once its replica is in its place',
    async () => {
      const callId = newCallId();
      const victim = await cluster.masterOf(nameInRedis(callId));
      const load = await bench.underLoad(...pair, async () => {
        await victim.kill();
        await eventually('both have noticed', () => pair.every(({ lines }) => lines.length > 0));
        await eventually('the replica has taken over', async () => {
          return (await cluster.masterOf(nameInRedis(callId))) !== victim;
        });
        const heir = await cluster.masterOf(nameInRedis(callId));
        await eventually('what one asks of the lost part, the other has from Redis', async () => {
          const another = newCallId();
          const itsMaster = await cluster.masterOf(nameInRedis(another));
          return itsMaster === heir && (await bench.share(...pair, another)) === 'REDIS';
        });
      });
      expect(pair.map(({ lines }) => lines)).toEqual([OUTAGE, OUTAGE]);
      expectOneDelay(load, pair);
      await eventually('what one forgets, the other forgets', async () => {
        await bench.share(...pair, callId);
        expect(await pair[0].forget(callId)).toBe(true);
        return (await pair[1].ask(callId)).source === 'UPSTREAM';
      });
    },
    MINUTE_MS,
  );
});
