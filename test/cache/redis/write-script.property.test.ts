import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { supersedes, type TraceRank } from '../../../src/call/trace-rank.js';
import { WRITE } from '../../../src/cache/redis/write-script.js';
import { startRedis, type RedisServer } from '../../support/redis.js';
import { ASKED_AT } from '../../support/traces.js';

/** Distances at which the rule turns, and their neighbours. Unit: ms. */
const NEAR = [0, 1, 999, 1_000, 1_001, 59_999, 60_000, 60_001, 61_000, 62_000].flatMap((ms) => [ms, -ms]);
const askedAt = fc
  .oneof(fc.constantFrom(...NEAR), fc.integer({ min: -100_000, max: 100_000 }))
  .map((ms) => ASKED_AT + ms);
const completeness = fc.oneof(fc.constantFrom(0, 2, 3, 1_000_003), fc.nat({ max: 20_000_000_000 }));
const rank: fc.Arbitrary<TraceRank> = fc.record({ askedAt, completeness, settled: fc.boolean() });

const valueOf = ({ askedAt, completeness, settled }: TraceRank): string =>
  `trace ${askedAt} ${completeness} ${settled ? 1 : 0}\nbody`;

describe('the script that writes traces', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.close());

  it('writes exactly what supersedes the trace that is held', async () => {
    let [written, refused] = [0, 0];
    await fc.assert(
      fc.asyncProperty(rank, rank, async (answer, held) => {
        const [value, lies] = [valueOf(answer), valueOf(held)];
        await redis.inside.set('key', lies);
        const reply = await redis.inside.eval(WRITE, 1, 'key', value, 5_000, ASKED_AT, 0, '');
        const expected = supersedes(answer, held, ASKED_AT) ? [value, null] : [lies, lies];
        expect([await redis.inside.get('key'), reply]).toEqual(expected);
        if (reply === null) written += 1;
        else refused += 1;
      }),
      { numRuns: 3_000 },
    );
    expect(Math.min(written, refused)).toBeGreaterThan(300);
  });
});
