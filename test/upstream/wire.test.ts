import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { UpstreamMalformedError } from '../../src/call/errors.js';
import { MAX_RECORDS, type CallDetailRecord } from '../../src/call/trace.js';
import { parseReply, parseTrace, requestBody, SUCCESS, traceSteps, type ParsedTrace } from '../../src/upstream/wire.js';
import { fixture } from '../fixtures/fixture.js';
import { BEGAN_AT, createKey, createRecord } from '../fixtures/records.js';
import { wireRecord } from './support/wire-record.js';

const KEY = createKey();
const DAY = 86_400_000;
/** An hour after the call of these tests began. */
const ASKED_AT = BEGAN_AT + 3_600_000;
/** June 2025, where calls begin at BEGAN_AT, the 15th. */
const MONTH = { startsAt: Date.UTC(2025, 5, 1), endsAt: Date.UTC(2025, 6, 1) };

/** What a reply's text tells. */
function read(text: string, key = KEY, month = MONTH): ParsedTrace {
  const reply = parseReply(text);
  expect(reply.resultCode).toBe(SUCCESS);
  return parseTrace(reply, key, ASKED_AT, month);
}

/** What a successful reply with this `resultDesc` tells. */
function readTrace(resultDesc: unknown): ParsedTrace {
  return read(JSON.stringify({ resultCode: SUCCESS, resultDesc }));
}

/** The records of a successful reply with this `resultDesc`. */
function readDesc(resultDesc: unknown): readonly CallDetailRecord[] {
  return readTrace(resultDesc).records;
}

/** The only record of a reply, changed so on the wire. */
function readRecord(change: Record<string, unknown>): CallDetailRecord | undefined {
  return readDesc([wireRecord(change)])[0];
}

/** A field of the only record of a reply in which that field is written so, and what was noted. */
function readField(name: string, literal: string): readonly unknown[] {
  const field = name.charAt(0).toLowerCase() + name.slice(1).replace('SkillID', 'SkillId');
  const text = JSON.stringify(wireRecord({ [name]: '?' })).replace('"?"', literal);
  const { records, notes } = read(`{"resultCode":"0100000","resultDesc":[${text}]}`);
  return [records[0]?.[field as keyof CallDetailRecord], notes];
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

const INTEGERS = [
  'mediaType',
  'subMediaType',
  'subCcNo',
  'deviceType',
  'callType',
  'releaseCause',
  'EnterReason',
  'LeaveReason',
] as const;
const TEXTS = ['callerNo', 'calleeNo', 'deviceNo', 'deviceIn', 'CurrentSkillID'] as const;
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
    ['0 between blanks', { result: ' 0 ' }, SUCCESS],
    ['a code between blanks', { resultCode: ' 0100000 ' }, SUCCESS],
    ['a code of blanks', { resultCode: '   ', result: 0 }, SUCCESS],
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
    ['nothing', '', 'the reply is not JSON but empty'],
    ['a page', '<html><body>5550100001</body></html>', 'the reply is not JSON but a page'],
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
  it('of a transferred call gives its records in the order of the call', () => {
    const { records, notes } = read(fixture('transferred-call.json'), createKey({ callId: '1749974400-5' }));
    expect(records.map((record) => [record.callIdNum, record.deviceNo, record.leaveReason])).toEqual([
      [1, '7', 0],
      [2, '101', 0],
      [3, '2001', 17],
      [-1, '2002', 15],
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
    expect(notes).toEqual({});
  });

  it('of a call still in the queue has numbers, nulls and gaps, and no end', () => {
    const { records, notes } = read(fixture('still-in-queue.json'), createKey({ callId: '1749974400-10' }));
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
    expect(notes).toEqual({});
  });

  it('of an unknown call has no records', () => {
    expect(read(fixture('unknown-call.json'))).toEqual({ records: [], notes: {} });
  });

  it('with a failing result code has a text for a description', () => {
    const reply = parseReply(fixture('failed-result-code.json'));
    expect(reply.resultCode).toBe('0100002');
    expect(() => parseTrace(reply, KEY, ASKED_AT, MONTH)).toThrow(/^resultDesc is neither an array nor an object$/);
  });

  it('of an older sibling has result and resultDatas, and times in seconds', () => {
    const { records, notes } = read(fixture('older-sibling.json'), createKey({ callId: '1749974400-1' }));
    expect(notes).toEqual({ timesInSeconds: 2 });
    expect(records).toEqual([
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
    expect(read(fixture('sibling-with-count.json'), createKey({ callId: '1749974400-1' })).records).toMatchObject([
      { callIdNum: -1, callEnd: 1_749_974_420_000, leaveReason: 16 },
    ]);
  });

  it('like the vendor’s sample counts the last of two media types, and leaves the odd key alone', () => {
    const march = { startsAt: Date.UTC(2021, 2, 1), endsAt: Date.UTC(2021, 3, 1) };
    expect(read(fixture('vendor-sample.json'), createKey({ callId: '1678978542-92' }), march).records).toEqual([
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
    const [record] = read(fixture('prototype-keys.json'), createKey({ callId: '1749974400-1' })).records;
    expect(record).toEqual(createRecord({ callIdNum: -1 }));
    expect(Object.getPrototypeOf(record)).toBe(Object.prototype);
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect('callerNo' in {}).toBe(false);
  });
});

describe('parseTrace', () => {
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
  ])('reads names in %s', (_, respell) => {
    const record = Object.fromEntries(Object.entries(wireRecord()).map(([name, value]) => [respell(name), value]));
    expect(readDesc([record])).toEqual([RECORD]);
    expect(
      read(JSON.stringify({ [respell('resultCode')]: SUCCESS, [respell('resultDesc')]: [record] })).records,
    ).toEqual([RECORD]);
  });

  it('counts the last of equal names that says something, in other letter case too', () => {
    const twice = (fields: string) =>
      read(`{"resultCode":"0100000","resultDesc":[{"callIdNum":"1",${fields}}]}`).records[0]?.mediaType;
    expect(twice('"mediaType":"1","mediaType":53')).toBe(53);
    expect(twice('"mediaType":"1","MEDIATYPE":53')).toBe(53);
    expect(twice('"MediaType":53,"mediaType":"1"')).toBe(1);
    for (const nothing of ['null', '""', '" "']) {
      expect(twice(`"mediaType":53,"MediaType":${nothing}`)).toBe(53);
      expect(twice(`"MediaType":${nothing},"mediaType":53`)).toBe(53);
      expect(twice(`"MediaType":${nothing},"mediaType":${nothing}`)).toBeNull();
    }
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
    expect(read(JSON.stringify(reply)).records).toEqual([RECORD]);
  });

  it('prefers resultDesc where both are there', () => {
    const reply = { resultCode: SUCCESS, resultDatas: [wireRecord({ deviceNo: '9' })], resultDesc: [wireRecord()] };
    expect(read(JSON.stringify(reply)).records).toEqual([RECORD]);
  });

  it.each<[string, unknown, string]>([
    ['a text', 'no call of 5550100001', 'resultDesc is neither an array nor an object'],
    ['a number', 5_550_100_001, 'resultDesc is neither an array nor an object'],
    ['an array of texts', ['5550100001'], 'resultDesc[0] is not an object'],
    ['an array in an array', [[wireRecord()]], 'resultDesc[0] is not an object'],
    ['an array with null', [wireRecord(), null], 'resultDesc[1] is not an object'],
    ['an object with a text for data', { data: '5550100001' }, 'resultDesc.data is not an array'],
    ['a count without data', { count: 3 }, 'resultDesc.data is empty although count is not zero'],
    ['a count as text without data', { count: '3', data: null }, 'resultDesc.data is empty although count is not zero'],
    ['a count with empty data', { count: 3, data: [] }, 'resultDesc.data is empty although count is not zero'],
    ['a count that is no number', { count: 'three', data: [] }, 'resultDesc.data is empty although count is not zero'],
    ['an object that is neither form', { error: '5550100001' }, 'resultDesc[0].callIdNum is missing'],
  ])('refuses a resultDesc that is %s', (_, resultDesc, message) => {
    expect(() => readDesc(resultDesc)).toThrow(new UpstreamMalformedError(message));
  });

  it.each(INTEGERS)('reads %s as an integer, and nothing as null', (name) => {
    for (const literal of ['7', '"7"', '"+7"', '"007"', '" 7"', '"7\\u0000 "', '"\\u30007\\n"', '7.0'])
      expect(readField(name, literal)).toEqual([7, {}]);
    expect(readField(name, '-0')).toEqual([0, {}]);
    expect(readField(name, '"-1"')).toEqual([-1, {}]);
    expect(readField(name, '-2147483648')).toEqual([-2_147_483_648, {}]);
    for (const nothing of ['""', 'null', '"  "', '"\\u0000"']) expect(readField(name, nothing)).toEqual([null, {}]);
  });

  it.each(INTEGERS)('takes a %s that cannot be read for none, and notes it', (name) => {
    const odd = ['"N/A"', 'true', '{}', '[5]', '0.5', '"5.0"', '"1e3"', '"0x10"', '"--5"', '"5 5"', '"٣"', '"NaN"'];
    const tooLarge = ['4294967295', '"4294967295"', '-4294967295', '1e21', '12345678901234567890', '1e999'];
    for (const literal of [...odd, ...tooLarge]) expect(readField(name, literal)).toEqual([null, { oddValues: 1 }]);
  });

  it.each(TEXTS)('reads %s as a text without padding, and nothing as null', (name) => {
    expect(readField(name, '"DEVICE IVR"')).toEqual(['DEVICE IVR', {}]);
    expect(readField(name, '"  5550100001\\u3000\\u0000 "')).toEqual(['5550100001', {}]);
    expect(readField(name, '5550100001')).toEqual(['5550100001', {}]);
    expect(readField(name, '"0055"')).toEqual(['0055', {}]);
    for (const nothing of ['""', 'null', '"    "', '"\\u0000\\u0000"', '"\\u3000"'])
      expect(readField(name, nothing)).toEqual([null, {}]);
  });

  it.each(TEXTS)('keeps every digit of a %s that is a number, however long', (name) => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), (number) => {
        expect(readField(name, String(number))).toEqual([String(number), {}]);
      }),
    );
    for (const digits of ['555010000100000001', '9007199254740993', '9223372036854775807'])
      expect(readField(name, digits)).toEqual([digits, {}]);
  });

  it.each(TEXTS)('takes a %s that is neither a text nor an integer for none, and notes it', (name) => {
    const odd = ['1.5', '1e21', '1e300', 'true', 'false', '{"number":"5550100001"}', '["5550100001"]', '[]'];
    const rounded = ['4503599627370497.5', '1.9999999999999999999', '12345678901234567e-2', '5550100001.00000000001'];
    for (const literal of [...odd, ...rounded]) expect(readField(name, literal)).toEqual([null, { oddValues: 1 }]);
  });

  it('trims texts as long as a reply can be in a moment', () => {
    const blanks = ' '.repeat(2_000_000);
    expect(readRecord({ deviceIn: `${blanks}a${blanks}b${blanks}` })?.deviceIn).toBe(`a${blanks}b`);
  });

  it.each(INSTANTS)('reads %s as ms since 1970, and what is no time as null', (name) => {
    for (const literal of ['"1615717765000"', '1615717765000', '" 1615717765000 "', '1615717765000.000'])
      expect(readField(name, literal).slice(0, 1)).toEqual([1_615_717_765_000]);
    expect(readField(name, '946684800000')).toEqual([Date.UTC(2000, 0, 1), expect.anything()]);
    expect(readField(name, String(ASKED_AT + DAY))).toEqual([ASKED_AT + DAY, {}]);
    for (const nothing of ['""', 'null', '" "', '0', '"0"', '-1', '"-1"', '-1615717765000', '-1e30'])
      expect(readField(name, nothing)).toEqual([null, {}]);
  });

  it.each(INSTANTS)('takes a %s in seconds for what it means, and notes it', (name) => {
    const seconds = BEGAN_AT / 1000;
    for (const literal of [`${seconds}`, `"${seconds}"`])
      expect(readField(name, literal)).toEqual([BEGAN_AT, { timesInSeconds: 1 }]);
  });

  it.each(INSTANTS)('takes a %s before 2000 or more than a day ahead for none, and notes it', (name) => {
    const early = ['1', '65535', '"65535"', '946684799', '946684799999', '10000000000'];
    const late = [`${ASKED_AT + DAY + 1}`, `${(ASKED_AT + DAY) / 1000 + 1}`, '4294967295', '9999999999'];
    const absurd = ['253402300799000', '1749974400000000', '9e15', '8640000000000001', '1e21', '99999999999999999999'];
    for (const literal of [...early, ...late, ...absurd])
      expect(readField(name, literal)).toEqual([null, { impossibleTimes: 1 }]);
  });

  it.each(INSTANTS)('takes a %s that is no integer for none, and notes it', (name) => {
    for (const literal of ['"noon"', '"2021-03-14T10:29:25Z"', '{}', 'true', '1749974400000.5', '"1.7e12"'])
      expect(readField(name, literal)).toEqual([null, { oddValues: 1 }]);
  });

  it('counts each kind of note over all records, and says nothing where there is nothing', () => {
    const odd = wireRecord({
      callIdNum: 1,
      mediaType: 'N/A',
      callerNo: true,
      waitBegin: 65_535,
      ackBegin: 1_749_974_401,
    });
    expect(readTrace([odd, wireRecord({ releaseCause: {} })]).notes).toEqual({
      oddValues: 3,
      impossibleTimes: 1,
      timesInSeconds: 1,
    });
    expect(readTrace([wireRecord()]).notes).toEqual({});
  });

  it('takes records that repeat what was asked for, in any spelling', () => {
    expect(readTrace([wireRecord({ vdn: 170, ccId: '1' })])).toEqual({ records: [RECORD], notes: {} });
    for (const vdn of ['170', '0170', ' 170 ', '170\u0000', null, '']) expect(readRecord({ vdn })).toEqual(RECORD);
    for (const callId of [null, undefined, '', '1749974400-2 ', '\u30001749974400-2\u0000'])
      expect(readRecord({ callId })).toEqual(RECORD);
  });

  it('takes a vdn or ccId that cannot be read for none, and notes it', () => {
    expect(readTrace([wireRecord({ vdn: 'N/A', ccId: true })])).toEqual({ records: [RECORD], notes: { oddValues: 2 } });
  });

  it('compares a call ID that came as a number by its exact digits', () => {
    const reply = (digits: string) => `{"resultCode":"0100000","resultDesc":[{"callId":${digits},"callIdNum":1}]}`;
    const key = createKey({ callId: '12345678901234567890' });
    expect(read(reply('12345678901234567890'), key).records).toHaveLength(1);
    expect(() => read(reply('12345678901234567891'), key)).toThrow('resultDesc[0].callId is not the one asked for');
  });

  it.each<[string, unknown, string]>([
    ['callId', '1749974400-3', 'is not the one asked for'],
    ['callId', { id: '5550100001' }, 'is not the one asked for'],
    ['callId', true, 'is not the one asked for'],
    ['callId', 1.5, 'is not the one asked for'],
    ['vdn', 171, 'is not the one asked for'],
    ['vdn', '0171', 'is not the one asked for'],
    ['ccId', 2, 'is not the one asked for'],
    ['callIdNum', undefined, 'is missing'],
    ['callIdNum', null, 'is missing'],
    ['callIdNum', ' ', 'is missing'],
    ['callIdNum', 'last', 'is not an integer'],
    ['callIdNum', 1.5, 'is not an integer'],
    ['callIdNum', true, 'is not an integer'],
    ['callIdNum', 4_294_967_295, 'is not an integer'],
  ])('refuses a reply for its field %s that is %j, and never repeats the value', (name, value, problem) => {
    const act = () => readDesc([wireRecord(), wireRecord({ [name]: value })]);
    expect(act).toThrow(UpstreamMalformedError);
    expect(act).toThrow(new UpstreamMalformedError(`resultDesc[1].${name} ${problem}`));
  });

  it('puts the records in the order of the call, each leg once, and notes how many it dropped', () => {
    const first = wireRecord({ callIdNum: 1 });
    const open = wireRecord({ callIdNum: 2, callEnd: 0, LeaveReason: '' });
    const closed = wireRecord({ callIdNum: 2 });
    const { records, notes } = readTrace([wireRecord(), open, closed, first, first]);
    expect(records.map(({ callIdNum, callEnd }) => [callIdNum, callEnd])).toEqual([
      [1, RECORD.callEnd],
      [2, RECORD.callEnd],
      [-1, RECORD.callEnd],
    ]);
    expect(notes).toEqual({ duplicateRecords: 2 });
  });

  it('drops records of another year, for the tables bear none, and notes them', () => {
    const of = (callIdNum: number, begin: number, end: number) =>
      wireRecord({ callIdNum, waitBegin: 0, ackBegin: 0, callBegin: begin, callEnd: end });
    const lastYear = of(1, BEGAN_AT - 365 * DAY, BEGAN_AT - 365 * DAY + 1000);
    const thisYear = of(1, BEGAN_AT, BEGAN_AT + 1000);
    const { records, notes } = readTrace([lastYear, thisYear]);
    expect(records.map(({ callBegin }) => callBegin)).toEqual([BEGAN_AT]);
    expect(notes).toEqual({ recordsOfAnotherYear: 1 });
    expect(readTrace([lastYear])).toEqual({ records: [], notes: { recordsOfAnotherYear: 1 } });
  });

  it('drops records of a later year for the month of an earlier one', () => {
    const june2023 = { startsAt: Date.UTC(2023, 5, 1), endsAt: Date.UTC(2023, 6, 1) };
    const text = JSON.stringify({ resultCode: SUCCESS, resultDesc: [wireRecord()] });
    expect(read(text, KEY, june2023)).toEqual({ records: [], notes: { recordsOfAnotherYear: 1 } });
  });

  it.each<[string, readonly number[]]>([
    ['no time', [0, 0, 0, 0]],
    ['no possible time', [65_535, 65_535, 65_535, 65_535]],
    ['one time near the month, as a chat that has been open for a year', [BEGAN_AT - 365 * DAY, 0, 0, BEGAN_AT]],
    ['a time half a year before the month', [MONTH.startsAt - 183 * DAY, 0, 0, 0]],
  ])('keeps a record with %s', (_, [waitBegin, ackBegin, callBegin, callEnd]) => {
    const { records, notes } = readTrace([wireRecord({ waitBegin, ackBegin, callBegin, callEnd })]);
    expect(records).toHaveLength(1);
    expect(notes.recordsOfAnotherYear).toBeUndefined();
  });

  it('reads as many records as a trace may have, and refuses more, saying so', () => {
    const rows = (count: number) => Array.from({ length: count }, (_, index) => ({ callIdNum: index + 1 }));
    expect(readDesc(rows(MAX_RECORDS))).toHaveLength(MAX_RECORDS);
    for (const count of [MAX_RECORDS + 1, 150_000])
      expect(() => readDesc(rows(count))).toThrow(new UpstreamMalformedError('resultDesc has more than 10000 records'));
  });

  it.each([
    ['lists in lists', '['.repeat(20_000) + ']'.repeat(20_000)],
    ['empty objects', `[${'{},'.repeat(50_000)}{}]`],
  ])('refuses a reply of %s before it is parsed', (_, text) => {
    const reply = `{"resultCode":"0100000","pad":"${' '.repeat(65_536)}","other":${text}}`;
    expect(() => parseReply(reply)).toThrow(new UpstreamMalformedError('resultDesc has more than 10000 records'));
  });
});

function toNumber(value: unknown): unknown {
  return typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
}

describe('traceSteps', () => {
  it('reads at most 500 records in a step, and orders them in the last', () => {
    const rows = Array.from({ length: 1_700 }, (_, n) => wireRecord({ callIdNum: n + 1 }));
    const reply = parseReply(JSON.stringify({ resultCode: SUCCESS, resultDesc: rows }));
    let reads = 0;
    const counted = (reply.fields.get('resultdesc') as object[]).map(
      (row) =>
        new Proxy(row, {
          ownKeys(target) {
            reads += 1;
            return Reflect.ownKeys(target);
          },
        }),
    );
    const steps = traceSteps(
      { ...reply, fields: new Map(reply.fields).set('resultdesc', counted) },
      KEY,
      ASKED_AT,
      MONTH,
    );
    const readInSteps: number[] = [];
    for (let step = steps.next(); ; step = steps.next()) {
      readInSteps.push(reads);
      reads = 0;
      if (!step.done) continue;
      expect(step.value).toEqual(parseTrace(reply, KEY, ASKED_AT, MONTH));
      break;
    }
    expect(readInSteps).toEqual([500, 500, 500, 200]);
  });
});
