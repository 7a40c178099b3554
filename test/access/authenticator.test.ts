import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ApiKeysError } from '../../src/access/api-keys.js';
import { createAuthenticator, type Authenticator } from '../../src/access/authenticator.js';
import { UnauthenticatedError } from '../../src/access/caller.js';
import { createApiKey } from '../../src/access/new-api-key.js';
import { PublicKeysError } from '../../src/access/token-keys.js';
import { createSigningKey, NOW, RULES, sign, startIssuer, type Issuer, type SigningKey } from './support/issuer.js';

describe('createAuthenticator', () => {
  const { key: apiKey, entry } = createApiKey({ name: 'dashboard', vdns: '1/170' }, () => NOW);
  const apiKeys = { text: () => JSON.stringify([entry]) };
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
    const tokens = mode === 'api-key' ? null : { ...RULES, keys: { url: issuer.url, timeoutMs: 10_000 } };
    const options = { kind: 'credentials', tokens, apiKeys: mode === 'jwt' ? null : apiKeys } as const;
    const authenticator = createAuthenticator(
      options,
      () => undefined,
      () => NOW,
    );
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
    const { authenticate } = createAuthenticator({ kind: 'none', seesNumbers: false }, () => undefined);
    for (const headers of [{}, bearer('garbage'), { 'x-api-key': 'garbage' }]) {
      expect(authenticate(headers)).toMatchObject({ id: 'anonymous', seesNumbers: false });
    }
    const caller = createAuthenticator({ kind: 'none', seesNumbers: true }, () => undefined).authenticate({});
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

  it('refuses both at once, even if both are good', async () => {
    const authenticate = open('both');
    for (const headers of [
      { ...bearer(token), 'x-api-key': apiKey },
      { authorization: 'Basic YTpi', 'x-api-key': apiKey },
      { ...bearer(token), 'x-api-key': '' },
    ]) {
      expect(await refusalOf(() => authenticate(headers))).toMatchObject({
        message: 'Send a token or an API key, not both.',
        challenge: 'Bearer, ApiKey',
      });
    }
  });

  it.each([
    ['jwt', 'a token as Authorization: Bearer <token>', 'Bearer'],
    ['api-key', 'an API key as x-api-key', 'ApiKey'],
    ['both', 'a token as Authorization: Bearer <token>, or an API key as x-api-key', 'Bearer, ApiKey'],
  ] as const)('says what to send where nothing useful is sent (%s)', async (mode, ways, challenge) => {
    const authenticate = open(mode);
    const message = `This graph wants to know who asks: send ${ways}.`;
    for (const authorization of [undefined, '', 'Bearer', 'Bearer ', 'Basic YTpi', token, 'Bearer a b']) {
      expect(await refusalOf(() => authenticate({ authorization }))).toMatchObject({ message, challenge });
    }
    expect(await refusalOf(() => authenticate({ 'x-api-key': [apiKey, apiKey] }))).toMatchObject({ message });
    expect(issuer.asked).toBe(0);
  });

  it('refuses bad ones, each with its own challenge', async () => {
    const authenticate = open('both');
    expect(await refusalOf(() => authenticate(bearer('garbage')))).toMatchObject({
      challenge: 'Bearer error="invalid_token"',
    });
    expect(await refusalOf(() => authenticate({ 'x-api-key': 'garbage' }))).toMatchObject({ challenge: 'ApiKey' });
  });

  it('does not start with files that cannot be used', () => {
    const start = (pem: string, text: string) => () =>
      createAuthenticator(
        { kind: 'credentials', tokens: { ...RULES, keys: { pem: () => pem } }, apiKeys: { text: () => text } },
        () => undefined,
      );
    expect(start('no PEM', '[]')).toThrow(PublicKeysError);
    const pem =
      '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----';
    expect(start(pem, 'no JSON')).toThrow(ApiKeysError);
    expect(start(pem, '[]')).not.toThrow();
  });
});
