import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startSimulator, type Simulator } from '../../simulator/simulator.js';
import { askTrace, json, send, type Reply } from './support/ask.js';

const CALL = { callId: '1700000000-2', logDate: 1_700_000_000_000 };

function patch(simulator: Simulator, change: unknown): Promise<Reply> {
  return send(simulator, { method: 'PATCH', path: '/control', body: JSON.stringify(change) });
}

describe('the control endpoint', () => {
  let simulator: Simulator;
  beforeEach(async () => {
    simulator = await startSimulator();
  });
  afterEach(() => simulator.close());

  it('shows behaviour, counts, and what can be asked for, but no secret key', async () => {
    await askTrace(simulator, CALL);
    const reply = await send(simulator, { method: 'GET', path: '/control' });
    expect(json(reply)).toMatchObject({
      behaviour: { fault: null, latencyMs: 0, accessKeys: ['demo-access-key'] },
      total: 1,
      counts: { [CALL.callId]: 1 },
      faults: expect.arrayContaining(['slow', 'legacy-result-datas']),
      scenarios: expect.arrayContaining([
        expect.objectContaining({ name: 'ivr-only', callId: '1700000000-1', vdn: null, kind: 'drawn' }),
      ]),
    });
    expect(reply.text).not.toContain('demo-secret-key');
  });

  it('changes the behaviour and shows the result', async () => {
    const reply = await patch(simulator, { fault: 'http-502', faultCount: 1, capacity: null });
    expect(json(reply)).toMatchObject({ behaviour: { fault: 'http-502', faultCount: 1, capacity: null } });
    expect((await askTrace(simulator, CALL)).status).toBe(502);
    expect((await askTrace(simulator, CALL)).status).toBe(200);
  });

  it.each([
    [{ fault: 'flood' }, /hang-mid-body.*legacy-result-datas/],
    [{ speed: 3 }, /no setting speed.*latencyMs/],
    [{ faultRate: 2 }, /faultRate must be a number from 0 to 1/],
    [{ clockAheadMs: 'much' }, /clockAheadMs must be a number/],
    [{ faultCallIds: 'all' }, /faultCallIds must be a list of texts/],
    [{ accessKeys: ['demo-access-key'] }, /accessKeys must be an object of texts/],
    [[], /must be a JSON object/],
  ])('refuses %j, changes nothing, and says what would be right', async (change, message) => {
    const reply = await patch(simulator, change);
    expect(json(reply)).toMatchObject({ status: 400, message: expect.stringMatching(message) });
    expect((await askTrace(simulator, CALL)).status).toBe(200);
  });

  it('sets the clock back and forward', async () => {
    for (const clockAheadMs of [-7_200_000, 7_200_000])
      expect(json(await patch(simulator, { clockAheadMs }))).toMatchObject({ behaviour: { clockAheadMs } });
  });

  it('refuses a body that is not JSON', async () => {
    expect((await send(simulator, { method: 'PATCH', path: '/control', body: '{' })).status).toBe(400);
  });

  it('resets', async () => {
    await patch(simulator, { fault: 'http-500' });
    await askTrace(simulator, CALL);
    const reply = await send(simulator, { path: '/control/reset' });
    expect(json(reply)).toMatchObject({ behaviour: { fault: null }, total: 0, counts: {} });
  });
});
