import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startSimulator, type Simulator } from '../../simulator/simulator.js';
import { checkSignature } from '../../simulator/signature-check.js';
import { askTrace, json, send, TRACE_PATH, type Reply } from './support/ask.js';
import { createClock } from './support/clock.js';

const BODY = '{"ccId":1,"vdn":170,"callId":"1678978542-92","logDate":1678978542000}';
const HOST = 'cms.example.com:28443';
const CONTENT_TYPE = 'application/json;charset=UTF-8';

const V1 =
  'auth-v2/exampleak/2024-10-31T14:06:52Z/host/aec548ffb0e0cfe2a43ab4c5e853c683d0cade0c964f16374053acbd88416755';
const V2_PREFIX = 'auth-v2/exampleak/2024-10-31T14:06:52.123Z/content-length;content-type;host';
const V2 = `${V2_PREFIX}/47826f443fd5d1a3c05789c603d99d4a4068d78120fa8e21e6c19d75aaf93def`;
const V3 = `${V2_PREFIX}/2a26465381b795d6dbb30c7b589bdb79f7fae602bba3b7531a7e8e28b2ac3d2e`;
const V4 =
  'auth-v2/exampleak/2024-10-31T14:06:52Z/host/bfe5aa2f3903ccd7d69a0f144e1dac871634c895f880525442086d867590cea4';

function sendVector(simulator: Simulator, authorization: string, change: Record<string, string> = {}): Promise<Reply> {
  const { body = BODY, ...headers } = change;
  return send(simulator, {
    path: TRACE_PATH,
    body,
    headers: { host: HOST, 'content-type': CONTENT_TYPE, authorization, ...headers },
  });
}

describe('the signature check', () => {
  const clock = createClock();
  let simulator: Simulator;
  beforeEach(async () => {
    simulator = await startSimulator({ accessKey: 'exampleak', secretKey: 'example-sk-not-real', now: clock.now });
  });
  afterEach(() => simulator.close());

  it.each([
    ['seconds, host only', V1],
    ['milliseconds, three headers', V2],
    ['milliseconds, three headers, an empty query line', V3],
  ])('accepts the form with %s', async (_form, authorization) => {
    expect((await sendVector(simulator, authorization)).status).toBe(200);
  });

  it('accepts a query in any order, and no body', () => {
    const request = { method: 'GET', target: '/example/path?c=&b=2%203&a=x%2Fy', body: '' };
    const headers = { host: HOST, authorization: V4 };
    expect(checkSignature({ ...request, headers }, () => 'example-sk-not-real')).toBeNull();
  });

  it.each([
    ['another body', V1, { body: BODY.replace('170', '171') }],
    ['another host', V1, { host: 'cms.example.com' }],
    ['another content type than signed', V2, { 'content-type': 'application/json' }],
    ['another time', V1.replace('14:06:52Z', '14:06:53Z'), {}],
    ['an unknown key', V1.replace('exampleak', 'nobody'), {}],
    ['a changed digit', V1.replace(/5$/, '6'), {}],
    ['upper-case digits', V1.replace('aec5', 'AEC5'), {}],
    ['a time with an offset', V1.replace('52Z', '52+00:00'), {}],
    ['names out of order', V2.replace('content-length;content-type;host', 'host;content-length;content-type'), {}],
    ['no signed host', V2.replace(';host', ''), {}],
    ['a signed header that is missing', V1.replace('/host/', '/host;x-missing/'), {}],
    ['another scheme', V1.replace('auth-v2', 'Bearer auth-v1'), {}],
  ])('refuses %s with 401 in the error form of a Java server', async (_what, authorization, change) => {
    const reply = await sendVector(simulator, authorization, change);
    expect(json(reply)).toEqual({
      timestamp: clock.now(),
      status: 401,
      error: 'Unauthorized',
      message: expect.any(String),
      path: TRACE_PATH,
    });
  });

  it('locks an address after five refusals, even for right signatures, until the lock runs out', async () => {
    for (let refusal = 0; refusal < 5; refusal += 1) expect((await sendVector(simulator, 'nonsense')).status).toBe(401);
    const locked = await sendVector(simulator, V1);
    expect(json(locked)).toMatchObject({ status: 403, error: 'Forbidden', path: TRACE_PATH });
    clock.forward(60_000);
    expect((await sendVector(simulator, V1)).status).toBe(200);
  });

  it('forgets refusals that lie further back than a lock lasts', async () => {
    for (let refusal = 0; refusal < 6; refusal += 1) {
      expect((await sendVector(simulator, 'nonsense')).status).toBe(401);
      clock.forward(20_000);
    }
  });

  it('lifts locks with a reset', async () => {
    simulator.configure({ lockAfter: 1 });
    await sendVector(simulator, 'nonsense');
    expect((await sendVector(simulator, V1)).status).toBe(403);
    simulator.reset();
    expect((await sendVector(simulator, V1)).status).toBe(200);
  });

  it('lets everybody in when it is switched off', async () => {
    simulator.configure({ checkSignature: false });
    expect((await sendVector(simulator, 'nonsense')).status).toBe(200);
  });

  it('knows several keys', async () => {
    simulator.configure({ accessKeys: { exampleak: 'example-sk-not-real', 'demo-access-key': 'demo-secret-key' } });
    expect((await sendVector(simulator, V1)).status).toBe(200);
    expect((await askTrace(simulator, { callId: 'x', logDate: 0 })).status).toBe(200);
  });
});
