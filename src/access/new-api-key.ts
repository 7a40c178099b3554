import { randomBytes } from 'node:crypto';
import { ApiKeysError, hashKey, parseApiKey } from './api-keys.js';

/** What a new key is for. */
export interface NewApiKey {
  /** Of whoever will hold it: several keys may have the same name, while one replaces the other. */
  readonly name: string;
  /** Grants with commas between them: `1/170,1/*`. */
  readonly vdns: string;
  /** Scopes with commas between them; none if absent. */
  readonly scopes?: string | undefined;
  /** The day from which it is refused (UTC), or an instant; never if absent. */
  readonly expires?: string | undefined;
}

/** A fresh API key, which is shown this once, and its entry for the file of keys. Throws ApiKeysError. */
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
