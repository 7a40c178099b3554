import { afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createApiKey } from '../../../src/access/new-api-key.js';
import {
  createSigningKey,
  RULES,
  sign,
  startIssuer,
  type Issuer,
  type SigningKey,
} from '../../access/support/issuer.js';
import { startTestGateway, type TestGateway } from '../../support/gateway.js';

const { key: apiKey, entry } = createApiKey({ name: 'dashboard', vdns: '*/*' }, Date.now);
const FILES = { '/keys': JSON.stringify([entry]) };

let key: SigningKey;
let issuer: Issuer;
let gateway: TestGateway;
beforeAll(async () => {
  key = await createSigningKey('a');
});
beforeEach(async () => {
  issuer = await startIssuer(key);
});
afterEach(async () => {
  await gateway.close();
  await issuer.close();
});

/** A gateway that takes tokens of the issuer and API keys, unless the settings say otherwise. */
const start = async (settings: Readonly<Record<string, string>> = {}): Promise<void> => {
  gateway = await startTestGateway(
    {
      AUTH_MODE: 'both',
      AUTH_JWKS_URL: issuer.url,
      AUTH_ISSUER: RULES.issuer,
      AUTH_AUDIENCE: RULES.audience,
      API_KEYS_FILE: '/keys',
      ...settings,
    },
    FILES,
  );
};
const ask = (headers: Readonly<Record<string, string>>) => gateway.query('{ __typename }', {}, headers);
const statusFor = async (token: string): Promise<number> => (await ask({ authorization: `Bearer ${token}` })).status;
const seconds = (): number => Math.floor(Date.now() / 1000);
const tokenOf = (signing: SigningKey, changes: Readonly<Record<string, unknown>> = {}) =>
  sign(signing, { iat: seconds(), exp: seconds() + 600, ...changes });

describe('an API key', () => {
  it('is taken beside the Authorization header of a proxy', async () => {
    await start();
    expect((await ask({ 'x-api-key': apiKey, authorization: 'Basic b2Y6cHJveHk=' })).status).toBe(200);
  });
});

describe('a refused token', () => {
  it('has its reason in the line of its request', async () => {
    await start();
    const stranger = await createSigningKey('a');
    const tokens: readonly (readonly [reason: string, token: string])[] = [
      ['malformed', 'no.to.ken'],
      ['bad_signature', await tokenOf(stranger)],
      ['unknown_kid', await sign(stranger, {}, { kid: 'unknown' })],
      ['wrong_issuer', await tokenOf(key, { iss: 'https://elsewhere.example' })],
      ['wrong_audience', await tokenOf(key, { aud: 'elsewhere' })],
      ['expired', await tokenOf(key, { exp: seconds() - 60 })],
      ['not_yet_valid', await tokenOf(key, { nbf: seconds() + 600 })],
      ['bad_claims', await tokenOf(key, { vdns: ['everything'] })],
    ];
    for (const [, token] of tokens) expect(await statusFor(token)).toBe(401);
    await ask({});
    await ask({ 'x-api-key': 'ctg_unknown' });
    const lines = gateway.logLines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.filter(({ refused }) => refused === 'unauthenticated').map(({ detail }) => detail)).toEqual([
      ...tokens.map(([reason]) => reason),
      'no_credential',
      'unknown_key',
    ]);
  });

  it('locks nobody out who has the same address, if it has only expired', async () => {
    await start({ RATE_LIMIT_FAILED_LOGINS_PER_MINUTE: '5' });
    for (let n = 0; n < 10; n += 1) {
      expect(await statusFor(await tokenOf(key, { sub: `caller-${n}`, exp: seconds() - 60 }))).toBe(401);
    }
    expect(await statusFor(await tokenOf(key))).toBe(200);
  });

  it('locks its address out if it is one of many that were forged', async () => {
    await start({ RATE_LIMIT_FAILED_LOGINS_PER_MINUTE: '5' });
    const stranger = await createSigningKey('a');
    for (let n = 0; n < 5; n += 1) {
      expect(await statusFor(await tokenOf(stranger, { sub: `mallory-${n}` }))).toBe(401);
    }
    expect(await statusFor(await tokenOf(key))).toBe(429);
    const metrics = await (await fetch(`${gateway.adminUrl}/metrics`)).text();
    expect(metrics).toContain('calltrace_refused_total{reason="guessing"} 1');
  });

  it('is verified and counted once, however often it is sent', async () => {
    await start({ RATE_LIMIT_FAILED_LOGINS_PER_MINUTE: '2' });
    const verify = jest.spyOn(crypto.subtle, 'verify');
    try {
      const forged = await tokenOf(await createSigningKey('a'));
      for (let n = 0; n < 10; n += 1) expect(await statusFor(forged)).toBe(401);
      expect(verify).toHaveBeenCalledTimes(1);
      expect(await statusFor(await tokenOf(key))).toBe(200);
    } finally {
      verify.mockRestore();
    }
  });
});

describe('points where everybody may ask', () => {
  it('are those of each client address', async () => {
    await start({ AUTH_MODE: 'none', RATE_LIMIT_POINTS_PER_MINUTE: '6', TRUSTED_PROXIES: '1' });
    const from = async (address: string) => (await ask({ 'x-forwarded-for': address })).status;
    const statuses = new Set<number>();
    for (let n = 0; n < 8; n += 1) statuses.add(await from('192.0.2.1'));
    expect([...statuses]).toEqual([200, 429]);
    expect(await from('192.0.2.2')).toBe(200);
    expect(gateway.logLines.join('')).not.toContain('192.0.2.2');
  });
});
