import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ForgetProblem } from '../../../src/cache/redis/tombstones.js';
import { traceKeyText, type TraceKey } from '../../../src/call/key.js';
import { startRedisCluster, type RedisCluster } from '../../support/redis-cluster.js';
import type { RedisServer } from '../../support/redis.js';
import {
  createEstate,
  expectOneDelay,
  nameInRedis,
  newKey,
  OUTAGE,
  type Estate,
  type TestGateway,
} from './support/estate.js';
import { eventually } from './support/eventually.js';

const MINUTE_MS = 60_000;

describe('gateways over a Cluster', () => {
  let cluster: RedisCluster;
  let estate: Estate;
  let pair: [TestGateway, TestGateway];
  beforeAll(async () => {
    cluster = await startRedisCluster();
  }, MINUTE_MS);
  beforeEach(async () => {
    estate = createEstate();
    pair = [estate.open({ url: cluster.url }), estate.open({ url: cluster.url })];
    await eventually('both use Redis and listen', () => pair.every(({ invalidated }) => invalidated.length > 0));
  });
  afterEach(async () => {
    cluster.nodes.forEach((node) => node.resume());
    await estate.close();
  });
  afterAll(() => cluster.close());

  it('share calls of every master, each with its lease beside it', async () => {
    const keys = Array.from({ length: 60 }, newKey);
    for (const key of keys) expect(await estate.share(...pair, key)).toBe('SHARED_CACHE');
    const masters = await Promise.all(keys.map((key) => cluster.masterOf(nameInRedis(key))));
    expect(new Set(masters).size).toBe(3);
    expect(keys.map((key) => estate.countOf(key))).toEqual(keys.map(() => 1));
    expect(pair.flatMap(({ lines, failures }) => [lines, failures])).toEqual([
      [],
      { lost: 0, refused: 0 },
      [],
      { lost: 0, refused: 0 },
    ]);
  });

  it('let one of them ask for calls of every master that are wanted by all at once', async () => {
    const keys = Array.from({ length: 60 }, newKey);
    estate.latencyMs = 100;
    await Promise.all(keys.flatMap((key) => pair.map((gateway) => gateway.ask(key))));
    expect(keys.map((key) => estate.countOf(key))).toEqual(keys.map(() => 1));
    await eventually('no lease is left', async () => {
      const names = await Promise.all(cluster.nodes.map(({ inside }) => inside.keys('calltrace:lease:*')));
      return names.flat().length === 0;
    });
  });

  it('forget calls of every master and of its replica, and tell each other', async () => {
    const keys = Array.from({ length: 12 }, newKey);
    for (const key of keys) await estate.share(...pair, key);
    await eventually('the other hears', async () => {
      expect(await pair[0].redis.store.forget(keys)).toBeNull();
      return pair[1].invalidated.length > 0;
    });
    for (const key of keys) expect((await pair[1].ask(key)).source).toBe('UPSTREAM');
  });

  it('say that a call may come back where the replica of its master does not acknowledge', async () => {
    const key = newKey();
    await estate.share(...pair, key);
    await eventually('the replica acknowledges', async () => (await pair[0].forget(key)) === null);
    const master = await cluster.masterOf(nameInRedis(key));
    const role = (await master.inside.call('ROLE')) as [string, number, [string, string][]];
    const replica = nodeAt(role[2][0]?.[1]);
    replica.pause();
    let problem: ForgetProblem | null = null;
    await eventually('the master answers in time', async () => {
      problem = await pair[0].forget(key);
      return problem !== 'SHARED_CACHE_UNREACHABLE';
    });
    expect(problem).toBe('NOT_REPLICATED');
    expect((await pair[1].ask(key)).source).toBe('UPSTREAM');
    replica.resume();
    await eventually('the replica acknowledges again', async () => (await pair[0].forget(key)) === null);
  });

  const nodeAt = (port: number | string | undefined): RedisServer => {
    const node = cluster.nodes.find((candidate) => candidate.port === Number(port));
    if (!node) throw new Error('no node has this port');
    return node;
  };

  /** What a gateway forgets reaches the other. */
  async function expectHeard(listener: TestGateway, other: TestGateway): Promise<void> {
    const forgotten: TraceKey[] = [];
    await eventually('messages come again', async () => {
      const key = newKey();
      if ((await other.forget(key)) === null) forgotten.push(key);
      return forgotten.some((one) => listener.invalidated.includes(traceKeyText(one)));
    });
  }

  it.each<[string, (node: RedisServer) => Promise<void> | void, (node: RedisServer) => Promise<void> | void]>([
    ['hangs', (node) => node.pause(), (node) => node.resume()],
    ['is killed', (node) => node.kill(), (node) => node.start()],
  ])(
    'miss nothing unnoticed where the node that holds their messages %s, and listen to its replica',
    async (_, lose, restore) => {
      const [listener, talker] = pair;
      const node = await cluster.masterOf('calltrace:v2:invalidations');
      await expectHeard(listener, talker);
      const before = listener.invalidated.length;
      await lose(node);
      let key = newKey();
      await eventually('a call is forgotten', async () => (await talker.forget((key = newKey()))) === null);
      await eventually('what is held of it is invalidated', () =>
        listener.invalidated.slice(before).some((one) => one === 'all' || one === traceKeyText(key)),
      );
      await expectHeard(listener, talker);
      await restore(node);
      await eventually('the cluster is whole again', async () => {
        const states = await Promise.all(cluster.nodes.map(({ inside }) => inside.call('CLUSTER', 'INFO')));
        return states.every((state) => String(state).includes('cluster_state:ok'));
      });
    },
    MINUTE_MS,
  );

  it(
    'fail no question when a master is killed under load, and share all calls again once its replica is in its place',
    async () => {
      const key = newKey();
      const victim = await cluster.masterOf(nameInRedis(key));
      const load = await estate.underLoad(...pair, async () => {
        await victim.kill();
        await eventually('both have noticed', () => pair.every(({ lines }) => lines.length > 0));
        await eventually('the replica has taken over', async () => {
          return (await cluster.masterOf(nameInRedis(key))) !== victim;
        });
        const heir = await cluster.masterOf(nameInRedis(key));
        await eventually('what one asks of the lost part, the other has from Redis', async () => {
          const another = newKey();
          const itsMaster = await cluster.masterOf(nameInRedis(another));
          return itsMaster === heir && (await estate.share(...pair, another)) === 'SHARED_CACHE';
        });
      });
      const outages = pair.map(({ lines }) => lines.filter((line) => OUTAGE.includes(line)));
      expect(outages).toEqual([OUTAGE, OUTAGE]);
      expectOneDelay(load, pair);
      await expectHeard(pair[1], pair[0]);
    },
    MINUTE_MS,
  );
});
