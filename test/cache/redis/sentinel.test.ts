import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { traceKeyText } from '../../../src/call/key.js';
import { startRedisTrio, type RedisTrio } from '../../support/redis-sentinel.js';
import { createEstate, expectOneDelay, newKey, OUTAGE, type Estate, type TestGateway } from './support/estate.js';
import { eventually } from './support/eventually.js';

const MINUTE_MS = 60_000;

describe('gateways behind Sentinel', () => {
  let trio: RedisTrio;
  let estate: Estate;
  let pair: [TestGateway, TestGateway];
  beforeEach(async () => {
    trio = await startRedisTrio();
    estate = createEstate();
    pair = [estate.open({ url: trio.url }), estate.open({ url: trio.url })];
    await eventually('both can use Redis', () => pair.every(({ redis }) => redis.state === 'up'));
  }, MINUTE_MS);
  afterEach(async () => {
    await estate.close();
    await trio.close();
  });

  it('share calls over the master', async () => {
    for (let i = 0; i < 20; i += 1) expect(await estate.share(...pair)).toBe('SHARED_CACHE');
    await eventually('no lease is left', async () => (await trio.master.inside.keys('calltrace:lease:*')).length === 0);
    expect(await trio.master.inside.dbsize()).toBe(20 + 1); // and the messages
    expect(pair.map(({ lines }) => lines)).toEqual([[], []]);
  });

  it('forget a call in the replica as well', async () => {
    const key = newKey();
    await estate.share(...pair, key);
    expect(await pair[0].forget(key)).toBeNull();
    const [tombstone, copy] = await Promise.all(
      [trio.master, trio.replica].map(({ inside }) => inside.get(`calltrace:v2:${traceKeyText(key)}`)),
    );
    expect(tombstone).toMatch(/^tombstone /);
    expect(copy).toBe(tombstone);
  });

  it('say that a call may come back where the replica does not acknowledge', async () => {
    const key = newKey();
    await estate.share(...pair, key);
    trio.replica.pause();
    expect(await pair[0].forget(key)).toBe('NOT_REPLICATED');
    expect((await pair[1].ask(key)).source).toBe('UPSTREAM');
    trio.replica.resume();
    await eventually('the replica acknowledges again', async () => (await pair[0].forget(key)) === null);
    expect(pair.map(({ lines, failures }) => [lines, failures.lost])).toEqual([
      [[], 0],
      [[], 0],
    ]);
  });

  it.each<[string, () => Promise<void> | void]>([
    ['is killed', () => trio.master.kill()],
    ['hangs', () => trio.master.pause()],
    ['steps down', () => trio.stepDown()],
  ])(
    'fail no question when the master %s under load, and share calls over the replica once that is in its place',
    async (_, lose) => {
      const load = await estate.underLoad(...pair, async () => {
        await lose();
        await eventually('the replica is the master', async () => {
          return (await trio.replica.inside.info('replication')).includes('role:master');
        });
        await estate.sharing(...pair);
        await estate.sharing(pair[1], pair[0]);
      });
      expectOneDelay(load, pair);
      expect(pair.map(({ lines }) => lines)).toEqual([OUTAGE, OUTAGE]);
      await expectForgetting();
    },
    MINUTE_MS,
  );

  /** What one forgets, the other hears of, and Redis tells nobody. */
  async function expectForgetting(): Promise<void> {
    const key = newKey();
    await estate.share(...pair, key);
    await eventually('the other hears what one forgets', async () => {
      // Where the old master follows the new one, it must first have caught up.
      return (await pair[0].forget(key)) === null && pair[1].invalidated.includes(traceKeyText(key));
    });
    expect((await pair[1].ask(key)).source).toBe('UPSTREAM');
  }
});
