import { describe, expect, it } from '@jest/globals';
import { UpstreamMalformedError } from '../../src/call/errors.js';
import type { CallDetailRecord } from '../../src/call/trace.js';
import { parseRecords, parseReply, requestBody, SUCCESS } from '../../src/upstream/wire.js';
import { fixture } from '../fixtures/fixture.js';
import { createKey, createRecord } from '../fixtures/records.js';
import { wireRecord } from './support/wire-record.js';

const KEY = createKey();

/** The records of a reply's text. */
function read(text: string, key = KEY): CallDetailRecord[] {
  const reply = parseReply(text);
  expect(reply.resultCode).toBe(SUCCESS);
  return parseRecords(reply, key);
}

/** The records of a successful reply with this `resultDesc`. */
function readDesc(resultDesc: unknown): CallDetailRecord[] {
  return read(JSON.stringify({ resultCode: SUCCESS, resultDesc }));
}

/** The only record of a reply, changed so on the wire. */
function readRecord(change: Record<string, unknown>): CallDetailRecord | undefined {
  return readDesc([wireRecord(change)])[0];
}

/** The record that every spelling of `wireRecord` means. */
const RECORD = createRecord({
  callIdNum: -1,
  mediaType: 5,
  callerNo: '5550100001',
  calleeNo: '55500100',
  waitBegin: 1_749_974_400_000,
  ackBegin: 1_749_974_401_000,
  callBegin: 1_749_974_403_000,
  callEnd: 1_749_974_463_000,
  subCcNo: 0,
  deviceType: 2,
  deviceNo: '2001',
  deviceIn: 'DEVICE_AGENT',
  callType: 0,
  releaseCause: 531,
  enterReason: 0,
  leaveReason: 15,
  currentSkillId: '101',
});

const INTEGERS = ['mediaType', 'subMediaType', 'subCcNo', 'deviceType', 'callType', 'releaseCause'] as const;
const TEXTS = ['callerNo', 'calleeNo', 'deviceNo', 'deviceIn'] as const;
const INSTANTS = ['waitBegin', 'ackBegin', 'callBegin', 'callEnd'] as const;

describe('requestBody', () => {
  const LOG_DATE = 1_749_988_800_000;

  it.each([
    ['numbers', '{"ccId":1,"vdn":170,"callId":"1749974400-2","logDate":1749988800000}'],
    ['strings', '{"ccId":"1","vdn":"170","callId":"1749974400-2","logDate":"1749988800000"}'],
    ['sample', '{"ccId":1,"vdn":170,"callId":"1749974400-2","logDate":"1749988800000"}'],
  ] as const)('writes numbers in the style %s', (style, text) => {
    expect(requestBody(KEY, LOG_DATE, style)).toBe(text);
  });

  it('escapes what would break the JSON', () => {
    const callId = 'a"b\\c';
    expect(JSON.parse(requestBody(createKey({ callId }), LOG_DATE, 'numbers'))).toMatchObject({ callId });
  });
});

describe('parseReply', () => {
  it.each<[string, unknown, string | null]>([
    ['a text', { resultCode: '0100002' }, '0100002'],
    ['a number, its leading zero lost', { resultCode: 100999 }, '0100999'],
    ['0, as a sibling writes success', { result: '0' }, SUCCESS],
    ['the number 0', { result: 0 }, SUCCESS],
    ['0 beside an empty code', { resultCode: '', result: '0' }, SUCCESS],
    ['another letter case', { RESULTCODE: '0100001' }, '0100001'],
    ['a code that contradicts a result', { resultCode: '0100001', result: '0' }, '0100001'],
    ['nothing', {}, null],
    ['null', { resultCode: null }, null],
    ['an empty text', { resultCode: '' }, null],
    ['a failing result', { result: '1' }, null],
  ])('reads as result code: %s', (_, reply, code) => {
    expect(parseReply(JSON.stringify(reply)).resultCode).toBe(code);
  });

  it.each<[string, unknown]>([
    ['true', true],
    ['an object', { code: SUCCESS }],
    ['an array', [SUCCESS]],
    ['a sentence', 'no call of 5550100001'],
    ['a telephone number', 5_550_100_001],
    ['a fraction', 0.5],
  ])('refuses %s as result code without repeating it', (_, resultCode) => {
    const read = () => parseReply(JSON.stringify({ resultCode }));
    expect(read).toThrow(UpstreamMalformedError);
    expect(read).toThrow(/^resultCode is not a code of seven characters$/);
  });

  it.each([
    ['the vendor’s sample as printed', fixture('vendor-sample-as-printed.txt'), 'the reply is not JSON'],
    ['nothing', '', 'the reply is not JSON'],
    ['a page', '<html><body>5550100001</body></html>', 'the reply is not JSON'],
    ['half a reply', '{"resultCode":"0100000","resultDesc":[{"callerNo":"5550100001"', 'the reply is not JSON'],
    ['a bare array', '[]', 'the reply is not an object'],
    ['null', 'null', 'the reply is not an object'],
    ['a text', '"0100000"', 'the reply is not an object'],
    ['a number', '100000', 'the reply is not an object'],
  ])('refuses %s', (_, text, message) => {
    expect(() => parseReply(text)).toThrow(new UpstreamMalformedError(message));
  });
});

describe('a whole reply', () => {
  it('of a transferred call gives its records in the upstream’s order', () => {
    const records = read(fixture('transferred-call.json'), createKey({ callId: '1749974400-5' }));
    expect(records.map((record) => [record.callIdNum, record.deviceNo, record.leaveReason])).toEqual([
      [-1, '2002', 15],
      [2, '101', 0],
      [1, '7', 0],
      [3, '2001', 17],
    ]);
    expect(records[1]).toEqual(
      createRecord({
        callIdNum: 2,
        mediaType: 5,
        callerNo: '5550100001',
        calleeNo: '55500100',
        waitBegin: 1_749_974_420_000,
        callBegin: 1_749_974_450_000,
        callEnd: 1_749_974_450_000,
        subCcNo: 0,
        deviceType: 1,
        deviceNo: '101',
        deviceIn: 'DEVICE_SKILL',
        callType: 0,
        releaseCause: 65_535,
        enterReason: 0,
        leaveReason: 0,
        currentSkillId: '101',
      }),
    );
  });

  it('of a call still in the queue has numbers, nulls and gaps, and no end', () => {
    const records = read(fixture('still-in-queue.json'), createKey({ callId: '1749974400-10' }));
    expect(records).toHaveLength(2);
    expect(records[0]).toMatchObject({ callIdNum: 1, deviceNo: '7', waitBegin: null, ackBegin: null });
    expect(records[1]).toMatchObject({
      callIdNum: 2,
      waitBegin: 1_749_974_420_000,
      ackBegin: null,
      callBegin: null,
      callEnd: null,
      deviceNo: '101',
      currentSkillId: '101',
      releaseCause: null,
      enterReason: 0,
      leaveReason: null,
    });
  });

  it('of an unknown call has no records', () => {
    expect(read(fixture('unknown-call.json'))).toEqual([]);
  });

  it('with a failing result code has a text for a description', () => {
    const reply = parseReply(fixture('failed-result-code.json'));
    expect(reply.resultCode).toBe('0100002');
    expect(() => parseRecords(reply, KEY)).toThrow(/^resultDesc is neither an array nor an object$/);
  });

  it('of an older sibling has result and resultDatas, and times in seconds', () => {
    expect(read(fixture('older-sibling.json'), createKey({ callId: '1749974400-1' }))).toEqual([
      createRecord({
        callIdNum: -1,
        callerNo: '5550100003',
        calleeNo: '55500100',
        callBegin: 1_749_974_400_000,
        callEnd: 1_749_974_420_000,
        deviceType: 3,
        releaseCause: 0,
        leaveReason: 15,
      }),
    ]);
  });

  it('of a sibling has an object with data and count', () => {
    expect(read(fixture('sibling-with-count.json'), createKey({ callId: '1749974400-1' }))).toMatchObject([
      { callIdNum: -1, callEnd: 1_749_974_420_000, leaveReason: 16 },
    ]);
  });

  it('like the vendor’s sample counts the last of two media types, and leaves the odd key alone', () => {
    expect(read(fixture('vendor-sample.json'), createKey({ callId: '1678978542-92' }))).toEqual([
      {
        callIdNum: -1,
        mediaType: 53,
        subMediaType: 1,
        callerNo: '5550100888',
        calleeNo: '555192',
        waitBegin: 1_615_717_765_000,
        ackBegin: 1_615_717_765_000,
        callBegin: 1_615_717_765_000,
        callEnd: 1_615_717_765_000,
        subCcNo: 0,
        deviceType: 1,
        deviceNo: '1',
        deviceIn: '1',
        callType: 1,
        releaseCause: 1,
        enterReason: 11,
        leaveReason: 11,
        currentSkillId: '0',
      },
    ]);
  });

  it('with keys such as __proto__ changes nothing but the record it is in', () => {
    const [record] = read(fixture('prototype-keys.json'), createKey({ callId: '1749974400-1' }));
    expect(record).toEqual(createRecord({ callIdNum: -1 }));
    expect(Object.getPrototypeOf(record)).toBe(Object.prototype);
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect('callerNo' in {}).toBe(false);
  });
});

describe('parseRecords', () => {
  it('reads strings and numbers alike', () => {
    const numbers = Object.fromEntries(
      Object.entries(wireRecord()).map(([name, value]) => [name, name === 'callId' ? value : toNumber(value)]),
    );
    expect(readDesc([wireRecord()])).toEqual([RECORD]);
    expect(readDesc([numbers])).toEqual([RECORD]);
  });

  it.each([
    ['lower case', (name: string) => name.toLowerCase()],
    ['upper case', (name: string) => name.toUpperCase()],
    ['a sibling’s case', (name: string) => name.charAt(0).toLowerCase() + name.slice(1)],
  ])('reads names in %s', (_, spell) => {
    const record = Object.fromEntries(Object.entries(wireRecord()).map(([name, value]) => [spell(name), value]));
    expect(readDesc([record])).toEqual([RECORD]);
    expect(read(JSON.stringify({ [spell('resultCode')]: SUCCESS, [spell('resultDesc')]: [record] }))).toEqual([RECORD]);
  });

  it('counts the last of equal names, in other letter case too', () => {
    const twice = (fields: string) =>
      read(`{"resultCode":"0100000","resultDesc":[{"callIdNum":"1",${fields}}]}`)[0]?.mediaType;
    expect(twice('"mediaType":"1","mediaType":53')).toBe(53);
    expect(twice('"mediaType":"1","MEDIATYPE":53')).toBe(53);
    expect(twice('"MediaType":53,"mediaType":"1"')).toBe(1);
    expect(twice('"mediaType":53,"MediaType":null')).toBeNull();
  });

  it.each<[string, unknown]>([
    ['an empty array', []],
    ['null', null],
    ['an empty text', ''],
    ['an absent one', undefined],
    ['an empty object', {}],
    ['a sibling’s count of 0', { count: 0 }],
    ['a sibling’s empty data', { data: [], count: 0 }],
    ['a sibling’s data of null', { data: null, count: 0 }],
  ])('finds no records in a resultDesc that is %s', (_, resultDesc) => {
    expect(readDesc(resultDesc)).toEqual([]);
  });

  it.each<[string, unknown]>([
    ['an array', [wireRecord()]],
    ['a single record', wireRecord()],
    ['a sibling’s object', { data: [wireRecord()], count: 1 }],
    ['a sibling’s object in other letter case', { Data: [wireRecord()] }],
  ])('reads a resultDesc that is %s', (_, resultDesc) => {
    expect(readDesc(resultDesc)).toEqual([RECORD]);
  });

  it.each<[string, unknown]>([
    ['absent', undefined],
    ['null', null],
    ['empty', ''],
  ])('reads resultDatas where resultDesc is %s', (_, resultDesc) => {
    const reply = { resultCode: SUCCESS, resultDesc, resultDatas: [wireRecord()] };
    expect(read(JSON.stringify(reply))).toEqual([RECORD]);
  });

  it('prefers resultDesc where both are there', () => {
    const reply = { resultCode: SUCCESS, resultDatas: [wireRecord({ deviceNo: '9' })], resultDesc: [wireRecord()] };
    expect(read(JSON.stringify(reply))).toEqual([RECORD]);
  });

  it.each<[string, unknown, string]>([
    ['a text', 'no call of 5550100001', 'resultDesc is neither an array nor an object'],
    ['a number', 5_550_100_001, 'resultDesc is neither an array nor an object'],
    ['an array of texts', ['5550100001'], 'resultDesc[0] is not an object'],
    ['an array in an array', [[wireRecord()]], 'resultDesc[0] is not an object'],
    ['an array with null', [wireRecord(), null], 'resultDesc[1] is not an object'],
    ['an object with a text for data', { data: '5550100001' }, 'resultDesc.data is not an array'],
    ['a count without data', { count: 3 }, 'resultDesc.data lacks what count tells of'],
    ['a count as text without data', { count: '3', data: null }, 'resultDesc.data lacks what count tells of'],
    ['a count with empty data', { count: 3, data: [] }, 'resultDesc.data lacks what count tells of'],
    ['a count that is no number', { count: 'three', data: [] }, 'resultDesc.count is not an integer'],
    ['an object that is neither form', { error: '5550100001' }, 'resultDesc[0].callIdNum is missing'],
  ])('refuses a resultDesc that is %s', (_, resultDesc, message) => {
    expect(() => readDesc(resultDesc)).toThrow(new UpstreamMalformedError(message));
  });

  it.each(INTEGERS)('reads %s as an integer, and nothing as null', (name) => {
    expect(readRecord({ [name]: 7 })?.[name]).toBe(7);
    expect(readRecord({ [name]: '7' })?.[name]).toBe(7);
    expect(readRecord({ [name]: '+7' })?.[name]).toBe(7);
    expect(readRecord({ [name]: '007' })?.[name]).toBe(7);
    expect(readRecord({ [name]: 0 })?.[name]).toBe(0);
    expect(readRecord({ [name]: '-1' })?.[name]).toBe(-1);
    for (const nothing of ['', null, undefined]) expect(readRecord({ [name]: nothing })?.[name]).toBeNull();
  });

  it.each(TEXTS)('reads %s as a text, and nothing as null', (name) => {
    expect(readRecord({ [name]: 'DEVICE_IVR' })?.[name]).toBe('DEVICE_IVR');
    expect(readRecord({ [name]: 5_550_100_001 })?.[name]).toBe('5550100001');
    expect(readRecord({ [name]: '0055' })?.[name]).toBe('0055');
    for (const nothing of ['', null, undefined]) expect(readRecord({ [name]: nothing })?.[name]).toBeNull();
  });

  it.each(INSTANTS)('reads %s as ms since 1970, and what is no time as null', (name) => {
    const instantOf = (value: unknown) => readRecord({ [name]: value })?.[name];
    expect(instantOf('1615717765000')).toBe(1_615_717_765_000);
    expect(instantOf(1_615_717_765_000)).toBe(1_615_717_765_000);
    expect(instantOf(1_615_717_765)).toBe(1_615_717_765_000);
    expect(instantOf('1615717765')).toBe(1_615_717_765_000);
    expect(instantOf(9_999_999_999)).toBe(9_999_999_999_000);
    expect(instantOf(10_000_000_000)).toBe(10_000_000_000);
    for (const nothing of ['', null, undefined, 0, '0', -1, '-1', -1_615_717_765_000]) {
      expect(instantOf(nothing)).toBeNull();
    }
  });

  it.each(INSTANTS)('tells of %s in seconds, and of nothing else', (name) => {
    const toldOf = (value: unknown): number => {
      let told = 0;
      const text = JSON.stringify({ resultCode: SUCCESS, resultDesc: [wireRecord({ [name]: value })] });
      parseRecords(parseReply(text), KEY, () => (told += 1));
      return told;
    };
    expect(['1615717765', 1_615_717_765, 1].map(toldOf)).toEqual([1, 1, 1]);
    expect(['1615717765000', 10_000_000_000, 0, -1, null, ''].map(toldOf)).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('takes records that repeat what was asked for', () => {
    expect(readRecord({ vdn: 170, ccId: '1' })).toEqual(RECORD);
    expect(readRecord({ vdn: '170', ccId: 1, callId: null })).toEqual(RECORD);
    expect(readRecord({ callId: undefined })).toEqual(RECORD);
  });

  it.each<[string, unknown, string]>([
    ['callId', '1749974400-3', 'is not the one asked for'],
    ['callId', '1749974400-2 ', 'is not the one asked for'],
    ['callId', { id: '5550100001' }, 'is not a text'],
    ['vdn', 171, 'is not the one asked for'],
    ['vdn', '171', 'is not the one asked for'],
    ['ccId', 2, 'is not the one asked for'],
    ['callIdNum', undefined, 'is missing'],
    ['callIdNum', null, 'is missing'],
    ['callIdNum', '', 'is missing'],
    ['callIdNum', 'last', 'is not an integer'],
    ['mediaType', 5.5, 'is not an integer'],
    ['mediaType', '5550100001', 'is out of range'],
    ['mediaType', -5_550_100_001, 'is out of range'],
    ['subMediaType', true, 'is not an integer'],
    ['deviceType', '5550100001x', 'is not an integer'],
    ['callType', [], 'is not an integer'],
    ['subCcNo', '   ', 'is not an integer'],
    ['subCcNo', ' 5 ', 'is not an integer'],
    ['subCcNo', '5\n', 'is not an integer'],
    ['subCcNo', '0x10', 'is not an integer'],
    ['subCcNo', '0b1', 'is not an integer'],
    ['subCcNo', '1e3', 'is not an integer'],
    ['subCcNo', '5.0', 'is not an integer'],
    ['subCcNo', '--5', 'is not an integer'],
    ['subCcNo', '٣', 'is not an integer'],
    ['callEnd', '1.7e12', 'is not an integer'],
    ['releaseCause', 'Infinity', 'is not an integer'],
    ['EnterReason', { code: 5_550_100_001 }, 'is not an integer'],
    ['LeaveReason', 'NaN', 'is not an integer'],
    ['waitBegin', 'noon', 'is not an integer'],
    ['ackBegin', '2021-03-14T10:29:25Z', 'is not an integer'],
    ['callBegin', { at: 'noon' }, 'is not an integer'],
    ['callEnd', 8_640_000_000_000_001, 'is out of range'],
    ['callEnd', 5_550_100_001_000_000_000, 'is not an integer'],
    ['callerNo', { number: '5550100001' }, 'is not a text'],
    ['calleeNo', ['5550100001'], 'is not a text'],
    ['deviceNo', false, 'is not a text'],
    ['CurrentSkillID', [101], 'is not a text'],
  ])('names the field %s that is %j, never its value', (name, value, problem) => {
    const act = () => readDesc([wireRecord(), wireRecord({ [name]: value })]);
    expect(act).toThrow(UpstreamMalformedError);
    expect(act).toThrow(new UpstreamMalformedError(`resultDesc[1].${name} ${problem}`));
  });
});

function toNumber(value: unknown): unknown {
  return typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
}
