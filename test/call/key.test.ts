import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  callIdStartedAt,
  createTraceQuestion,
  parseTraceKey,
  traceKeyText,
  type CallRequest,
  type KeyRules,
  type TraceKey,
} from '../../src/call/key.js';
import type { CallMonth } from '../../src/call/month.js';
import { createKey } from '../fixtures/records.js';
import { refusal } from './support/refusal.js';

const NOW = Date.parse('2025-06-15T12:00:00Z');
const rules: KeyRules = {
  defaultCcId: 1,
  timeZoneOf: (ccId) => (ccId === 2 ? 'Asia/Shanghai' : 'UTC'),
  now: () => NOW,
};
const REQUEST: CallRequest = { vdn: 170, callId: '1678978542-92' };
const keyOf = (change: Partial<CallRequest>): TraceKey => createTraceQuestion({ ...REQUEST, ...change }, rules).key;

describe('createTraceQuestion', () => {
  const logDate = '2021-03-14T18:29:25+08:00';
  const questionOf = (change: Partial<CallRequest>) => createTraceQuestion({ ...REQUEST, ...change }, rules);

  it('keeps the instant of a logDate beside the key, which has four fields', () => {
    const question = questionOf({ callId: 'no epoch', logDate });
    expect(question).toStrictEqual({
      key: { ccId: 1, vdn: 170, callId: 'no epoch', month: '2021-03' },
      loggedAt: 1_615_717_765_000,
    });
  });

  it.each<[string, Partial<CallRequest>]>([
    ['the month alone is given', { callId: 'no epoch', month: '2021-03' }],
    ['the call ID tells when the call began', { callId: '1615717765-92', logDate }],
    ['the call ID tells it in milliseconds', { callId: '1615717765000-92', logDate }],
    ['the call ID tells another month', { logDate }],
    ['nothing is given', {}],
  ])('has no such instant where %s', (_, change) => {
    expect(questionOf(change)).toStrictEqual({ key: keyOf(change) });
  });

  it('names by logDate and by month one and the same key', () => {
    const callId = 'no epoch';
    expect(questionOf({ callId, logDate }).key).toStrictEqual(questionOf({ callId, month: '2021-03' }).key);
  });

  it('judges what is to come by the instant it is told', () => {
    const june = { ...REQUEST, month: '2025-06' };
    expect(createTraceQuestion(june, rules).key.month).toBe('2025-06');
    expect(refusal(() => createTraceQuestion(june, rules, Date.parse('2025-05-15T12:00:00Z'))).argument).toBe('month');
  });
});

describe('createTraceQuestion, its key', () => {
  it('takes the month from the seconds at the head of the call ID', () => {
    expect(createTraceQuestion(REQUEST, rules).key).toEqual({
      ccId: 1,
      vdn: 170,
      callId: '1678978542-92',
      month: '2023-03',
    });
  });

  it('takes the month from the milliseconds at the head of the call ID', () => {
    expect(keyOf({ callId: '1659513159000-546750' }).month).toBe('2022-08');
  });

  it('takes the month that is given, whatever the call ID says', () => {
    expect(keyOf({ month: '2021-03' }).month).toBe('2021-03');
    expect(keyOf({ callId: 'no epoch', month: '2021-03' }).month).toBe('2021-03');
  });

  it.each<[string | number]>([[1_615_717_765_000], ['1615717765000'], ['2021-03-14T18:29:25+08:00']])(
    'takes the month of the logDate %p, whatever the call ID says',
    (logDate) => {
      expect(keyOf({ logDate }).month).toBe('2021-03');
    },
  );

  it('cuts the month in the zone of the call centre', () => {
    const logDate = '2021-03-31T23:30:00Z';
    expect(keyOf({ ccId: 1, logDate }).month).toBe('2021-03');
    expect(keyOf({ ccId: 2, logDate }).month).toBe('2021-04');
    expect(keyOf({ ccId: 2, callId: '1617233400-1' }).month).toBe('2021-04');
  });

  it('takes the default call centre where none is given, null included', () => {
    const elsewhere = { ...rules, defaultCcId: 9 };
    expect(createTraceQuestion(REQUEST, elsewhere).key.ccId).toBe(9);
    expect(createTraceQuestion({ ...REQUEST, ccId: null, logDate: null, month: null }, elsewhere).key.ccId).toBe(9);
    expect(createTraceQuestion({ ...REQUEST, ccId: 3 }, elsewhere).key.ccId).toBe(3);
  });

  it.each<[string, Partial<CallRequest>]>([
    ['ccId 1', { ccId: 1 }],
    ['ccId 65535', { ccId: 65_535 }],
    ['vdn 1', { vdn: 1 }],
    ['vdn 5000', { vdn: 5000 }],
    ['a callId of one character', { callId: 'x', month: '2021-03' }],
    ['a callId of 64 characters', { callId: 'x'.repeat(64), month: '2021-03' }],
    ['a callId with a space inside', { callId: 'a b', month: '2021-03' }],
    ['the first month', { month: '2000-01' }],
    ['the month that runs', { month: '2025-06' }],
  ])('accepts %s', (_, change) => {
    expect(keyOf(change)).toMatchObject(change);
  });

  it('accepts the next month from a day before it begins, for clocks differ', () => {
    const onTheLastDay = { ...rules, now: () => Date.parse('2025-06-30T00:00:00Z') };
    expect(createTraceQuestion({ ...REQUEST, month: '2025-07' }, onTheLastDay).key.month).toBe('2025-07');
  });

  const CC_ID = /ccId must be an integer from 1 to 65535/;
  const VDN = /vdn must be an integer from 1 to 5000/;
  const CALL_ID = /callId must be 1 to 64 printable ASCII characters/;
  const MONTH = /month must be YYYY-MM from 2000-01 to 2025-06/;
  const LOG_DATE_RANGE = /logDate must lie between 2000-01-01 and now/;

  it.each<[string, string, Partial<CallRequest>, RegExp]>([
    ['ccId 0', 'ccId', { ccId: 0 }, CC_ID],
    ['ccId 65536', 'ccId', { ccId: 65_536 }, CC_ID],
    ['ccId -1', 'ccId', { ccId: -1 }, CC_ID],
    ['ccId 1.5', 'ccId', { ccId: 1.5 }, CC_ID],
    ['ccId NaN', 'ccId', { ccId: NaN }, CC_ID],
    ['vdn 0', 'vdn', { vdn: 0 }, VDN],
    ['vdn 5001', 'vdn', { vdn: 5001 }, VDN],
    ['vdn -170', 'vdn', { vdn: -170 }, VDN],
    ['vdn 170.5', 'vdn', { vdn: 170.5 }, VDN],
    ['an empty callId', 'callId', { callId: '' }, CALL_ID],
    ['a callId of 65 characters', 'callId', { callId: `1678978542-${'9'.repeat(54)}` }, CALL_ID],
    ['a callId with a letter outside ASCII', 'callId', { callId: '1678978542-é' }, CALL_ID],
    ['a callId with digits outside ASCII', 'callId', { callId: '１６７８９７８５４２-1' }, CALL_ID],
    ['a callId with an emoji', 'callId', { callId: '1678978542-📞' }, CALL_ID],
    ['a callId with a line break', 'callId', { callId: '1678978542-92\n' }, CALL_ID],
    ['a callId with a zero byte', 'callId', { callId: '1678978542\u0000-92' }, CALL_ID],
    ['a callId with a delete character', 'callId', { callId: '1678978542-92\u007f' }, CALL_ID],
    ['a callId after a space', 'callId', { callId: ' 1678978542-92' }, /callId must not begin or end with a space/],
    ['a callId before a space', 'callId', { callId: '1678978542-92 ' }, /callId must not begin or end with a space/],
    ['a callId of one space', 'callId', { callId: ' ' }, /callId must not begin or end with a space/],
    [
      'both logDate and month',
      'logDate',
      { logDate: '2021-03-14T18:29:25Z', month: '2021-03' },
      /logDate and month exclude each other/,
    ],
    ['neither, with no epoch in the callId', 'logDate', { callId: 'abc-92' }, /10 or 13 digits.*give logDate or month/],
    ['neither, with 11 digits in the callId', 'logDate', { callId: '16789785420-92' }, /give logDate or month/],
    ['neither, with an epoch but no dash', 'logDate', { callId: '1678978542' }, /give logDate or month/],
    ['neither, with an epoch to come', 'logDate', { callId: '1978978542-92' }, /give logDate or month/],
    ['neither, with an epoch of 1970', 'logDate', { callId: '0000000001-92' }, /give logDate or month/],
    ['a thirteenth month', 'month', { month: '2021-13' }, MONTH],
    ['a month of one digit', 'month', { month: '2021-1' }, MONTH],
    ['a month to come', 'month', { month: '2025-07' }, MONTH],
    ['a month of 1999', 'month', { month: '1999-12' }, MONTH],
    ['an empty month', 'month', { month: '' }, MONTH],
    ['a logDate of nonsense', 'logDate', { logDate: 'noon' }, /logDate must be ISO 8601 with an offset/],
    ['a logDate without offset', 'logDate', { logDate: '2021-03-14T18:29:25' }, /without Z or an offset/],
    ['a logDate in seconds', 'logDate', { logDate: 1_615_717_765 }, /logDate .* looks like seconds/],
    ['a logDate to come', 'logDate', { logDate: '2025-07-01T00:00:00Z' }, LOG_DATE_RANGE],
    ['a negative logDate', 'logDate', { logDate: -1_615_717_765_000 }, LOG_DATE_RANGE],
  ])('refuses %s, naming %s and its range', (_, argument, change, says) => {
    const error = refusal(() => keyOf(change));
    expect(error).toMatchObject({ name: 'InvalidCallKeyError', code: 'BAD_USER_INPUT', retryable: false, argument });
    expect(error.message).toMatch(says);
  });
});

describe('callIdStartedAt', () => {
  it.each([
    ['1678978542-92', 1_678_978_542_000],
    ['1659513159000-546750', 1_659_513_159_000],
    ['1678978542-', 1_678_978_542_000],
    ['0946684800-1', 946_684_800_000],
    ['0946684799-1', null],
    ['0946684799999-1', null],
    ['0000000001-92', null],
    ['167897854-92', null],
    ['16789785421-92', null],
    ['x1678978542-92', null],
    ['1678978542_92', null],
  ])('reads %s as %p', (callId, startedAt) => {
    expect(callIdStartedAt(callId)).toBe(startedAt);
  });
});

describe('traceKeyText', () => {
  it('joins the parts, the call ID encoded', () => {
    expect(traceKeyText(createKey({ callId: '1:2%3A/ä' }))).toBe('1:170:2025-06:1%3A2%253A%2F%C3%A4');
  });

  // Few characters, and those that could forge a separator or an encoded one, so that near misses are common.
  const nastyCallIds = fc
    .string({ unit: fc.constantFrom('1', '3', 'A', ':', '%', '-', '2025-06', ' '), minLength: 1, maxLength: 8 })
    .map((text) => text.trim())
    .filter((text) => text.length > 0 && text.length <= 64);
  const anyCallIds = fc
    .string({ unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)), maxLength: 64 })
    .map((text) => text.trim())
    .filter((text) => text.length > 0);
  const keys: fc.Arbitrary<TraceKey> = fc.record({
    ccId: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 65_535 })),
    vdn: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 5000 })),
    callId: fc.oneof(nastyCallIds, anyCallIds),
    month: fc.constantFrom('2000-01', '2025-05', '2025-06').map((text) => text as CallMonth),
  });

  it('can be read back by parseTraceKey, whatever the key', () => {
    fc.assert(fc.property(keys, (key) => expect(parseTraceKey(traceKeyText(key), rules)).toEqual(key)));
  });

  it('is never shared by two different keys', () => {
    fc.assert(
      fc.property(fc.uniqueArray(keys, { minLength: 2, maxLength: 20, comparator: sameKey }), (several) => {
        expect(new Set(several.map(traceKeyText)).size).toBe(several.length);
      }),
    );
  });

  function sameKey(a: TraceKey, b: TraceKey): boolean {
    return a.ccId === b.ccId && a.vdn === b.vdn && a.callId === b.callId && a.month === b.month;
  }
});

describe('parseTraceKey', () => {
  it.each([
    '',
    '1:170:2025-06',
    '1:170:2025-06:a:b',
    ':170:2025-06:a',
    '01:170:2025-06:a',
    '1e0:170:2025-06:a',
    ' 1:170:2025-06:a',
    '1:0:2025-06:a',
    '1:170:2025-13:a',
    '1:170:2025-07:a',
    '1:170:2025-06:',
    '1:170:2025-06:%',
    '1:170:2025-06:%61',
    '1:170:2025-06:%3a',
    '1:170:2025-06:%C3%A4',
    '1:170:2025-06:%20a',
  ])('gives null for %j, which no key has as its text', (text) => {
    expect(parseTraceKey(text, rules)).toBeNull();
  });
});
