import { createHmac } from 'node:crypto';
import { LRUCache } from 'lru-cache';

/** Returns the hash of a phone number; null without a number or without a key. */
export type HashNumber = (number: string | null) => string | null;

/** 16 of the 32 bytes are enough to avoid collisions. */
const HASH_BYTES = 16;

/** Size of the cache of hashes: the legs of a call repeat the same numbers. */
const MAX_HASHES = 4_096;

/**
 * Returns the function that hashes phone numbers with a key: HMAC-SHA-256, 22 characters. The key prevents trying all
 * numbers. Undefined: no key, so no hashes.
 */
export function createNumberHash(key: string | undefined): HashNumber {
  if (key === undefined) return () => null;
  const cache = new LRUCache<string, string>({ max: MAX_HASHES });
  return (number) => (number === null ? null : (cache.get(number) ?? hashed(number)));

  function hashed(number: string): string {
    const hash = createHmac('sha256', key ?? '')
      .update(number)
      .digest()
      .subarray(0, HASH_BYTES)
      .toString('base64url');
    cache.set(number, hash);
    return hash;
  }
}

/** A dialled number, with separators between its digits. Sources: ITU-T E.123; RFC 3966, visual separators. */
const DIALLED = /^\+?[\d\s().-]*$/;
/** The end of a number: parameters of a URI, or a pause before digits that are dialled into the call, such as a PIN. */
const BEHIND_NUMBER = /[,;*#pPwWxX].*$/s;
/** The scheme before a number: `sip:`, `sips:`, `tel:`, `h323:` … */
const SCHEME = /^[a-z][a-z\d+.-]*:/i;

/**
 * A phone number of which the last `keep` digits are shown, but never more than half of them: `****0123`. As many stars
 * for a long number as for a short one. Of a SIP address or a `tel:` URI, the user's number; nothing of a name, of a
 * domain, or of digits dialled behind the number.
 */
export function maskNumber(number: string, keep: number): string {
  const digits = digitsOf(number);
  const shown = Math.min(keep, Math.floor(digits.length / 2));
  return `****${digits.slice(digits.length - shown)}`;
}

/** The digits of the number that an address or a dialled text begins with; empty if it is none. */
function digitsOf(text: string): string {
  const [, address = text] = /<([^>]*)>/.exec(text) ?? []; // "Alice" <sip:…>
  const user = address.trim().replace(SCHEME, '').replace(/@.*$/s, '');
  // A code before the number, such as *67 or #31#, belongs to it.
  const [, code = '', dialled = ''] = /^((?:[*#]\d*[*#]?)?)(.*)$/s.exec(user) ?? [];
  const number = dialled.replace(BEHIND_NUMBER, '');
  return DIALLED.test(number) ? (code + number).replace(/\D/g, '') : '';
}
