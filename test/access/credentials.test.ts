import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { exportSPKI } from 'jose';
import { ApiKeysError } from '../../src/access/api-keys.js';
import { createAuthenticator, type Authenticator, type TokenOptions } from '../../src/access/credentials.js';
import { UnauthenticatedError } from '../../src/access/caller.js';
import { createApiKey } from '../../src/access/new-api-key.js';
import { PublicKeysError } from '../../src/access/token-keys.js';
import { createSigningKey, NOW, RULES, sign, startIssuer, type Issuer, type SigningKey } from './support/issuer.js';

const DAY_MS = 86_400_000;
const SILENT = { info: () => undefined, warn: () => undefined };

describe('createAuthenticator', () => {
  const { key: apiKey, entry } = createApiKey({ name: 'dashboard', vdns: '1/170' }, () => NOW);
  const apiKeys = { read: () => JSON.stringify([entry]), maxStaleMs: DAY_MS };
  const opened: Authenticator[] = [];
  let signing: SigningKey;
  let issuer: Issuer;
  let token: string;
  beforeAll(async () => {
    signing = await createSigningKey('a');
    token = await sign(signing);
  });
  beforeEach(async () => {
    issuer = await startIssuer(signing);
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((authenticator) => authenticator.close()));
    await issuer.close();
  });

  const open = (mode: 'jwt' | 'api-key' | 'both') => {
    const tokens =
      mode === 'api-key' ? null : { ...RULES, keys: { url: issuer.url, timeoutMs: 10_000, maxStaleMs: DAY_MS } };
    const options = { kind: 'credentials', tokens, apiKeys: mode === 'jwt' ? null : apiKeys } as const;
    const authenticator = createAuthenticator(options, SILENT, () => NOW);
    opened.push(authenticator);
    return authenticator.authenticate;
  };
  const refusalOf = async (ask: () => unknown): Promise<UnauthenticatedError> => {
    try {
      await ask();
    } catch (error) {
      expect(error).toBeInstanceOf(UnauthenticatedError);
      return error as UnauthenticatedError;
    }
    throw new Error('let in');
  };
  const bearer = (text: string) => ({ authorization: `Bearer ${text}` });

  it('lets everybody in, for everything, where that is said', () => {
    const { authenticate } = createAuthenticator({ kind: 'none', seesNumbers: false }, SILENT);
    for (const headers of [{}, bearer('garbage'), { 'x-api-key': 'garbage' }]) {
      expect(authenticate(headers)).toMatchObject({ id: 'anonymous', seesNumbers: false });
    }
    const caller = createAuthenticator({ kind: 'none', seesNumbers: true }, SILENT).authenticate({});
    expect(caller).toMatchObject({ seesNumbers: true });
  });

  it.each(['jwt', 'both'] as const)('takes a token (%s), at once when it is seen again', async (mode) => {
    const authenticate = open(mode);
    const first = await authenticate(bearer(token));
    expect(first).toMatchObject({ id: 'token:alice' });
    expect(authenticate(bearer(token))).toBe(first);
    expect(authenticate({ authorization: `bearer  ${token}` })).toBe(first);
  });

  it.each(['api-key', 'both'] as const)('takes an API key (%s), at once', (mode) => {
    expect(open(mode)({ 'x-api-key': apiKey })).toMatchObject({ id: 'key:dashboard' });
  });

  it('follows the mode: what is not taken counts for nothing', async () => {
    await refusalOf(() => open('api-key')(bearer(token)));
    await refusalOf(() => open('jwt')({ 'x-api-key': apiKey }));
    expect(await open('jwt')({ ...bearer(token), 'x-api-key': 'of the proxy' })).toMatchObject({ id: 'token:alice' });
    expect(open('api-key')({ 'x-api-key': apiKey, authorization: 'Basic b2Y6cHJveHk=' })).toMatchObject({
      id: 'key:dashboard',
    });
  });

  it('takes a key beside what a proxy puts into the other header', () => {
    const authenticate = open('both');
    for (const authorization of ['Basic YTpi', 'Negotiate YTpi', '', 'Bearer']) {
      expect(authenticate({ authorization, 'x-api-key': apiKey })).toMatchObject({ id: 'key:dashboard' });
    }
  });

  it('refuses a token and a key at once, even if both are good', async () => {
    const authenticate = open('both');
    for (const headers of [
      { ...bearer(token), 'x-api-key': apiKey },
      { ...bearer(token), 'x-api-key': '' },
    ]) {
      expect(await refusalOf(() => authenticate(headers))).toMatchObject({
        message: 'Send a token or an API key, not both.',
        challenge: 'Bearer, ApiKey',
        reason: 'two_credentials',
      });
    }
  });

  it.each([
    ['jwt', 'a token as Authorization: Bearer <token>', 'Bearer'],
    ['api-key', 'an API key as x-api-key', 'ApiKey'],
    ['both', 'a token as Authorization: Bearer <token>, or an API key as x-api-key', 'Bearer, ApiKey'],
  ] as const)('says what to send where nothing useful is sent (%s)', async (mode, ways, challenge) => {
    const authenticate = open(mode);
    const message = `Authentication is required: send ${ways}.`;
    for (const authorization of [undefined, '', 'Bearer', 'Bearer ', 'Basic YTpi', token, 'Bearer a b']) {
      expect(await refusalOf(() => authenticate({ authorization }))).toMatchObject({
        message,
        challenge,
        reason: 'no_credential',
      });
    }
    expect(await refusalOf(() => authenticate({ 'x-api-key': [apiKey, apiKey] }))).toMatchObject({ message });
  });

  it('refuses bad ones, each with its own challenge', async () => {
    const authenticate = open('both');
    expect(await refusalOf(() => authenticate(bearer('garbage')))).toMatchObject({
      challenge: 'Bearer error="invalid_token"',
    });
    expect(await refusalOf(() => authenticate({ 'x-api-key': 'garbage' }))).toMatchObject({ challenge: 'ApiKey' });
  });

  it('names the places that keys come from, and how old what it read there is', async () => {
    const file = (text: string) => ({ read: () => text, maxStaleMs: DAY_MS });
    const pem = await exportSPKI(signing.publicKey);
    const ages = (keys: TokenOptions['keys']) => {
      const options = { kind: 'credentials', tokens: { ...RULES, keys }, apiKeys } as const;
      const authenticator = createAuthenticator(options, SILENT, () => NOW);
      opened.push(authenticator);
      return authenticator.keys.map(({ file: name, ageMs }) => [name, ageMs()]);
    };
    expect(ages(file(pem))).toEqual([
      ['API_KEYS_FILE', 0],
      ['AUTH_PUBLIC_KEY_FILE', 0],
    ]);
    expect(ages({ url: issuer.url, timeoutMs: 10_000, maxStaleMs: DAY_MS })).toEqual([
      ['API_KEYS_FILE', 0],
      ['AUTH_JWKS_URL', Infinity],
    ]);
  });

  it('does not start with files that cannot be used', () => {
    const file = (text: string) => ({ read: () => text, maxStaleMs: DAY_MS });
    const start = (pem: string, keys: string) => () =>
      createAuthenticator({ kind: 'credentials', tokens: { ...RULES, keys: file(pem) }, apiKeys: file(keys) }, SILENT);
    expect(start('no PEM', '[]')).toThrow(PublicKeysError);
    const pem =
      '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----';
    expect(start(pem, 'no JSON')).toThrow(ApiKeysError);
    expect(start(pem, '[]')).not.toThrow();
  });
});
