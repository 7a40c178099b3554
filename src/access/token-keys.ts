import { createPublicKey } from 'node:crypto';
import { createLocalJWKSet, type CryptoKey, type JWK, type JWTVerifyGetKey } from 'jose';

/** The public keys that tokens are signed with, as known at one time. */
export interface KeySet {
  /** Finds the key for a token's header. */
  readonly find: JWTVerifyGetKey<CryptoKey>;
  /** What they were read from. */
  readonly text: string;
}

/** Where those keys come from. */
export interface KeySource {
  /** The keys if they need not be asked for first, else null. */
  current(): KeySet | null;
  /** The keys. Rejects with AuthenticationUnavailableError if none are known. */
  load(): Promise<KeySet>;
  /** The keys once more after none of these fitted a token: others if there are others now. Rejects as `load` does. */
  reload(known: KeySet): Promise<KeySet>;
  /** Lets go of what is under way. */
  close(): void;
}

/** Shortest RSA key that is still safe (RFC 7518, 3.3). Unit: bits. */
const LEAST_RSA_BITS = 2048;
const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----[^-]*-----END \1-----/g;

/** The keys in the text of a JSON Web Key Set. Throws PublicKeysError if it is none. */
export function parseJwks(text: string): KeySet {
  try {
    return { find: createLocalJWKSet(JSON.parse(text) as { keys: JWK[] }), text };
  } catch (cause) {
    throw new PublicKeysError('must be a JSON Web Key Set', { cause });
  }
}

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
  return { find: ({ alg }, token) => local({ alg }, token), text };
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

/**
 * Keys in a file that may change while this runs. A change that cannot be read leaves the keys as they were, and warns
 * once. Throws PublicKeysError if the file cannot be read from the start.
 */
export function createPemKeys(text: () => string, warn: (message: string) => void): KeySource {
  let read = text();
  let keys = parsePem(read);
  const current = (): KeySet => {
    const latest = text();
    if (latest !== read) {
      read = latest;
      try {
        keys = parsePem(latest);
      } catch (error) {
        warn(`The keys for tokens stay as they were: AUTH_PUBLIC_KEY_FILE ${(error as Error).message}`);
      }
    }
    return keys;
  };
  return {
    current,
    load: () => Promise.resolve(current()),
    reload: () => Promise.resolve(current()),
    close: () => undefined,
  };
}
