import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseExactJson } from '../../src/upstream/exact-json.js';

/** White space where JSON allows it, so that numbers stand behind all that can precede them. */
const spaced = (value: unknown): string => JSON.stringify(value, null, '\t').replaceAll('\t', ' \r\t');

/** Texts that look like what the parser looks for: digits, quotes, escapes, exponents. */
const trickyText = fc.string({ unit: fc.constantFrom(...Array.from('0123456789.eE+-"\\:,[ \u3000\n')) });
const shortNumber = fc.oneof(fc.integer(), fc.integer({ min: -999_999_999_999_999, max: 999_999_999_999_999 }));
const digits = fc.bigInt({ min: 10n ** 15n, max: 10n ** 30n });

/** What JSON.parse and parseExactJson make of a text, failures included. */
function outcomeOf(parse: (text: string) => unknown, text: string): unknown {
  try {
    return { value: parse(text) };
  } catch (error) {
    return error instanceof SyntaxError ? 'a SyntaxError' : error;
  }
}

describe('parseExactJson', () => {
  it('returns what JSON.parse returns for anything whose numbers have up to 15 digits', () => {
    const value = fc.jsonValue();
    const tree = fc.letrec((tie) => ({
      node: fc.oneof(trickyText, shortNumber, fc.double({ noNaN: true }), value, tie('array'), tie('object')),
      array: fc.array(tie('node'), { maxLength: 4 }),
      object: fc.dictionary(trickyText, tie('node'), { maxKeys: 4 }),
    })).node;
    const hasNoLongInteger = (one: unknown): boolean =>
      typeof one === 'number'
        ? !Number.isInteger(one) || Math.abs(one) < 1e15
        : typeof one !== 'object' || one === null || Object.values(one).every(hasNoLongInteger);
    fc.assert(
      fc.property(tree.filter(hasNoLongInteger), (one) => {
        for (const text of [JSON.stringify(one), spaced(one)]) expect(parseExactJson(text)).toEqual(JSON.parse(text));
      }),
      { numRuns: 500 },
    );
  });

  it('returns the exact digits of integers of 16 digits or more, wherever they stand', () => {
    fc.assert(
      fc.property(digits, fc.boolean(), trickyText, (integer, isNegative, text) => {
        const literal = `${isNegative ? '-' : ''}${integer}`;
        const json = `{"a":${literal},${JSON.stringify(text)}:[ ${literal},\n${literal}, ${JSON.stringify(literal)}]}`;
        expect(parseExactJson(json)).toEqual(
          JSON.parse(json.replaceAll(`"${literal}"`, literal).replaceAll(literal, `"${literal}"`)),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('refuses exactly what JSON.parse refuses', () => {
    const piece = fc.constantFrom(
      ...Array.from('{}[]:,"\\-+.eE01 '),
      '"a"',
      '12345678901234567',
      '0123456789012345678',
      '1.',
      'null',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const text = `[${pieces.join('')}]`;
        const isRefused = outcomeOf(JSON.parse, text) === 'a SyntaxError';
        expect(outcomeOf(parseExactJson, text) === 'a SyntaxError').toBe(isRefused);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['[0012345678901234567]', 'leading zeros'],
    ['[12345678901234567-]', 'a sign at the end'],
    ['[1234567890.1234567.8]', 'two points'],
    ['["\\\n12345678901234567"]', 'a raw line break'],
  ])('refuses %s for %s', (text) => {
    expect(() => parseExactJson(text)).toThrow(SyntaxError);
  });

  it.each([
    ['4503599627370497.5', 'a double holds 4503599627370498'],
    ['1.9999999999999999999', 'a double holds 2'],
    ['123456789012345.000000000000001', 'a double holds 123456789012345'],
  ])('takes %s for no integer, though %s', (literal) => {
    const [number] = parseExactJson(`[${literal}]`) as [number];
    expect(typeof number).toBe('number');
    expect(Number.isInteger(number)).toBe(false);
  });

  it('returns the integer of a fraction that is 0', () => {
    expect(parseExactJson('[1749974400000.000, 555010000100000001.0]')).toEqual([1749974400000, '555010000100000001']);
  });

  it.each([
    '[12345678901234567]',
    '[ 12345678901234567 ]',
    '[\n12345678901234567]',
    '[0,12345678901234567]',
    '{"a":12345678901234567}',
  ])('finds the long integer in %j', (text) => {
    expect(Object.values(parseExactJson(text) as object).at(-1)).toBe('12345678901234567');
  });

  it('leaves long digits in texts alone', () => {
    const text = '{"12345678901234567":"a, 12345678901234567","b":"\\\\\\" : 12345678901234567"}';
    expect(parseExactJson(text)).toEqual(JSON.parse(text));
  });

  it('reads a long reply that is one text full of digits and quotes', () => {
    const text = JSON.stringify([': 12345678901234567 "'.repeat(10_000), 1]).replace(/1]$/, '12345678901234567]');
    const [, integer] = parseExactJson(text) as [string, string];
    expect(integer).toBe('12345678901234567');
  });

  it('refuses a text that it would take too long to read exactly, and no other of that length', () => {
    const long = (last: string): string => `[${'"x",'.repeat(70_000)}${last}]`;
    expect(() => parseExactJson(long('1234567890123456789'))).toThrow('too long to be read exactly');
    expect(parseExactJson(long('"1234567890123456789"'))).toHaveLength(70_001);
  });
});
