import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { BrokenCircuitError } from 'cockatiel';
import {
  UpstreamAuthError,
  UpstreamMalformedError,
  UpstreamRejectedError,
  UpstreamTimeoutError,
  UpstreamUnavailableError,
} from '../../src/call/errors.js';
import { SigningProxyError } from '../../src/upstream/authorize.js';
import { createEndpoints, type EndpointState } from '../../src/upstream/endpoints.js';

const A = 'https://192.0.2.1:28443';
const B = 'https://192.0.2.2:28443';
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

// Time is the subject here: how long an address is left alone.
beforeEach(() => {
  jest.useFakeTimers({ now: 1_750_000_000_000 });
});
afterEach(() => {
  jest.useRealTimers();
});

/** Addresses whose answers a test decides; each is up until it is told otherwise. */
function createAddresses(baseUrls: readonly string[] = [A, B]) {
  const changes: [string, EndpointState][] = [];
  const asked: string[] = [];
  const failures = new Map<string, Error>();
  const endpoints = createEndpoints({
    baseUrls,
    failuresMax: 5,
    firstPauseMs: FIRST_PAUSE_MS,
    longestPauseMs: LONGEST_PAUSE_MS,
    onChange: (baseUrl, state) => changes.push([baseUrl, state]),
  });
  const ask = (): Promise<string> =>
    endpoints.run(({ baseUrl }) => {
      asked.push(baseUrl);
      const failure = failures.get(baseUrl);
      return failure ? Promise.reject(failure) : Promise.resolve(baseUrl);
    });
  return {
    endpoints,
    changes,
    asked,
    ask,
    fail: (baseUrl: string, failure: Error = new UpstreamUnavailableError('reset')) => failures.set(baseUrl, failure),
    mend: (baseUrl: string) => failures.delete(baseUrl),
    askTimes: async (times: number): Promise<void> => {
      for (let n = 0; n < times; n += 1) await ask().catch(() => undefined);
    },
    states: () => endpoints.states.map(({ state }) => state),
  };
}

describe('createEndpoints', () => {
  it('asks the first address while it is up', async () => {
    const { ask, asked, states } = createAddresses();
    for (let n = 0; n < 3; n += 1) expect(await ask()).toBe(A);
    expect(asked).toEqual([A, A, A]);
    expect(states()).toEqual(['UP', 'UP']);
  });

  it('asks the other one in place of the address that has just failed', async () => {
    const { endpoints } = createAddresses();
    const [first] = await Promise.all([endpoints.run((endpoint) => Promise.resolve(endpoint))]);
    expect(await endpoints.run(({ baseUrl }) => Promise.resolve(baseUrl), first)).toBe(B);
  });

  it('asks the same one again if there is no other', async () => {
    const { endpoints } = createAddresses([A]);
    const first = await endpoints.run((endpoint) => Promise.resolve(endpoint));
    expect(await endpoints.run(({ baseUrl }) => Promise.resolve(baseUrl), first)).toBe(A);
  });

  it.each<[string, Error]>([
    ['is not reached', new UpstreamUnavailableError('reset')],
    ['answers 503', new UpstreamUnavailableError('x', { status: 503 })],
    ['answers 500', new UpstreamUnavailableError('x', { status: 500 })],
    ['does not answer in time', new UpstreamTimeoutError('x')],
  ])('leaves an address alone that %s five times in a row', async (_, failure) => {
    const { fail, askTimes, ask, changes, states, asked } = createAddresses();
    fail(A, failure);
    await askTimes(4);
    expect(states()).toEqual(['UP', 'UP']);
    await askTimes(1);
    expect(states()).toEqual(['DOWN', 'UP']);
    expect(changes).toEqual([[A, 'DOWN']]);
    expect(await ask()).toBe(B);
    expect(asked.filter((baseUrl) => baseUrl === A)).toHaveLength(5);
  });

  it('begins to count anew after each answer', async () => {
    const { fail, mend, askTimes, states } = createAddresses();
    for (let round = 0; round < 3; round += 1) {
      fail(A);
      await askTimes(4);
      mend(A);
      await askTimes(1);
    }
    expect(states()).toEqual(['UP', 'UP']);
  });

  it.each<[string, Error]>([
    ['a 429', new UpstreamUnavailableError('x', { status: 429 })],
    ['a refused signature', new UpstreamAuthError('SIGNATURE', 'x', { status: 401 })],
    ['a firewall', new UpstreamAuthError('FIREWALL', 'x', { status: 403 })],
    ['an unreadable reply', new UpstreamMalformedError('x')],
    ['a failing result code', new UpstreamRejectedError('x', { retryable: true })],
    ['a signing proxy that is away', new SigningProxyError('x')],
    ['a client that leaves', new DOMException('gone', 'AbortError')],
  ])('takes %s for nothing against an address', async (_, failure) => {
    const { fail, askTimes, states, asked } = createAddresses();
    fail(A, failure);
    await askTimes(20);
    expect(states()).toEqual(['UP', 'UP']);
    expect(asked).toHaveLength(20);
  });

  it('fails at once, with nothing sent, when all are down', async () => {
    const { fail, askTimes, ask, asked, states } = createAddresses();
    fail(A);
    fail(B);
    await askTimes(10);
    expect(states()).toEqual(['DOWN', 'DOWN']);
    const before = asked.length;
    const asking = ask();
    await expect(asking).rejects.toThrow(UpstreamUnavailableError);
    await expect(asking).rejects.toMatchObject({ cause: expect.any(BrokenCircuitError) as unknown, retryable: true });
    expect(asked).toHaveLength(before);
  });
});

describe('an address that was down', () => {
  /** Two addresses, the first down. */
  async function withFirstDown(baseUrls?: readonly string[]) {
    const addresses = createAddresses(baseUrls);
    addresses.fail(A);
    await addresses.askTimes(5);
    addresses.asked.length = 0;
    return addresses;
  }

  it('is asked again after a pause, and is the first again if it answers', async () => {
    const { mend, ask, changes, states } = await withFirstDown();
    mend(A);
    expect(await ask()).toBe(B); // the first pause is drawn around FIRST_PAUSE_MS
    jest.advanceTimersByTime(LONGEST_PAUSE_MS);
    expect(await ask()).toBe(A);
    expect(states()).toEqual(['UP', 'UP']);
    expect(changes).toEqual([
      [A, 'DOWN'],
      [A, 'UP'],
    ]);
  });

  it('is told of once, however many probes fail', async () => {
    const { askTimes, changes, mend } = await withFirstDown();
    for (let probe = 0; probe < 5; probe += 1) {
      jest.advanceTimersByTime(LONGEST_PAUSE_MS);
      await askTimes(1);
    }
    expect(changes).toEqual([[A, 'DOWN']]);
    mend(A);
    jest.advanceTimersByTime(LONGEST_PAUSE_MS);
    await askTimes(1);
    expect(changes).toEqual([
      [A, 'DOWN'],
      [A, 'UP'],
    ]);
  });

  it.each([
    ['while it is probed', true],
    ['after a probe that was answered', false],
  ])('takes failures of requests from before for old news %s', async (_, early) => {
    const { endpoints, fail, mend, askTimes, changes, states } = createAddresses([A]);
    const failures: ((error: Error) => void)[] = [];
    const late = Array.from({ length: 20 }, () =>
      endpoints.run(() => new Promise<void>((_resolve, reject) => failures.push(reject))),
    );
    const failLate = async () => {
      const timeout = new UpstreamTimeoutError('late');
      failures.forEach((reject) => reject(timeout));
      for (const outcome of await Promise.allSettled(late)) expect(outcome).toMatchObject({ reason: timeout });
    };
    fail(A);
    await askTimes(5);
    mend(A);
    jest.advanceTimersByTime(LONGEST_PAUSE_MS);
    let land = (): void => undefined;
    const probe = endpoints.run(() => new Promise<void>((resolve) => (land = resolve)));
    if (early) await failLate();
    land();
    await probe;
    if (!early) await failLate();
    expect(states()).toEqual(['UP']);
    expect(changes).toEqual([
      [A, 'DOWN'],
      [A, 'UP'],
    ]);
  });

  it('is left alone for longer and longer, while it does not answer', async () => {
    const { askTimes, asked } = await withFirstDown();
    const probesWithin = async (ms: number): Promise<number> => {
      asked.length = 0;
      for (let passed = 0; passed < ms; passed += 250) {
        jest.advanceTimersByTime(250);
        await askTimes(1);
      }
      return asked.filter((baseUrl) => baseUrl === A).length;
    };
    const [early, late] = [await probesWithin(10_000), await probesWithin(600_000)];
    expect(early).toBeGreaterThanOrEqual(2);
    // With the first pause throughout it would be 600; with the longest throughout, 20.
    expect(late).toBeGreaterThanOrEqual(20);
    expect(late).toBeLessThan(45);
  });

  it('is tried by one request, while the others go elsewhere without waiting', async () => {
    const { endpoints, states } = await withFirstDown();
    jest.advanceTimersByTime(LONGEST_PAUSE_MS);
    let land = (): void => undefined;
    const probe = endpoints.run(({ baseUrl }) => new Promise<string>((resolve) => (land = () => resolve(baseUrl))));
    expect(states()).toEqual(['PROBED', 'UP']);
    const others = await Promise.all(
      Array.from({ length: 10 }, () => endpoints.run(({ baseUrl }) => Promise.resolve(baseUrl))),
    );
    expect(new Set(others)).toEqual(new Set([B]));
    land();
    expect(await probe).toBe(A);
    expect(states()).toEqual(['UP', 'UP']);
  });

  it('makes the others fail at once while it is tried, if there is no other address', async () => {
    const { endpoints, ask } = await withFirstDown([A]);
    jest.advanceTimersByTime(LONGEST_PAUSE_MS);
    let land = (): void => undefined;
    const probe = endpoints.run(() => new Promise<void>((resolve) => (land = resolve)));
    await expect(ask()).rejects.toMatchObject({ cause: expect.any(BrokenCircuitError) as unknown });
    land();
    await probe;
  });

  it.each<[string, Error, EndpointState]>([
    ['a refused signature', new UpstreamAuthError('SIGNATURE', 'x', { status: 401 }), 'UP'],
    ['a 429', new UpstreamUnavailableError('x', { status: 429 }), 'UP'],
    ['an unreadable reply', new UpstreamMalformedError('x'), 'UP'],
    ['a failing result code', new UpstreamRejectedError('x', { retryable: true }), 'UP'],
    ['a request that the signing proxy did not sign', new SigningProxyError('x'), 'DOWN'],
    ['a request that the lock-out guard did not send', new UpstreamAuthError('SIGNATURE', 'x'), 'DOWN'],
    ['a client that leaves', new DOMException('gone', 'AbortError'), 'DOWN'],
    ['a bug of ours', new TypeError('x'), 'DOWN'],
    ['another timeout', new UpstreamTimeoutError('x'), 'DOWN'],
  ])('after %s in place of an answer is %s', async (_, failure, state) => {
    const { fail, askTimes, states } = await withFirstDown();
    fail(A, failure);
    jest.advanceTimersByTime(LONGEST_PAUSE_MS);
    await askTimes(1);
    expect(states()[0]).toBe(state);
  });
});
