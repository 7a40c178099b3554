import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { UpstreamTimeoutError, UpstreamUnavailableError } from '../../../src/call/errors.js';
import { traceKeyText } from '../../../src/call/key.js';
import type { CallTrace, FetchTraces } from '../../../src/call/trace.js';
import { withRedis } from '../../../src/tiers/redis/tier.js';
import { describeFetchTraces } from '../../support/contract.js';
import { startRedis } from '../../support/redis.js';
import {
  answerFor,
  createKeys,
  DAY_MS,
  emptyTrace,
  finalTrace,
  FRESHNESS,
  HOUR_MS,
  openTrace,
  SECOND_MS,
  traceFor,
  upstreamOf,
  type Answer,
  type RecordingStage,
} from '../../support/traces.js';
import { eventually } from './support/eventually.js';
import { createStoreBench, type OpenedStore, type StoreBench } from './support/stores.js';

let bench: StoreBench;
beforeAll(async () => {
  bench = await createStoreBench();
});
afterEach(() => bench.clear());
afterAll(() => bench.close());

const [A, B] = createKeys(3);
const FAILURE = new UpstreamUnavailableError('the contact centre is away');
const fail: Answer = () => FAILURE;
/** Longer than any test takes, so that whatever comes earlier came by itself. Unit: ms. */
const MAX_WAIT_MS = HOUR_MS;

/** An upstream that answers so, by the clock of the bench. */
function datedUpstream(answer: Answer): RecordingStage {
  const dated = (of: Answer): Answer => {
    return (key) => {
      const result = of(key);
      return result instanceof Error ? result : { ...result, fetchedAt: bench.now };
    };
  };
  const stage = upstreamOf(dated(answer));
  const answerWith = stage.answerWith.bind(stage);
  return Object.assign(stage, { answerWith: (change: Answer) => answerWith(dated(change)) });
}

interface Gateway extends OpenedStore {
  readonly fetchTraces: FetchTraces;
  /** How many of its questions have waited for another gateway. */
  waits: number;
}

/** Gateways of one estate in front of one upstream. */
async function openEstate(
  count: number,
  upstream: RecordingStage,
  { staleWhileRevalidate = false, on = bench } = {},
): Promise<Gateway[]> {
  const gateways: Gateway[] = [];
  for (let i = 0; i < count; i += 1) {
    const opened = await on.open();
    const options = { freshness: FRESHNESS, staleWhileRevalidate, maxWaitMs: MAX_WAIT_MS, now: () => bench.now };
    const fetchTraces = withRedis(upstream.fetchTraces, {
      ...options,
      store: opened.store,
      onWait: () => (gateway.waits += 1),
    });
    const gateway = Object.assign(opened, { fetchTraces, waits: 0 });
    gateways.push(gateway);
  }
  return gateways;
}

/** The same for the usual two. */
async function openPair(
  upstream: RecordingStage,
  options?: Parameters<typeof openEstate>[2],
): Promise<[Gateway, Gateway]> {
  const [one, other] = await openEstate(2, upstream, options);
  if (!one || !other) throw new Error('two were asked for');
  return [one, other];
}

const fromRedis = (trace: CallTrace): CallTrace => ({ ...trace, source: 'REDIS' });

describeFetchTraces('withRedis', async ({ next, now }) => {
  bench.now = now();
  const { store } = await bench.open();
  const options = { freshness: FRESHNESS, staleWhileRevalidate: false, maxWaitMs: MAX_WAIT_MS, now };
  return { fetchTraces: withRedis(next, { ...options, store }) };
});

describe('withRedis', () => {
  it('asks for a miss, and every gateway answers from Redis what one of them has asked', async () => {
    const upstream = datedUpstream(finalTrace);
    const [one, other] = await openPair(upstream);
    const asked = await traceFor(one.fetchTraces, A);
    expect(asked).toEqual({ ...finalTrace(A), fetchedAt: bench.now, source: 'UPSTREAM' });
    expect(await traceFor(other.fetchTraces, A)).toEqual(fromRedis(asked));
    expect(await traceFor(one.fetchTraces, A)).toEqual(fromRedis(asked));
    expect(upstream.askedFor).toEqual([traceKeyText(A)]);
  });

  it('passes on what it was asked with', async () => {
    const upstream = datedUpstream(finalTrace);
    const [{ fetchTraces }] = await openPair(upstream);
    const { signal } = new AbortController();
    const ask = { deadlineAt: bench.now + HOUR_MS, signal };
    await fetchTraces([A], ask);
    expect(upstream.batches).toEqual([{ keys: [A], ask }]);
  });

  it('asks anew for what is no longer fresh, and writes the newer', async () => {
    const upstream = datedUpstream(openTrace);
    const [one, other] = await openPair(upstream);
    await one.fetchTraces([A]);
    bench.now += 9 * SECOND_MS;
    expect(await traceFor(other.fetchTraces, A)).toMatchObject({ source: 'REDIS', stale: false });
    bench.now += SECOND_MS;
    upstream.answerWith(finalTrace);
    expect(await traceFor(other.fetchTraces, A)).toMatchObject({ source: 'UPSTREAM', final: true, stale: false });
    bench.now += DAY_MS;
    expect(await traceFor(one.fetchTraces, A)).toMatchObject({ source: 'REDIS', final: true, stale: false });
    expect(upstream.askedFor).toHaveLength(2);
  });

  it('never stores a failure', async () => {
    const upstream = datedUpstream(fail);
    const [one, other] = await openPair(upstream);
    expect(await answerFor(one.fetchTraces, A)).toBe(FAILURE);
    expect(await answerFor(other.fetchTraces, A)).toBe(FAILURE);
    upstream.answerWith(finalTrace);
    expect(await traceFor(one.fetchTraces, A)).toMatchObject({ source: 'UPSTREAM' });
  });

  it('counts in all gateways together how often a call was not found', async () => {
    const upstream = datedUpstream(emptyTrace);
    const [one, other] = await openPair(upstream);
    expect(await traceFor(one.fetchTraces, A)).toMatchObject({ emptyStreak: 1 });
    bench.now += 30 * SECOND_MS;
    expect(await traceFor(other.fetchTraces, A)).toMatchObject({ emptyStreak: 2, source: 'UPSTREAM' });
    bench.now += 59 * SECOND_MS;
    expect(await traceFor(one.fetchTraces, A)).toMatchObject({ emptyStreak: 2, source: 'REDIS' });
    bench.now += SECOND_MS;
    expect(await traceFor(one.fetchTraces, A)).toMatchObject({ emptyStreak: 3, source: 'UPSTREAM' });
  });
});

describe('a trace that stands in', () => {
  it('answers where the upstream fails, until it is too old', async () => {
    const upstream = datedUpstream(openTrace);
    const [one, other] = await openPair(upstream);
    const asked = await traceFor(one.fetchTraces, A);
    upstream.answerWith(fail);
    bench.now += HOUR_MS - 1;
    expect(await traceFor(other.fetchTraces, A)).toEqual({ ...fromRedis(asked), stale: true });
    bench.now += 1;
    expect(await answerFor(other.fetchTraces, A)).toBe(FAILURE);
  });

  it('answers before the deadline where the upstream is slow, whose answer is kept all the same', async () => {
    const upstream = datedUpstream(openTrace);
    const [one, other] = await openPair(upstream);
    const asked = await traceFor(one.fetchTraces, A);
    bench.now += 10 * SECOND_MS;
    upstream.hold();
    expect(await traceFor(one.fetchTraces, A, { deadlineAt: bench.now + 400 })).toEqual({
      ...fromRedis(asked),
      stale: true,
    });
    upstream.release();
    await eventually('the late answer lies in Redis', async () => {
      const held = await other.store.read(A);
      return held?.fetchedAt === bench.now;
    });
    expect(upstream.askedFor).toHaveLength(2);
  });

  it('does not answer a refresh', async () => {
    const upstream = datedUpstream(openTrace);
    const [one] = await openPair(upstream);
    await one.fetchTraces([A]);
    upstream.answerWith(fail);
    expect(await answerFor(one.fetchTraces, A, { refresh: true })).toBe(FAILURE);
  });

  it('answers an unfinished call at once, and is renewed behind the answer, if that is wanted', async () => {
    const upstream = datedUpstream(openTrace);
    const [one, other] = await openPair(upstream, { staleWhileRevalidate: true });
    const asked = await traceFor(one.fetchTraces, A);
    bench.now += 10 * SECOND_MS;
    upstream.hold();
    const answers = await Promise.all(Array.from({ length: 20 }, () => traceFor(other.fetchTraces, A)));
    expect(answers).toEqual(answers.map(() => ({ ...fromRedis(asked), stale: true })));
    await eventually('it is being renewed', () => upstream.askedFor.length === 2);
    upstream.release();
    await eventually('the newer lies in Redis', async () => (await one.store.read(A))?.fetchedAt === bench.now);
    expect(await traceFor(one.fetchTraces, A)).toMatchObject({ stale: false, source: 'REDIS' });
    expect(upstream.askedFor).toHaveLength(2);
  });

  it('is renewed behind by one question even where Redis grants no lease', async () => {
    const server = await startRedis();
    const own = await createStoreBench({ ...server, url: server.url(), keyPrefix: '' });
    try {
      const upstream = datedUpstream(openTrace);
      const [one, other] = await openPair(upstream, { staleWhileRevalidate: true, on: own });
      await one.fetchTraces([A]);
      await eventually('it lies in Redis', async () => (await other.store.read(A)) !== null);
      await server.inside.config('SET', 'maxmemory', '1');
      bench.now += 10 * SECOND_MS;
      upstream.hold();
      for (let i = 0; i < 20; i += 1) expect(await traceFor(one.fetchTraces, A)).toMatchObject({ stale: true });
      await eventually('it is being renewed', () => upstream.askedFor.length > 1);
      await one.store.read(B); // what else had been sent off has come back by now
      expect(upstream.askedFor).toHaveLength(2);

      upstream.release();
      await eventually('it can be renewed again', async () => {
        await one.fetchTraces([A]);
        return upstream.askedFor.length > 2;
      });
      upstream.release();
    } finally {
      await own.close();
    }
  });

  it('of a finished call is renewed before the answer', async () => {
    const upstream = datedUpstream(finalTrace);
    const [one] = await openPair(upstream, { staleWhileRevalidate: true });
    await one.fetchTraces([A]);
    bench.now += 7 * DAY_MS;
    expect(await traceFor(one.fetchTraces, A)).toMatchObject({ source: 'UPSTREAM', stale: false });
  });
});

describe('gateways that miss at once', () => {
  it('let one of them ask, and get what it writes', async () => {
    const upstream = datedUpstream(finalTrace);
    const estate = await openEstate(4, upstream);
    upstream.hold();
    const answers = estate.flatMap(({ fetchTraces }) => Array.from({ length: 5 }, () => traceFor(fetchTraces, A)));
    await eventually('one asks', () => upstream.askedFor.length > 0);
    upstream.release();
    const traces = await Promise.all(answers);
    expect(traces.map(({ source }) => source).filter((source) => source !== 'REDIS')).toEqual(['UPSTREAM']);
    expect(traces.map(({ records }) => records)).toEqual(traces.map(() => finalTrace(A).records));
    expect(upstream.askedFor).toHaveLength(1);
  });

  it('do not wait for each other over different calls', async () => {
    const upstream = datedUpstream(finalTrace);
    const [one, other] = await openPair(upstream);
    upstream.hold();
    const first = traceFor(one.fetchTraces, A);
    await eventually('one asks', () => upstream.askedFor.length === 1);
    const second = traceFor(other.fetchTraces, B);
    await eventually('the other asks', () => upstream.askedFor.length === 2);
    upstream.release(B);
    expect((await second).key).toEqual(B);
    upstream.release();
    expect((await first).key).toEqual(A);
  });

  it('take turns where the upstream fails the one that asks', async () => {
    const upstream = datedUpstream(fail);
    const [one, other] = await openPair(upstream);
    upstream.hold();
    const first = answerFor(one.fetchTraces, A);
    await eventually('one asks', () => upstream.askedFor.length === 1);
    const second = answerFor(other.fetchTraces, A);
    upstream.release();
    expect(await first).toBe(FAILURE);
    await eventually('the other asks', () => upstream.askedFor.length === 2);
    upstream.answerWith(finalTrace);
    upstream.release();
    expect(await second).toMatchObject({ source: 'UPSTREAM', final: true });
  });

  it('give up waiting when their time is over, and ask nothing then', async () => {
    const upstream = datedUpstream(finalTrace);
    const [one, other] = await openPair(upstream);
    upstream.hold();
    const first = traceFor(one.fetchTraces, A);
    await eventually('one asks', () => upstream.askedFor.length === 1);
    const second = answerFor(other.fetchTraces, A, { deadlineAt: bench.now + 10 * SECOND_MS });
    const third = answerFor(other.fetchTraces, A, { signal: AbortSignal.abort() });
    expect(await third).toBeInstanceOf(UpstreamTimeoutError);
    bench.now += 10 * SECOND_MS;
    expect(await second).toBeInstanceOf(UpstreamTimeoutError);
    expect(upstream.askedFor).toHaveLength(1);
    upstream.release();
    await first;
  });

  it('take a trace that stands in when their time is over', async () => {
    const upstream = datedUpstream(openTrace);
    const [one, other] = await openPair(upstream);
    const asked = await traceFor(one.fetchTraces, A);
    bench.now += 10 * SECOND_MS;
    upstream.hold();
    const first = traceFor(one.fetchTraces, A);
    await eventually('one asks', () => upstream.askedFor.length === 2);
    expect(await traceFor(other.fetchTraces, A, { deadlineAt: bench.now + 400 })).toEqual({
      ...fromRedis(asked),
      stale: true,
    });
    upstream.release();
    await first;
    expect(upstream.askedFor).toHaveLength(2);
  });
});

describe('a refresh', () => {
  it('asks although a fresh trace is held, and is seen by the other gateways', async () => {
    const upstream = datedUpstream(openTrace);
    const [one, other] = await openPair(upstream);
    await one.fetchTraces([A]);
    bench.now += SECOND_MS;
    upstream.answerWith(finalTrace);
    expect(await traceFor(one.fetchTraces, A, { refresh: true })).toMatchObject({ source: 'UPSTREAM', final: true });
    expect(await traceFor(other.fetchTraces, A)).toMatchObject({ source: 'REDIS', final: true });
    await eventually('the other hears of it', () => other.gone.length > 0);
    expect([one.gone, other.gone]).toEqual([[], [traceKeyText(A)]]);
  });

  it('joins one under way in another gateway', async () => {
    const upstream = datedUpstream(openTrace);
    const [one, other] = await openPair(upstream);
    await one.fetchTraces([A]);
    bench.now += SECOND_MS;
    upstream.hold();
    const first = traceFor(one.fetchTraces, A, { refresh: true });
    await eventually('one asks', () => upstream.askedFor.length === 2);
    const second = traceFor(other.fetchTraces, A, { refresh: true });
    upstream.release();
    expect((await Promise.all([first, second])).map(({ fetchedAt }) => fetchedAt)).toEqual([bench.now, bench.now]);
    expect(upstream.askedFor).toHaveLength(2);
  });

  it('tells the other gateways of a newer trace that was brought by a question without refresh', async () => {
    const upstream = datedUpstream(openTrace);
    const [one, other, third] = await openEstate(3, upstream);
    if (!one || !other || !third) throw new Error('three were asked for');
    upstream.hold();
    const plain = traceFor(one.fetchTraces, A);
    await eventually('one asks', () => upstream.askedFor.length === 1);
    const refreshed = traceFor(other.fetchTraces, A, { refresh: true });
    await eventually('the other waits for it', () => other.waits > 0);
    upstream.release();
    expect((await refreshed).fetchedAt).toBe((await plain).fetchedAt);
    await eventually('the third hears of it', () => third.gone.length > 0);
    expect(third.gone).toEqual([traceKeyText(A)]);
    expect(upstream.askedFor).toHaveLength(1);
  });

  it('takes nothing that is no newer than what was held when it was asked for', async () => {
    const upstream = datedUpstream(finalTrace);
    const [one, other] = await openPair(upstream);
    await one.fetchTraces([A]);
    const lease = (await one.store.lease(A))?.lease;
    const refreshed = traceFor(other.fetchTraces, A, { refresh: true });
    lease?.end('landed'); // without anything newer
    expect(await refreshed).toMatchObject({ source: 'UPSTREAM' });
    expect(upstream.askedFor).toHaveLength(2);
  });
});

describe('without Redis', () => {
  it('asks for every key, and says nothing of it', async () => {
    const server = await startRedis();
    const own = await createStoreBench({ ...server, url: server.url(), keyPrefix: '' });
    try {
      const upstream = datedUpstream(finalTrace);
      const [one] = await openPair(upstream, { on: own });
      await server.kill();
      await eventually('the loss is noticed', () => one.state === 'down');
      expect(await one.fetchTraces([A, B, A])).toMatchObject([A, B, A].map((key) => ({ key, source: 'UPSTREAM' })));
      expect(upstream.askedFor).toEqual([A, B, A].map(traceKeyText));
    } finally {
      await own.close();
    }
  });
});
