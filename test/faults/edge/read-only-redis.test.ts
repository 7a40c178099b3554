import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../../cache/redis/support/eventually.js';
import { newCallId, startTestGateway } from '../../support/gateway.js';
import { startRedis } from '../../support/redis.js';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

describe('forgetCall where Redis is read-only', () => {
  it('says each time that the shared cache refuses, also while the gateway connects anew', async () => {
    const redis = await startRedis();
    open.push(redis);
    const gateway = await startTestGateway({ REDIS_URL: redis.url(), REDIS_COMMAND_TIMEOUT_MS: '5000' });
    open.push(gateway);
    const redisState = async (): Promise<boolean> =>
      (await (await fetch(`${gateway.adminUrl}/readyz`)).text()).includes('"redis":"up"');
    await eventually('Redis is in use', redisState);
    await redis.inside.replicaof('127.0.0.1', 1);
    const forget = async (): Promise<unknown> =>
      (await gateway.query(`mutation { forgetCall(vdn: 170, callId: "${newCallId()}") { forgotten problem } }`)).body
        .data?.['forgetCall'];
    const answers: unknown[] = [];
    for (let time = 0; time < 3; time += 1) answers.push(await forget());
    await eventually('it is connected anew', redisState);
    answers.push(await forget());
    expect(answers).toEqual(Array(4).fill({ forgotten: false, problem: 'SHARED_CACHE_REFUSED' }));
  });
});
