import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startSimulator, type Simulator } from '../../simulator/simulator.js';
import { askTrace, json, PING_PATH, rows, send, sendSigned, TRACE_PATH } from './support/ask.js';
import { createClock, NOON } from './support/clock.js';

const CALL = { callId: `${NOON / 1000 - 7200}-2`, logDate: NOON };

describe('the simulator', () => {
  let simulator: Simulator;
  beforeEach(async () => {
    simulator = await startSimulator({ now: createClock().now });
  });
  afterEach(() => simulator.close());

  it('answers a signed question with the records of the call, as JSON in UTF-8', async () => {
    const reply = await askTrace(simulator, CALL);
    expect(reply.status).toBe(200);
    expect(reply.headers['content-type']).toBe('application/json;charset=UTF-8');
    expect(rows(reply)).toHaveLength(3);
  });

  it('answers a signed ping with success, and an unsigned one with 401', async () => {
    const body = '{"say":"Hello world!"}';
    expect(json(await sendSigned(simulator, { path: PING_PATH, body }))).toMatchObject({ resultCode: '0100000' });
    expect((await send(simulator, { path: PING_PATH, body })).status).toBe(401);
  });

  it.each(['GET', 'PUT', 'DELETE'])('refuses the method %s with 405', async (method) => {
    const reply = await send(simulator, { method, path: TRACE_PATH });
    expect(json(reply)).toMatchObject({ status: 405, error: 'Method Not Allowed', path: TRACE_PATH });
    expect(reply.headers.allow).toBe('POST');
  });

  it('answers any other path with 404 in the error form of a Java server', async () => {
    expect(json(await send(simulator, { path: '/elsewhere' }))).toEqual({
      timestamp: NOON,
      status: 404,
      error: 'Not Found',
      message: 'No such path',
      path: '/elsewhere',
    });
  });

  it.each([
    ['application/json', 200],
    ['application/json;charset=UTF-8', 200],
    ['application/json; charset=utf-8', 200],
    ['text/plain', 415],
    ['application/json; charset=latin1', 415],
  ])('answers the content type %s with %i', async (contentType, status) => {
    expect((await askTrace(simulator, CALL, { headers: { 'content-type': contentType } })).status).toBe(status);
  });

  it('writes down every trace request, refused ones included', async () => {
    await askTrace(simulator, CALL);
    await send(simulator, { path: TRACE_PATH, body: 'not JSON' });
    expect(simulator.requests).toMatchObject([
      { ...CALL, ccId: 1, vdn: 170, status: 200, aborted: false, receivedAt: NOON },
      { callId: null, vdn: null, body: 'not JSON', status: 401 },
    ]);
    expect(simulator.requests[0]?.headers['content-type']).toBe('application/json; charset=UTF-8');
    expect(simulator.countOf(CALL.callId)).toBe(1);
    expect(simulator).toMatchObject({ total: 2, connections: 2 });
  });

  it('works on no more requests at once than its capacity', async () => {
    simulator.configure({ capacity: 1, latencyMs: 300 }); // long enough for all three to come
    const replies = await Promise.all([1, 2, 3].map(() => askTrace(simulator, CALL)));
    expect(replies.map((reply) => reply.status)).toEqual([200, 200, 200]);
    expect(simulator).toMatchObject({ peakInFlight: 3, inFlight: 0 });
  });

  it('gives the place of a client that left to the next one', async () => {
    simulator.configure({ capacity: 1, fault: 'hang-mid-body', faultCount: 1 });
    const leaving = new AbortController();
    const hanging = askTrace(simulator, CALL, { signal: leaving.signal });
    await reached(() => simulator.total === 1 && simulator.inFlight === 1);
    const waiting = askTrace(simulator, CALL);
    leaving.abort();
    await expect(hanging).rejects.toThrow();
    expect((await waiting).status).toBe(200);
    expect(simulator.requests[0]).toMatchObject({ status: null, aborted: true });
  });

  it('is as at the start after a reset', async () => {
    simulator.configure({ fault: 'http-500', accessKeys: {} });
    await askTrace(simulator, CALL);
    simulator.reset();
    expect(simulator).toMatchObject({ total: 0, peakInFlight: 0, connections: 0 });
    expect(simulator.requests).toHaveLength(0);
    expect(simulator.countOf(CALL.callId)).toBe(0);
    expect((await askTrace(simulator, CALL)).status).toBe(200);
  });

  it('destroys open sockets when it closes', async () => {
    simulator.configure({ fault: 'hang-before-headers' });
    const hanging = askTrace(simulator, CALL);
    const outcome = expect(hanging).rejects.toThrow();
    await reached(() => simulator.inFlight === 1);
    await simulator.close();
    await outcome;
  });

  it('tells the time of its own clock, or none', async () => {
    const dateOf = async () => (await askTrace(simulator, CALL)).headers.date;
    expect(await dateOf()).toBe(new Date(NOON).toUTCString());
    simulator.configure({ clockAheadMs: -600_000 });
    expect(await dateOf()).toBe(new Date(NOON - 600_000).toUTCString());
    simulator.configure({ sendDate: false });
    expect(await dateOf()).toBeUndefined();
    simulator.reset();
    expect(await dateOf()).toBe(new Date(NOON).toUTCString());
  });

  it('locks an address as long as it says, whatever its clock is set to', async () => {
    simulator.configure({ lockAfter: 1 });
    await send(simulator, { path: TRACE_PATH });
    simulator.configure({ clockAheadMs: 3_600_000 });
    expect((await askTrace(simulator, CALL)).status).toBe(403);
  });

  it('does not start with a time zone that does not exist', async () => {
    await expect(startSimulator({ timeZone: 'Mars/Olympus' })).rejects.toThrow(RangeError);
  });
});

/** Waits for something that happens in this process, one turn of the event loop after another. */
async function reached(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
