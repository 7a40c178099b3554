import { beforeAll, describe, expect, it } from '@jest/globals';
import { createKeySet, parseJwks } from '../../src/access/jwks.js';
import { PublicKeysError } from '../../src/access/token-keys.js';
import { createSigningKey, type SigningKey } from './support/issuer.js';

describe('parseJwks', () => {
  let key: SigningKey;
  beforeAll(async () => {
    key = await createSigningKey('a');
  });
  const textOf = (...keys: readonly object[]): string => JSON.stringify({ keys });
  const secret = { kty: 'oct', kid: 'secret', k: 'c2VjcmV0', alg: 'HS256' };

  it('takes the keys that tokens may be signed with', () => {
    const keys = parseJwks(textOf(secret, key.jwk, { ...key.jwk, kid: 'b', use: 'enc' }));
    expect(keys.map(({ kid }) => kid)).toEqual(['a']);
    expect(createKeySet(keys).count).toBe(1);
  });

  it.each(['', 'no JSON', 'null', '[]', '{}', '{"keys": {}}', '{"keys": [1]}'])('does not take %j', (text) => {
    expect(() => parseJwks(text)).toThrow(PublicKeysError);
    expect(() => parseJwks(text)).toThrow('must be a JSON Web Key Set');
  });

  it.each([[[]], [[secret]]])('does not take a set without such a key: %j', (keys) => {
    expect(() => parseJwks(textOf(...keys))).toThrow('must hold a public key that tokens are signed with');
  });
});
