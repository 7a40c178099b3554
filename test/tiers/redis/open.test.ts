import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newCallId } from '../../support/gateway.js';
import { startRedis, type RedisServer } from '../../support/redis.js';
import { eventually } from './support/eventually.js';
import { createPathBench, type PathBench } from './support/paths.js';

describe('the log of a Redis that does not know a command', () => {
  let redis: RedisServer;
  let bench: PathBench;
  beforeEach(async () => {
    redis = await startRedis({ settings: { 'rename-command': 'GET ""' } });
    bench = await createPathBench();
  });
  afterEach(async () => {
    await bench.close();
    await redis.close();
  });

  it('names the command, and nothing of what it was about', async () => {
    const path = bench.open({ REDIS_URL: redis.url() });
    await eventually('Redis is in use', () => path.state === 'up');
    const callId = newCallId();
    await path.ask(callId);
    await eventually('the refusal is told', () => path.lines.length > 0);
    expect(path.log).toContain("unknown command 'get'");
    expect(path.log).not.toContain(callId);
    expect(path.log).not.toContain('with args');
  });
});
