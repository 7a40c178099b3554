import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startRedisTrio, type RedisTrio } from '../../support/redis-sentinel.js';
import { eventually } from './support/eventually.js';
import { createPathBench, type PathBench, type TestPath } from './support/paths.js';

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
});
