import { describe, expect, it } from '@jest/globals';
import { addressOf, readView, type View } from '../../viewer/browser/permalink.js';

const DEFAULTS = { zone: 'Asia/Shanghai', language: 'en' } as const;
const VIEW: View = {
  vdn: 170,
  callId: '1749974400-11',
  month: '2025-06',
  ccId: 2,
  leg: 3,
  range: { from: Date.UTC(2025, 5, 15, 8), to: Date.UTC(2025, 5, 15, 8, 1) },
  zone: 'America/New_York',
  language: 'zh',
  unit: 'previous',
};
const read = (path: string) => readView(new URL(path, 'http://gateway'), DEFAULTS);

describe('an address', () => {
  it.each<[string, Partial<View>]>([
    ['all that it can say', {}],
    ['the least', { month: null, ccId: null, leg: null, range: null }],
    ['a call ID of any characters', { callId: 'a/b?c#d%20 "é' }],
    ['a zone with an offset in its name', { zone: 'Etc/GMT+8' }],
  ])('is read as it was written: %s', (_, change) => {
    expect(read(addressOf({ ...VIEW, ...change }))).toEqual({ ...VIEW, ...change });
  });

  it('leaves out what is not valid in it', () => {
    expect(read('/calls/170/1-1?leg=-1&from=5&to=x&zone=Mars&lang=fr&unit=years&ccId=0')).toEqual({
      ...{ vdn: 170, callId: '1-1', month: null, ccId: null, leg: null, range: null, unit: 'clock' },
      ...DEFAULTS,
    });
  });

  it('names no call on the start page', () => {
    expect(read('/calls')).toBeNull();
  });
});
