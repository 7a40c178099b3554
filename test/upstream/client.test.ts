import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { UpstreamOverloadedError, UpstreamTimeoutError, UpstreamUnavailableError } from '../../src/call/errors.js';
import type { CallTrace, FetchTraces } from '../../src/call/trace.js';
import { FAULT_NAMES, type FaultName } from '../../src/simulator/fault-names.js';
import type { SeenRequest, Simulator } from '../../src/simulator/simulator.js';
import type { AttemptOutcome } from '../../src/upstream/exchange.js';
import type { NumberStyle } from '../../src/upstream/wire.js';
import { createKey } from '../fixtures/records.js';
import { describeFetchTraces, FAILING } from '../support/contract.js';
import { createAuthority } from './support/certificates.js';
import { createBench, KEYS, type ClientOptions } from './support/contact-centre.js';
import { until } from './support/until.js';
import { withGarbageCollection } from './support/with-garbage-collection.js';

const bench = createBench();
afterEach(bench.close);

/** A call of five legs that ended long ago. */
const KEY = createKey({ callId: '1749974400-5' });

/** The only answer to a question for one key. */
async function ask(fetchTraces: FetchTraces, ...[keys = [KEY], options]: Partial<Parameters<FetchTraces>>) {
  const [answer] = await fetchTraces(keys, options);
  if (answer === undefined) throw new Error('no answer');
  return answer;
}

/** The same, which must be a trace. */
async function traceFrom(...args: Parameters<typeof ask>): Promise<CallTrace> {
  const answer = await ask(...args);
  if (answer instanceof Error) throw answer;
  return answer;
}

/** The request that the contact centre saw in this place, from 0 on. */
function seen(simulator: Simulator, place: number): SeenRequest {
  const request = simulator.requests[place];
  if (request === undefined) throw new Error(`the contact centre saw ${simulator.total} requests`);
  return request;
}

/** The time that a request was signed with. */
function signedTime(request: SeenRequest): string | undefined {
  return request.headers['authorization']?.split('/')[2];
}

describeFetchTraces('createUpstreamClient', async ({ now }) => {
  const simulator = await bench.start({ now });
  simulator.configure({ fault: 'result-0100002', faultCallIds: [FAILING.callId] });
  return { fetchTraces: bench.connect(simulator, { now, signature: { now } }) };
});

describe('the request of createUpstreamClient', () => {
  /** The simulator counts nothing but POSTs to the path of the interface, and answers no other. */
  it('is one POST to querycalltracedetail with these headers and no others', async () => {
    const simulator = await bench.start();
    await traceFrom(bench.connect(simulator));
    expect(simulator.total).toBe(1);
    const { headers, body } = seen(simulator, 0);
    expect(headers).toEqual({
      host: new URL(simulator.url).host,
      connection: 'keep-alive',
      'accept-encoding': 'gzip, deflate, br',
      'content-type': 'application/json; charset=UTF-8',
      'content-length': String(Buffer.byteLength(body)),
      authorization: expect.stringMatching(
        /^auth-v2\/demo-access-key\/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\/host\/[0-9a-f]{64}$/,
      ) as unknown,
    });
    expect(headers['host']).toMatch(/^127\.0\.0\.1:\d+$/);
  });

  it.each<[NumberStyle, string]>([
    ['numbers', '{"ccId":1,"vdn":170,"callId":"1749974400-5","logDate":1749988800000}'],
    ['strings', '{"ccId":"1","vdn":"170","callId":"1749974400-5","logDate":"1749988800000"}'],
    ['sample', '{"ccId":1,"vdn":170,"callId":"1749974400-5","logDate":"1749988800000"}'],
  ])('has a body in the style %s, which the contact centre reads', async (numberStyle, body) => {
    const simulator = await bench.start();
    const { records } = await traceFrom(bench.connect(simulator, { numberStyle }));
    expect(simulator.requests[0]?.body).toBe(body);
    expect(records).toHaveLength(5);
  });

  it('asks for noon of the 15th in the zone of the call centre', async () => {
    const simulator = await bench.start({ timeZone: 'Asia/Shanghai' });
    const timeZoneOf = (ccId: number) => (ccId === 7 ? 'Asia/Shanghai' : 'UTC');
    await traceFrom(bench.connect(simulator, { timeZoneOf }), [{ ...KEY, ccId: 7 }]);
    expect(simulator.requests[0]?.logDate).toBe(Date.parse('2025-06-15T12:00:00+08:00'));
  });

  const THREE_HEADERS = ['content-length', 'content-type', 'host'];
  it.each<[string, ClientOptions['signature']]>([
    ['seconds and the host alone', {}],
    ['milliseconds and three headers', { timestamp: 'milliseconds', signedHeaders: THREE_HEADERS }],
    ['an empty query line', { timestamp: 'milliseconds', signedHeaders: THREE_HEADERS, emptyQueryLine: true }],
  ])('is accepted when signed with %s', async (_, signature) => {
    const simulator = await bench.start();
    await traceFrom(bench.connect(simulator, { signature: { ...signature } }));
    expect(simulator.requests).toMatchObject([{ status: 200 }]);
  });

  it('is refused, and not sent again, when signed with a wrong key', async () => {
    const simulator = await bench.start();
    const answer = await ask(bench.connect(simulator, { signature: { secretKey: () => 'wrong' } }));
    expect(answer).toMatchObject({ name: 'UpstreamAuthError', refusal: 'SIGNATURE' });
    expect(simulator.total).toBe(1);
  });

  it('is signed anew for each attempt', async () => {
    const simulator = await bench.start();
    simulator.configure({ fault: 'http-503', faultCount: 2 });
    let now = Date.parse('2025-07-01T00:00:00Z');
    const signature = { now: () => (now += 1000) };
    await traceFrom(bench.connect(simulator, { signature }));
    expect(simulator.requests.map(signedTime)).toEqual([
      '2025-07-01T00:00:01Z',
      '2025-07-01T00:00:02Z',
      '2025-07-01T00:00:03Z',
    ]);
    expect(simulator.requests.map((request) => request.status)).toEqual([503, 503, 200]);
    expect(new Set(simulator.requests.map((request) => request.body)).size).toBe(1);
  });
});

describe('the answer of createUpstreamClient', () => {
  it('is the trace, in order, with when and whence it came', async () => {
    const simulator = await bench.start();
    const now = Date.parse('2025-07-01T00:00:00Z');
    const trace = await traceFrom(bench.connect(simulator, { now: () => now }));
    expect(trace).toMatchObject({ key: KEY, fetchedAt: now, final: true, stale: false, source: 'UPSTREAM' });
    expect(trace.records.map((record) => record.callIdNum)).toEqual([1, 2, 3, 4, -1]);
  });

  it('is final only from the settle window after the end on', async () => {
    const simulator = await bench.start();
    const { records } = await traceFrom(bench.connect(simulator));
    const endedAt = records.at(-1)?.callEnd ?? NaN;
    const finalAt = async (now: number) => (await traceFrom(bench.connect(simulator, { now: () => now }))).final;
    expect(await finalAt(endedAt + 299_999)).toBe(false);
    expect(await finalAt(endedAt + 300_000)).toBe(true);
  });

  it('is never final for a call in progress', async () => {
    const simulator = await bench.start();
    const now = () => Date.parse('2025-06-20T00:00:00Z');
    const trace = await traceFrom(bench.connect(simulator, { now }), [createKey({ callId: '1749974400-10' })]);
    expect(trace.records.map((record) => record.callIdNum)).toEqual([1, 2, 3]);
    expect(trace.final).toBe(false);
  });

  it('is a trace without records for a call that is not known', async () => {
    const simulator = await bench.start();
    const trace = await traceFrom(bench.connect(simulator), [createKey({ callId: '1749974400-404' })]);
    expect(trace).toMatchObject({ records: [], final: false, source: 'UPSTREAM' });
  });

  it('stands at the place of its key: traces, empty ones and failures, duplicates too', async () => {
    const simulator = await bench.start();
    simulator.configure({ fault: 'result-0100002', faultCallIds: ['1749974400-3'], jitterMs: 20 });
    const callIds = ['1749974400-1', '1749974400-404', '1749974400-3', '1749974400-12', '1749974400-1'];
    const answers = await bench.connect(simulator)(callIds.map((callId) => createKey({ callId })));
    expect(
      answers.map((answer) => (answer instanceof Error ? answer.name : [answer.key.callId, answer.records.length])),
    ).toEqual([
      ['1749974400-1', 1],
      ['1749974400-404', 0],
      'UpstreamRejectedError',
      ['1749974400-12', 400],
      ['1749974400-1', 1],
    ]);
  });

  it('is empty for no keys, and asks nothing', async () => {
    const simulator = await bench.start();
    expect(await bench.connect(simulator)([])).toEqual([]);
    expect(simulator.total).toBe(0);
  });
});

/** What a client meets in each fault if it lasts, and after how many attempts. */
const OUTCOMES: Record<FaultName, { attempts: number; failure?: object; trace?: 'right' | 'empty' | 'other' }> = {
  slow: { attempts: 1, trace: 'right' },
  'hang-before-headers': { attempts: 3, failure: { name: 'UpstreamTimeoutError', code: 'UPSTREAM_TIMEOUT' } },
  'hang-mid-body': { attempts: 3, failure: { name: 'UpstreamTimeoutError', code: 'UPSTREAM_TIMEOUT' } },
  reset: { attempts: 3, failure: { name: 'UpstreamUnavailableError', status: undefined } },
  'http-401': { attempts: 1, failure: { name: 'UpstreamAuthError', refusal: 'SIGNATURE', status: 401 } },
  'http-403-json': { attempts: 1, failure: { name: 'UpstreamAuthError', refusal: 'ADDRESS_LOCKED', status: 403 } },
  'http-403-html': { attempts: 1, failure: { name: 'UpstreamAuthError', refusal: 'FIREWALL', status: 403 } },
  'http-418': { attempts: 1, failure: { name: 'UpstreamAuthError', refusal: 'FIREWALL', status: 418 } },
  'http-429': { attempts: 3, failure: { name: 'UpstreamUnavailableError', status: 429 } },
  'http-500': { attempts: 1, failure: { name: 'UpstreamUnavailableError', status: 500 } },
  'http-502': { attempts: 3, failure: { name: 'UpstreamUnavailableError', status: 502 } },
  'http-503': { attempts: 3, failure: { name: 'UpstreamUnavailableError', status: 503 } },
  'http-504-html': { attempts: 3, failure: { name: 'UpstreamUnavailableError', status: 504 } },
  redirect: { attempts: 1, failure: { name: 'UpstreamMalformedError', status: 302 } },
  'result-0100001': { attempts: 2, failure: { name: 'UpstreamRejectedError', resultCode: '0100001', retryable: true } },
  'result-0100002': {
    attempts: 1,
    failure: { name: 'UpstreamRejectedError', resultCode: '0100002', retryable: false },
  },
  'result-0100003': { attempts: 1, failure: { name: 'UpstreamRejectedError', resultCode: '0100003' } },
  'result-0100999': { attempts: 2, failure: { name: 'UpstreamRejectedError', resultCode: '0100999', retryable: true } },
  'result-0101001': { attempts: 1, failure: { name: 'UpstreamRejectedError', resultCode: '0101001' } },
  'result-0101002': { attempts: 1, failure: { name: 'UpstreamRejectedError', resultCode: '0101002' } },
  'result-0101003': { attempts: 1, failure: { name: 'UpstreamRejectedError', resultCode: '0101003' } },
  'desc-string': { attempts: 1, failure: { name: 'UpstreamMalformedError' } },
  'desc-object': { attempts: 1, trace: 'right' },
  'desc-null': { attempts: 1, trace: 'empty' },
  'html-200': { attempts: 1, failure: { name: 'UpstreamMalformedError' } },
  'truncated-json': { attempts: 1, failure: { name: 'UpstreamMalformedError' } },
  'huge-body': { attempts: 1, failure: { name: 'UpstreamMalformedError' } },
  'wrong-types': { attempts: 1, failure: { name: 'UpstreamMalformedError' } },
  'missing-fields': { attempts: 1, failure: { name: 'UpstreamMalformedError' } },
  'unknown-codes': { attempts: 1, trace: 'other' },
  'duplicate-legs': { attempts: 1, trace: 'right' },
  'two-final-legs': { attempts: 1, trace: 'other' },
  'no-final-leg': { attempts: 1, trace: 'other' },
  'negative-times': { attempts: 1, trace: 'other' },
  'second-based-times': { attempts: 1, trace: 'right' },
  'other-call': { attempts: 1, failure: { name: 'UpstreamMalformedError' } },
  'other-vdn': { attempts: 1, failure: { name: 'UpstreamMalformedError' } },
  'empty-body': { attempts: 1, failure: { name: 'UpstreamMalformedError' } },
  'legacy-result-datas': { attempts: 1, trace: 'right' },
};

describe('a lasting fault of the contact centre', () => {
  /** The answer, and what the right one would have been. */
  async function askWith(fault: FaultName, now: () => number = Date.now) {
    const simulator = await bench.start();
    const right = await traceFrom(bench.connect(simulator));
    simulator.reset();
    simulator.configure({ fault, slowMs: 50 });
    const attemptTimeoutMs = fault.startsWith('hang') ? 150 : 10_000;
    const answer = await ask(bench.connect(simulator, { attemptTimeoutMs, now }));
    return { simulator, right, answer };
  }

  it.each(FAULT_NAMES.filter((fault) => OUTCOMES[fault].failure))('%s is the failure it is', async (fault) => {
    const { simulator, answer } = await askWith(fault);
    expect(answer).toBeInstanceOf(Error);
    expect(answer).toMatchObject(OUTCOMES[fault].failure ?? {});
    expect(simulator.total).toBe(OUTCOMES[fault].attempts);
    expect(simulator.redirectsFollowed).toBe(0);

    const { message } = answer as Error;
    expect(message).toMatch(/^querycalltracedetail for call 1749974400-5 in VDN 170: /);
    for (const text of messagesOf(answer)) expect(text).not.toMatch(SECRETS);
  });

  it.each(FAULT_NAMES.filter((fault) => OUTCOMES[fault].trace))('%s is a trace all the same', async (fault) => {
    const { simulator, right, answer } = await askWith(fault);
    const expected = { right: right.records, empty: [], other: expect.any(Array) }[OUTCOMES[fault].trace ?? 'right'];
    expect(answer).toMatchObject({ key: KEY, records: expected });
    expect(simulator.total).toBe(OUTCOMES[fault].attempts);
  });

  /** What the records of those faults are that differ from the right ones. */
  async function recordsWith(fault: FaultName) {
    // While the month of the call is not over, so that it may still change.
    const { right, answer } = await askWith(fault, () => Date.parse('2025-06-20T00:00:00Z'));
    if (answer instanceof Error) throw answer;
    return { right: right.records, records: answer.records, final: answer.final };
  }

  it('unknown-codes keeps the numbers', async () => {
    const { records } = await recordsWith('unknown-codes');
    for (const record of records) {
      expect(record).toMatchObject({ mediaType: 9999, deviceType: 9999, leaveReason: 9999, releaseCause: 9999 });
    }
  });

  it('two-final-legs ends with the later of the two', async () => {
    const { right, records } = await recordsWith('two-final-legs');
    expect(records.map((record) => record.callIdNum)).toEqual([1, 2, 3, 4, -1, -1]);
    expect(records.at(-2)).toEqual(right.at(-1));
    expect(records.at(-1)?.callEnd).toBe((right.at(-1)?.callEnd ?? NaN) + 1000);
  });

  it('no-final-leg is a call in progress', async () => {
    const { right, records, final } = await recordsWith('no-final-leg');
    expect(records).toEqual(right.slice(0, -1));
    expect(final).toBe(false);
  });

  it('negative-times are none, so the call is never final', async () => {
    const { records, final } = await recordsWith('negative-times');
    for (const record of records) {
      expect(record).toMatchObject({ waitBegin: null, ackBegin: null, callBegin: null, callEnd: null });
    }
    expect(final).toBe(false);
  });

  /** Numbers as the simulator invents them, the keys, and what every signature begins with. */
  const SECRETS = new RegExp(`5550\\d|${KEYS.accessKey()}|${KEYS.secretKey()}|auth-v2`);

  /** The messages of an error and of all that caused it. */
  function messagesOf(error: unknown): string[] {
    return error instanceof Error ? [error.message, ...messagesOf(error.cause)] : [];
  }
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
    expect(await ask(bench.connect(simulator, { maxRetries: 0 }))).toBeInstanceOf(UpstreamUnavailableError);
    expect(simulator.total).toBe(1);
  });

  it('does not trouble the other keys of the question', async () => {
    const simulator = await bench.start();
    simulator.configure({ fault: 'http-503', faultCallIds: ['1749974400-5'] });
    const answers = await bench.connect(simulator)([KEY, createKey({ callId: '1749974400-1' })]);
    expect(answers).toMatchObject([{ name: 'UpstreamUnavailableError' }, { records: [{ callIdNum: -1 }] }]);
    expect([simulator.countOf('1749974400-5'), simulator.countOf('1749974400-1')]).toEqual([3, 1]);
  });
});

describe('Retry-After', () => {
  it('in seconds is waited for, and the next attempt carries a later time', async () => {
    const simulator = await bench.start();
    simulator.configure({ fault: 'http-429', faultCount: 1, retryAfter: '1' });
    await traceFrom(bench.connect(simulator));
    const [first, second] = [seen(simulator, 0), seen(simulator, 1)];
    expect(second.receivedAt - first.receivedAt).toBeGreaterThanOrEqual(990);
    expect(signedTime(second)).not.toBe(signedTime(first));
    expect(second.status).toBe(200);
  });

  it('as a date is waited for', async () => {
    const simulator = await bench.start();
    // A date of this kind has whole seconds, so this one lies 1 to 2 s ahead.
    const date = new Date(Date.now() + 2000).toUTCString();
    simulator.configure({ fault: 'http-429', faultCount: 1, retryAfter: date });
    await traceFrom(bench.connect(simulator));
    expect(simulator.requests[1]?.receivedAt).toBeGreaterThanOrEqual(Date.parse(date) - 10);
  });

  it.each(['30', new Date(Date.now() + 30_000).toUTCString()])(
    'of %p is not waited for past the deadline, but told',
    async (retryAfter) => {
      const simulator = await bench.start();
      simulator.configure({ fault: 'http-429', retryAfter });
      const askedAt = Date.now();
      const answer = await ask(bench.connect(simulator), [KEY], { deadlineAt: askedAt + 5000 });
      expect(Date.now() - askedAt).toBeLessThan(4000);
      expect(answer).toMatchObject({ name: 'UpstreamUnavailableError', status: 429 });
      expect((answer as UpstreamUnavailableError).retryAfterMs).toBeGreaterThan(5000);
      expect(simulator.total).toBe(1);
    },
  );
});

describe('the deadline of createUpstreamClient', () => {
  it('is that of the moment: one who joins may bring more time', async () => {
    const simulator = await bench.start();
    simulator.configure({ fault: 'http-429', faultCount: 1, retryAfter: '1' });
    const options = { deadlineAt: Date.now() + 500 };
    const fetchTraces = bench.connect(simulator, { onReply: () => (options.deadlineAt = Date.now() + 60_000) });
    await traceFrom(fetchTraces, [KEY], options);
    expect(simulator.total).toBe(2);
  });

  it.each<[AttemptOutcome, string, number, Error]>([
    [
      'upstream_timeout',
      'passes when the attempt has had half its time',
      2_050,
      new DOMException('time is up', 'TimeoutError'),
    ],
    ['abandoned', 'passes soon after the begin', 0, new DOMException('time is up', 'TimeoutError')],
    ['abandoned', 'is not why the asker leaves', 2_050, new Error('gone')],
  ])('makes an attempt %s if it %s', async (outcome, _, afterMs, reason) => {
    const simulator = await bench.start();
    simulator.configure({ fault: 'hang-before-headers' });
    const outcomes: AttemptOutcome[] = [];
    const leaving = new AbortController();
    const onAttempt = (one: AttemptOutcome) => outcomes.push(one);
    const fetchTraces = bench.connect(simulator, { attemptTimeoutMs: 4_000, onAttempt });
    const asked = ask(fetchTraces, [KEY], { signal: leaving.signal });
    await until(() => simulator.total === 1);
    await pause(afterMs);
    leaving.abort(reason);
    await asked;
    expect(outcomes).toEqual([outcome]);
  });
});

describe('the limits of createUpstreamClient', () => {
  const keys = Array.from({ length: 24 }, (_, n) => createKey({ callId: `1749974400-${1000 + n}` }));

  it('keep the requests in flight to maxConcurrency, across questions', async () => {
    const simulator = await bench.start({ latencyMs: 15 });
    const fetchTraces = bench.connect(simulator, { maxConcurrency: 4 });
    const answers = await Promise.all([fetchTraces(keys.slice(0, 12)), fetchTraces(keys.slice(12))]);
    expect(answers.flat().every((answer) => !(answer instanceof Error))).toBe(true);
    expect(simulator.total).toBe(24);
    expect(simulator.peakInFlight).toBe(4);
  });

  it('fail one more than may wait at once, and it alone', async () => {
    const simulator = await bench.start();
    simulator.configure({ fault: 'hang-before-headers' });
    const fetchTraces = bench.connect(simulator, { maxConcurrency: 2, maxQueue: 3 });
    const leaving = new AbortController();
    const waiting = fetchTraces(keys.slice(0, 5), { signal: leaving.signal });
    await until(() => simulator.total === 2);

    // None of the others is answered, so this one has waited for nobody.
    const [answer] = await fetchTraces(keys.slice(5, 6));
    expect(answer).toBeInstanceOf(UpstreamOverloadedError);
    expect(answer).toMatchObject({ code: 'UPSTREAM_OVERLOADED', retryable: true });
    expect((answer as Error).message).toMatch(
      /^querycalltracedetail for call 1749974400-1005 in VDN 170: 3 requests are waiting already$/,
    );
    leaving.abort();
    expect((await waiting).map((one) => (one as Error).name)).not.toContain('UpstreamOverloadedError');
    expect(simulator.total).toBe(2);
  });

  it('let work what finds a free place though none may wait', async () => {
    const simulator = await bench.start({ latencyMs: 15 });
    const answers = await bench.connect(simulator, { maxConcurrency: 2, maxQueue: 0 })(keys.slice(0, 3));
    expect(answers.map((answer) => answer instanceof Error && answer.name)).toEqual([
      false,
      false,
      'UpstreamOverloadedError',
    ]);
    expect(simulator.total).toBe(2);
  });

  it('give a place back after a failure', async () => {
    const simulator = await bench.start();
    simulator.configure({ fault: 'http-500', faultCount: 3 });
    const fetchTraces = bench.connect(simulator, { maxConcurrency: 1, maxQueue: 10 });
    const answers = await fetchTraces(keys.slice(0, 5));
    expect(answers.map((answer) => answer instanceof Error)).toEqual([true, true, true, false, false]);
  });

  it('cut 20 bodies that stall in time, however often garbage is collected', async () => {
    const simulator = await bench.start();
    simulator.configure({ fault: 'hang-mid-body' });
    const fetchTraces = bench.connect(simulator, { attemptTimeoutMs: 1000, maxRetries: 0 });
    const startedAt = Date.now();
    const asked = fetchTraces(keys.slice(0, 20));
    await until(() => simulator.total === 20);
    const answers = await withGarbageCollection(() => asked);
    expect(Date.now() - startedAt).toBeLessThan(4000);
    for (const answer of answers) expect(answer).toBeInstanceOf(UpstreamTimeoutError);
    await until(() => simulator.requests.every((request) => request.aborted));
  });
});

describe('an abort of createUpstreamClient', () => {
  it.each<FaultName>(['hang-before-headers', 'hang-mid-body'])(
    'cuts what is under way, here %s, and tries no more',
    async (fault) => {
      const simulator = await bench.start();
      simulator.configure({ fault });
      const client = new AbortController();
      const asked = ask(bench.connect(simulator), [KEY], { signal: client.signal });
      await until(() => simulator.total === 1);
      client.abort();
      expect(await asked).toBeInstanceOf(UpstreamUnavailableError);
      await until(() => simulator.requests[0]?.aborted === true);
      expect(simulator.total).toBe(1);
    },
  );

  it('ends the wait before a retry', async () => {
    const simulator = await bench.start();
    simulator.configure({ fault: 'http-429', retryAfter: '60' });
    const client = new AbortController();
    let replies = 0;
    const fetchTraces = bench.connect(simulator, { onReply: () => (replies += 1) });
    const asked = ask(fetchTraces, [KEY], { signal: client.signal });
    await until(() => replies === 1);
    client.abort();
    expect(await asked).toBeInstanceOf(UpstreamUnavailableError);
    expect(simulator.total).toBe(1);
  });

  it('that came before asks nothing', async () => {
    const simulator = await bench.start();
    const answer = await ask(bench.connect(simulator), [KEY], { signal: AbortSignal.abort() });
    expect(answer).toBeInstanceOf(UpstreamUnavailableError);
    expect(simulator.total).toBe(0);
  });

  it.each([null, 'gone', new Error('gone')])('for the reason %p is a failure, not a rejection', async (reason) => {
    const simulator = await bench.start();
    const answer = await ask(bench.connect(simulator), [KEY], { signal: AbortSignal.abort(reason) });
    expect(answer).toBeInstanceOf(UpstreamUnavailableError);
  });
});

describe('a client of a contact centre with a private authority', () => {
  const { ca, server } = createAuthority('Test Authority');

  it('is answered if it was given the authority', async () => {
    const simulator = await bench.start({ tls: server });
    const { records } = await traceFrom(bench.connect(simulator, { ca }));
    expect(records).toHaveLength(5);
  });

  it('finds it unavailable if not, and sends it nothing', async () => {
    const simulator = await bench.start({ tls: server });
    expect(await ask(bench.connect(simulator, { maxRetries: 0 }))).toBeInstanceOf(UpstreamUnavailableError);
    expect(simulator.total).toBe(0);
  });
});

describe('a client of no contact centre', () => {
  it('finds it unavailable', async () => {
    const simulator = await bench.start();
    const fetchTraces = bench.connect(simulator, { maxRetries: 0 });
    await simulator.close();
    expect(await ask(fetchTraces)).toMatchObject({ name: 'UpstreamUnavailableError', retryable: true });
  });
});
