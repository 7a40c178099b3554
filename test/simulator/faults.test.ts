import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { FAULT_NAMES, type FaultName } from '../../simulator/fault-names.js';
import { startSimulator, type Simulator } from '../../simulator/simulator.js';
import { until } from '../upstream/support/until.js';
import { askTrace, json, legNumbers, rows, send, TRACE_PATH, type Reply, type WireRow } from './support/ask.js';

const STARTED_AT = 1_700_000_000_000;
const CALL = { callId: `${STARTED_AT / 1000}-5`, logDate: STARTED_AT };
const CODED_FIELDS = ['mediaType', 'subMediaType', 'deviceType', 'callType', 'releaseCause'];

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterEach(() => simulator.reset());
afterAll(() => simulator.close());

function askWith(fault: FaultName): Promise<Reply> {
  simulator.configure({ fault });
  return askTrace(simulator, CALL);
}

/** True if the answer is not whole 200 ms after the request has arrived. */
async function isLeftHanging(fault: FaultName): Promise<boolean> {
  simulator.configure({ fault });
  const patience = new AbortController();
  const left = expect(askTrace(simulator, CALL, { signal: patience.signal })).rejects.toThrow();
  await until(() => simulator.total === 1);
  await setTimeout(200);
  patience.abort();
  await left;
  await until(() => simulator.inFlight === 0);
  return simulator.requests[0]?.aborted === true;
}

describe('a fault that hangs or cuts', () => {
  it.each<FaultName>(['hang-before-headers', 'hang-mid-body'])('%s never ends its answer', async (fault) => {
    expect(await isLeftHanging(fault)).toBe(true);
    expect(simulator.requests[0]).toMatchObject({ status: null });
  });

  it('reset breaks the connection', async () => {
    await expect(askWith('reset')).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(simulator.requests[0]).toMatchObject({ status: null, aborted: false });
  });

  it('slow keeps the right answer back', async () => {
    const rightText = (await askTrace(simulator, CALL)).text;
    simulator.configure({ fault: 'slow', slowMs: 40 });
    const before = performance.now();
    expect((await askTrace(simulator, CALL)).text).toBe(rightText);
    expect(performance.now() - before).toBeGreaterThan(35);
  });
});

describe('a fault of the HTTP status', () => {
  it.each<[FaultName, number, string]>([
    ['http-401', 401, 'application/json'],
    ['http-403-json', 403, 'application/json'],
    ['http-403-html', 403, 'text/html'],
    ['http-418', 418, 'text/html'],
    ['http-429', 429, 'application/json'],
    ['http-500', 500, 'application/json'],
    ['http-502', 502, 'text/html'],
    ['http-503', 503, 'text/html'],
    ['http-504-html', 504, 'text/html'],
    ['html-200', 200, 'text/html'],
  ])('%s answers %i in %s', async (fault, status, contentType) => {
    const reply = await askWith(fault);
    expect(reply.status).toBe(status);
    expect(reply.headers['content-type']).toContain(contentType);
    expect(reply.text.startsWith('<html>')).toBe(contentType === 'text/html');
  });

  it.each(['7', 'Wed, 21 Oct 2026 07:28:00 GMT'])('http-429 says Retry-After: %s as it was set', async (retryAfter) => {
    simulator.configure({ retryAfter });
    expect((await askWith('http-429')).headers['retry-after']).toBe(retryAfter);
  });

  it('redirect counts who follows it', async () => {
    const reply = await askWith('redirect');
    expect(reply.status).toBe(302);
    expect(simulator.redirectsFollowed).toBe(0);
    await send(simulator, { method: 'GET', path: reply.headers.location ?? '' });
    expect(simulator.redirectsFollowed).toBe(1);
  });
});

describe('a fault of the result', () => {
  const resultFaults = FAULT_NAMES.filter((name) => name.startsWith('result-'));
  it.each(resultFaults)('%s says so under HTTP 200, with a text', async (fault) => {
    const reply = await askWith(fault);
    expect(reply.status).toBe(200);
    expect(json(reply)).toEqual({ resultCode: fault.replace('result-', ''), resultDesc: expect.any(String) });
  });

  it('desc-string, desc-null and desc-object change the form of resultDesc', async () => {
    const right = rows(await askTrace(simulator, CALL));
    expect(json(await askWith('desc-string'))).toEqual({ resultCode: '0100000', resultDesc: 'success' });
    expect(json(await askWith('desc-null'))).toEqual({ resultCode: '0100000', resultDesc: null });
    expect(json(await askWith('desc-object'))).toMatchObject({ resultDesc: { data: right, count: right.length } });
  });

  it('legacy-result-datas repeats the answer under the older names', async () => {
    const right = rows(await askTrace(simulator, CALL));
    expect(json(await askWith('legacy-result-datas'))).toMatchObject({
      result: '0',
      resultDatas: right,
      resultDesc: right,
    });
  });
});

describe('a fault of the body', () => {
  it('empty-body has none', async () => {
    expect(await askWith('empty-body')).toMatchObject({ status: 200, text: '' });
  });

  it('truncated-json ends too early', async () => {
    const right = await askTrace(simulator, CALL);
    const reply = await askWith('truncated-json');
    expect(right.text.startsWith(reply.text)).toBe(true);
    expect(() => json(reply)).toThrow(SyntaxError);
  });

  it('huge-body is the right answer in 50 MiB', async () => {
    const right = rows(await askTrace(simulator, CALL));
    const reply = await askWith('huge-body');
    expect(reply.text.length).toBeGreaterThan(50 * 1024 * 1024);
    expect(rows(reply)).toEqual(right);
    expect(simulator.requests.at(-1)).toMatchObject({ status: 200 });
  });
});

describe('a fault of the records', () => {
  async function rowsWith(fault: FaultName): Promise<WireRow[]> {
    return rows(await askWith(fault));
  }

  it('wrong-types puts an object or a word where a time belongs', async () => {
    const types = (await rowsWith('wrong-types')).map((row) => typeof row['callBegin']);
    expect(new Set(types)).toEqual(new Set(['object', 'string']));
  });

  it('missing-fields leaves callIdNum out', async () => {
    for (const row of await rowsWith('missing-fields')) expect(row).not.toHaveProperty('callIdNum');
  });

  it('unknown-codes has 9999 in every coded field', async () => {
    for (const row of await rowsWith('unknown-codes')) {
      for (const field of CODED_FIELDS) expect(Number(row[field])).toBe(9999);
      expect(Number(row['EnterReason'] ?? row['enterReason'])).toBe(9999);
      expect(Number(row['LeaveReason'] ?? row['leaveReason'])).toBe(9999);
    }
  });

  it.each<[FaultName, number[]]>([
    ['duplicate-legs', [1, 1, 2, 2, 3, 3, 4, 4, -1, -1]],
    ['two-final-legs', [1, 2, 3, 4, -1, -1]],
    ['no-final-leg', [1, 2, 3, 4]],
  ])('%s has the legs %j', async (fault, numbers) => {
    expect(legNumbers(await askWith(fault))).toEqual(numbers);
  });

  it('negative-times and second-based-times change every time', async () => {
    const begins = async (fault: FaultName) => (await rowsWith(fault)).map((row) => Number(row['callBegin']));
    expect((await begins('negative-times')).every((time) => time < -1e12)).toBe(true);
    expect((await begins('second-based-times')).every((time) => time > 1e9 && time < 1e10)).toBe(true);
  });

  it('other-call and other-vdn speak of something else', async () => {
    for (const row of await rowsWith('other-call')) expect(row['callId']).not.toBe(CALL.callId);
    for (const row of await rowsWith('other-vdn')) expect(row['vdn']).not.toBe(170);
  });
});

describe('faults in general', () => {
  it('end by themselves after their count', async () => {
    simulator.configure({ fault: 'http-503', faultCount: 2 });
    const statuses = [];
    for (let ask = 0; ask < 3; ask += 1) statuses.push((await askTrace(simulator, CALL)).status);
    expect(statuses).toEqual([503, 503, 200]);
  });

  it('meet the named calls only', async () => {
    simulator.configure({ fault: 'http-500', faultCallIds: ['1700000000-1'] });
    expect((await askTrace(simulator, CALL)).status).toBe(200);
    expect((await askTrace(simulator, { ...CALL, callId: '1700000000-1' })).status).toBe(500);
  });

  it('meet about their share of the requests, and the same ones after a reset', async () => {
    const statuses = async () => {
      simulator.reset();
      simulator.configure({ fault: 'http-500', faultRate: 0.5 });
      const seen = [];
      for (let ask = 0; ask < 40; ask += 1) seen.push((await askTrace(simulator, CALL)).status);
      return seen;
    };
    const first = await statuses();
    expect(new Set(first)).toEqual(new Set([200, 500]));
    expect(await statuses()).toEqual(first);
  });

  it('come after the signature, but for those of the connection', async () => {
    simulator.configure({ fault: 'http-500' });
    expect((await send(simulator, { path: TRACE_PATH })).status).toBe(401);
    simulator.configure({ fault: 'reset' });
    await expect(send(simulator, { path: TRACE_PATH })).rejects.toThrow();
  });

  it('leave every request counted', async () => {
    await askWith('http-500');
    await expect(askWith('reset')).rejects.toThrow();
    expect(simulator.countOf(CALL.callId)).toBe(2);
  });
});
