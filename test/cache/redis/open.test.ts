import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startRedis, type RedisServer } from '../../support/redis.js';
import { createEstate, newKey, type Estate } from './support/estate.js';
import { eventually } from './support/eventually.js';

describe('the log of a Redis that does not know a command', () => {
  let redis: RedisServer;
  let estate: Estate;
  beforeEach(async () => {
    redis = await startRedis({ settings: { 'rename-command': 'GET ""' } });
    estate = createEstate();
  });
  afterEach(async () => {
    await estate.close();
    await redis.close();
  });

  it('names the command, and nothing of what it was about', async () => {
    const gateway = estate.open({ url: redis.url() });
    await eventually('Redis is in use', () => gateway.redis.state === 'up');
    const key = newKey();
    await gateway.ask(key);
    await eventually('the refusal is told', () => gateway.lines.length > 0);
    const log = JSON.stringify(gateway.fields);
    expect(log).toContain("unknown command 'get'");
    expect(log).not.toContain(key.callId);
    expect(log).not.toContain('with args');
  });
});

describe('the persisted queries that gateways share', () => {
  let redis: RedisServer;
  let estate: Estate;
  beforeEach(async () => {
    redis = await startRedis();
    estate = createEstate();
  });
  afterEach(async () => {
    await estate.close();
    await redis.close();
  });

  it.each([
    ['without keys', undefined],
    ['with keys', [{ id: 'a', key: randomBytes(32) }] as const],
  ])('are read by every gateway, %s', async (_, encryptionKeys) => {
    const [one, other] = [0, 1].map(() => estate.open({ url: redis.url(), encryptionKeys }));
    await eventually('both can use Redis', () => [one, other].every((gateway) => gateway?.redis.state === 'up'));
    expect(await other?.redis.persistedQueryStore.get('apq:1')).toBeUndefined();
    one?.redis.persistedQueryStore.set('apq:1', '{ call }', 60_000);
    await eventually(
      'the other has it',
      async () => (await other?.redis.persistedQueryStore.get('apq:1')) !== undefined,
    );
    expect(await other?.redis.persistedQueryStore.get('apq:1')).toBe('{ call }');
    expect(await redis.inside.pttl('calltrace:apq:1')).toBeGreaterThan(50_000);
    const value = String(await redis.inside.get('calltrace:apq:1'));
    expect(value.includes('{ call }')).toBe(encryptionKeys === undefined);
  });
});
