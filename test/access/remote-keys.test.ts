import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AuthenticationUnavailableError, UnauthenticatedError } from '../../src/access/caller.js';
import {
  createRemoteKeys,
  KEYS_COOLDOWN_MS,
  KEYS_FIRST_COOLDOWN_MS,
  KEYS_FRESH_MS,
  KEYS_STALE_MS,
} from '../../src/access/remote-keys.js';
import { createTokens } from '../../src/access/tokens.js';
import { createSigningKey, NOW, RULES, sign, startIssuer, type Issuer, type SigningKey } from './support/issuer.js';

describe('keys that an issuer publishes', () => {
  let [a, b]: [SigningKey, SigningKey] = [] as never;
  let issuer: Issuer;
  let now: number;
  let warnings: string[];
  const closings: (() => void)[] = [];
  beforeAll(async () => {
    [a, b] = await Promise.all([createSigningKey('a'), createSigningKey('b', 'RS256')]);
  });
  beforeEach(async () => {
    issuer = await startIssuer(a);
    now = NOW;
    warnings = [];
  });
  afterEach(async () => {
    closings.splice(0).forEach((close) => close());
    await issuer.close();
  });

  const open = ({ url = issuer.url, timeoutMs = 10_000 } = {}) => {
    const source = createRemoteKeys(
      { url, timeoutMs },
      (message) => warnings.push(message),
      () => now,
    );
    closings.push(() => source.close());
    const tokens = createTokens(RULES, source, () => now);
    return Object.assign(tokens, { source });
  };
  /** A good token for as long as these tests play. */
  const tokenOf = (key: SigningKey) => sign(key, { exp: NOW / 1000 + 10 * 86_400 });
  const ALICE = expect.objectContaining({ id: 'token:alice' }) as unknown;

  it('are fetched when the first token comes, and once for all that come meanwhile', async () => {
    const tokens = open();
    expect(issuer.asked).toBe(0);
    const shown = await Promise.all(Array.from({ length: 20 }, async () => tokens(await tokenOf(a))));
    expect(shown).toEqual(Array.from({ length: 20 }, () => ALICE));
    expect(issuer.asked).toBe(1);
  });

  it('are fetched again every five minutes, and a key that is gone then opens nothing more', async () => {
    const tokens = open();
    const token = await tokenOf(a);
    await tokens(token);
    issuer.publish(b);
    now += KEYS_FRESH_MS - 1;
    expect(tokens(token)).toEqual(ALICE);
    now += 1;
    await expect(async () => tokens(token)).rejects.toThrow(UnauthenticatedError);
    expect(await tokens(await tokenOf(b))).toEqual(ALICE);
    expect(issuer.asked).toBe(2);
  });

  it('spare a token that was verified with the same keys from being verified anew', async () => {
    const tokens = open();
    const token = await tokenOf(a);
    const first = await tokens(token);
    now += KEYS_FRESH_MS;
    await tokens(await tokenOf(a));
    expect(issuer.asked).toBe(2);
    expect(tokens(token)).toBe(first);
  });

  it('are fetched early for a token that names another', async () => {
    const tokens = open();
    await tokens(await tokenOf(a));
    issuer.publish(a, b);
    now += KEYS_COOLDOWN_MS;
    expect(await tokens(await tokenOf(b))).toEqual(ALICE);
    expect(await tokens(await tokenOf(a))).toEqual(ALICE);
    expect(issuer.asked).toBe(2);
  });

  it('are fetched once in thirty seconds, whatever keys tokens name', async () => {
    const tokens = open();
    await tokens(await tokenOf(a));
    for (let n = 0; n < 10; n += 1) {
      now += 10_000;
      const token = await sign(b, {}, { kid: `made-up-${n}` });
      await expect(async () => tokens(token)).rejects.toThrow(UnauthenticatedError);
    }
    expect(issuer.asked).toBe(1 + 3);
  });

  it('go on while the issuer is away, told in the log once, and asked for every thirty seconds', async () => {
    const tokens = open();
    const token = await tokenOf(a);
    await tokens(token);
    issuer.answer((response) => response.writeHead(503).end());
    for (now = NOW + KEYS_FRESH_MS; now < NOW + KEYS_FRESH_MS + 10 * KEYS_COOLDOWN_MS; now += KEYS_COOLDOWN_MS / 3) {
      expect(await tokens(token)).toEqual(ALICE);
    }
    expect(issuer.asked).toBe(1 + 10);
    expect(warnings).toEqual(['The keys for tokens cannot be fetched from AUTH_JWKS_URL: HTTP status 503']);
    issuer.answer(null);
    issuer.publish(b);
    now += KEYS_COOLDOWN_MS;
    await expect(async () => tokens(token)).rejects.toThrow(UnauthenticatedError);
  });

  it('answer at once for a token seen before, between two tries while the issuer is away', async () => {
    const tokens = open();
    const token = await tokenOf(a);
    await tokens(token);
    issuer.answer((response) => response.writeHead(503).end());
    now += KEYS_FRESH_MS;
    const again = await tokens(token);
    now += KEYS_COOLDOWN_MS - 1;
    expect(tokens(token)).toBe(again);
    expect(issuer.asked).toBe(2);
  });

  it('are no longer believed when the issuer has been away for a day', async () => {
    const tokens = open();
    const token = await tokenOf(a);
    await tokens(token);
    issuer.answer((response) => response.writeHead(503).end());
    now = NOW + KEYS_STALE_MS - 1;
    expect(await tokens(token)).toEqual(ALICE);
    now += 1;
    await expect(async () => tokens(token)).rejects.toThrow(AuthenticationUnavailableError);
  });

  it('that were never there are no fault of the token, and are asked for again after two seconds', async () => {
    issuer.answer((response) => response.writeHead(500).end());
    const tokens = open();
    const token = await tokenOf(a);
    for (let n = 0; n < 3; n += 1) {
      await expect(async () => tokens(token)).rejects.toMatchObject({
        name: 'AuthenticationUnavailableError',
        retryAfterMs: KEYS_FIRST_COOLDOWN_MS,
      });
    }
    expect(issuer.asked).toBe(1);
    issuer.answer(null);
    now += KEYS_FIRST_COOLDOWN_MS;
    expect(await tokens(token)).toEqual(ALICE);
  });

  it('do not tell a token of a new key from a made-up one while the issuer is away', async () => {
    const tokens = open();
    await tokens(await tokenOf(a));
    issuer.answer((response) => response.writeHead(503).end());
    now += KEYS_COOLDOWN_MS;
    const token = await tokenOf(b);
    await expect(async () => tokens(token)).rejects.toThrow(AuthenticationUnavailableError);
    const madeUp = await sign(b, {}, { kid: 'made-up' });
    await expect(async () => tokens(madeUp)).rejects.toThrow(AuthenticationUnavailableError);
    // One whose key is known is bad all the same.
    const wrong = await sign(a, { aud: 'other' });
    await expect(async () => tokens(wrong)).rejects.toThrow(UnauthenticatedError);
  });

  it.each<[string, string, (response: Parameters<NonNullable<Parameters<Issuer['answer']>[0]>>[0]) => void]>([
    ['no JSON', 'must be a JSON Web Key Set', (response) => response.end('<html>')],
    ['no key set', 'must be a JSON Web Key Set', (response) => response.end('{"keys": {}}')],
    ['a redirect', 'unexpected redirect', (response) => response.writeHead(302, { location: '/other' }).end()],
    ['a connection cut off', 'UND_ERR_SOCKET', (response) => response.destroy()],
  ])('are not what comes as %s', async (_, reason, handler) => {
    issuer.answer(handler);
    const token = await tokenOf(a);
    await expect(async () => open()(token)).rejects.toThrow(AuthenticationUnavailableError);
    expect(warnings.join()).toMatch(new RegExp(`from AUTH_JWKS_URL: .*${reason}`));
    expect(issuer.asked).toBe(1);
  });

  it('that cannot be used leave the earlier ones in place', async () => {
    const tokens = open();
    const token = await tokenOf(a);
    await tokens(token);
    issuer.answer((response) => response.end('<html>'));
    now += KEYS_FRESH_MS;
    expect(await tokens(token)).toEqual(ALICE);
  });

  it.each<[string, (response: Parameters<NonNullable<Parameters<Issuer['answer']>[0]>>[0]) => void]>([
    ['nothing comes', () => undefined],
    ['the body stops', (response) => void response.writeHead(200).write('{"keys": [')],
  ])('do not keep anybody waiting if %s', async (_, handler) => {
    issuer.answer(handler);
    const tokens = open({ timeoutMs: 50 });
    const token = await tokenOf(a);
    const waiting = expect(async () => tokens(token)).rejects.toThrow(AuthenticationUnavailableError);
    // fetch may forget its signal when garbage is collected; whoever waits is told in time all the same.
    globalThis.gc?.();
    await waiting;
    expect(warnings).toEqual([expect.stringMatching(/no answer within 50 ms$/)]);
  });

  it('are no longer waited for once closed', async () => {
    issuer.answer(() => undefined);
    const tokens = open();
    const waiting = expect(async () => tokens(await tokenOf(a))).rejects.toThrow(AuthenticationUnavailableError);
    while (issuer.asked === 0) await new Promise(setImmediate);
    tokens.source.close();
    await waiting;
  });

  it('of a kind that anybody could sign with open nothing', async () => {
    const secret = Buffer.from('a secret that everybody can read, 32+').toString('base64url');
    issuer.publish({ ...a, jwk: { kty: 'oct', kid: 'a', k: secret, alg: 'HS256' } });
    const token = await tokenOf(a);
    await expect(async () => open()(token)).rejects.toThrow(UnauthenticatedError);
  });
});
