import { afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { AuthenticationUnavailableError, UnauthenticatedError } from '../../src/access/caller.js';
import {
  createRemoteKeys,
  KEYS_FIRST_RETRY_MS,
  KEYS_RELOAD_MS,
  KEYS_RENEW_MS,
  KEYS_RETRY_MS,
} from '../../src/access/remote-keys.js';
import { createTokens } from '../../src/access/tokens.js';
import { reached } from '../support/client.js';
import { createSigningKey, NOW, RULES, sign, startIssuer, type Issuer, type SigningKey } from './support/issuer.js';

const DAY_MS = 86_400_000;
const PAUSES = [KEYS_RENEW_MS, KEYS_RETRY_MS, KEYS_FIRST_RETRY_MS];

type Handler = NonNullable<Parameters<Issuer['answer']>[0]>;
const unavailable: Handler = (response) => void response.writeHead(503).end();
const silence: Handler = () => undefined;

describe('keys that an issuer publishes', () => {
  let a: SigningKey;
  let b: SigningKey;
  /** Another key under the name of the first. */
  let secondA: SigningKey;
  let issuer: Issuer;
  let now: number;
  let lines: string[];
  let pauses: jest.SpiedFunction<typeof setTimeout>;
  const closings: (() => void)[] = [];
  beforeAll(async () => {
    [a, b, secondA] = await Promise.all([createSigningKey('a'), createSigningKey('b', 'RS256'), createSigningKey('a')]);
  });
  beforeEach(async () => {
    issuer = await startIssuer(a);
    now = NOW;
    lines = [];
    jest.useFakeTimers({
      // Only the pauses between fetches and their limits: the rest of the machine goes on.
      doNotFake: ['Date', 'hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate'],
    });
    pauses = jest.spyOn(globalThis, 'setTimeout');
  });
  afterEach(async () => {
    pauses.mockRestore();
    closings.splice(0).forEach((close) => close());
    jest.useRealTimers();
    await issuer.close();
  });

  /** Tokens by the keys of the issuer. */
  const open = ({ url = issuer.url, timeoutMs = 10_000 } = {}) => {
    const note = (fields: object, line: string) => lines.push(`${line} ${JSON.stringify(fields)}`);
    const source = createRemoteKeys({ url, timeoutMs, maxStaleMs: DAY_MS }, { info: note, warn: note }, () => now);
    closings.push(() => source.close());
    return Object.assign(
      createTokens(RULES, source, () => now),
      { source },
    );
  };
  /** The same once the first keys are there. */
  const opened = async () => {
    const tokens = open();
    await tokens.source.load();
    return tokens;
  };
  /** How many fetches have ended: each is followed by the pause before the next one. */
  const fetches = (): number => pauses.mock.calls.filter(([, ms]) => ms !== undefined && PAUSES.includes(ms)).length;
  const pass = (ms: number): void => {
    now += ms;
    jest.advanceTimersByTime(ms);
  };
  /** Time passes, and the fetch that is then due ends. */
  const passAndFetch = async (ms: number): Promise<void> => {
    const before = fetches();
    pass(ms);
    await reached(() => fetches() > before);
  };
  /** A good token for as long as these tests play. */
  const tokenOf = (key: SigningKey) => sign(key, { exp: NOW / 1000 + 10 * 86_400 });
  const ALICE = expect.objectContaining({ id: 'token:alice' }) as unknown;

  it('are fetched once for all tokens that come meanwhile', async () => {
    const tokens = open();
    const shown = await Promise.all(Array.from({ length: 20 }, async () => tokens(await tokenOf(a))));
    expect(shown).toEqual(Array.from({ length: 20 }, () => ALICE));
    expect(issuer.asked).toBe(1);
  });

  it('are fetched again every five minutes, though no token comes', async () => {
    const { source } = await opened();
    for (let n = 0; n < 3; n += 1) {
      pass(KEYS_RENEW_MS - 1);
      expect(issuer.asked).toBe(1 + n);
      await passAndFetch(1);
      expect(source.ageMs()).toBe(0);
    }
  });

  it('are dropped once they are missing from two sets in a row', async () => {
    const tokens = await opened();
    const token = await tokenOf(a);
    await tokens(token);
    issuer.publish(b);
    await passAndFetch(KEYS_RENEW_MS);
    expect(await tokens(token)).toEqual(ALICE);
    expect(await tokens(await tokenOf(b))).toEqual(ALICE);
    await passAndFetch(KEYS_RENEW_MS);
    await expect(async () => tokens(token)).rejects.toMatchObject({ reason: 'unknown_kid' });
    expect(lines).toEqual([
      'The keys for tokens have changed {"keys":1}',
      'The keys for tokens have changed {"keys":2}',
      'The keys for tokens have changed {"keys":1}',
    ]);
  });

  it('spare a token that was verified with the same keys from being verified anew', async () => {
    const tokens = await opened();
    const token = await tokenOf(a);
    const first = await tokens(token);
    await passAndFetch(KEYS_RENEW_MS);
    expect(tokens(token)).toBe(first);
  });

  it('hold no token up while the issuer hangs', async () => {
    const tokens = await opened();
    const token = await tokenOf(a);
    const first = await tokens(token);
    issuer.answer(silence);
    pass(KEYS_RENEW_MS);
    await reached(() => issuer.asked === 2);
    expect(tokens(token)).toBe(first);
    expect(await tokens(await sign(a, { sub: 'bob' }))).toMatchObject({ id: 'token:bob' });
  });

  it('are fetched early for a token that names another', async () => {
    const tokens = await opened();
    issuer.publish(a, b);
    expect(await tokens(await tokenOf(b))).toEqual(ALICE);
    expect(await tokens(await tokenOf(a))).toEqual(ALICE);
    expect(issuer.asked).toBe(2);
  });

  it('are fetched early for a token that was signed with a new key under the name of the old one', async () => {
    const tokens = await opened();
    const old = await tokenOf(a);
    issuer.publish(secondA);
    expect(await tokens(await tokenOf(secondA))).toEqual(ALICE);
    expect(await tokens(old)).toEqual(ALICE);
    expect(issuer.asked).toBe(2);
  });

  it('are fetched no more than once in thirty seconds for tokens, whatever these say', async () => {
    const tokens = await opened();
    for (let n = 0; n < 10; n += 1) {
      const unknown = await sign(b, {}, { kid: `made-up-${n}` });
      await expect(async () => tokens(unknown)).rejects.toThrow(UnauthenticatedError);
      const forged = await sign(secondA, { sub: `mallory-${n}` });
      await expect(async () => tokens(forged)).rejects.toThrow(UnauthenticatedError);
      pass(KEYS_RELOAD_MS / 3);
    }
    expect(issuer.asked).toBe(1 + 4);
  });

  it('go on while the issuer is away, told in the log once, and asked for every thirty seconds', async () => {
    const tokens = await opened();
    const token = await tokenOf(a);
    issuer.answer(unavailable);
    await passAndFetch(KEYS_RENEW_MS);
    for (let n = 0; n < 10; n += 1) {
      await passAndFetch(KEYS_RETRY_MS);
      expect(await tokens(token)).toEqual(ALICE);
    }
    expect(issuer.asked).toBe(1 + 1 + 10);
    expect(lines.slice(1)).toEqual(['The keys for tokens cannot be fetched from AUTH_JWKS_URL: HTTP status 503 {}']);
    issuer.answer(null);
    await passAndFetch(KEYS_RETRY_MS);
    expect(lines.slice(2)).toEqual(['The keys for tokens can be fetched again from AUTH_JWKS_URL {}']);
  });

  it('are no longer believed when the issuer has been away for too long, and again once it is back', async () => {
    const tokens = await opened();
    const token = await tokenOf(a);
    await tokens(token);
    issuer.answer(unavailable);
    now = NOW + DAY_MS - 1;
    expect(await tokens(token)).toEqual(ALICE);
    now += 1;
    await expect(async () => tokens(token)).rejects.toThrow(AuthenticationUnavailableError);
    expect(lines).toContain('The keys for tokens are too old to be used {}');
    issuer.answer(null);
    await passAndFetch(KEYS_RENEW_MS);
    expect(await tokens(token)).toEqual(ALICE);
  });

  it('that were never there are no fault of the token, and are asked for again after two seconds', async () => {
    issuer.answer(unavailable);
    const tokens = open();
    const token = await tokenOf(a);
    for (let n = 0; n < 3; n += 1) {
      await expect(async () => tokens(token)).rejects.toMatchObject({
        name: 'AuthenticationUnavailableError',
        retryAfterMs: KEYS_FIRST_RETRY_MS,
      });
    }
    expect(issuer.asked).toBe(1);
    issuer.answer(null);
    await passAndFetch(KEYS_FIRST_RETRY_MS);
    expect(await tokens(token)).toEqual(ALICE);
  });

  it('do not tell a token of a new key from a made-up one while the issuer is away', async () => {
    const tokens = await opened();
    issuer.answer(unavailable);
    for (const token of [await tokenOf(b), await sign(b, {}, { kid: 'made-up' })]) {
      await expect(async () => tokens(token)).rejects.toThrow(AuthenticationUnavailableError);
    }
    // One whose key is held is bad all the same.
    for (const wrong of [await sign(a, { aud: 'other' }), await tokenOf(secondA)]) {
      await expect(async () => tokens(wrong)).rejects.toThrow(UnauthenticatedError);
    }
  });

  it.each<[string, string, Handler]>([
    ['no JSON', 'the answer must be a JSON Web Key Set', (response) => response.end('<html>')],
    ['no key set', 'the answer must be a JSON Web Key Set', (response) => response.end('{"keys": {}}')],
    ['an empty set', 'the answer must hold a public key', (response) => response.end('{"keys": []}')],
    ['a redirect', 'unexpected redirect', (response) => response.writeHead(302, { location: '/other' }).end()],
    ['a connection cut off', 'UND_ERR_SOCKET', (response) => response.destroy()],
    ['more than any honest set', 'more than 262144 bytes', (response) => response.end(' '.repeat(300_000))],
  ])('are not what comes as %s, which leaves those before in place', async (_, reason, handler) => {
    const tokens = await opened();
    issuer.answer(handler);
    await passAndFetch(KEYS_RENEW_MS);
    await passAndFetch(KEYS_RETRY_MS);
    expect(await tokens(await tokenOf(a))).toEqual(ALICE);
    expect(lines.slice(1)).toEqual([expect.stringMatching(`cannot be fetched from AUTH_JWKS_URL: .*${reason}`)]);
  });

  it.each<[string, Handler]>([
    ['nothing comes', silence],
    ['the body stops', (response) => void response.writeHead(200).write('{"keys": [')],
  ])('keep nobody waiting for longer than their limit if %s', async (_, handler) => {
    issuer.answer(handler);
    const tokens = open({ timeoutMs: 50 });
    const token = await tokenOf(a);
    const waiting = expect(async () => tokens(token)).rejects.toThrow(AuthenticationUnavailableError);
    await reached(() => issuer.asked === 1);
    // fetch may forget its signal when garbage is collected; whoever waits is told in time all the same.
    globalThis.gc?.();
    pass(50);
    await waiting;
    expect(lines).toEqual([expect.stringMatching(/no answer within 50 ms \{\}$/)]);
  });

  it('are no longer waited for or asked for once closed', async () => {
    issuer.answer(silence);
    const tokens = open();
    const waiting = expect(async () => tokens(await tokenOf(a))).rejects.toThrow(AuthenticationUnavailableError);
    await reached(() => issuer.asked === 1);
    tokens.source.close();
    await waiting;
    pass(KEYS_RENEW_MS);
    expect(jest.getTimerCount()).toBe(0);
    expect(lines).toEqual([]);
  });

  it('of a kind that anybody could sign with open nothing', async () => {
    const secret = Buffer.from('a secret that everybody can read, 32+').toString('base64url');
    issuer.publish(b, { ...a, jwk: { kty: 'oct', kid: 'a', k: secret, alg: 'HS256' } });
    const tokens = await opened();
    await expect(async () => tokens(await tokenOf(a))).rejects.toMatchObject({ reason: 'unknown_kid' });
  });
});
