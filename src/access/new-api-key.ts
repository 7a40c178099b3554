import { randomBytes } from 'node:crypto';
import { ApiKeysError, hashKey, parseApiKey } from './api-keys.js';

/** The properties of a new key. */
export interface NewApiKey {
  /** The name of the client. Two keys may have the same name during a rotation. */
  readonly name: string;
  /** Grants with commas between them: `1/170,1/*`. */
  readonly vdns: string;
  /** Scopes with commas between them; none if absent. */
  readonly scopes?: string | undefined;
  /** When the key expires: a day (UTC) or an instant; absent: never. */
  readonly expires?: string | undefined;
}

/** Returns a new API key, which is stored nowhere, and its entry for the file of keys. Throws ApiKeysError. */
export function createApiKey(
  { name, vdns, scopes, expires }: NewApiKey,
  now: () => number,
): { readonly key: string; readonly entry: object } {
  const key = `ctg_${randomBytes(32).toString('base64url')}`;
  const entry = {
    name,
    sha256: hashKey(key).toString('hex'),
    vdns: listOf(vdns),
    ...(scopes === undefined ? {} : { scopes: listOf(scopes) }),
    ...(expires === undefined
      ? {}
      : { expiresAt: /^\d{4}-\d\d-\d\d$/.test(expires) ? `${expires}T00:00:00Z` : expires }),
  };
  const { expiresAt } = parseApiKey(entry);
  if (expiresAt !== null && expiresAt <= now()) throw new ApiKeysError('expiresAt must lie in the future');
  return { key, entry };
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
