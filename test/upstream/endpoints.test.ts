import { afterEach, describe, expect, it } from '@jest/globals';
import type { Simulator } from '../../simulator/simulator.js';
import { createEndpoints } from '../../src/upstream/endpoints.js';
import { createTestClock } from '../support/traces.js';
import { ask, askAll, kinds, someKeys, traceFrom } from './support/ask.js';
import { createBench, type Connected } from './support/contact-centre.js';
import { until } from './support/until.js';
import { CAUSES } from './support/causes.js';

const bench = createBench();
afterEach(bench.close);

const A = 'https://a.example';
const B = 'https://b.example';

/** Two addresses, the first down if it is said so. */
function createAddresses({ isFirstDown = false } = {}) {
  const clock = createTestClock();
  const endpoints = createEndpoints([A, B], clock, () => undefined);
  const [first, second] = endpoints.all;
  if (!first || !second) throw new Error('there are two addresses');
  for (let n = 0; n < (isFirstDown ? 5 : 0); n += 1) endpoints.take({ only: first }).pass.end(CAUSES.FAILED);
  return { clock, endpoints, first, second };
}

describe('createEndpoints', () => {
  it('takes the first address that is up, the one that has just failed last', () => {
    const { endpoints, first, second } = createAddresses();
    expect(endpoints.take({}).endpoint).toBe(first);
    expect(endpoints.take({ avoid: first }).endpoint).toBe(second);
    expect(endpoints.take({ avoid: second }).endpoint).toBe(first);
  });

  it('takes another while the first is down or tried by somebody, and the first again once that is due', () => {
    const { endpoints, first, second, clock } = createAddresses({ isFirstDown: true });
    expect(endpoints.take({}).endpoint).toBe(second);
    clock.advance(1_000);
    const probe = endpoints.take({});
    expect([probe.endpoint, probe.pass.isProbe]).toEqual([first, true]);
    expect(endpoints.take({}).endpoint).toBe(second);
  });

  it('says when the next is tried if all are left alone', () => {
    const { endpoints, second } = createAddresses({ isFirstDown: true });
    for (let n = 0; n < 5; n += 1) endpoints.take({ only: second }).pass.end(CAUSES.FAILED);
    expect(() => endpoints.take({})).toThrow(
      expect.objectContaining({ name: 'UpstreamUnavailableError', retryAfterMs: 1_000 }),
    );
  });
});

/** Asks one question after the other. */
async function oneByOne(upstream: Connected, count: number): Promise<string[]> {
  const answers: string[] = [];
  for (const key of someKeys(count)) answers.push(...kinds([await ask(upstream, key)]));
  return answers;
}

function statesOf(upstream: Connected): string[] {
  return upstream.state.endpoints.map(({ state }) => state);
}

describe('an upstream with two addresses', () => {
  it('goes on when one dies, and uses it again when it returns, without being asked', async () => {
    const [first, second] = [await bench.start(), await bench.start()];
    const upstream = bench.connect([first, second]);
    expect(await oneByOne(upstream, 3)).toEqual(Array(3).fill('trace'));
    expect([first.total, second.total]).toEqual([3, 0]);

    await first.close();
    expect(await oneByOne(upstream, 12)).toEqual(Array(12).fill('trace'));
    expect(second.total).toBe(12);
    expect(statesOf(upstream)).toEqual(['DOWN', 'UP']);
    expect(upstream.state.endpoints).toMatchObject([
      {
        endpoint: 0,
        lastFailure: { cause: 'refused', code: 'ECONNREFUSED' },
        nextProbeInMs: expect.any(Number) as unknown,
      },
      { endpoint: 1, lastFailure: null, nextProbeInMs: null },
    ]);
    expect(upstream.lines).toContainEqual(
      expect.objectContaining({
        level: 'warn',
        endpoint: 0,
        baseUrl: first.url,
        cause: 'refused',
        code: 'ECONNREFUSED',
      }),
    );

    await bench.start({ port: Number(new URL(first.url).port) });
    await until(() => statesOf(upstream).join() === 'UP,UP');
    const before = second.total;
    expect(await oneByOne(upstream, 5)).toEqual(Array(5).fill('trace'));
    expect(second.total).toBe(before);
    expect(upstream.lines.at(-1)).toMatchObject({
      level: 'info',
      text: 'the contact centre answers again at this address',
    });
  });

  it('fails at once when both are dead', async () => {
    const centres: [Simulator, Simulator] = [await bench.start(), await bench.start()];
    for (const simulator of centres) simulator.configure({ fault: 'http-503' });
    const upstream = bench.connect(centres, { maxRetries: 0 });
    await oneByOne(upstream, 10);
    const asked = centres[0].total + centres[1].total;
    const startedAt = performance.now();
    const answers = await askAll(upstream, someKeys(200));
    expect(new Set(kinds(answers))).toEqual(new Set(['UpstreamUnavailableError']));
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    expect(centres[0].total + centres[1].total - asked).toBeLessThanOrEqual(2);
  });
});

describe('an address of the contact centre', () => {
  it.each(['http-429', 'http-401', 'http-403-html', 'html-200', 'result-0100002', 'redirect'] as const)(
    'is not left alone for answers such as %s',
    async (fault) => {
      const simulator = await bench.start();
      const upstream = bench.connect(simulator, { maxRetries: 0 });
      await traceFrom(upstream);
      simulator.configure({ fault, faultRate: 1 });
      await oneByOne(upstream, 1);
      simulator.configure({ fault });
      expect(statesOf(upstream)).toEqual(['UP']);
      expect(upstream.state.endpoints[0]?.lastFailure).not.toBeNull();
    },
  );

  it('is not left alone for twenty clients that leave', async () => {
    const simulator = await bench.start();
    const upstream = bench.connect(simulator);
    await traceFrom(upstream);
    simulator.configure({ fault: 'hang-before-headers' });
    const client = new AbortController();
    const asked = askAll(upstream, someKeys(20), { signal: client.signal });
    await until(() => simulator.total === 21);
    client.abort();
    await asked;
    expect(statesOf(upstream)).toEqual(['UP']);
  });

  it('is up again though the client leaves whose request tries it', async () => {
    const simulator = await bench.start();
    const upstream = bench.connect(simulator, { maxRetries: 0 });
    await traceFrom(upstream);
    simulator.configure({ fault: 'http-503' });
    await oneByOne(upstream, 5);
    expect(statesOf(upstream)).toEqual(['DOWN']);
    simulator.configure({ fault: 'slow', slowMs: 300 });
    const asked = simulator.total;
    const clients: AbortController[] = [];
    await until(() => {
      const client = new AbortController();
      clients.push(client);
      void ask(upstream, undefined, { signal: client.signal });
      return simulator.total > asked || statesOf(upstream)[0] !== 'DOWN';
    });
    clients.forEach((client) => client.abort());
    await until(() => statesOf(upstream)[0] === 'UP');
    expect(simulator.requests.filter(({ aborted }) => aborted)).toEqual([]);
  });
});
