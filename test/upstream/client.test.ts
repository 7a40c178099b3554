import { afterEach, describe, expect, it } from '@jest/globals';
import type { UpstreamUnavailableError } from '../../src/call/errors.js';
import type { FaultName } from '../../simulator/fault-names.js';
import { checkSignature } from '../../simulator/signature-check.js';
import { backoffMs } from '../../src/upstream/client.js';
import type { NumberStyle } from '../../src/upstream/wire.js';
import { createKey } from '../fixtures/records.js';
import { describeFetchTraces, FAILING } from '../support/contract.js';
import { createTestClock } from '../support/traces.js';
import { ask, askAll, KEY, kinds, seen, signedTime, someKeys, traceFrom } from './support/ask.js';
import { createAuthority } from './support/certificates.js';
import { createBench, KEYS, signatureBy } from './support/contact-centre.js';
import { startReplyServer } from './support/reply-server.js';
import { until } from './support/until.js';

const bench = createBench();
afterEach(bench.close);

const PATH = '/rest/cmsapp/v1/openapi/vdn/querycalltracedetail';

describeFetchTraces('the upstream', async ({ clock }) => {
  const simulator = await bench.start({ now: clock.wall });
  simulator.configure({ fault: 'result-0100002', faultCallIds: [FAILING.callId] });
  return { fetchTraces: bench.connect(simulator, { clock }).fetchTraces };
});

describe('the request for a trace', () => {
  /** The simulator counts nothing but POSTs to the path of the interface, and answers no other. */
  it('is one POST with these headers and no others', async () => {
    const simulator = await bench.start();
    await traceFrom(bench.connect(simulator));
    expect(simulator.total).toBe(1);
    const { headers, body } = seen(simulator, 0);
    expect(headers).toEqual({
      host: new URL(simulator.url).host,
      connection: 'keep-alive',
      'accept-encoding': 'identity',
      'content-type': 'application/json; charset=UTF-8',
      'content-length': String(Buffer.byteLength(body)),
      authorization: expect.stringMatching(
        /^auth-v2\/demo-access-key\/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\/host\/[0-9a-f]{64}$/,
      ) as unknown,
    });
    expect(headers['host']).toMatch(/^127\.0\.0\.1:\d+$/);
  });

  it.each<[NumberStyle, string]>([
    ['numbers', '{"ccId":1,"vdn":170,"callId":"1749970800-5","logDate":1749988800000}'],
    ['strings', '{"ccId":"1","vdn":"170","callId":"1749970800-5","logDate":"1749988800000"}'],
    ['sample', '{"ccId":1,"vdn":170,"callId":"1749970800-5","logDate":"1749988800000"}'],
  ])('has a body in the style %s, which the contact centre reads', async (numberStyle, body) => {
    const simulator = await bench.start();
    const { records } = await traceFrom(bench.connect(simulator, { numberStyle }));
    expect(simulator.requests[0]?.body).toBe(body);
    expect(records).toHaveLength(5);
  });

  it('asks for noon of the 15th in the zone of the call centre', async () => {
    const simulator = await bench.start({ timeZone: 'Asia/Shanghai' });
    const timeZoneOf = (ccId: number) => (ccId === 7 ? 'Asia/Shanghai' : 'UTC');
    await traceFrom(bench.connect(simulator, { timeZoneOf }), { ...KEY, ccId: 7 });
    expect(simulator.requests[0]?.logDate).toBe(Date.parse('2025-06-15T12:00:00+08:00'));
  });

  const THREE_HEADERS = ['content-length', 'content-type', 'host'];
  it.each([
    ['seconds and the host alone', {}],
    ['milliseconds and three headers', { timestamp: 'milliseconds', signedHeaders: THREE_HEADERS }],
    ['an empty query line', { timestamp: 'milliseconds', signedHeaders: THREE_HEADERS, emptyQueryLine: true }],
  ] as const)('is accepted when signed with %s', async (_, change) => {
    const simulator = await bench.start();
    const authorisation = { ...signatureBy(KEYS), ...change };
    await traceFrom(bench.connect(simulator, { authorisation }));
    expect(simulator.requests).toMatchObject([{ status: 200 }]);
  });

  it('arrives byte for byte as it was signed, Content-Length included, on the retry too', async () => {
    let replies = 0;
    const server = await startReplyServer((response) => {
      replies += 1;
      if (replies === 1) response.writeHead(503).end();
      else response.end('{"resultCode":"0100000","resultDesc":[]}');
    });
    const authorisation = { ...signatureBy(KEYS), signedHeaders: THREE_HEADERS } as ReturnType<typeof signatureBy>;
    const key = createKey({ callId: "1749970800-5'(*)é" });
    try {
      await traceFrom(bench.connect(server, { authorisation }), key);
    } finally {
      await server.close();
    }
    expect(server.requests).toHaveLength(2);
    for (const { body, headers, method = '', path: target = '' } of server.requests) {
      expect(JSON.parse(body)).toMatchObject({ callId: key.callId });
      expect(headers['content-length']).toBe(String(Buffer.byteLength(body)));
      // The simulator's check is its own: it signs what came over the wire, and compares.
      const request = { method, target, headers: headers as Record<string, string>, body };
      expect(checkSignature(request, () => KEYS.secretKey())).toBeNull();
    }
  });

  it('is refused, and not sent again, when signed with a wrong key', async () => {
    const simulator = await bench.start();
    const authorisation = signatureBy({ ...KEYS, secretKey: () => 'wrong' });
    const answer = await ask(bench.connect(simulator, { authorisation }));
    expect(answer).toMatchObject({ name: 'UpstreamAuthError', refusal: 'signature_refused' });
    expect(simulator.total).toBe(1);
  });

  it('is signed anew for each attempt, by the wall clock', async () => {
    const simulator = await bench.start();
    simulator.configure({ fault: 'http-503', faultCount: 2 });
    let signing = Date.parse('2025-07-01T00:00:00Z');
    const clock = { wall: () => (signing += 1000), monotonic: () => performance.now() };
    await traceFrom(bench.connect(simulator, { clock }));
    expect(new Set(simulator.requests.map(signedTime)).size).toBe(3);
    expect(simulator.requests.map((request) => request.status)).toEqual([503, 503, 200]);
    expect(new Set(simulator.requests.map((request) => request.body)).size).toBe(1);
  });
});

describe('the answer of the upstream', () => {
  it('is the trace, in order, with whence it came', async () => {
    const simulator = await bench.start();
    const trace = await traceFrom(bench.connect(simulator));
    expect(trace).toMatchObject({ key: KEY, timesNotFound: 0, notes: {}, stale: false, source: 'UPSTREAM' });
    expect(trace.records.map((record) => record.callIdNum)).toEqual([1, 2, 3, 4, -1]);
  });

  it('is a trace without records for a call that is not known', async () => {
    const simulator = await bench.start();
    const trace = await traceFrom(bench.connect(simulator), createKey({ callId: '1749970800-404' }));
    expect(trace).toMatchObject({ records: [], timesNotFound: 1, source: 'UPSTREAM' });
  });

  it('stands at the place of its key: traces, empty ones and failures, duplicates too', async () => {
    const simulator = await bench.start();
    simulator.configure({ fault: 'result-0100002', faultCallIds: ['1749970800-3'], jitterMs: 20 });
    const callIds = ['1749970800-1', '1749970800-404', '1749970800-3', '1749970800-12', '1749970800-1'];
    const answers = await askAll(
      bench.connect(simulator),
      callIds.map((callId) => createKey({ callId })),
    );
    expect(
      answers.map((answer) => (answer instanceof Error ? answer.name : [answer.key.callId, answer.records.length])),
    ).toEqual([
      ['1749970800-1', 1],
      ['1749970800-404', 0],
      'UpstreamRejectedError',
      ['1749970800-12', 400],
      ['1749970800-1', 1],
    ]);
  });
});

describe('the date of a trace', () => {
  it('is when it was asked by the clock of the contact centre, whatever our wall clock says', async () => {
    const simulator = await bench.start();
    simulator.configure({ clockAheadMs: -600_000 });
    const clock = { wall: () => Date.now() + 7_200_000, monotonic: () => performance.now() };
    const upstream = bench.connect(simulator, { clock });
    const askedAt = Date.now() - 600_000;
    for (let n = 0; n < 2; n += 1) {
      const trace = await traceFrom(upstream);
      expect(Math.abs(trace.askedAt - askedAt)).toBeLessThan(3_000);
      expect(Math.abs(upstream.now() - askedAt)).toBeLessThan(3_000);
    }
    expect(Math.abs((upstream.state.clockAheadMs ?? 0) - 7_800_000)).toBeLessThan(3_000);
    expect(upstream.lines.filter(({ text }) => /clock/.test(text))).toMatchObject([{ level: 'warn' }]);
  });

  it('is when the request was sent, not when the reply came', async () => {
    const simulator = await bench.start();
    simulator.configure({ latencyMs: 1_500 });
    const before = Date.now();
    const trace = await traceFrom(bench.connect(simulator));
    expect(trace.askedAt - before).toBeLessThan(1_000);
  });

  it('is that of our wall clock as long as the contact centre tells no time', async () => {
    const simulator = await bench.start();
    simulator.configure({ sendDate: false });
    const clock = createTestClock(Date.parse('2025-07-01T00:00:00Z'));
    const upstream = bench.connect(simulator, { clock });
    expect((await traceFrom(upstream)).askedAt).toBe(clock.wall());
    expect(upstream.state.clockAheadMs).toBeNull();
  });
});

describe('a passing fault of the contact centre', () => {
  it.each<[FaultName, number]>([
    ['reset', 2],
    ['hang-mid-body', 2],
    ['http-429', 2],
    ['http-502', 2],
    ['http-503', 2],
    ['http-504-html', 2],
    ['result-0100001', 1],
    ['result-0100999', 1],
  ])('%s is outlived, up to %i times', async (fault, faultCount) => {
    const simulator = await bench.start();
    simulator.configure({ fault, faultCount });
    const attemptTimeoutMs = fault.startsWith('hang') ? 300 : 10_000;
    await traceFrom(bench.connect(simulator, { attemptTimeoutMs }));
    expect(simulator.total).toBe(faultCount + 1);
  });

  it('is not outlived with no retries allowed', async () => {
    const simulator = await bench.start();
    simulator.configure({ fault: 'http-503', faultCount: 1 });
    expect(await ask(bench.connect(simulator, { maxRetries: 0 }))).toMatchObject({ name: 'UpstreamUnavailableError' });
    expect(simulator.total).toBe(1);
  });

  it('does not affect the other keys of the question', async () => {
    const simulator = await bench.start();
    simulator.configure({ fault: 'http-503', faultCallIds: [KEY.callId] });
    const answers = await askAll(bench.connect(simulator), [KEY, createKey({ callId: '1749970800-1' })]);
    expect(answers).toMatchObject([{ name: 'UpstreamUnavailableError' }, { records: [{ callIdNum: -1 }] }]);
    expect([simulator.countOf(KEY.callId), simulator.countOf('1749970800-1')]).toEqual([3, 1]);
  });

  it('is retried for no more than a fifth of what is asked, once ten retries are used up', async () => {
    const simulator = await bench.start();
    simulator.configure({ fault: 'result-0100999' });
    const asked = 100;
    await askAll(bench.connect(simulator), someKeys(asked));
    expect(simulator.total).toBeGreaterThan(asked + 10);
    expect(simulator.total).toBeLessThanOrEqual(asked + asked / 5);
  });
});

describe('the back-off before a retry', () => {
  it('is waited for', async () => {
    const simulator = await bench.start();
    simulator.configure({ fault: 'http-503', faultCount: 4 });
    await askAll(bench.connect(simulator), someKeys(4));
    const [first, ...others] = simulator.requests.map(({ receivedAt }) => receivedAt);
    // Four draws from 200 ms: that all lie below 20 happens once in ten thousand times.
    expect(Math.max(...others) - (first ?? 0)).toBeGreaterThan(20);
  });

  it.each([
    [0, 200],
    [1, 400],
    [2, 800],
    [4, 2_000],
    [9, 2_000],
  ])('after %i retries is drawn from the whole of %i ms', (retries, longest) => {
    const pauses = Array.from({ length: 2_000 }, () => backoffMs(retries));
    expect(Math.max(...pauses)).toBeLessThan(longest);
    expect(Math.max(...pauses)).toBeGreaterThan(longest * 0.98);
    expect(Math.min(...pauses)).toBeLessThan(longest * 0.02);
  });
});

describe('Retry-After', () => {
  it.each([
    ['in seconds', () => '1', 990],
    // A date of this kind has whole seconds, so this one lies 1 to 2 s ahead.
    ['as a date', () => new Date(Date.now() + 2_000).toUTCString(), 900],
  ])('%s is waited for, and the next attempt carries a later time', async (_, retryAfter, atLeastMs) => {
    const simulator = await bench.start();
    simulator.configure({ fault: 'http-429', faultCount: 1, retryAfter: retryAfter() });
    await traceFrom(bench.connect(simulator));
    const [first, second] = [seen(simulator, 0), seen(simulator, 1)];
    expect(second.receivedAt - first.receivedAt).toBeGreaterThanOrEqual(atLeastMs);
    expect(signedTime(second)).not.toBe(signedTime(first));
    expect(second.status).toBe(200);
  });

  it('holds for everybody: nothing is sent meanwhile', async () => {
    const simulator = await bench.start();
    const upstream = bench.connect(simulator);
    await traceFrom(upstream);
    simulator.configure({ fault: 'http-429', faultCount: 1, retryAfter: '1' });
    const first = ask(upstream);
    await until(() => upstream.state.pausedForMs !== null);
    const others = askAll(upstream, someKeys(40));
    expect(kinds([await first, ...(await others)])).toEqual(Array(41).fill('trace'));
    const [told, ...later] = simulator.requests.slice(1);
    expect(Math.min(...later.map(({ receivedAt }) => receivedAt)) - (told?.receivedAt ?? 0)).toBeGreaterThanOrEqual(
      990,
    );
    expect(upstream.state.pausedForMs).toBeNull();
  });

  it.each([
    ['in seconds', () => '30'],
    ['as a date', () => new Date(Date.now() + 30_000).toUTCString()],
  ])(
    '%s is not waited for past the deadline, but told, and nobody else waits in vain either',
    async (_, retryAfter) => {
      const simulator = await bench.start();
      simulator.configure({ fault: 'http-429', retryAfter: retryAfter() });
      const upstream = bench.connect(simulator);
      const askedAt = performance.now();
      const answer = await ask(upstream, KEY, { deadlineAt: askedAt + 5_000 });
      expect(answer).toMatchObject({ name: 'UpstreamUnavailableError', status: 429 });
      expect((answer as UpstreamUnavailableError).retryAfterMs).toBeGreaterThan(5_000);
      const other = await ask(upstream, KEY, { deadlineAt: askedAt + 5_000 });
      expect(other).toMatchObject({ name: 'UpstreamUnavailableError' });
      expect((other as UpstreamUnavailableError).retryAfterMs).toBeGreaterThan(5_000);
      expect(performance.now() - askedAt).toBeLessThan(4_000);
      expect(simulator.total).toBe(1);
    },
  );
});

describe('an upstream that is reached by TLS', () => {
  const { ca, server } = createAuthority('Test Authority');

  it('answers if we were given its private authority', async () => {
    const simulator = await bench.start({ tls: server });
    const { records } = await traceFrom(bench.connect(simulator, { tls: { ca, cert: undefined, key: undefined } }));
    expect(records).toHaveLength(5);
  });

  it('is unavailable if not, is sent nothing, and the cause is told', async () => {
    const simulator = await bench.start({ tls: server });
    const upstream = bench.connect(simulator, { maxRetries: 0 });
    expect(await ask(upstream)).toMatchObject({ name: 'UpstreamUnavailableError' });
    expect(simulator.total).toBe(0);
    const cause = { cause: 'tls', code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' };
    expect(upstream.state.endpoints).toMatchObject([{ lastFailure: cause }]);
    expect(upstream.lines).toMatchObject([{ level: 'warn', ...cause, endpoint: 0, baseUrl: simulator.url }]);
  });

  it('is reached at the path of the interface', async () => {
    const server = await startReplyServer((response) => response.end('{"resultCode":"0100000"}'));
    await traceFrom(bench.connect(server));
    await server.close();
    expect(server.requests).toMatchObject([{ method: 'POST', path: PATH }]);
  });
});

describe('an upstream that is not there', () => {
  it('is unavailable', async () => {
    const simulator = await bench.start();
    const upstream = bench.connect(simulator, { maxRetries: 0 });
    await simulator.close();
    expect(await ask(upstream)).toMatchObject({ name: 'UpstreamUnavailableError', retryable: true });
    expect(upstream.lines).toMatchObject([{ cause: 'refused', code: 'ECONNREFUSED' }]);
  });
});
