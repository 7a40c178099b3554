import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestClock, HOUR_MS } from '../support/traces.js';
import {
  AnswerError,
  askFor,
  byId,
  callIdAt,
  CALL_BEGAN_AT,
  record,
  second,
  type AnsweredCall,
} from './support/calls.js';
import type { ScriptedCentre, WireRecord } from './support/scripted-centre.js';
import { createSetup, type ScriptedGateway } from './support/setup.js';

const CALL_ID = callIdAt(CALL_BEGAN_AT);
const SUCCESS = '"resultCode":"0100000"';
/** GBK for 客服: what an agent's device is called there. */
const GBK_TEXT = [0xbf, 0xcd, 0xb7, 0xfe];

describe('a reply', () => {
  const setup = createSetup(createTestClock(CALL_BEGAN_AT + HOUR_MS));
  let centre: ScriptedCentre;
  let gateway: ScriptedGateway;
  beforeEach(async () => {
    centre = await setup.startCentre();
    gateway = await setup.startGateway(centre);
  });
  afterEach(() => setup.close());

  function ask(fields: string): Promise<AnsweredCall | null> {
    return askFor(gateway, byId(CALL_ID), fields);
  }

  /** The single record, with its only other field written so. */
  function answerWithText(field: string, contentType?: string): void {
    const body = `{${SUCCESS},"resultDesc":[{"callIdNum":-1,${field}}]}`;
    centre.answerWith(() => (contentType ? { body, contentType } : { body }));
  }

  it.each([1, 65_535, 4_294_967_295, 253_402_300_799_999, CALL_BEGAN_AT * 1000, '1749974460000000'])(
    'whose times are impossible, such as %p, tells none and makes no call final',
    async (time) => {
      centre.answerWith(() => [record(-1, { waitBegin: time, callBegin: time, callEnd: time })]);
      expect(
        await ask('startedAt endedAt durationMs legs { waitBegin callBegin callEnd } freshness { final }'),
      ).toEqual({
        startedAt: null,
        endedAt: null,
        durationMs: null,
        legs: [{ waitBegin: null, callBegin: null, callEnd: null }],
        freshness: { final: false },
      });
    },
  );

  it('with impossible times and unreadable fields is counted', async () => {
    centre.answerWith(() => [record(-1, { callBegin: second(0), callEnd: 65_535, subMediaType: 'N/A' })]);
    await ask('complete');
    const metrics = await gateway.metrics();
    expect(metrics).toMatch(/note="impossibleTimes"\} 1$/m);
    expect(metrics).toMatch(/note="oddValues"\} 1$/m);
  });

  it('that tells of one leg twice, first open and then closed, tells of one leg', async () => {
    const queued = record(1, { deviceType: '1', deviceNo: '101', waitBegin: second(0), callEnd: second(10) });
    const open = record(2, { callBegin: second(10) });
    const closed = record(2, { callBegin: second(10), callEnd: second(60) });
    const fields = 'legs { callIdNum callEnd }';
    const legs = [
      { callIdNum: 1, callEnd: '2025-06-15T08:00:10.000Z' },
      { callIdNum: 2, callEnd: '2025-06-15T08:01:00.000Z' },
    ];
    centre.answerWith(() => [queued, open, closed]);
    expect(await ask(fields)).toEqual({ legs });
    centre.answerWith(({ callId }) => (callId.endsWith('-2') ? [closed, open, queued] : []));
    expect(await askFor(gateway, byId(callIdAt(CALL_BEGAN_AT, 2)), fields)).toEqual({ legs });
  });

  it('that tells of two stays at one device tells of two', async () => {
    const stays = [10, 30].map((from) => record(2, { callBegin: second(from), callEnd: second(from + 5) }));
    centre.answerWith(() => [record(1, { waitBegin: second(0), callEnd: second(10) }), ...stays]);
    expect((await ask('legs { callIdNum }'))?.legs).toHaveLength(3);
  });

  it.each<[string, WireRecord, Record<string, unknown>]>([
    ['a word', { mediaType: 'N/A' }, { mediaType: null, mediaTypeCode: null }],
    ['a number with blanks around it', { mediaType: ' 5' }, { mediaType: 'VOICE', mediaTypeCode: 5 }],
    ['a number of more than 32 bits', { subCcNo: 4_294_967_295 }, { subCcNo: null }],
    ['true', { callType: true }, { callType: null, callTypeCode: null }],
    ['a list', { deviceIn: [] }, { deviceIn: null }],
    ['a fraction', { leaveReason: 1.5 }, { leaveReasonCode: null }],
    ['a text with blanks behind it', { deviceIn: 'DEVICE_AGENT    ' }, { deviceIn: 'DEVICE_AGENT' }],
    ['a number with leading zeros', { vdn: '0170', ccId: '01' }, { callIdNum: -1 }],
    ['null in one of two spellings', { EnterReason: 3, enterReason: null }, { enterReasonCode: 3 }],
  ])('with an optional field that holds %s loses nothing else', async (_, change, leg) => {
    centre.answerWith(() => [record(-1, { callBegin: second(0), callEnd: second(60), ...change })]);
    expect(await ask(`durationMs legs { ${Object.keys(leg).join(' ')} }`)).toEqual({ durationMs: 60_000, legs: [leg] });
  });

  it('without the number of a record is refused', async () => {
    centre.answerWith(() => [{ callBegin: second(0), callEnd: second(60) }]);
    await expect(ask('complete')).rejects.toMatchObject({ code: 'UPSTREAM_MALFORMED' });
  });

  it('with a phone number that is a JSON number keeps each of its digits', async () => {
    answerWithText('"callerNo":861391234567890123,"calleeNo":123456789012345678901');
    expect(await ask('callerNo calleeNo')).toEqual({
      callerNo: '861391234567890123',
      calleeNo: '123456789012345678901',
    });
  });

  it('with a phone number whose digits no text holds shows none in its place', async () => {
    answerWithText('"callerNo":8.61391234567890123e17');
    const answer = await ask('callerNo').catch((error: unknown) => error as AnswerError);
    expect(answer instanceof AnswerError ? answer.code : answer).toEqual({ callerNo: null });
  });

  it('is read in the charset that it names', async () => {
    const body = Buffer.concat([
      Buffer.from(`{${SUCCESS},"resultDesc":[{"callIdNum":-1,"deviceIn":"`),
      Buffer.from(GBK_TEXT),
      Buffer.from('"}]}'),
    ]);
    centre.answerWith(() => ({ body, contentType: 'application/json;charset=GBK' }));
    expect(await ask('legs { deviceIn }')).toEqual({ legs: [{ deviceIn: '客服' }] });
  });

  it('with bytes that its charset does not allow is refused, and not kept', async () => {
    const head = Buffer.from(`{${SUCCESS},"resultDesc":[{"callIdNum":-1,"deviceIn":"`);
    const body = Buffer.concat([head, Buffer.from(GBK_TEXT), Buffer.from('"}]}')]);
    centre.answerWith(() => ({ body }));
    await expect(ask('legs { deviceIn }')).rejects.toMatchObject({ code: 'UPSTREAM_MALFORMED' });
    answerWithText('"deviceIn":"客服"');
    expect(await ask('legs { deviceIn }')).toEqual({ legs: [{ deviceIn: '客服' }] });
  });

  it('with blanks around a phone number is masked and hashed as one without them', async () => {
    gateway = await setup.startGateway(centre, {
      ANONYMOUS_SCOPES: '',
      NUMBER_HASH_KEY: 'a key of the tests that is long enough',
    });
    const padded = callIdAt(CALL_BEGAN_AT, 3);
    centre.answerWith(({ callId }) => [
      record(-1, { callerNo: callId === padded ? '  13800138000     ' : '13800138000' }),
    ]);
    const fields = 'callerNo callerNoHash legs { callerNo callerNoHash }';
    const answer = await ask(fields);
    expect(answer).toMatchObject({ callerNo: '****8000', callerNoHash: expect.stringMatching(/./) });
    expect(await askFor(gateway, byId(padded), fields)).toEqual(answer);
  });
});
