import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { FaultName } from '../../simulator/fault-names.js';
import { ask, askAll, KEY, kinds, someKeys, traceFrom } from './support/ask.js';
import { createBench, KEYS, signatureBy, type Connected } from './support/contact-centre.js';
import { startReplyServer } from './support/reply-server.js';
import { until } from './support/until.js';
import { withGarbageCollection } from './support/with-garbage-collection.js';

const bench = createBench();
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await bench.close();
  for (const close of closing.splice(0)) await close();
});

const WRONG_KEY = signatureBy({ ...KEYS, secretKey: () => 'wrong' });
const TIME_IS_UP = new DOMException('time is up', 'TimeoutError');

/** A server that gives these bytes to every request, and counts the signatures it was shown. */
async function startRaw(bytes: string, afterMs = 0) {
  const sockets = new Set<Socket>();
  let shown = 0;
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined).on('close', () => sockets.delete(socket)));
    socket.on('data', (data) => {
      shown += data.toString('latin1').split('\nauthorization:').length - 1;
      setTimeout(() => socket.writable && socket.write(bytes), afterMs);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        sockets.forEach((socket) => socket.destroy());
      }),
  );
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get shown() {
      return shown;
    },
  };
}

/** Nothing is sent, or about to be. */
async function atRest(upstream: Connected): Promise<void> {
  await until(() => upstream.state.inFlight === 0 && upstream.state.queued === 0);
}

describe('a wrong key is shown no more often than may be refused', () => {
  it('though twenty clients leave before the 401', async () => {
    const simulator = await bench.start({ latencyMs: 0 });
    const server = await startReplyServer((response) => void setTimeout(() => response.writeHead(401).end(), 200));
    closing.push(() => server.close());
    const upstream = bench.connect(server, { authorisation: WRONG_KEY, maxAuthFailures: 3 });
    for (const key of someKeys(20)) {
      const client = new AbortController();
      const asked = ask(upstream, key, { signal: client.signal });
      const before = server.requests.length;
      await Promise.race([until(() => server.requests.length > before).catch(() => undefined), pause(40)]);
      client.abort(new Error('gone'));
      expect(await asked).toBeInstanceOf(Error);
    }
    await atRest(upstream);
    expect(server.requests).toHaveLength(3);
    expect(upstream.state.signature).toMatchObject({ state: 'REFUSED' });
    expect(upstream.lines).toContainEqual(
      expect.objectContaining({ level: 'error', text: expect.stringContaining('refuses our signatures') as unknown }),
    );
    expect(simulator.total).toBe(0);
  });

  it('though each 401 comes after the attempt’s time limit, which is named no answer', async () => {
    const server = await startRaw('HTTP/1.1 401 No\r\ncontent-length: 0\r\n\r\n', 600);
    const upstream = bench.connect(server, { authorisation: WRONG_KEY, maxAuthFailures: 3, attemptTimeoutMs: 200 });
    const answers = await askAll(upstream, someKeys(20));
    await atRest(upstream);
    expect(server.shown).toBe(3);
    expect(kinds(answers)).not.toContain('trace');
    expect(kinds(answers)).not.toContain('UpstreamAuthError');
    expect(upstream.state.signature.state).toBe('NO_ANSWER');
    expect((await ask(upstream)) as Error).toMatchObject({ name: 'UpstreamUnavailableError' });
  });

  it.each([
    ['is cut', 'HTTP/1.1 401 No\r\ncontent-length: 100\r\n\r\n{"half'],
    ['stalls', 'HTTP/1.1 401 No\r\ntransfer-encoding: chunked\r\n\r\n'],
    ['bears a wrong Content-Encoding', 'HTTP/1.1 401 No\r\ncontent-encoding: gzip\r\ncontent-length: 2\r\n\r\n{}'],
    ['is no HTTP after the head', 'HTTP/1.1 401 No\r\ntransfer-encoding: chunked\r\n\r\nzzz\r\n'],
  ])('though the body of the 401 %s', async (_, bytes) => {
    const server = await startRaw(bytes);
    const upstream = bench.connect(server, { authorisation: WRONG_KEY, maxAuthFailures: 3, attemptTimeoutMs: 5_000 });
    const startedAt = performance.now();
    for (const key of someKeys(10)) expect(await ask(upstream, key)).toMatchObject({ name: 'UpstreamAuthError' });
    expect(performance.now() - startedAt).toBeLessThan(4_000); // no body was waited for
    expect(server.shown).toBe(3);
  });

  it('though a hundred ask at once, with a second wrong pair of keys besides', async () => {
    const simulator = await bench.start({ lockAfter: 4 });
    const authorisation = signatureBy({ ...KEYS, secretKey: () => 'wrong' }, { ...KEYS, secretKey: () => 'wrong too' });
    const upstream = bench.connect(simulator, { authorisation, maxAuthFailures: 3 });
    expect(new Set(kinds(await askAll(upstream, someKeys(100))))).toEqual(new Set(['UpstreamAuthError']));
    expect(simulator.requests.map(({ status }) => status)).toEqual([401, 401, 401]);
  });
});

describe('a second pair of keys', () => {
  it('is tried at once when the first is refused, without a retry being allowed', async () => {
    const simulator = await bench.start();
    const authorisation = signatureBy({ ...KEYS, secretKey: () => 'wrong' }, KEYS);
    const upstream = bench.connect(simulator, { authorisation, maxAuthFailures: 3, maxRetries: 0 });
    expect(kinds(await askAll(upstream, someKeys(20)))).toEqual(Array(20).fill('trace'));
    expect(simulator.requests.filter(({ status }) => status === 401)).toHaveLength(2);
    expect(upstream.lines).toMatchObject([
      { cause: 'signature_refused', code: 'HTTP_401' },
      { text: 'the contact centre accepts our signatures' },
    ]);
  });
});

describe('a key', () => {
  it('is not proven by a reply that has no result code: any server answers 200', async () => {
    const server = await startReplyServer((response) => response.end('{}'));
    closing.push(() => server.close());
    const upstream = bench.connect(server);
    expect(await ask(upstream)).toMatchObject({ name: 'UpstreamMalformedError' });
    expect(upstream.state.signature.state).toBe('UNPROVEN');
  });

  it('whose address is locked fails a question at once, though the queue waits for Retry-After', async () => {
    let answers = 0;
    const server = await startReplyServer((response) => {
      answers += 1;
      if (answers === 1) response.writeHead(429, { 'retry-after': '60' }).end();
      else setTimeout(() => response.writeHead(403, { 'content-type': 'application/json' }).end('{}'), 100);
    });
    closing.push(() => server.close());
    const upstream = bench.connect(server, { maxAuthFailures: 2, maxRetries: 0 });
    const asked = askAll(upstream, someKeys(2));
    expect(kinds(await asked).sort()).toEqual(['UpstreamAuthError', 'UpstreamUnavailableError']);
    expect(upstream.state.pausedForMs).toBeGreaterThan(50_000);
    const startedAt = performance.now();
    expect(await ask(upstream)).toMatchObject({ refusal: 'address_locked' });
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});

describe('a request that was not written', () => {
  it('costs no permit: connections that are refused leave the guard as it is', async () => {
    const simulator = await bench.start();
    const upstream = bench.connect(simulator, { maxAuthFailures: 1 });
    await simulator.close();
    await askAll(upstream, someKeys(3));
    expect(upstream.state.signature).toEqual({ state: 'UNPROVEN', nextProbeInMs: null });
    expect(upstream.outcomes).toEqual(Array(upstream.outcomes.length).fill('refused'));
  });
});

describe('a client that leaves', () => {
  it.each<FaultName>(['hang-before-headers', 'hang-mid-body'])(
    'takes its request with it once the key is proven, here from %s',
    async (fault) => {
      const simulator = await bench.start();
      const upstream = bench.connect(simulator);
      await traceFrom(upstream);
      simulator.configure({ fault });
      const client = new AbortController();
      const asked = ask(upstream, KEY, { signal: client.signal });
      await until(() => simulator.total === 2);
      client.abort();
      expect(await asked).toMatchObject({ name: 'UpstreamUnavailableError' });
      await until(() => simulator.requests[1]?.aborted === true);
      await atRest(upstream);
      expect(simulator.total).toBe(2);
      expect(upstream.outcomes).toEqual(['ok', 'abandoned']);
    },
  );

  it('is answered at once, while its request goes on to prove the key', async () => {
    const simulator = await bench.start();
    simulator.configure({ fault: 'slow', slowMs: 400 });
    const upstream = bench.connect(simulator);
    const client = new AbortController();
    const asked = ask(upstream, KEY, { signal: client.signal });
    await until(() => simulator.total === 1);
    client.abort(TIME_IS_UP);
    expect(await asked).toMatchObject({ name: 'UpstreamTimeoutError' });
    expect(upstream.state.inFlight).toBe(1);
    await atRest(upstream);
    expect(simulator.requests).toMatchObject([{ aborted: false, status: 200 }]);
    expect(upstream.state.signature.state).toBe('PROVEN');
    expect(upstream.outcomes).toEqual(['ok']);
  });

  it('does not wait for the pause before a retry', async () => {
    const simulator = await bench.start();
    simulator.configure({ fault: 'http-429', retryAfter: '60' });
    const upstream = bench.connect(simulator);
    const client = new AbortController();
    const asked = ask(upstream, KEY, { signal: client.signal });
    await until(() => upstream.state.queued === 1);
    client.abort();
    expect(await asked).toMatchObject({ name: 'UpstreamUnavailableError' });
    expect(simulator.total).toBe(1);
  });

  it.each([null, 'gone', new Error('gone'), TIME_IS_UP])(
    'before it asked, for the reason %p, is asked nothing for',
    async (reason) => {
      const simulator = await bench.start();
      const answer = await ask(bench.connect(simulator), KEY, { signal: AbortSignal.abort(reason) });
      expect(kinds([answer])).toEqual([reason === TIME_IS_UP ? 'UpstreamTimeoutError' : 'UpstreamUnavailableError']);
      expect(simulator.total).toBe(0);
    },
  );

  it.each([
    ['timeout', 'its time is up when the attempt has had half of its own', 1_050, TIME_IS_UP],
    ['abandoned', 'its time is up soon after the begin', 0, TIME_IS_UP],
    ['abandoned', 'it goes, however late', 1_050, new Error('gone')],
  ] as const)('makes an attempt %s if %s', async (outcome, _, afterMs, reason) => {
    const simulator = await bench.start();
    const upstream = bench.connect(simulator, { attemptTimeoutMs: 2_000 });
    await traceFrom(upstream);
    simulator.configure({ fault: 'hang-before-headers' });
    const client = new AbortController();
    const asked = ask(upstream, KEY, { signal: client.signal });
    await until(() => simulator.total === 2);
    await pause(afterMs);
    client.abort(reason);
    await asked;
    await atRest(upstream);
    expect(upstream.outcomes).toEqual(['ok', outcome]);
  });
});

describe('the deadline of a question', () => {
  it('is that of the moment: one who joins may bring more time', async () => {
    const simulator = await bench.start();
    simulator.configure({ fault: 'http-503', faultCount: 1, latencyMs: 300 });
    const question = { deadlineAt: performance.now() + 200 };
    const asked = traceFrom(bench.connect(simulator), KEY, question);
    question.deadlineAt += 60_000;
    await asked;
    expect(simulator.total).toBe(2);
  });

  it('is not crossed by a retry', async () => {
    const simulator = await bench.start();
    simulator.configure({ fault: 'http-503', latencyMs: 300 });
    await ask(bench.connect(simulator), KEY, { deadlineAt: performance.now() + 200 });
    expect(simulator.total).toBe(1);
  });

  it('has passed: nothing is asked', async () => {
    const simulator = await bench.start();
    const answer = await ask(bench.connect(simulator), KEY, { deadlineAt: performance.now() - 1 });
    expect(answer).toMatchObject({ name: 'UpstreamTimeoutError' });
    expect(simulator.total).toBe(0);
  });
});

describe('the time limit of an attempt', () => {
  it('cuts twenty stalled bodies and their connections, however often garbage is collected', async () => {
    const simulator = await bench.start();
    simulator.configure({ fault: 'hang-mid-body' });
    const upstream = bench.connect(simulator, { attemptTimeoutMs: 3_000, maxRetries: 0 });
    const startedAt = performance.now();
    const asked = askAll(upstream, someKeys(20));
    await until(() => simulator.total === 20);
    const answers = await withGarbageCollection(() => asked);
    expect(performance.now() - startedAt).toBeLessThan(12_000);
    expect(kinds(answers)).toEqual(Array(20).fill('UpstreamTimeoutError'));
    await until(() => simulator.requests.every((request) => request.aborted));
  });
});

describe('a connection that was closed while it was kept alive', () => {
  /** A server that closes each connection after its first reply, and an upstream that has one open. */
  async function withClosedConnection(maxConcurrency = 1) {
    const server = await startReplyServer((response) => {
      response.end('{"resultCode":"0100000","resultDesc":[]}');
      setTimeout(() => response.socket?.destroy(), 20);
    });
    closing.push(() => server.close());
    const upstream = bench.connect(server, { maxRetries: 0, maxConcurrency });
    await traceFrom(upstream);
    return { server, upstream };
  }

  it('fails no question, and says nothing against the address', async () => {
    const simulator = await bench.start();
    const upstream = bench.connect(simulator, { maxRetries: 0 });
    await traceFrom(upstream);
    simulator.configure({ fault: 'reset', faultCount: 1 });
    await traceFrom(upstream);
    expect(simulator.total).toBe(3);
    expect(upstream.outcomes).toEqual(['ok', 'ok']);
    expect(upstream.lines.filter(({ level }) => level === 'warn')).toEqual([]);
  });

  it('is not asked over twice', async () => {
    const simulator = await bench.start();
    const upstream = bench.connect(simulator, { maxRetries: 0 });
    await traceFrom(upstream);
    simulator.configure({ fault: 'reset' });
    expect(await ask(upstream)).toMatchObject({ name: 'UpstreamUnavailableError' });
    expect(simulator.total).toBe(3);
  });

  it('is not asked over with a key that is not proven: each signature shown has its permit', async () => {
    const simulator = await bench.start();
    simulator.configure({ fault: 'reset' });
    const upstream = bench.connect(simulator, { maxRetries: 0 });
    expect(await ask(upstream)).toMatchObject({ name: 'UpstreamUnavailableError' });
    expect(simulator.total).toBe(1);
  });

  it('is replaced by a new one', async () => {
    const { server, upstream } = await withClosedConnection();
    await pause(40);
    await traceFrom(upstream);
    expect(server.requests).toHaveLength(2);
  });
});
