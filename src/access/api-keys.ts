import { hash, timingSafeEqual } from 'node:crypto';
import {
  AuthenticationUnavailableError,
  createAuthenticatedCaller,
  NUMBERS_SCOPE,
  UnauthenticatedError,
  type Caller,
} from './caller.js';
import { GRANTS_RULE, parseGrants } from './grants.js';
import { REREAD_MS, type ChangeDescription, type WatchedFile } from './watched-file.js';

/** One entry of the file of API keys. */
export interface ApiKey {
  /** SHA-256 of the key: 32 bytes. */
  readonly sha256: Buffer;
  /** When the key expires; null: never. Unit: ms since 1970-01-01 UTC. */
  readonly expiresAt: number | null;
  /** The caller that the key belongs to. */
  readonly caller: Caller;
}

/** One message for keys that are unknown, expired or malformed, so that a client cannot learn which. */
const REFUSED = 'The API key is not valid: send one that this gateway knows and that has not expired, as x-api-key.';

/** Our keys: a prefix that secret scanners can search for, and 256 random bits in base64url. */
const KEY = /^ctg_[\w-]{43}$/;
const NAME = /^[\w.-]{1,64}$/;
const SHA256 = /^[0-9a-f]{64}$/i;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;
const FIELDS = ['name', 'sha256', 'vdns', 'scopes', 'expiresAt'];

/** Returns the log line about a changed list. */
export function describeApiKeys(keys: readonly ApiKey[]): ChangeDescription {
  const fields = { keys: keys.length };
  return keys.length > 0 ? { fields } : { fields, warning: 'its list is empty, and every API key is refused' };
}

/**
 * Returns a function that finds the caller of a key, by a file of keys that may change while the gateway runs. The function
 * throws UnauthenticatedError for an invalid key, and AuthenticationUnavailableError while the list is too old.
 */
export function createApiKeys(file: WatchedFile<readonly ApiKey[]>, now: () => number): (key: string) => Caller {
  let keys: readonly ApiKey[] | null = null;
  /** Cache of the entries of valid keys, by hash. */
  const found = new Map<string, ApiKey>();
  return (key) => {
    const latest = file.value();
    if (latest !== keys) found.clear();
    keys = latest;
    if (!keys) {
      throw new AuthenticationUnavailableError(
        'API keys cannot be checked now, because their list cannot be read. Try again later.',
        REREAD_MS,
      );
    }
    const entry = KEY.test(key) ? entryOf(keys, key) : null;
    if (!entry) throw new UnauthenticatedError('unknown_key', REFUSED, 'ApiKey');
    if (entry.expiresAt !== null && now() >= entry.expiresAt) {
      throw new UnauthenticatedError('expired', REFUSED, 'ApiKey');
    }
    return entry.caller;
  };

  function entryOf(list: readonly ApiKey[], key: string): ApiKey | null {
    const sha256 = hash('sha256', key, 'base64url');
    const cached = found.get(sha256);
    if (cached) return cached;
    const entry = findKey(list, Buffer.from(sha256, 'base64url'));
    if (entry) found.set(sha256, entry);
    return entry;
  }
}

/** Returns the SHA-256 of a key. A slow hash would add nothing: a key is 256 random bits, not a password. */
export function hashKey(key: string): Buffer {
  return hash('sha256', key, 'buffer');
}

/** Returns the entry with this hash, or null. It compares every entry, so that its duration is constant. */
export function findKey(keys: readonly ApiKey[], sha256: Buffer): ApiKey | null {
  let found: ApiKey | null = null;
  for (const key of keys) {
    if (timingSafeEqual(key.sha256, sha256)) found = key;
  }
  return found;
}

/** API keys are invalid. The message names entry and field, never a value. */
export class ApiKeysError extends Error {
  override readonly name = 'ApiKeysError';
}

/** Returns the keys in the text of a file: a JSON list. An empty list admits nobody. Throws ApiKeysError. */
export function parseApiKeys(text: string): ApiKey[] {
  const list = parseJson(text);
  if (!Array.isArray(list)) throw new ApiKeysError('must hold a JSON list of keys: npm run api-key prints an entry');
  const keys = list.map((entry, index) => {
    try {
      return parseApiKey(entry);
    } catch (error) {
      throw new ApiKeysError(`must be corrected at entry ${index}: ${(error as Error).message}`);
    }
  });
  const hashes = new Set(keys.map(({ sha256 }) => sha256.toString('hex')));
  if (hashes.size < keys.length) throw new ApiKeysError('must not hold the same sha256 twice');
  return keys;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Returns the key of one entry. Throws ApiKeysError. */
export function parseApiKey(entry: unknown): ApiKey {
  const check: (fits: boolean, what: string) => asserts fits = (fits, what) => {
    if (!fits) throw new ApiKeysError(what);
  };
  check(typeof entry === 'object' && entry !== null && !Array.isArray(entry), 'it must be an object');
  // A misspelt field must not be ignored silently: such a key might never expire.
  check(
    Object.keys(entry).every((field) => FIELDS.includes(field)),
    `it may have only ${FIELDS.join(', ')}`,
  );
  const { name, sha256, vdns, scopes = [], expiresAt = null } = entry as Record<string, unknown>;
  check(typeof name === 'string' && NAME.test(name), 'name must be 1 to 64 letters, digits, or _ . -');
  check(typeof sha256 === 'string' && SHA256.test(sha256), 'sha256 must be the hash of the key: 64 hexadecimal digits');
  check(isTexts(vdns), `vdns must be ${GRANTS_RULE}`);
  const grants = parseGrants(vdns);
  check(!('bad' in grants), `vdns must be ${GRANTS_RULE}`);
  check(
    isTexts(scopes) && scopes.every((scope) => scope === NUMBERS_SCOPE),
    `scopes must be a list of nothing but "${NUMBERS_SCOPE}"`,
  );
  const expires = expiresAt === null ? null : typeof expiresAt === 'string' ? parseInstant(expiresAt) : NaN;
  check(!Number.isNaN(expires), 'expiresAt must be an instant such as 2027-01-01T00:00:00Z');
  return {
    sha256: Buffer.from(sha256, 'hex'),
    expiresAt: expires,
    caller: createAuthenticatedCaller(`key:${name}`, grants, scopes.length > 0),
  };
}

function parseInstant(text: string): number {
  return INSTANT.test(text) ? Date.parse(text) : NaN;
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
