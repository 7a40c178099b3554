import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createApiKey } from '../../../src/access/new-api-key.js';
import { environmentFor, newCallId, startTestGateway, type TestGateway } from '../../support/gateway.js';
import { startGatewayProcess } from '../../support/gateway-process.js';
import { startRedis, type RedisServer } from '../../support/redis.js';
import { createAuthority } from '../../upstream/support/certificates.js';
import { createShiftedClock, type ShiftedClock } from '../support/shifted-clock.js';

const REREAD_MS = 10_000;

describe('a file of keys that changes', () => {
  const [one, other] = ['one', 'other'].map((name) => createApiKey({ name, vdns: '*/*' }, Date.now));
  const listOf = (...keys: readonly (typeof one)[]): string => JSON.stringify(keys.map((key) => key?.entry));
  let files: Record<string, string>;
  let clock: ShiftedClock;
  let gateway: TestGateway;
  beforeEach(async () => {
    files = { '/keys': listOf(one), '/secret': 'demo-secret-key' };
    clock = createShiftedClock();
    gateway = await startTestGateway(
      {
        AUTH_MODE: 'api-key',
        API_KEYS_FILE: '/keys',
        CMS_SECRET_KEY: '',
        CMS_SECRET_KEY_FILE: '/secret',
      },
      files,
      clock,
    );
  });
  afterEach(async () => {
    await gateway.close();
  });

  const ask = async (key: typeof one) => {
    const document = `{ call(vdn: 170, callId: "${newCallId()}") { complete } }`;
    return gateway.query(document, {}, { 'x-api-key': key?.key ?? '' });
  };
  const change = (path: string, text: string | null): void => {
    if (text === null) Reflect.deleteProperty(files, path);
    else files[path] = text;
    clock.advance(REREAD_MS);
  };
  const linesAbout = (setting: string): unknown[] =>
    gateway.logLines
      .map((line) => JSON.parse(line) as { level: number; msg?: string; keys?: number })
      .filter(({ msg = '' }) => msg.startsWith(setting))
      .map(({ level, msg, keys }) => ({ level, msg, ...(keys === undefined ? {} : { keys }) }));

  it('is told with the number of its keys', async () => {
    change('/keys', listOf(one, other));
    expect((await ask(other)).status).toBe(200);
    expect(linesAbout('API_KEYS_FILE')).toEqual([{ level: 30, msg: 'API_KEYS_FILE has changed', keys: 2 }]);
  });

  it('is warned of once its list is empty', async () => {
    change('/keys', '[]');
    expect((await ask(one)).status).toBe(401);
    expect(linesAbout('API_KEYS_FILE')).toEqual([
      { level: 40, msg: 'API_KEYS_FILE has changed: its list is empty, and every API key is refused', keys: 0 },
    ]);
  });

  it('is warned of once while it is gone, has its age as a metric, and ends its keys after a day', async () => {
    for (let n = 0; n < 6; n += 1) {
      change('/keys', null);
      expect((await ask(one)).status).toBe(200);
    }
    expect(linesAbout('API_KEYS_FILE')).toEqual([
      {
        level: 40,
        msg: expect.stringMatching(/^API_KEYS_FILE cannot be read \(.*\): what it held before stays in use$/),
      },
    ]);
    const metrics = await (await fetch(`${gateway.adminUrl}/metrics`)).text();
    const age = /^calltrace_access_file_age_seconds\{file="API_KEYS_FILE"\} (\S+)$/m.exec(metrics)?.[1];
    expect(Number(age)).toBeGreaterThanOrEqual(60);
    clock.advance(86_400_000);
    const { status, headers, body } = await ask(one);
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('10');
    expect(body.errors).toMatchObject([{ extensions: { code: 'AUTHENTICATION_UNAVAILABLE', retryable: true } }]);
    change('/keys', listOf(one));
    expect((await ask(one)).status).toBe(200);
  });

  it('is warned of if it holds the secret key of the contact centre, which stays in use', async () => {
    change('/secret', null);
    expect((await ask(one)).body.errors).toBeUndefined();
    expect(linesAbout('CMS_SECRET_KEY_FILE')).toEqual([
      { level: 40, msg: expect.stringMatching(/^CMS_SECRET_KEY_FILE cannot be read .* stays in use$/) },
    ]);
  });
});

describe('a start with files for TLS that cannot work', () => {
  const folder = mkdtempSync(join(tmpdir(), 'call-trace-tls-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const write = (name: string, content: string | Buffer): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  /** An authority whose certificates expired ten days ago. */
  const createExpiredAuthority = (): ReturnType<typeof createAuthority> => {
    const spy = jest.spyOn(Date, 'now').mockReturnValue(Date.now() - 11 * 86_400_000);
    try {
      return createAuthority('of the past');
    } finally {
      spy.mockRestore();
    }
  };
  const ours = createAuthority('ours');
  const foreign = createAuthority('foreign');
  const expired = createExpiredAuthority();
  const der = new X509Certificate(ours.ca).raw;
  const expiredOn = new Date(Date.now() - 10 * 86_400_000).toISOString().slice(0, 10);

  /** The sentences with which a start is refused. */
  async function refusalOf(files: Readonly<Record<string, string>>): Promise<string> {
    const env = { ...environmentFor({ url: 'https://127.0.0.1:9' }), ...files };
    const gateway = await startGatewayProcess(env).catch((error: unknown) => error as Error);
    if (gateway instanceof Error) return gateway.message;
    await gateway.kill();
    throw new Error('it started');
  }

  it('is refused, and each file is named with what is wrong', async () => {
    const message = await refusalOf({
      CMS_CA_FILE: write('ca.der', der),
      REDIS_URL: 'rediss://127.0.0.1:9',
      REDIS_CA_FILE: write('redis-ca.pem', expired.ca),
      CMS_CERT_FILE: write('cert.pem', ours.client.cert),
      CMS_KEY_FILE: write('key.pem', foreign.client.key),
    });
    expect(message).toMatch(/CMS_CA_FILE must hold certificates \(PEM\).*this looks like DER/);
    expect(message).toMatch(
      `REDIS_CA_FILE must hold a certificate that is valid now: that of CN=of the past expired on ${expiredOn}`,
    );
    expect(message).toMatch(/CMS_KEY_FILE must hold the key of the certificate in CMS_CERT_FILE/);
  }, 30_000);

  it('is refused for what is no certificate and no key', async () => {
    const message = await refusalOf({
      CMS_CA_FILE: write('key-as-ca.pem', ours.client.key),
      CMS_CERT_FILE: write('expired.pem', expired.client.cert),
      CMS_KEY_FILE: write('cert-as-key.pem', ours.client.cert),
    });
    expect(message).toMatch(/CMS_CA_FILE must hold certificates \(PEM\).*it holds a PRIVATE KEY/);
    expect(message).toMatch(
      `CMS_CERT_FILE must hold a certificate that is valid now: that of CN=a client expired on ${expiredOn}`,
    );
    expect(message).toMatch(/CMS_KEY_FILE must hold a private key \(PEM\).*it holds a CERTIFICATE/);
  }, 30_000);
});

describe('a database of Redis that is not there', () => {
  let redis: RedisServer;
  let gateway: TestGateway;
  afterEach(async () => {
    await gateway.close();
    await redis.close();
  });

  it('is a Redis that is away, and nothing is written to another', async () => {
    redis = await startRedis();
    gateway = await startTestGateway({ REDIS_URL: `${redis.url()}/99`, REDIS_COMMAND_TIMEOUT_MS: '2000' });
    for (let n = 0; n < 3; n += 1) {
      const { body } = await gateway.query(`{ call(vdn: 170, callId: "${newCallId()}") { freshness { source } } }`);
      expect(body).toEqual({ data: { call: { freshness: { source: 'UPSTREAM' } } } });
    }
    const readiness = await (await fetch(`${gateway.adminUrl}/readyz`)).text();
    expect(readiness).toContain('"redis":"down"');
    expect(await redis.inside.dbsize()).toBe(0);
  });
});
