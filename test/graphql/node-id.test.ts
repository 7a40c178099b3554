import { describe, expect, it } from '@jest/globals';
import type { KeyRules } from '../../src/call/key.js';
import { callNodeId, parseCallNodeId } from '../../src/graphql/node-id.js';

const RULES: KeyRules = { defaultCcId: 1, timeZoneOf: () => 'UTC', now: () => Date.UTC(2025, 5, 15) };
const keyOf = (callId: string) => ({ ccId: 3, vdn: 170, callId, month: '2025-01' as never });
const encode = (text: string) => Buffer.from(text).toString('base64url');

describe('the id of a call', () => {
  it.each(['1736000000-2', 'a:b', 'a%3Ab', '100%', 'a/b?c#d', '"', '~'])('leads back to the key of %s', (callId) => {
    const id = callNodeId(keyOf(callId));
    expect(id).toMatch(/^[\w-]+$/);
    expect(parseCallNodeId(id, RULES)).toEqual(keyOf(callId));
  });

  it('is of one call only, even where a call ID holds the separator', () => {
    expect(callNodeId(keyOf('a:b'))).not.toBe(callNodeId(keyOf('a%3Ab')));
  });

  it.each([
    ['empty', ''],
    ['text', 'nonsense'],
    ['of another type', encode('Agent:3:170:2025-01:1736000000-2')],
    ['with a part too few', encode('Call:3:170:2025-01')],
    ['with a part too many', encode('Call:3:170:2025-01:1736000000-2:x')],
    ['with a call centre out of range', encode('Call:0:170:2025-01:1736000000-2')],
    ['with a VDN out of range', encode('Call:3:5001:2025-01:1736000000-2')],
    ['with a VDN written otherwise', encode('Call:3:0170:2025-01:1736000000-2')],
    ['with a month out of range', encode('Call:3:170:2025-13:1736000000-2')],
    ['with a broken escape', encode('Call:3:170:2025-01:%E0%A4%A')],
    ['with an escape that is not needed', encode('Call:3:170:2025-01:%31736000000-2')],
    ['with something behind', `${callNodeId(keyOf('1736000000-2'))}!!`],
    ['in plain base64', Buffer.from('Call:3:170:2025-01:1736000000-2?~').toString('base64')],
  ])('is nobody’s if it is %s', (_, id) => {
    expect(parseCallNodeId(id, RULES)).toBeNull();
  });
});
