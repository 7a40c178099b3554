import { afterEach, describe, expect, it } from '@jest/globals';
import { UpstreamMalformedError } from '../../src/call/errors.js';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../src/simulator/simulator.js';
import { withTimeLimit } from '../../src/upstream/time-limit.js';
import { createTransport, type Transport, type TransportOptions } from '../../src/upstream/transport.js';
import { createAuthority } from './support/certificates.js';
import { until } from './support/until.js';
import { withGarbageCollection } from './support/with-garbage-collection.js';

const BODY = JSON.stringify({ ccId: 1, vdn: 170, callId: '1749974400-2', logDate: 1_749_988_800_000 });
const MINUTE_MS = 60_000;

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

/** A contact centre that lets every request in: signatures are not the subject here. */
async function startOpenSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const simulator = await startSimulator(options);
  open.push(simulator);
  simulator.configure({ checkSignature: false });
  return simulator;
}

function openTransport(options: Partial<TransportOptions> = {}): Transport {
  const transport = createTransport({ connections: 20, timeoutMs: MINUTE_MS, ...options });
  open.push(transport);
  return transport;
}

function ask(transport: Transport, simulator: Simulator, signal = new AbortController().signal): Promise<Response> {
  const url = new URL('/rest/cmsapp/v1/openapi/vdn/querycalltracedetail', simulator.url);
  return transport.post({ url, headers: { 'content-type': 'application/json' }, body: BODY, signal });
}

describe('createTransport', () => {
  it('sends the body byte for byte and gives status, headers and the whole reply', async () => {
    const simulator = await startOpenSimulator();
    const response = await ask(openTransport(), simulator);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json;charset=UTF-8');
    expect(await response.json()).toMatchObject({ resultCode: '0100000' });
    expect(simulator.requests).toMatchObject([{ body: BODY, status: 200 }]);
  });

  it('gives a reply without a body as it is', async () => {
    const simulator = await startOpenSimulator();
    simulator.configure({ fault: 'empty-body' });
    const response = await ask(openTransport(), simulator);
    expect([response.status, await response.text()]).toEqual([200, '']);
  });

  it('follows no redirect', async () => {
    const simulator = await startOpenSimulator();
    simulator.configure({ fault: 'redirect' });
    const response = await ask(openTransport(), simulator);
    expect(response.status).toBe(302);
    expect(response.headers.get('location')).toBe('/redirected');
    expect(simulator.redirectsFollowed).toBe(0);
  });

  it('refuses a reply one byte longer than allowed, and takes one that is not', async () => {
    const simulator = await startOpenSimulator();
    const length = Buffer.byteLength(await (await ask(openTransport(), simulator)).text());
    expect((await ask(openTransport({ maxReplyBytes: length }), simulator)).status).toBe(200);
    const refused = ask(openTransport({ maxReplyBytes: length - 1 }), simulator);
    await expect(refused).rejects.toThrow(UpstreamMalformedError);
    await expect(refused).rejects.toThrow(`the reply is longer than ${length - 1} bytes`);
  });

  it('hangs up on a reply of 50 MiB rather than read it', async () => {
    const simulator = await startOpenSimulator();
    simulator.configure({ fault: 'huge-body' });
    await expect(ask(openTransport(), simulator)).rejects.toThrow(UpstreamMalformedError);
    await until(() => simulator.requests[0]?.aborted === true);
  });

  it('keeps its connections alive and never opens more than it may', async () => {
    const simulator = await startOpenSimulator({ latencyMs: 10 });
    const transport = openTransport({ connections: 3 });
    await Promise.all(Array.from({ length: 12 }, () => ask(transport, simulator)));
    expect(simulator.connections).toBe(3);
    expect(simulator.peakInFlight).toBe(3);
    for (let n = 0; n < 6; n += 1) await ask(transport, simulator);
    expect(simulator.connections).toBe(3);
    expect(simulator.total).toBe(18);
  });

  it('asks nobody once it is closed', async () => {
    const simulator = await startOpenSimulator();
    const transport = openTransport();
    await transport.close();
    await expect(ask(transport, simulator)).rejects.toMatchObject({ code: 'UND_ERR_DESTROYED' });
    expect(simulator.total).toBe(0);
  });
});

describe('a transport whose contact centre stalls', () => {
  const STALLED = 20;

  it('is cut in time and hangs up for each of 20 stalled bodies, however often garbage is collected', async () => {
    const simulator = await startOpenSimulator();
    simulator.configure({ fault: 'hang-mid-body' });
    const transport = openTransport();
    const startedAt = Date.now();
    const asked = Promise.allSettled(
      Array.from({ length: STALLED }, () =>
        withTimeLimit(1000, undefined, (signal) => ask(transport, simulator, signal)),
      ),
    );
    await until(() => simulator.total === STALLED);
    const outcomes = await withGarbageCollection(() => asked);
    expect(Date.now() - startedAt).toBeLessThan(4000);
    for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: { name: 'TimeoutError' } });
    // The promise is not all that is cut: the connection is, too.
    await until(() => simulator.requests.every((request) => request.aborted) && simulator.inFlight === 0);
  });

  it.each([
    ['hang-mid-body', 'UND_ERR_BODY_TIMEOUT'],
    ['hang-before-headers', 'UND_ERR_HEADERS_TIMEOUT'],
  ] as const)('ends %s by itself, if nobody cuts it', async (fault, code) => {
    const simulator = await startOpenSimulator();
    simulator.configure({ fault });
    await withGarbageCollection(() =>
      expect(ask(openTransport({ timeoutMs: 300 }), simulator)).rejects.toMatchObject({ code }),
    );
  });

  it('hangs up when its signal aborts', async () => {
    const simulator = await startOpenSimulator();
    simulator.configure({ fault: 'hang-before-headers' });
    const asker = new AbortController();
    const asked = expect(ask(openTransport(), simulator, asker.signal)).rejects.toMatchObject({ name: 'AbortError' });
    await until(() => simulator.total === 1);
    asker.abort();
    await asked;
    await until(() => simulator.requests[0]?.aborted === true);
  });
});

describe('a transport over TLS', () => {
  const { ca, server } = createAuthority('Test Authority');

  it('trusts the private authority it is given', async () => {
    const simulator = await startOpenSimulator({ tls: server });
    expect(simulator.url).toMatch(/^https:/);
    expect((await ask(openTransport({ ca }), simulator)).status).toBe(200);
  });

  it.each<[string, string | undefined]>([
    ['is given none', undefined],
    ['is given another', createAuthority('Other Authority').ca],
    // The same name alone is not enough.
    ['is given a forged one', createAuthority('Test Authority').ca],
  ])('asks nothing of a server of a private authority if it %s', async (_, trusted) => {
    const simulator = await startOpenSimulator({ tls: server });
    await expect(ask(openTransport({ ca: trusted }), simulator)).rejects.toThrow(/certificate|signature/);
    expect(simulator.total).toBe(0);
  });

  it('asks nothing of a server whose certificate is for another address', async () => {
    const elsewhere = createAuthority('Test Authority', [192, 0, 2, 1]);
    const simulator = await startOpenSimulator({ tls: elsewhere.server });
    await expect(ask(openTransport({ ca: elsewhere.ca }), simulator)).rejects.toMatchObject({
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
    expect(simulator.total).toBe(0);
  });
});
