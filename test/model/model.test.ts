import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { startRedis, type RedisServer } from '../support/redis.js';
import { BEGINS_AT } from './calls.js';
import { play } from './run.js';
import { SCENES } from './scenes.js';
import { plans, type Plan } from './steps.js';
import { createTally } from './tally.js';
import { startVirtualTime } from './virtual-time.js';

/** More runs find more: MODEL_RUNS=2000 takes ten minutes. MODEL_SEED and MODEL_PATH repeat one; MODEL_SHRINK makes it small. */
const { MODEL_RUNS = '60', MODEL_SEED, MODEL_PATH, MODEL_SHRINK } = process.env;

/** What runs are to meet: a property that never met a stale answer says nothing about them. */
const TO_BE_MET = [
  ...['answered', 'refresh answered', 'failed', 'stale', 'joined', 'not found', 'not found, held', 'settled', 'asked'],
  ...[
    'held in MEMORY',
    'held in SHARED_CACHE',
    'merged from two months',
    'found in the month beside',
    'a call goes on',
  ],
  ...['forgotten', 'a forget while it is asked for', 'asked for after it was forgotten', 'a clock is set', 'deafened'],
  ...['an old answer that arrives late', 'compared between gateways', 'fresh, not asked', 'answered at once'],
  ...[
    'a death',
    'a death while it asks',
    'cut off from Redis',
    'waited for another gateway',
    'kept over an empty answer',
  ],
  ...['Redis pause', 'Redis kill', 'Redis full', 'Redis read-only'],
];

describe('two gateways over one Redis and one contact centre', () => {
  const tally = createTally();
  let redis: RedisServer;
  let runs = 0;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.close());

  async function run(plan: Plan): Promise<void> {
    const time = startVirtualTime(BEGINS_AT);
    try {
      await play(plan, { time, redis, tally, keyPrefix: `run-${(runs += 1)}:` });
    } finally {
      time.stop();
    }
  }

  it.each(Object.entries(SCENES))('keep their promises when %s', async (_, plan) => {
    await run(plan);
  });

  it('never give a wrong, an older, a forgotten or an unmarked answer, whatever happens', async () => {
    await fc.assert(fc.asyncProperty(plans, run), {
      numRuns: Number(MODEL_RUNS),
      endOnFailure: MODEL_SHRINK === undefined,
      ...(MODEL_SEED === undefined ? {} : { seed: Number(MODEL_SEED) }),
      ...(MODEL_PATH === undefined ? {} : { path: MODEL_PATH }),
    });
  }, 3_600_000);

  it('met everything that there is to be met', () => {
    expect(TO_BE_MET.filter((what) => !tally.counts[what])).toEqual([]);
  });
});
