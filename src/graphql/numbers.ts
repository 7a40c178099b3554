import { createHmac } from 'node:crypto';
import { LRUCache } from 'lru-cache';

/** What stands for a phone number: equal for equal numbers. Null for no number, or where there is no key. */
export type HashNumber = (number: string | null) => string | null;

/** 16 of the 32 bytes are enough that no two numbers meet. */
const HASH_BYTES = 16;

/** Hashes that are remembered, the latest ones: the legs of a call have the same numbers, under many names. */
const MAX_HASHES = 4_096;

/**
 * Returns what makes keyed hashes of phone numbers: HMAC-SHA-256, 22 characters. Without the key nobody can try all
 * numbers against them. Undefined: no key, no hashes.
 */
export function createNumberHash(key: string | undefined): HashNumber {
  if (key === undefined) return () => null;
  const known = new LRUCache<string, string>({ max: MAX_HASHES });
  return (number) => (number === null ? null : (known.get(number) ?? hashed(number)));

  function hashed(number: string): string {
    const hash = createHmac('sha256', key ?? '')
      .update(number)
      .digest()
      .subarray(0, HASH_BYTES)
      .toString('base64url');
    known.set(number, hash);
    return hash;
  }
}

/** A number as people dial it, with what may stand between its digits. Sources: ITU-T E.123; RFC 3966, visual separators. */
const DIALLED = /^\+?[\d\s().-]*$/;
/** What ends a number: parameters of a URI, or a pause behind which comes what is dialled into the call, such as a PIN. */
const BEHIND_NUMBER = /[,;*#pPwWxX].*$/s;
/** Before a number: `sip:`, `sips:`, `tel:`, `h323:` … */
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
