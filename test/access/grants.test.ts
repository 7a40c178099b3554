import { describe, expect, it } from '@jest/globals';
import { ALL_GRANTS, parseGrants, type Grants } from '../../src/access/grants.js';

/** Grants that can be read. */
function grantsOf(...texts: readonly string[]): Grants {
  const grants = parseGrants(texts);
  if ('bad' in grants) throw new Error(`bad: ${grants.bad}`);
  return grants;
}

describe('parseGrants', () => {
  const CENTRES = [
    [1, 170],
    [1, 17],
    [1, 1700],
    [2, 170],
    [11, 70],
  ] as const;

  it.each([
    ['1/170', [true, false, false, false, false]],
    ['1/*', [true, true, true, false, false]],
    ['*/170', [true, false, false, true, false]],
    ['*/*', [true, true, true, true, true]],
    ['2/17', [false, false, false, false, false]],
  ])('allows by %s what it names, and nothing else', (text, allowed) => {
    expect(CENTRES.map(([ccId, vdn]) => grantsOf(text).allows(ccId, vdn))).toEqual(allowed);
  });

  it('takes no VDN that is none for that of another call centre', () => {
    const grants = grantsOf('2/170');
    expect(grants.allows(2, 170)).toBe(true);
    expect([grants.allows(1, 10_170), grants.allows(3, -9_830)]).toEqual([false, false]);
    const other = grantsOf('2/171');
    expect([other.allows(1, 10_171), other.allows(2, 171)]).toEqual([false, true]);
  });

  it('allows what any of several allows, and by none nothing', () => {
    const grants = grantsOf('1/17', '2/*');
    expect(CENTRES.map(([ccId, vdn]) => grants.allows(ccId, vdn))).toEqual([false, true, false, true, false]);
    expect(CENTRES.some(([ccId, vdn]) => grantsOf().allows(ccId, vdn))).toBe(false);
  });

  it.each([
    '',
    '*',
    '170',
    '1/',
    '/170',
    '1/170/1',
    '1/-1',
    '1/1e3',
    ' 1/170',
    '1/170\n',
    '1/**',
    '1/1*',
    '１/170',
    '1/17000',
    '01/170',
    '1/0170',
    '0/9',
    '1/0',
    '1/5001',
    '65536/*',
    '99999/*',
  ])('names the first item that is no grant: %j', (text) => {
    expect(parseGrants(['1/170', text, 'x'])).toEqual({ bad: text });
  });
});

describe('ALL_GRANTS', () => {
  it('allows every virtual call centre', () => {
    expect(ALL_GRANTS.allows(65_535, 5_000)).toBe(true);
  });
});
