import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Attempt } from '../../src/upstream/attempt.js';
import { createEndpoints } from '../../src/upstream/endpoints.js';
import { createLockoutGuard } from '../../src/upstream/lockout.js';
import { startProber } from '../../src/upstream/prober.js';
import { createTestClock } from '../support/traces.js';
import { ask, KEY, traceFrom } from './support/ask.js';
import { createBench, KEYS, REAL_CLOCK, signatureBy } from './support/contact-centre.js';
import { until } from './support/until.js';
import { CAUSES } from './support/causes.js';

describe('startProber', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  /** A prober over two addresses and a guard; `verdict` is what its requests find out about an address. */
  function startProbed() {
    const clock = createTestClock();
    let pausedUntil: number | null = null;
    const guard = {
      checkCredentials: () => void looks.push(clock.monotonic()),
      get nextProbeInMs() {
        return pausedUntil && Math.max(0, pausedUntil - clock.monotonic());
      },
    };
    const looks: number[] = [];
    const asked: { readonly at: number; readonly only: number | null; readonly body: string }[] = [];
    let verdict: keyof typeof CAUSES = 'FAILED';
    const endpoints = createEndpoints(['https://a.example', 'https://b.example'], clock, () => undefined);
    let takesMs = 0;
    const attempt: Attempt = async (question) => {
      asked.push({ at: clock.monotonic(), only: question.only?.index ?? null, body: question.body });
      const { pass } = endpoints.take(question);
      if (takesMs > 0) await new Promise((resolve) => setTimeout(resolve, takesMs));
      pass.end(CAUSES[verdict]);
      throw new Error('how it ends is seen elsewhere');
    };
    const stop = startProber(attempt, endpoints, guard, clock);
    const [first, second] = endpoints.all;
    async function pass(ms: number): Promise<void> {
      for (let passed = 0; passed < ms; passed += 500) {
        clock.advance(500);
        await jest.advanceTimersByTimeAsync(500);
      }
    }
    const startedAt = clock.monotonic();
    return {
      stop,
      pauseGuard: (ms: number) => (pausedUntil = clock.monotonic() + ms),
      asked,
      looks,
      pass,
      find: (what: typeof verdict) => (verdict = what),
      take: (ms: number) => (takesMs = ms),
      takeDown: (one = first) => {
        for (let n = 0; n < 5; n += 1) endpoints.take({ only: one }).pass.end(CAUSES.FAILED);
      },
      second,
      secondsAsked: () => asked.map(({ at }) => (at - startedAt) / 1_000),
    };
  }

  it('sends nothing at the start, nor while all is well', async () => {
    const { asked, pass } = startProbed();
    await pass(60_000);
    expect(asked).toEqual([]);
  });

  it('pings an address that is down, and it alone, at the end of each of its pauses', async () => {
    const { asked, pass, takeDown, find, secondsAsked } = startProbed();
    takeDown();
    await pass(16_000);
    expect(secondsAsked()).toEqual([1, 3, 7, 15]);
    expect(asked[0]).toMatchObject({ only: 0, body: '{"say":"Hello world!"}' });
    find('ANSWERED');
    await pass(120_000);
    expect(secondsAsked()).toEqual([1, 3, 7, 15, 31]);
  });

  it('pings at the end of a pause of the guard, wherever, and again 30 s later if that decided nothing', async () => {
    const { asked, pass, pauseGuard, find } = startProbed();
    find('ANSWERED');
    pauseGuard(30_000);
    await pass(29_500);
    expect(asked).toEqual([]);
    await pass(500);
    expect(asked).toMatchObject([{ only: null }]);
    await pass(29_500);
    expect(asked).toHaveLength(1);
    await pass(500);
    expect(asked).toHaveLength(2);
  });

  it('pings no more before that ping has ended', async () => {
    const { asked, pass, pauseGuard, take } = startProbed();
    take(1_000_000);
    pauseGuard(1_000);
    await pass(120_000);
    expect(asked).toHaveLength(1);
  });

  it('does not hold an address up that falls due while another is pinged in vain', async () => {
    const { asked, pass, takeDown, second, take, secondsAsked } = startProbed();
    take(1_800);
    takeDown();
    await pass(500);
    takeDown(second);
    await pass(3_500);
    expect(asked.map(({ only }) => only)).toEqual([0, 1]);
    expect(secondsAsked()).toEqual([1, 3]);
  });

  it('waits at the end of a pause of the guard until there is an address to ask', async () => {
    const { pass, pauseGuard, takeDown, second, secondsAsked } = startProbed();
    pauseGuard(1_500);
    await pass(1_500);
    takeDown();
    takeDown(second);
    await pass(2_000);
    expect(secondsAsked()).toEqual([3]);
  });

  it('looks every second of a pause of the guard whether the keys have changed, and not while all is well', async () => {
    const { looks, pass, pauseGuard } = startProbed();
    await pass(10_000);
    expect(looks).toEqual([]);
    pauseGuard(600_000);
    await pass(10_000);
    expect(looks).toHaveLength(10);
  });

  it('probes changed keys as soon as they may be, in the longest pause too, though nobody asks', async () => {
    const clock = createTestClock();
    let keys = 'wrong';
    const guard = createLockoutGuard(
      1,
      1,
      () => keys,
      clock,
      () => undefined,
    );
    const probedAt: number[] = [];
    const attempt: Attempt = async () => {
      const permit = await guard.take();
      probedAt.push(clock.monotonic());
      permit.end(keys === 'right' ? 'answered' : 'signature_refused');
      if (keys === 'right') permit.prove();
      throw new Error('how it ends is seen elsewhere');
    };
    const endpoints = createEndpoints(['https://a.example'], clock, () => undefined);
    const stop = startProber(attempt, endpoints, guard, clock);
    const pass = async (ms: number): Promise<void> => {
      for (let passed = 0; passed < ms; passed += 500) {
        clock.advance(500);
        await jest.advanceTimersByTimeAsync(500);
      }
    };
    (await guard.take()).end('signature_refused');
    await pass(30_000 + 60_000 + 120_000 + 240_000 + 480_000);
    expect(probedAt).toHaveLength(5); // the next is due in ten minutes
    await pass(100_000);
    keys = 'right';
    const changedAt = clock.monotonic();
    await pass(10_000);
    expect(guard.state).toBe('PROVEN');
    expect((probedAt.at(-1) ?? Infinity) - changedAt).toBeLessThanOrEqual(1_000);
    stop();
  });

  it('sends nothing once it is stopped', async () => {
    const { asked, pass, takeDown, stop } = startProbed();
    takeDown();
    stop();
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
    expect(await ask(upstream)).toMatchObject({ refusal: 'signature_refused' });
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
