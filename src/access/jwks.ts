import { createLocalJWKSet, type JWK } from 'jose';
import { PublicKeysError, type KeySet } from './token-keys.js';

/** A key as its issuer publishes it. */
export type PublishedKey = JWK;

/** Kinds of keys whose public half verifies tokens. Source: RFC 7518, section 6.1; RFC 8037, section 2. */
const ASYMMETRIC = ['RSA', 'EC', 'OKP'];

/**
 * Returns the keys of a JSON Web Key Set that may verify tokens. Throws PublicKeysError if the text is no such set, or
 * holds no such key: an issuer that publishes none has a fault, and tokens of the keys before are good all the same.
 */
export function parseJwks(text: string): readonly PublishedKey[] {
  const keys = keysIn(text).filter(({ kty = '', use }) => ASYMMETRIC.includes(kty) && use !== 'enc');
  if (keys.length === 0) throw new PublicKeysError('must hold a public key that tokens are signed with');
  return keys;
}

function keysIn(text: string): readonly PublishedKey[] {
  try {
    const { keys } = JSON.parse(text) as { keys: PublishedKey[] };
    createLocalJWKSet({ keys }); // which checks its form
    return keys;
  } catch (cause) {
    throw new PublicKeysError('must be a JSON Web Key Set', { cause });
  }
}

/** Returns the keys as a set that finds one for a token; of several with one name all are tried, in this order. */
export function createKeySet(keys: readonly PublishedKey[]): KeySet {
  return { find: createLocalJWKSet({ keys: [...keys] }), count: keys.length };
}
