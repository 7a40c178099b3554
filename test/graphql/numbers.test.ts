import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createNumberHash, maskNumber } from '../../src/graphql/numbers.js';

describe('maskNumber', () => {
  it.each([
    ['13800000123', 4, '****0123'],
    ['008613800000123', 4, '****0123'],
    ['123456', 4, '****456'],
    ['12345', 4, '****45'],
    ['12', 4, '****2'],
    ['1', 4, '****'],
    ['', 4, '****'],
    ['13800000123', 0, '****'],
    ['13800000123', 32, '****00123'],
  ])('shows of %s, with %i to keep, %s', (number, keep, masked) => {
    expect(maskNumber(number, keep)).toBe(masked);
  });

  it('shows at most keepDigits and at most half, and hides how long the number is', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[+\d]{0,40}$/), fc.nat(32), (number, keep) => {
        const shown = maskNumber(number, keep).replace('****', '');
        expect(number.endsWith(shown)).toBe(true);
        expect(shown.length).toBeLessThanOrEqual(Math.min(keep, number.length / 2));
      }),
    );
  });
});

describe('createNumberHash', () => {
  const KEY = 'a key of the tests, of 32 letters';
  const hash = createNumberHash(KEY);

  it('is HMAC-SHA-256, the first half of it', () => {
    // RFC 4231, test case 2.
    const known = Buffer.from('5bdcc146bf60754e6a042426089575c7', 'hex').toString('base64url');
    expect(createNumberHash('Jefe')('what do ya want for nothing?')).toBe(known);
  });

  it('is equal for equal numbers, and for no others', () => {
    const numbers = Array.from({ length: 1_000 }, (_, n) => `138${String(n).padStart(8, '0')}`);
    expect(new Set(numbers.map(hash)).size).toBe(1_000);
    expect(numbers.map(hash)).toEqual(numbers.map(createNumberHash(KEY)));
    expect(hash('13800000123')).toMatch(/^[\w-]{22}$/);
  });

  it('is another with another key', () => {
    expect(createNumberHash(`${KEY}!`)('13800000123')).not.toBe(hash('13800000123'));
  });

  it('is null for no number, and without a key', () => {
    expect(hash(null)).toBeNull();
    expect(createNumberHash(undefined)('13800000123')).toBeNull();
  });
});
