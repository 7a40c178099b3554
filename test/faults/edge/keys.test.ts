import { afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  createSigningKey,
  RULES,
  sign,
  startIssuer,
  type Issuer,
  type SigningKey,
} from '../../access/support/issuer.js';
import { reached } from '../../support/client.js';
import { startTestGateway, type TestGateway } from '../../support/gateway.js';
import { createShiftedClock, type ShiftedClock } from '../support/shifted-clock.js';

const FIVE_MINUTES_MS = 300_000;

describe('the keys of an issuer', () => {
  let key: SigningKey;
  /** Another key under the same name. */
  let nextKey: SigningKey;
  let issuer: Issuer;
  let clock: ShiftedClock;
  let gateway: TestGateway;
  let pauses: jest.SpiedFunction<typeof setTimeout>;
  beforeAll(async () => {
    [key, nextKey] = await Promise.all([createSigningKey('a'), createSigningKey('a')]);
  });
  beforeEach(async () => {
    issuer = await startIssuer(key);
    clock = createShiftedClock();
    jest.useFakeTimers({
      // Only the pauses of the gateway: the rest of the machine goes on.
      doNotFake: ['Date', 'hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate'],
    });
    pauses = jest.spyOn(globalThis, 'setTimeout');
  });
  afterEach(async () => {
    pauses.mockRestore();
    jest.useRealTimers();
    await gateway.close();
    await issuer.close();
  });

  const start = async (settings: Readonly<Record<string, string>> = {}): Promise<void> => {
    gateway = await startTestGateway(
      {
        AUTH_MODE: 'jwt',
        AUTH_JWKS_URL: issuer.url,
        AUTH_ISSUER: RULES.issuer,
        AUTH_AUDIENCE: RULES.audience,
        ...settings,
      },
      {},
      clock,
    );
    expect(await statusFor(key)).toBe(200); // the first keys are there
  };
  const seconds = (): number => Math.floor(clock.wall() / 1000);
  let shown = 0;
  /** What a good token, not seen before, of this key is answered with. */
  const statusFor = async (signing: SigningKey): Promise<number> => {
    const token = await sign(signing, { sub: `caller-${shown++}`, iat: seconds(), exp: seconds() + 600 });
    return (await gateway.query('{ __typename }', {}, { authorization: `Bearer ${token}` })).status;
  };
  const messages = (): unknown[] => gateway.logLines.map((line) => (JSON.parse(line) as { msg?: unknown }).msg);
  const pass = (ms: number): void => {
    clock.advance(ms);
    jest.advanceTimersByTime(ms);
  };
  /** Five minutes pass, after which the keys are fetched anew. */
  const passUntilRenewed = async (): Promise<void> => {
    const ended = (): number => pauses.mock.calls.filter(([, ms]) => ms === FIVE_MINUTES_MS || ms === 30_000).length;
    const before = ended();
    pass(FIVE_MINUTES_MS);
    await reached(() => ended() > before);
  };

  it('keep no token waiting while the issuer hangs', async () => {
    await start();
    issuer.answer(() => undefined);
    pass(FIVE_MINUTES_MS);
    for (let n = 0; n < 3; n += 1) expect(await statusFor(key)).toBe(200);
    await reached(() => issuer.asked === 2);
    expect(await statusFor(key)).toBe(200);
  });

  it('stay as they were while the issuer publishes an empty set, with a warning', async () => {
    await start();
    issuer.publish();
    await passUntilRenewed();
    expect(await statusFor(key)).toBe(200);
    expect(messages()).toContain(
      'The keys for tokens cannot be fetched from AUTH_JWKS_URL: the answer must hold a public key that tokens are signed with',
    );
  });

  it('may be replaced under the same name: good tokens of either are taken at once', async () => {
    await start();
    issuer.publish(nextKey);
    expect(await statusFor(nextKey)).toBe(200);
    expect(await statusFor(key)).toBe(200);
  });

  it('are dropped once two sets lack them, and not by one set of a node that lags behind', async () => {
    await start();
    const other = await createSigningKey('other');
    issuer.publish(other);
    await passUntilRenewed();
    expect(await statusFor(key)).toBe(200);
    expect(await statusFor(other)).toBe(200);
    await passUntilRenewed();
    expect(await statusFor(key)).toBe(401);
    expect(await statusFor(other)).toBe(200);
  });

  it('are not believed for longer than AUTH_JWKS_MAX_STALE, and their age is a metric', async () => {
    await start({ AUTH_JWKS_MAX_STALE: '900' });
    issuer.answer((response) => response.writeHead(503).end());
    await passUntilRenewed();
    await passUntilRenewed();
    expect(await statusFor(key)).toBe(200);
    const metrics = await (await fetch(`${gateway.adminUrl}/metrics`)).text();
    const age = /^calltrace_access_file_age_seconds\{file="AUTH_JWKS_URL"\} (\S+)$/m.exec(metrics)?.[1];
    expect(Number(age)).toBeGreaterThanOrEqual(600);
    expect(Number(age)).toBeLessThan(900);
    pass(FIVE_MINUTES_MS);
    expect(await statusFor(key)).toBe(503);
  });
});
