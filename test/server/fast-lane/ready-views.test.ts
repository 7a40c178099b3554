import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startRedis, type RedisServer } from '../../support/redis.js';
import { newCallId, startTestGateway, type TestGateway } from '../../support/gateway.js';
import { eventually } from '../../tiers/redis/support/eventually.js';

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

const closing: TestGateway[] = [];
afterEach(async () => {
  for (const gateway of closing.splice(0)) await gateway.close();
});

const CALL = `query ($callId: ID!) {
  call(vdn: 170, callId: $callId) { callId callerNo legs { deviceNo } freshness { source ageMs final } }
}`;
const FINAL = 2;
const IN_PROGRESS = 10;

/** A gateway that keeps nothing in memory, and has answered the document before, so that its lane knows it. */
async function startForgetful(settings: Readonly<Record<string, string>> = {}): Promise<TestGateway> {
  const gateway = await startTestGateway({
    CACHE_MEMORY_MIB: '0',
    REDIS_URL: redis.url(),
    REDIS_COMMAND_TIMEOUT_MS: '5000',
    ...settings,
  });
  closing.push(gateway);
  await eventually('Redis is in use', async () =>
    (await (await fetch(`${gateway.adminUrl}/readyz`)).text()).includes('"redis":"up"'),
  );
  await gateway.query(CALL, { callId: newCallId(FINAL) });
  return gateway;
}

interface Seen {
  readonly callerNo: string;
  readonly legs: readonly { readonly deviceNo: string }[];
  readonly freshness: { readonly source: string; readonly ageMs: number };
}

async function ask(gateway: TestGateway, callId: string): Promise<Seen> {
  const { body } = await gateway.query(CALL, { callId });
  return body.data?.['call'] as Seen;
}

/** What lies in Redis for a call. */
async function valueOf(callId: string): Promise<{ name: string; value: Buffer }> {
  const [name = ''] = await redis.inside.keys(`*calltrace:v1:*:${callId}`);
  const value = await redis.inside.getBuffer(name);
  if (!value) throw new Error('nothing lies there');
  return { name, value };
}

/** Asks until a view lies beside the trace. */
async function askUntilReady(gateway: TestGateway, callId: string): Promise<void> {
  await ask(gateway, callId);
  await ask(gateway, callId);
  await eventually('a view lies in Redis', async () => (await valueOf(callId)).value.includes(`{"callId":"${callId}"`));
}

/** Writes other numbers of devices into all views of a call, and leaves its trace as it is: nobody could tell otherwise. */
async function tamper(callId: string): Promise<void> {
  const { name, value } = await valueOf(callId);
  const text = value.toString('latin1').replaceAll(/"deviceNo":"\d/g, '"deviceNo":"x');
  expect(text).toContain(TAMPERED);
  await redis.inside.set(name, Buffer.from(text, 'latin1'), 'KEEPTTL');
}

const TAMPERED = '"deviceNo":"x';

describe('views in Redis', () => {
  it('answer in every gateway that keeps nothing in memory, with the age of the moment', async () => {
    const [one, other] = [await startForgetful(), await startForgetful()];
    const callId = newCallId(FINAL);
    await askUntilReady(one, callId);
    await tamper(callId);
    const seen = [await ask(one, callId), await ask(other, callId)];
    for (const { legs } of seen) expect(legs[0]?.deviceNo).toMatch(/^x/);
    expect(seen[1]?.freshness.source).toBe('REDIS');
    expect(seen[1]?.freshness.ageMs).toBeGreaterThanOrEqual(seen[0]?.freshness.ageMs ?? Infinity);
  });

  it('are gone when the trace is renewed', async () => {
    const gateway = await startForgetful();
    const callId = newCallId(FINAL);
    await askUntilReady(gateway, callId);
    await tamper(callId);
    await gateway.query('query ($callId: ID!) { call(vdn: 170, callId: $callId, refresh: true) { id } }', { callId });
    await eventually(
      'the trace is written anew',
      async () => !(await valueOf(callId)).value.includes('"deviceNo":"7"'),
    );
    expect((await ask(gateway, callId)).legs[0]?.deviceNo).toMatch(/^\d+$/);
  });

  it('are not shared between gateways that would show something else', async () => {
    const one = await startForgetful();
    const callId = newCallId(FINAL);
    await askUntilReady(one, callId);
    const whole = (await ask(one, callId)).callerNo;
    const masking = await startForgetful({ ANONYMOUS_SCOPES: '' });
    const strict = await startForgetful({ ANONYMOUS_SCOPES: '', MASK_KEEP_DIGITS: '2' });
    const shown = [await ask(masking, callId), await ask(strict, callId), await ask(strict, callId)];
    expect(shown.map(({ callerNo }) => callerNo)).toEqual([4, 2, 2].map((digits) => `****${whole.slice(-digits)}`));
  });

  it('are kept of no call that may still change', async () => {
    const gateway = await startForgetful();
    const callId = `${Math.floor(Date.now() / 1000) - 60}-${IN_PROGRESS}`;
    for (let i = 0; i < 3; i += 1) await ask(gateway, callId);
    expect((await valueOf(callId)).value.includes('"callId"')).toBe(false);
  });

  it('are done without where the user of Redis may not read many values at once, and that is said once', async () => {
    await redis.inside.acl('SETUSER', 'plain', 'on', '>secret', '~*', '&*', '+@all', '-mget');
    const gateway = await startForgetful({ REDIS_URL: redis.url('plain:secret') });
    const callId = newCallId(FINAL);
    for (let i = 0; i < 4; i += 1) expect((await ask(gateway, callId)).legs.length).toBeGreaterThan(1);
    expect((await ask(gateway, callId)).freshness.source).toBe('REDIS');
    expect(gateway.logLines.filter((line) => /Redis (refuses|takes) commands/.test(line))).toHaveLength(1);
  });

  it('are sealed like the traces', async () => {
    const keys = { CACHE_ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}` };
    const [one, other] = [await startForgetful(keys), await startForgetful(keys)];
    const callId = newCallId(FINAL);
    const { legs } = await ask(one, callId);
    const before = (await valueOf(callId)).value.length;
    await ask(one, callId);
    await eventually('a view lies in Redis', async () => (await valueOf(callId)).value.length > before + 100);
    expect((await valueOf(callId)).value.includes(callId)).toBe(false);
    expect((await ask(other, callId)).legs).toEqual(legs);
  });
});
