import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startSimulator, type Simulator } from '../../simulator/simulator.js';
import { askTrace, json, sendSigned, TRACE_PATH } from './support/ask.js';

const RIGHT = { ccId: 1, vdn: 170, callId: '1700000000-2', logDate: 1_700_000_000_000 };

describe('the checks of a request body', () => {
  let simulator: Simulator;
  beforeAll(async () => {
    simulator = await startSimulator();
  });
  afterAll(() => simulator.close());

  it.each([
    { ccId: 0 },
    { ccId: 65_536 },
    { ccId: 1.5 },
    { ccId: null },
    { vdn: 0 },
    { vdn: 5001 },
    { vdn: '17O' },
    { vdn: true },
    { callId: '' },
    { callId: 'x'.repeat(65) },
    { callId: 5 },
    { logDate: 'yesterday' },
    { logDate: -1 },
    { logDate: 8_640_000_000_000_001 },
  ])('refuse %o with result code 0100002 and a plain text', async (wrong) => {
    const [field = ''] = Object.keys(wrong);
    const reply = await askTrace(simulator, { ...RIGHT, ...wrong });
    expect(reply.status).toBe(200);
    expect(json(reply)).toEqual({ resultCode: '0100002', resultDesc: expect.stringContaining(field) });
  });

  it.each(['', 'not JSON', '[]', 'null', '"text"'])('refuse the body %p', async (body) => {
    expect(json(await sendSigned(simulator, { path: TRACE_PATH, body }))).toMatchObject({ resultCode: '0100002' });
  });

  it.each([{ ccId: '65535' }, { vdn: '5000' }, { logDate: '1700000000000' }, { callId: 'x'.repeat(64) }])(
    'accept %o',
    async (change) => {
      expect(json(await askTrace(simulator, { ...RIGHT, ...change }))).toMatchObject({ resultCode: '0100000' });
    },
  );
});
