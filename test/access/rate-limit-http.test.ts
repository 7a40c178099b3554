import { afterEach, describe, expect, it } from '@jest/globals';
import { createApiKey } from '../../src/access/new-api-key.js';
import { newCallId, startTestGateway, type TestGateway } from '../support/gateway.js';
import { openSharedRedis } from '../support/redis.js';
import { eventually } from '../cache/redis/support/eventually.js';

const newApiKey = (name: string) => createApiKey({ name, vdns: '*/*' }, Date.now);
const WITH_KEYS = { AUTH_MODE: 'api-key', API_KEYS_FILE: '/keys' };
const calls = (count: number) => {
  const keys = Array.from({ length: count }, () => `{ vdn: 170, callId: "${newCallId()}" }`);
  return `{ calls(keys: [${keys.join(' ')}]) { id } }`;
};

describe('a caller with too few points left', () => {
  const open: { close(): Promise<void> }[] = [];
  const start = async (...[overrides, files]: Parameters<typeof startTestGateway>) => {
    const gateway = await startTestGateway(overrides, files);
    open.unshift(gateway);
    return gateway;
  };
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close();
  });

  it('is refused before anything is fetched, and told when to come again', async () => {
    const gateway = await start({ RATE_LIMIT_POINTS_PER_MINUTE: '10' });
    expect((await gateway.query(calls(6))).body.errors).toBeUndefined();
    const { status, headers, body } = await gateway.query(calls(5));
    expect(status).toBe(429);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(60);
    expect(body.errors).toMatchObject([
      {
        extensions: {
          code: 'RATE_LIMITED',
          retryable: true,
          retryAfterMs: expect.any(Number),
          requestId: headers.get('x-request-id'),
        },
      },
    ]);
    expect(gateway.simulator.total).toBe(6);
  });

  it('is refused before the body is read, when nothing is left', async () => {
    const gateway = await start({ RATE_LIMIT_POINTS_PER_MINUTE: '4' }); // new documents cost a point more
    const statuses: number[] = [];
    for (const document of ['{ __typename }', '{', '{ __typename }', '{'])
      statuses.push((await gateway.query(document)).status);
    expect(statuses).toEqual([200, 400, 429, 429]);
  });

  it('keeps nobody else out', async () => {
    const [one, other] = [newApiKey('one'), newApiKey('other')];
    const gateway = await start(
      { ...WITH_KEYS, RATE_LIMIT_POINTS_PER_MINUTE: '1' },
      { '/keys': JSON.stringify([one.entry, other.entry]) },
    );
    const statusFor = async (key: string) => (await gateway.query('{ __typename }', {}, { 'x-api-key': key })).status;
    expect([await statusFor(one.key), await statusFor(one.key), await statusFor(other.key)]).toEqual([200, 429, 200]);
  });

  it('has them in all gateways together', async () => {
    const redis = await openSharedRedis();
    open.push(redis);
    const settings = {
      REDIS_URL: redis.url,
      REDIS_KEY_PREFIX: redis.keyPrefix,
      REDIS_COMMAND_TIMEOUT_MS: '2000',
      RATE_LIMIT_POINTS_PER_MINUTE: '20',
    };
    const gateways: TestGateway[] = [await start(settings), await start(settings)];
    for (const { adminUrl } of gateways) {
      await eventually('Redis is in use', async () =>
        (await (await fetch(`${adminUrl}/readyz`)).text()).includes('"up"'),
      );
    }
    let answered = 0;
    for (let i = 0; i < 60; i++) {
      if ((await gateways[i % 2]?.query('{ __typename }'))?.status === 200) answered += 1;
    }
    expect(answered).toBeLessThanOrEqual(20);
    expect(answered).toBeGreaterThanOrEqual(16);
  });

  it('is nobody where RATE_LIMIT_POINTS_PER_MINUTE is 0', async () => {
    const gateway = await start({ RATE_LIMIT_POINTS_PER_MINUTE: '0' });
    for (let i = 0; i < 5; i++) expect((await gateway.query('{ __typename }')).status).toBe(200);
  });

  describe('or one who guesses keys', () => {
    const { key: good, entry } = newApiKey('dashboard');
    const files = { '/keys': JSON.stringify([entry]) };
    const ask = async (gateway: TestGateway, key: string, forwarded = '203.0.113.1') =>
      gateway.query('{ __typename }', {}, { 'x-api-key': key, 'x-forwarded-for': forwarded });

    it('must wait after so many wrong ones, the address of the proxy that is trusted telling who', async () => {
      const gateway = await start(
        { ...WITH_KEYS, RATE_LIMIT_FAILED_LOGINS_PER_MINUTE: '3', TRUSTED_PROXIES: '1' },
        files,
      );
      for (let i = 0; i < 3; i++) expect((await ask(gateway, newApiKey('wrong').key)).status).toBe(401);
      const { status, headers, body } = await ask(gateway, good);
      expect(status).toBe(429);
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      expect(body.errors).toMatchObject([{ extensions: { code: 'RATE_LIMITED', retryable: true } }]);
      expect((await ask(gateway, good, '203.0.113.2')).status).toBe(200);
      expect((await ask(gateway, good, '203.0.113.2, 203.0.113.1')).status).toBe(429);
    });

    it('cannot change the address by a header where no proxy is trusted', async () => {
      const gateway = await start({ ...WITH_KEYS, RATE_LIMIT_FAILED_LOGINS_PER_MINUTE: '3' }, files);
      for (let i = 0; i < 3; i++)
        expect((await ask(gateway, newApiKey('wrong').key, `203.0.113.${i}`)).status).toBe(401);
      expect((await ask(gateway, newApiKey('wrong').key, '203.0.113.9')).status).toBe(429);
    });

    it('is not who shows one that has run out again and again', async () => {
      const gateway = await start({ ...WITH_KEYS, RATE_LIMIT_FAILED_LOGINS_PER_MINUTE: '3' }, files);
      const old = newApiKey('wrong').key;
      for (let i = 0; i < 10; i++) expect((await ask(gateway, old)).status).toBe(401);
      expect((await ask(gateway, good)).status).toBe(200);
    });
  });
});
