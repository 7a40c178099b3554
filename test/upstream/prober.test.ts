import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Attempt } from '../../src/upstream/attempt.js';
import { createEndpoints } from '../../src/upstream/endpoints.js';
import { createLockoutGuard } from '../../src/upstream/lockout.js';
import { createProber } from '../../src/upstream/prober.js';
import { createTestClock } from '../support/traces.js';
import { ask, KEY, traceFrom } from './support/ask.js';
import { createBench, KEYS, REAL_CLOCK, signatureBy } from './support/contact-centre.js';
import { until } from './support/until.js';

describe('createProber', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  /** A prober over two addresses and a guard; `verdict` is what its requests find out about an address. */
  function createProbed() {
    const clock = createTestClock();
    const guard = { probeAt: null as number | null, check: () => looks.push(clock.monotonic()) };
    const looks: number[] = [];
    const asked: { readonly at: number; readonly only: number | null; readonly body: string }[] = [];
    let verdict: 'ANSWERED' | 'FAILED' | 'NOTHING' = 'FAILED';
    const endpoints = createEndpoints(['https://a.example', 'https://b.example'], clock, () => prober.reschedule());
    const attempt: Attempt = (question) => {
      asked.push({ at: clock.monotonic(), only: question.only?.index ?? null, body: question.body });
      endpoints.take(question).pass.end(verdict);
      return Promise.reject(new Error('how it ends is seen elsewhere'));
    };
    const prober = createProber(attempt, endpoints, guard, clock);
    const [first] = endpoints.all;
    async function pass(ms: number): Promise<void> {
      for (let passed = 0; passed < ms; passed += 500) {
        clock.advance(500);
        await jest.advanceTimersByTimeAsync(500);
      }
    }
    const startedAt = clock.monotonic();
    return {
      clock,
      guard,
      prober,
      asked,
      looks,
      pass,
      find: (what: typeof verdict) => (verdict = what),
      takeDown: () => {
        for (let n = 0; n < 5; n += 1) endpoints.take({ only: first }).pass.end('FAILED');
      },
      secondsAsked: () => asked.map(({ at }) => (at - startedAt) / 1_000),
    };
  }

  it('sends nothing at the start, nor while all is well', async () => {
    const { prober, asked, pass } = createProbed();
    prober.reschedule();
    await pass(60_000);
    expect(asked).toEqual([]);
  });

  it('pings an address that is down, and it alone, at the end of each of its pauses', async () => {
    const { asked, pass, takeDown, find, secondsAsked } = createProbed();
    takeDown();
    await pass(16_000);
    expect(secondsAsked()).toEqual([1, 3, 7, 15]);
    expect(asked[0]).toMatchObject({ only: 0, body: '{"say":"Hello world!"}' });
    find('ANSWERED');
    await pass(120_000);
    expect(secondsAsked()).toEqual([1, 3, 7, 15, 31]);
  });

  it('pings at the end of a pause of the guard, wherever, and again 30 s later if that decided nothing', async () => {
    const { asked, pass, guard, prober, clock, find } = createProbed();
    find('ANSWERED');
    guard.probeAt = clock.monotonic() + 30_000;
    prober.reschedule();
    await pass(29_500);
    expect(asked).toEqual([]);
    await pass(500);
    expect(asked).toMatchObject([{ only: null }]);
    await pass(29_500);
    expect(asked).toHaveLength(1);
    await pass(500);
    expect(asked).toHaveLength(2);
  });

  it('looks every second of a pause of the guard whether the keys have changed, and not while all is well', async () => {
    const { looks, pass, guard, prober, clock } = createProbed();
    prober.reschedule();
    await pass(10_000);
    expect(looks).toEqual([]);
    guard.probeAt = clock.monotonic() + 600_000;
    prober.reschedule();
    await pass(10_000);
    expect(looks).toHaveLength(10);
  });

  it('probes changed keys as soon as they may be, in the longest pause too, though nobody asks', async () => {
    const clock = createTestClock();
    let keys = 'wrong';
    const guard = createLockoutGuard({
      ...{ maxRefusals: 1, pairs: 1, clock, credentials: () => keys },
      onChange: () => prober.reschedule(),
    });
    const probedAt: number[] = [];
    const attempt: Attempt = async () => {
      const permit = await guard.take();
      probedAt.push(clock.monotonic());
      permit.end(keys === 'right' ? 'OTHER_STATUS' : 'REFUSED');
      if (keys === 'right') permit.proved();
      throw new Error('how it ends is seen elsewhere');
    };
    const endpoints = createEndpoints(['https://a.example'], clock, () => undefined);
    const prober = createProber(attempt, endpoints, guard, clock);
    const pass = async (ms: number): Promise<void> => {
      for (let passed = 0; passed < ms; passed += 500) {
        clock.advance(500);
        await jest.advanceTimersByTimeAsync(500);
      }
    };
    (await guard.take()).end('REFUSED');
    await pass(30_000 + 60_000 + 120_000 + 240_000 + 480_000);
    expect(probedAt).toHaveLength(5); // the next is due in ten minutes
    await pass(100_000);
    keys = 'right';
    const changedAt = clock.monotonic();
    await pass(10_000);
    expect(guard.state).toBe('PROVEN');
    expect((probedAt.at(-1) ?? Infinity) - changedAt).toBeLessThanOrEqual(1_000);
    prober.close();
  });

  it('sends nothing once it is closed', async () => {
    const { asked, pass, takeDown, prober } = createProbed();
    takeDown();
    prober.close();
    await pass(60_000);
    expect(asked).toEqual([]);
    expect(jest.getTimerCount()).toBe(0);
  });
});

describe('an upstream that nobody asks', () => {
  const bench = createBench();
  afterEach(bench.close);

  it('is up again once the contact centre is, by a signed ping', async () => {
    const simulator = await bench.start();
    simulator.configure({ fault: 'http-503' });
    const upstream = bench.connect(simulator, { maxRetries: 0 });
    for (let n = 0; n < 5; n += 1) await ask(upstream);
    expect(upstream.state.endpoints[0]?.state).toBe('DOWN');
    const asked = simulator.total;
    await until(() => upstream.state.endpoints[0]?.state === 'UP');
    expect(simulator.total).toBe(asked); // the ledger holds questions alone
    expect(upstream.outcomes.at(-1)).toBe('ok');
    expect(upstream.state.signature.state).toBe('PROVEN');
  });

  it('has its signatures accepted again once the pause is over and the key is right', async () => {
    const simulator = await bench.start();
    let aheadMs = 0;
    const clock = { wall: REAL_CLOCK.wall, monotonic: () => REAL_CLOCK.monotonic() + aheadMs };
    let secretKey = 'wrong';
    const authorisation = signatureBy({ ...KEYS, secretKey: () => secretKey });
    const upstream = bench.connect(simulator, { clock, authorisation, maxAuthFailures: 1 });
    expect(await ask(upstream)).toMatchObject({ refusal: 'SIGNATURE' });
    expect(upstream.state.signature).toMatchObject({ state: 'REFUSED' });
    secretKey = KEYS.secretKey();
    aheadMs = 30_000; // by its next look the pause is over
    await until(() => upstream.state.signature.state === 'PROVEN');
    expect(upstream.state.signature).toEqual({ state: 'PROVEN', nextProbeInMs: null });
    expect(upstream.outcomes).toEqual(['signature_refused', 'ok']);
    expect(simulator.requests.map(({ status }) => status)).toEqual([401]); // the ledger holds questions alone
    expect(await traceFrom(upstream, KEY)).toMatchObject({ source: 'UPSTREAM' });
  });
});
