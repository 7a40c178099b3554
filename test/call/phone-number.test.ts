import { describe, expect, it } from '@jest/globals';
import { holdsNumber } from '../../src/call/phone-number.js';

describe('a text of a device', () => {
  it.each(['', '/', ',', '*', '\u2013', '_', 'x', '\u200b', ' - ', '.', '()'])(
    'holds a phone number of 7 digits or more, whatever stands between them: %j',
    (separator) => {
      expect(holdsNumber(['138', '0013', '8000'].join(separator), false)).toBe(true);
      expect(holdsNumber(`agent ${['13', '80', '0'].join(separator)}`, false)).toBe(false);
    },
  );

  it.each([
    'agent@example.org',
    'sip:2001',
    'TEL:2001',
    '\uff11\uff12\uff13\uff14\uff15\uff16\uff17',
    '\u0661\u0662\u0663\u0664\u0665\u0666\u0667',
  ])('holds an address or a number: %s', (text) => {
    expect(holdsNumber(text, false)).toBe(true);
  });

  it('of a party outside holds a number with any digit', () => {
    expect(holdsNumber('110', true)).toBe(true);
    expect(holdsNumber('GATEWAY', true)).toBe(false);
  });

  it('is read once, however long it is', () => {
    expect(holdsNumber(`${'1'.repeat(6)}${'a'.repeat(5_000_000)}`, false)).toBe(false);
  });
});
