import { createHmac } from 'node:crypto';

/** What stands for a phone number: equal for equal numbers. Null for no number, or where there is no key. */
export type HashNumber = (number: string | null) => string | null;

/** 16 of the 32 bytes are enough that no two numbers meet. */
const HASH_BYTES = 16;

/**
 * Returns what makes keyed hashes of phone numbers: HMAC-SHA-256, 22 characters. Without the key nobody can try all
 * numbers against them. Undefined: no key, no hashes.
 */
export function createNumberHash(key: string | undefined): HashNumber {
  if (key === undefined) return () => null;
  return (number) =>
    number === null
      ? null
      : createHmac('sha256', key).update(number).digest().subarray(0, HASH_BYTES).toString('base64url');
}

/**
 * A phone number of which the last `keep` characters are shown, but never more than half: `****0123`. As many stars for
 * a long number as for a short one.
 */
export function maskNumber(number: string, keep: number): string {
  const shown = Math.min(keep, Math.floor(number.length / 2));
  return `****${number.slice(number.length - shown)}`;
}
