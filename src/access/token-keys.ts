import { createPublicKey } from 'node:crypto';
import { createLocalJWKSet, type CryptoKey, type JWK, type JWTVerifyGetKey } from 'jose';
import { AuthenticationUnavailableError } from './caller.js';
import { REREAD_MS, type ChangeDescription, type WatchedFile } from './watched-file.js';

/** The public keys that tokens are signed with, as known at one time. */
export interface KeySet {
  /** Finds the key for a token's header. */
  readonly find: JWTVerifyGetKey<CryptoKey>;
  /** How many they are. */
  readonly count: number;
}

/** Where those keys come from. */
export interface KeySource {
  /** The keys if they need not be waited for, else null. */
  current(): KeySet | null;
  /** The keys. Rejects with AuthenticationUnavailableError if there are none, or none that may be believed. */
  load(): Promise<KeySet>;
  /**
   * The keys once more, after these did not verify a token: others if there are others by now. Rejects with
   * AuthenticationUnavailableError if that could not be found out.
   */
  reload(used: KeySet): Promise<KeySet>;
  /** Ends a fetch that is under way, and asks for no keys any more. */
  close(): void;
}

/** Shortest RSA key that is still safe (RFC 7518, 3.3). Unit: bits. */
const LEAST_RSA_BITS = 2048;
const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----[^-]*-----END \1-----/g;

/** A file of public keys that cannot be used. The message begins with `must`. */
export class PublicKeysError extends Error {
  override readonly name = 'PublicKeysError';
}

/** The keys in a PEM text: public keys or certificates, one or several. Throws PublicKeysError. */
export function parsePem(text: string): KeySet {
  const blocks = [...text.matchAll(BLOCK)];
  if (blocks.length === 0) throw new PublicKeysError('must hold a public key or certificate (PEM), or several');
  const local = createLocalJWKSet({ keys: blocks.map(([block, label = '']) => readBlock(block, label)) });
  // These keys have no names: whatever key the token names, all that fit its algorithm are tried.
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

/** What is said of a file of public keys that has changed. */
export function describePem({ count }: KeySet): ChangeDescription {
  return { fields: { keys: count } };
}

/** Returns the keys of a file that may change while this runs. */
export function createPemKeys(file: WatchedFile<KeySet>): KeySource {
  // Nobody waits for a file, and asking for it once more brings nothing else.
  const load = (): Promise<KeySet> => {
    const keys = file.value();
    return keys ? Promise.resolve(keys) : Promise.reject(createUnavailableError(REREAD_MS));
  };
  return { current: () => file.value(), load, reload: load, close: () => undefined };
}

/** The refusal of a token that nobody can check now. `retryAfterMs`: when keys are looked for again. Unit: ms from now. */
export function createUnavailableError(retryAfterMs: number, cause?: unknown): AuthenticationUnavailableError {
  return new AuthenticationUnavailableError(
    'Tokens cannot be checked now, because the keys of their issuer cannot be had. Try again later.',
    retryAfterMs,
    { cause },
  );
}
