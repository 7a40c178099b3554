import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { exportSPKI, SignJWT, UnsecuredJWT } from 'jose';
import { loadConfig } from '../../src/config/config.js';
import { claims, createSigningKey, sign } from '../access/support/issuer.js';
import type { Reply } from '../support/client.js';
import { environmentFor, newCallId } from '../support/gateway.js';
import { startSecured, type Credentials, type Secured } from './support/secured.js';

const QUERY = 'query ($callId: ID!) { call(vdn: 170, callId: $callId) { complete } }';
const HOUR = { exp: Math.floor(Date.now() / 1000) + 3600 };
const bearer = (token: string): Credentials => ({ authorization: `Bearer ${token}` });
const tokenIn = (credentials: Credentials): string => credentials['authorization']?.slice('Bearer '.length) ?? '';

/** The parts of a token, changed and put together again under the old signature. */
function altered(token: string, changes: object): string {
  const [head, payload, signature] = token.split('.');
  const claimed = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString()) as object;
  return [head, Buffer.from(JSON.stringify({ ...claimed, ...changes })).toString('base64url'), signature].join('.');
}

describe('whoever is not let in', () => {
  let secured: Secured;
  beforeAll(async () => {
    secured = await startSecured({ RATE_LIMIT_FAILED_LOGINS_PER_MINUTE: '0' });
  });
  afterAll(() => secured.close());

  const ask = (credentials: Credentials): Promise<Reply> =>
    secured.gateway.query(QUERY, { callId: newCallId() }, credentials);

  /** Nothing was asked, and nothing that was sent is told to anybody. */
  async function expectRefused(credentials: Credentials): Promise<void> {
    const { simulator, logLines } = secured.gateway;
    const before = simulator.total;
    const { status, headers, body } = await ask(credentials);
    expect([status, body.data, body.errors?.map(({ extensions }) => extensions['code'])]).toEqual([
      401,
      undefined,
      ['UNAUTHENTICATED'],
    ]);
    expect(headers.get('www-authenticate')).toMatch(/^(Bearer|ApiKey)/);
    expect(simulator.total).toBe(before);
    const told = JSON.stringify([body, [...headers]]) + logLines.join('');
    for (const secret of Object.values(credentials).filter((text) => text.length > 20))
      expect(told).not.toContain(secret);
  }

  it('sends what is good, and is let in', async () => {
    for (const credentials of [await secured.token(), secured.keys.dashboard]) {
      expect((await ask(credentials)).body).toEqual({ data: { call: { complete: true } } });
    }
  });

  it('sends nothing', () => expectRefused({}));

  it.each<[string, () => Promise<Credentials> | Credentials]>([
    ['that has expired', () => secured.token({ exp: 1_600_000_000 })],
    ['that is not valid yet', () => secured.token({ nbf: HOUR.exp })],
    ['that never expires', () => secured.token({ exp: undefined })],
    ['for another audience', () => secured.token({ aud: 'billing' })],
    ['for nobody', () => secured.token({ aud: undefined })],
    ['of another issuer', () => secured.token({ iss: 'https://id.evil.example' })],
    ['of no bearer', () => secured.token({ sub: undefined })],
    ['of another key of the same name', async () => bearer(await sign(await createSigningKey('first'), HOUR))],
    [
      'that brings its own key',
      async () => {
        const own = await createSigningKey('own');
        return bearer(await sign(own, HOUR, { kid: undefined, jwk: own.jwk }));
      },
    ],
    ['with alg: none', () => bearer(new UnsecuredJWT(claims(HOUR)).encode())],
    [
      'with the public key for a secret (HS256)',
      async () => {
        const secret = new TextEncoder().encode(await exportSPKI(secured.signing.publicKey));
        return bearer(await new SignJWT(claims(HOUR)).setProtectedHeader({ alg: 'HS256', kid: 'first' }).sign(secret));
      },
    ],
    [
      'with other claims than were signed',
      async () => bearer(altered(tokenIn(await secured.token()), { vdns: ['*/*'] })),
    ],
    ['without its signature', async () => bearer(tokenIn(await secured.token()).replace(/[^.]*$/, ''))],
    ['longer than any is', () => secured.token({ padding: 'x'.repeat(7_000) })],
    ['as Basic', async () => ({ authorization: `Basic ${tokenIn(await secured.token())}` })],
    ['that is none', () => bearer('null')],
  ])('sends a token %s', async (_, make) => expectRefused(await make()));

  it.each<[string, () => Credentials]>([
    ['that nobody was given', () => ({ 'x-api-key': `ctg_${'A'.repeat(43)}` })],
    ['that has expired', () => secured.keys.former],
    ['cut short', () => ({ 'x-api-key': secured.keys.auditor['x-api-key']?.slice(0, -1) ?? '' })],
    [
      'that is the hash of one, out of the list',
      () => ({
        'x-api-key': createHash('sha256')
          .update(secured.keys.auditor['x-api-key'] ?? '')
          .digest('hex'),
      }),
    ],
    ['that is empty', () => ({ 'x-api-key': '' })],
    ['as a token', () => bearer(secured.keys.auditor['x-api-key'] ?? '')],
  ])('sends an API key %s', async (_, make) => expectRefused(make()));

  it('sends both, though they are good', async () => {
    await expectRefused({ ...(await secured.token()), ...secured.keys.dashboard });
  });

  it('is told the same of an unknown key and of one that has expired', async () => {
    const sentence = async (credentials: Credentials) => (await ask(credentials)).body.errors?.[0]?.message;
    expect(await sentence(secured.keys.former)).toBe(await sentence({ 'x-api-key': `ctg_${'A'.repeat(43)}` }));
  });

  it('does not get at anything by another door: GET, preflight, the IDE, metrics', async () => {
    const { url, simulator } = secured.gateway;
    const before = simulator.total;
    const statusOf = async (method: string) => {
      const headers = { 'apollo-require-preflight': '1' };
      const { status } = await fetch(`${url}/graphql?query={__typename}`, { method, headers });
      return [method, status];
    };
    expect(await Promise.all(['GET', 'HEAD', 'PUT', 'OPTIONS'].map(statusOf))).toEqual([
      ['GET', 401],
      ['HEAD', 401],
      ['PUT', 405],
      ['OPTIONS', 204],
    ]);
    expect((await fetch(url)).status).toBe(404);
    expect(simulator.total).toBe(before);
  });
});

describe('keys that change', () => {
  let secured: Secured;
  let now = Date.now();
  beforeEach(async () => {
    now = Date.now();
    secured = await startSecured({}, { wall: () => now, monotonic: () => now });
  });
  afterEach(() => secured.close());
  const statusOf = async (credentials: Credentials) =>
    (await secured.gateway.query('{ __typename }', {}, credentials)).status;

  it('let in tokens of the new one half a minute later, and of the old one no more when it is taken back', async () => {
    const old = await secured.token();
    expect(await statusOf(old)).toBe(200);
    const second = await createSigningKey('second');
    secured.issuer.publish(secured.signing, second);
    now += 31_000;
    expect(await statusOf(bearer(await sign(second, HOUR)))).toBe(200);
    expect(await statusOf(old)).toBe(200);
    secured.issuer.publish(second);
    // A key is dropped once two fetched sets lack it; unknown keys have the set fetched.
    for (const name of ['third', 'fourth']) {
      now += 31_000;
      expect(await statusOf(bearer(await sign(await createSigningKey(name), HOUR)))).toBe(401);
    }
    expect(await statusOf(old)).toBe(401);
  });

  it('end a token that was seen before when it expires', async () => {
    const token = await secured.token({ exp: Math.floor(now / 1000) + 60 });
    expect(await statusOf(token)).toBe(200);
    now += 91_000;
    expect(await statusOf(token)).toBe(401);
  });

  it('cannot be fetched: good tokens are asked to come again, and nobody is let in', async () => {
    const without = await startSecured({}, undefined, (issuer) =>
      issuer.answer((response) => response.writeHead(500).end()),
    );
    try {
      expect((await without.gateway.query('{ __typename }', {}, await without.token())).status).toBe(503);
    } finally {
      await without.close();
    }
  });
});

describe('a token signed in a way that is not pinned', () => {
  it('is not let in, though the issuer signed it', async () => {
    const secured = await startSecured({ AUTH_ALGORITHMS: 'RS256' });
    try {
      const { status } = await secured.gateway.query('{ __typename }', {}, await secured.token());
      expect(status).toBe(401);
    } finally {
      await secured.close();
    }
  });
});

describe('whoever tries one credential after another', () => {
  it('is kept out with 429, however good the next one is', async () => {
    const secured = await startSecured({ RATE_LIMIT_FAILED_LOGINS_PER_MINUTE: '5' });
    try {
      for (let guess = 0; guess < 5; guess += 1) {
        const { status } = await secured.gateway.query('{ __typename }', {}, { 'x-api-key': `guess-${guess}` });
        expect(status).toBe(401);
      }
      const { status, headers, body } = await secured.gateway.query('{ __typename }', {}, secured.keys.dashboard);
      expect([status, body.errors?.[0]?.extensions['code']]).toEqual([429, 'RATE_LIMITED']);
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    } finally {
      await secured.close();
    }
  });
});

describe('production', () => {
  it('does not start before it is said who may ask', () => {
    const { AUTH_MODE, ...rest } = environmentFor({ url: 'http://127.0.0.1:9' });
    const load = (more: object) => () => loadConfig({ ...rest, NODE_ENV: 'production', ...more }, () => '');
    expect(load({})).toThrow('AUTH_MODE');
    expect(load({ NODE_ENV: undefined })).toThrow('AUTH_MODE');
    expect(load({ AUTH_MODE })).not.toThrow();
  });
});
