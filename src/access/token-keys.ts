import { createPublicKey } from 'node:crypto';
import { createLocalJWKSet, type CryptoKey, type JWK, type JWTVerifyGetKey } from 'jose';
import { AuthenticationUnavailableError } from './caller.js';
import { REREAD_MS, type ChangeDescription, type WatchedFile } from './watched-file.js';

/** A set of public keys that verify tokens. */
export interface KeySet {
  /** Finds the key for a token's header. */
  readonly find: JWTVerifyGetKey<CryptoKey>;
  /** The number of keys. */
  readonly count: number;
}

/** The source of the keys. */
export interface KeySource {
  /** Returns the keys if they are available at once, else null. */
  current(): KeySet | null;
  /** Returns the keys. Rejects with AuthenticationUnavailableError if there are none, or only expired ones. */
  load(): Promise<KeySet>;
  /**
   * Returns the newest keys, after `used` did not verify a token. Rejects with AuthenticationUnavailableError if newer keys
   * could not be fetched.
   */
  reload(used: KeySet): Promise<KeySet>;
  /** Aborts a fetch in flight and stops fetching. */
  close(): void;
}

/** Shortest RSA key that is accepted (RFC 7518, 3.3). Unit: bits. */
const LEAST_RSA_BITS = 2048;
const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----[^-]*-----END \1-----/g;

/** Public keys are invalid. The message begins with `must`. */
export class PublicKeysError extends Error {
  override readonly name = 'PublicKeysError';
}

/** Returns the keys in a PEM text: one or more public keys or certificates. Throws PublicKeysError. */
export function parsePem(text: string): KeySet {
  const blocks = [...text.matchAll(BLOCK)];
  if (blocks.length === 0) throw new PublicKeysError('must hold a public key or certificate (PEM), or several');
  const local = createLocalJWKSet({ keys: blocks.map(([block, label = '']) => readBlock(block, label)) });
  // These keys have no names, so all keys that fit the token's algorithm are tried.
  return { find: ({ alg }, token) => local({ alg }, token), count: blocks.length };
}

function readBlock(block: string, label: string): JWK {
  if (label.includes('PRIVATE')) throw new PublicKeysError('must hold public keys alone: a private one is in it');
  let key;
  try {
    key = createPublicKey(block);
  } catch (cause) {
    throw new PublicKeysError(`must hold public keys (PEM): a block ${label} cannot be read`, { cause });
  }
  const type = key.asymmetricKeyType ?? '';
  if (!['rsa', 'ec', 'ed25519'].includes(type)) throw new PublicKeysError('must hold RSA, EC or Ed25519 keys');
  if (type === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) < LEAST_RSA_BITS) {
    throw new PublicKeysError(`must hold RSA keys of ${LEAST_RSA_BITS} bits or more`);
  }
  return key.export({ format: 'jwk' });
}

/** Returns the log line about a changed file of public keys. */
export function describePem({ count }: KeySet): ChangeDescription {
  return { fields: { keys: count } };
}

/** Returns the keys of a file that may change while the gateway runs. */
export function createPemKeys(file: WatchedFile<KeySet>): KeySource {
  // The watched file is always current, so a reload returns the same keys.
  const load = (): Promise<KeySet> => {
    const keys = file.value();
    return keys ? Promise.resolve(keys) : Promise.reject(createUnavailableError(REREAD_MS));
  };
  return { current: () => file.value(), load, reload: load, close: () => undefined };
}

/** Returns the error for a token that cannot be checked now. `retryAfterMs`: when keys are fetched again. Unit: ms from now. */
export function createUnavailableError(retryAfterMs: number, cause?: unknown): AuthenticationUnavailableError {
  return new AuthenticationUnavailableError(
    'Tokens cannot be checked now, because the keys of their issuer are unavailable. Try again later.',
    retryAfterMs,
    { cause },
  );
}
