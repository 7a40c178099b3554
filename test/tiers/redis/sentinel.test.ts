import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newCallId } from '../../support/gateway.js';
import { startRedisTrio, type RedisTrio } from '../../support/redis-sentinel.js';
import { eventually } from './support/eventually.js';
import { createPathBench, expectOneDelay, OUTAGE, type PathBench, type TestPath } from './support/paths.js';

const MINUTE_MS = 60_000;

describe('the whole path behind Sentinel', () => {
  let trio: RedisTrio;
  let bench: PathBench;
  let pair: [TestPath, TestPath];
  beforeEach(async () => {
    trio = await startRedisTrio();
    bench = await createPathBench();
    pair = [bench.open({ REDIS_URL: trio.url }), bench.open({ REDIS_URL: trio.url })];
    await eventually('both can use Redis', () => pair.every(({ state }) => state === 'up'));
  }, MINUTE_MS);
  afterEach(async () => {
    await bench.close();
    await trio.close();
  });

  it('shares calls over the master', async () => {
    for (let i = 0; i < 20; i += 1) expect(await bench.share(...pair)).toBe('REDIS');
    expect(await trio.master.inside.dbsize()).toBe(20);
    expect(pair.map(({ lines }) => lines)).toEqual([[], []]);
  });

  it.each<[string, () => Promise<void> | void]>([
    ['is killed', () => trio.master.kill()],
    ['hangs', () => trio.master.pause()],
    ['steps down', () => trio.stepDown()],
  ])(
    'fails no query when the master %s under load, and shares calls over the replica once that is in its place',
    async (_, lose) => {
      const load = await bench.underLoad(...pair, async () => {
        await lose();
        await eventually('the replica is the master', async () => {
          return (await trio.replica.inside.info('replication')).includes('role:master');
        });
        await bench.sharing(...pair);
        await bench.sharing(pair[1], pair[0]);
      });
      expectOneDelay(load, pair);
      expect(pair.map(({ lines }) => lines)).toEqual([OUTAGE, OUTAGE]);
      const callId = newCallId();
      await bench.share(...pair, callId);
      await eventually('what one forgets, the other forgets', async () => {
        await pair[1].ask(callId);
        expect(await pair[0].forget(callId)).toBe(true);
        return (await pair[1].ask(callId)).source === 'UPSTREAM';
      });
    },
    MINUTE_MS,
  );
});
