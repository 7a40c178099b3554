import { createLocalJWKSet, type JWK } from 'jose';
import { PublicKeysError, type KeySet } from './token-keys.js';

/** A key as its issuer publishes it. */
export type PublishedKey = JWK;

/** Asymmetric key types. Source: RFC 7518, section 6.1; RFC 8037, section 2. */
const ASYMMETRIC = ['RSA', 'EC', 'OKP'];

/**
 * Returns the keys of a JSON Web Key Set that can verify tokens. Throws PublicKeysError if the text is no such set or has
 * no such key: an issuer without keys has a fault, and tokens of its earlier keys stay valid.
 */
export function parseJwks(text: string): readonly PublishedKey[] {
  const keys = keysIn(text).filter(({ kty = '', use }) => ASYMMETRIC.includes(kty) && use !== 'enc');
  if (keys.length === 0) throw new PublicKeysError('must hold a public key that tokens are signed with');
  return keys;
}

function keysIn(text: string): readonly PublishedKey[] {
  try {
    const { keys } = JSON.parse(text) as { keys: PublishedKey[] };
    createLocalJWKSet({ keys }); // checks its form
    return keys;
  } catch (cause) {
    throw new PublicKeysError('must be a JSON Web Key Set', { cause });
  }
}

/** Returns the set that finds the key of a token; keys of the same name are all tried, in this order. */
export function createKeySet(keys: readonly PublishedKey[]): KeySet {
  return { find: createLocalJWKSet({ keys: [...keys] }), count: keys.length };
}
