import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { record, second, byId, callIdAt } from '../support/calls.js';
import { createSetup, type ScriptedGateway } from '../support/setup.js';
import type { ScriptedCentre, WireRecord } from '../support/scripted-centre.js';

/** Keyed hashes are switched on by this. */
const HASH_KEY = 'a key of these tests, long enough';
const AUDITED = 'phone numbers were shown';

const setup = createSetup();
let centre: ScriptedCentre;
let masking: ScriptedGateway;
let showing: ScriptedGateway;
beforeAll(async () => {
  centre = await setup.startCentre();
  masking = await setup.startGateway(centre, { ANONYMOUS_SCOPES: '', NUMBER_HASH_KEY: HASH_KEY });
  showing = await setup.startGateway(centre, { NUMBER_HASH_KEY: HASH_KEY });
});
afterAll(() => setup.close());

let calls = 0;
/** The leg of a call of which the contact centre says this, as a gateway answers it four times: by both paths. */
async function legOf(gateway: ScriptedGateway, said: WireRecord): Promise<{ leg: unknown; audited: boolean }> {
  centre.answerWith(() => [record(-1, { callBegin: second(0), callEnd: second(60), ...said })]);
  calls += 1;
  const document =
    `{ call(vdn: 170, ${byId(callIdAt(second(0), calls))}) { legs { ${Object.keys(said).join(' ')} } } }`.replace(
      'deviceType',
      'deviceTypeCode',
    );
  const before = gateway.logLines.length;
  const legs: unknown[] = [];
  for (let time = 0; time < 4; time += 1) {
    const { body } = await gateway.query(document);
    expect(body.errors).toBeUndefined();
    legs.push((body.data?.['call'] as { legs: unknown[] }).legs[0]);
  }
  expect(new Set(legs.map((leg) => JSON.stringify(leg))).size).toBe(1);
  const audited = gateway.logLines.slice(before).filter((line) => line.includes(AUDITED)).length;
  expect([0, 4]).toContain(audited);
  return { leg: legs[0], audited: audited > 0 };
}

describe('a caller who may not see numbers', () => {
  it.each([
    ['a number of 11 digits where a device stands', { deviceType: 2, deviceNo: '13800000123' }, '****0123'],
    ['a number with a plus', { deviceType: 3, deviceNo: '+8613800000123' }, '****0123'],
    ['a short number outside: a call as device', { deviceType: 5, deviceNo: '95588' }, '****88'],
    ['a short number outside: a virtual device', { deviceType: 8, deviceNo: '95588' }, '****88'],
    ['a SIP address', { deviceType: 2, deviceNo: 'sip:13800000123@10.1.2.3:5060' }, '****0123'],
    ['a SIP address of a name', { deviceType: 2, deviceNo: 'sip:alice@sales.example' }, '****'],
    ['a tel: URI', { deviceType: 2, deviceNo: 'tel:+8613800000123;phone-context=x.example' }, '****0123'],
  ])('sees the last digits alone of %s, and that is audited', async (_, said, masked) => {
    expect(await legOf(masking, said)).toEqual({
      leg: { deviceTypeCode: said.deviceType, deviceNo: masked },
      audited: true,
    });
    expect(await legOf(showing, said)).toEqual({
      leg: { deviceTypeCode: said.deviceType, deviceNo: said.deviceNo },
      audited: true,
    });
  });

  it('sees no number in the description of a device', async () => {
    const said = { deviceIn: 'OUT 0571-8888 8888' };
    expect(await legOf(masking, said)).toEqual({ leg: { deviceIn: '****' }, audited: true });
  });

  it.each([
    ['of an agent', { deviceType: 2, deviceNo: '2001', deviceIn: 'DEVICE_AGENT' }],
    ['of a queue', { deviceType: 1, deviceNo: '101', deviceIn: 'DEVICE_SKILL' }],
    ['of an IVR', { deviceType: 3, deviceNo: '7', deviceIn: '1' }],
  ])('sees an ID whole, which shows nobody and is not audited: %s', async (_, said) => {
    const { deviceType, deviceNo, deviceIn } = said;
    expect(await legOf(masking, said)).toEqual({
      leg: { deviceTypeCode: deviceType, deviceNo, deviceIn },
      audited: false,
    });
  });

  it.each([
    ['sip:13800000123@10.1.2.3', '****0123'],
    ['sip:13800000123@gateway4711.example:5060;transport=tcp', '****0123'],
    ['"Li Lei 4711" <sip:13800000123@10.1.2.3>', '****0123'],
    ['sip:alice4711@sales.example', '****'],
    ['13800000123,,4711#', '****0123'],
    ['13800000123;4711', '****0123'],
    ['13800000123p4711', '****0123'],
    ['95588*4711', '****88'],
    ['*6713800000123', '****0123'],
    ['+86 138-0000-0123', '****0123'],
    ['lilei@example.com', '****'],
  ])('sees neither the domain nor what was dialled behind the number: %s', async (number, masked) => {
    const { leg, audited } = await legOf(masking, { callerNo: number, calleeNo: number });
    expect(leg).toEqual({ callerNo: masked, calleeNo: masked });
    expect(audited).toBe(true);
    expect((await legOf(showing, { callerNo: number })).leg).toEqual({ callerNo: number });
  });

  it('tells equal numbers by equal hashes, under many names too', async () => {
    centre.answerWith(() => [record(1, { callerNo: '13800000123' }), record(-1, { callerNo: '13800000124' })]);
    const names = Array.from({ length: 43 }, (_, n) => `h${n}: callerNoHash`).join(' ');
    const { body } = await masking.query(`{ call(vdn: 170, ${byId(callIdAt(second(1)))}) { legs { ${names} } } }`);
    const { legs } = body.data?.['call'] as { legs: Record<string, string>[] };
    const hashes = legs.map((leg) => [...new Set(Object.values(leg))]);
    expect(hashes.map(({ length }) => length)).toEqual([1, 1]);
    expect(hashes[0]?.[0]).toMatch(/^[\w-]{22}$/);
    expect(hashes[0]).not.toEqual(hashes[1]);
  });
});

describe('the log', () => {
  it('holds no number of a device, as it holds none of a caller', () => {
    for (const { logLines } of [masking, showing])
      expect(logLines.join('')).not.toMatch(/13800000123|0571-8888|(?<![\da-f-])95588(?![\da-f-])/);
  });
});
