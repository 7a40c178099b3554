import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newCallId, startTestGateway, type TestGateway } from '../support/gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
beforeEach(() => gateway.simulator.reset());
afterAll(() => gateway.close());

type Arguments = Readonly<Record<string, string | number>>;

/** The sample of the interface's page, whose times are of March 2021, and a call whose times agree with its ID. */
const CALL_ID = '1678978542-92';
const OTHER_ID = '1700000000-2';
const WITH_VARIABLES = `query ($vdn: Int!, $callId: ID!, $ccId: Int, $logDate: DateTime, $month: CallMonth) {
  call(vdn: $vdn, callId: $callId, ccId: $ccId, logDate: $logDate, month: $month) { callId month }
}`;

const withLiterals = (given: Arguments) => {
  const list = Object.entries(given).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  return `{ call(${list.join(', ')}) { callId month } }`;
};

const LOG_DATE_FORM = /must be ISO 8601 with an offset, such as 2021-03-14T18:29:25\+08:00, or epoch milliseconds/;
const LOG_DATE_RANGE = /must lie between 2000-01-01 and now/;
const LOG_DATE_OFFSET = /must be ISO 8601 with an offset.*without Z or an offset it could be any of 24 instants/;
const MONTH_RANGE = /^month must be YYYY-MM from 2000-01 to \d{4}-\d\d$/;
const CALL_ID_FORM = /^callId must be 1 to 64 printable ASCII characters/;

/** What is wrong, the arguments, the one to change, and what its message says. */
const BAD: readonly (readonly [string, Arguments, string, RegExp])[] = [
  ['ccId below 1', { ccId: 0 }, 'ccId', /^ccId must be an integer from 1 to 65535$/],
  ['ccId negative', { ccId: -1 }, 'ccId', /from 1 to 65535/],
  ['ccId above 65535', { ccId: 65_536 }, 'ccId', /from 1 to 65535/],
  ['vdn below 1', { vdn: 0 }, 'vdn', /^vdn must be an integer from 1 to 5000$/],
  ['vdn negative', { vdn: -170 }, 'vdn', /from 1 to 5000/],
  ['vdn above 5000', { vdn: 5001 }, 'vdn', /from 1 to 5000/],
  ['callId empty', { callId: '' }, 'callId', CALL_ID_FORM],
  ['callId of 65 characters', { callId: `1678978542-${'9'.repeat(54)}` }, 'callId', CALL_ID_FORM],
  ['callId beyond ASCII', { callId: '1678978542-9é' }, 'callId', CALL_ID_FORM],
  ['callId with a line break', { callId: '1678978542-9\n2' }, 'callId', CALL_ID_FORM],
  ['callId with a space at its end', { callId: `${CALL_ID} ` }, 'callId', /must not begin or end with a space/],
  ['logDate and month', { logDate: '2021-03-14T10:29:25Z', month: '2021-03' }, 'logDate', /exclude each other/],
  ['no date, and none in the callId', { callId: 'call-92' }, 'logDate', /give logDate or month$/],
  ['no date, and 11 digits in the callId', { callId: '16789785420-92' }, 'logDate', /10 or 13 digits/],
  ['no date, and a future one in the callId', { callId: '9999999999-92' }, 'logDate', /give logDate or month$/],
  ...['2021-13', '2021-00', '2021-1', '202103', '1999-12', '2999-01', '2021-03-14', 'March'].map(
    (month) => [`month ${month}`, { month }, 'month', MONTH_RANGE] as const,
  ),
  ['month empty', { month: '' }, 'month', MONTH_RANGE],
  ['logDate without a meaning', { logDate: 'yesterday' }, 'logDate', LOG_DATE_FORM],
  ['logDate empty', { logDate: '' }, 'logDate', LOG_DATE_FORM],
  ['logDate on 30 February', { logDate: '2021-02-30T00:00:00Z' }, 'logDate', LOG_DATE_FORM],
  ['logDate without an offset', { logDate: '2021-03-14T18:29:25' }, 'logDate', LOG_DATE_OFFSET],
  ['logDate without a time', { logDate: '2021-03-14' }, 'logDate', LOG_DATE_OFFSET],
  ['logDate in seconds', { logDate: 1_615_717_765 }, 'logDate', /looks like seconds; give milliseconds: 1615717765000/],
  ['logDate in the future', { logDate: '2999-01-01T00:00:00Z' }, 'logDate', LOG_DATE_RANGE],
  ['logDate before 2000', { logDate: '1999-12-31T23:59:59Z' }, 'logDate', LOG_DATE_RANGE],
  ['logDate 0', { logDate: 0 }, 'logDate', LOG_DATE_RANGE],
  ['logDate negative', { logDate: -1 }, 'logDate', LOG_DATE_RANGE],
];

describe('an argument out of its range', () => {
  const badInput = (argument: string, message: RegExp, path: readonly unknown[]) => ({
    message: expect.stringMatching(message),
    path,
    locations: expect.any(Array),
    extensions: { code: 'BAD_USER_INPUT', retryable: false, argument, requestId: expect.any(String) },
  });

  it.each(BAD)('is named, as a literal, with what to give instead: %s', async (_, wrong, argument, message) => {
    const { body } = await gateway.query(withLiterals({ vdn: 170, callId: CALL_ID, ...wrong }));
    expect(body).toEqual({ data: { call: null }, errors: [badInput(argument, message, ['call'])] });
    expect(gateway.simulator.total).toBe(0);
  });

  it.each(BAD)('is named, as a variable, with what to give instead: %s', async (_, wrong, argument, message) => {
    const { body } = await gateway.query(WITH_VARIABLES, { vdn: 170, callId: CALL_ID, ...wrong });
    expect(body).toEqual({ data: { call: null }, errors: [badInput(argument, message, ['call'])] });
    expect(gateway.simulator.total).toBe(0);
  });

  it('is named at its place among many keys, and nobody is asked', async () => {
    const keys = BAD.map(([, wrong]) => ({ vdn: 170, callId: CALL_ID, ...wrong }));
    const { body } = await gateway.query('query ($keys: [CallKeyInput!]!) { calls(keys: $keys) { id } }', { keys });
    expect(body).toEqual({
      data: { calls: BAD.map(() => null) },
      errors: BAD.map(([, , argument, message], index) => badInput(argument, message, ['calls', index])),
    });
    expect(gateway.simulator.total).toBe(0);
  });

  it.each([
    ['vdn', { vdn: 99_999_999_999 }],
    ['vdn', { vdn: '170' }],
    ['vdn', { vdn: 1.5 }],
    ['vdn', { vdn: null }],
    ['callId', { callId: { $gt: '' } }],
    ['logDate', { logDate: true }],
    ['month', { month: 202_103 }],
  ])('is refused before the operation runs if it is of another type: %s', async (argument, wrong) => {
    const { status, body } = await gateway.query(WITH_VARIABLES, { vdn: 170, callId: CALL_ID, ...wrong });
    expect(body).toMatchObject({
      errors: [{ message: expect.stringContaining(`"$${argument}"`), extensions: { code: 'BAD_USER_INPUT' } }],
    });
    expect(body.data).toBeUndefined();
    expect(status).toBe(400);
    expect(gateway.simulator.total).toBe(0);
  });

  it.each(['vdn: 99999999999', 'vdn: "170"', 'vdn: 170, logDate: true', 'vdn: 170, month: 202103'])(
    'is refused by validation if it is a literal of another type: %s',
    async (given) => {
      const { status, body } = await gateway.query(`{ call(${given}, callId: "${CALL_ID}") { id } }`);
      expect(body).toMatchObject({ errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] });
      expect(status).toBe(400);
      expect(gateway.simulator.total).toBe(0);
    },
  );
});

describe('the ends of the ranges', () => {
  it.each([
    { ccId: 1, vdn: 1 },
    { ccId: 65_535, vdn: 5000 },
    { callId: `1678978542-${'9'.repeat(53)}` },
    { callId: '~', month: '2021-03' },
    { callId: 'a b/c:d%e', month: '2000-01' },
  ])('are asked for: %j', async (given) => {
    const { body } = await gateway.query(WITH_VARIABLES, { vdn: 170, callId: CALL_ID, ...given });
    expect(body.errors).toBeUndefined();
    expect(gateway.simulator.requests).toMatchObject([
      { ccId: 1, vdn: 170, callId: CALL_ID, ...without(given, 'month') },
    ]);
  });

  const without = (given: object, name: string) =>
    Object.fromEntries(Object.entries(given).filter(([key]) => key !== name));
});

describe('the month of a call', () => {
  const SAMPLE = { vdn: 170, callId: CALL_ID };

  it.each([
    ['logDate with the offset Z', { logDate: '2021-03-14T10:29:25Z' }, '2021-03'],
    ['logDate with another offset', { logDate: '2021-03-14T18:29:25.123+08:00' }, '2021-03'],
    [
      'logDate in the last hour of a month there, the next one here',
      { logDate: '2021-02-28T23:30:00-08:00' },
      '2021-03',
    ],
    ['logDate as a number of milliseconds', { logDate: 1_615_717_765_000 }, '2021-03'],
    ['logDate as digits', { logDate: '1615717765000' }, '2021-03'],
    ['month', { month: '2021-03' }, '2021-03'],
    ['the head of the callId', { callId: OTHER_ID }, '2023-11'],
  ] as const)('comes from %s, as a literal and as a variable', async (_, given, month) => {
    const callId = 'callId' in given ? given.callId : CALL_ID;
    const expected = { data: { call: { callId, month } } };
    expect((await gateway.query(withLiterals({ ...SAMPLE, ...given }))).body).toEqual(expected);
    expect((await gateway.query(WITH_VARIABLES, { ...SAMPLE, ...given })).body).toEqual(expected);
  });

  it('comes from 13 digits at the head of the callId, too', async () => {
    const { body } = await gateway.query(WITH_VARIABLES, { vdn: 170, callId: '1678978542123-2' });
    expect(body).toEqual({ data: { call: { callId: '1678978542123-2', month: '2023-03' } } });
  });

  it('may be left out as null', async () => {
    const given = { ...SAMPLE, callId: OTHER_ID, logDate: null, month: null, ccId: null };
    const { body } = await gateway.query(WITH_VARIABLES, given);
    expect(body).toEqual({ data: { call: { callId: OTHER_ID, month: '2023-11' } } });
  });

  it('is sent to the contact centre as one instant within it, whichever way it was named', async () => {
    const callId = newCallId();
    for (const given of [{ logDate: '2025-01-04T10:00:00Z' }, { month: '2025-01' }, {}]) {
      await gateway.query(
        `query ($callId: ID!, $logDate: DateTime, $month: CallMonth) {
          call(vdn: 170, callId: $callId, logDate: $logDate, month: $month, refresh: true) { id }
        }`,
        { callId, ...given },
      );
    }
    const noon = Date.UTC(2025, 0, 15, 12);
    expect(gateway.simulator.requests.map((request) => request.logDate)).toEqual([noon, noon, noon]);
  });
});

describe('ccId', () => {
  it('is the configured one where a query names none', async () => {
    const other = await startTestGateway({ CMS_CC_ID: '7' });
    try {
      await other.query(WITH_VARIABLES, { vdn: 170, callId: CALL_ID });
      await other.query(WITH_VARIABLES, { vdn: 170, callId: CALL_ID, ccId: 8 });
      expect(other.simulator.requests).toMatchObject([{ ccId: 7 }, { ccId: 8 }]);
    } finally {
      await other.close();
    }
  });
});
