import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { withRedis } from '../../../src/cache/redis/redis-stage.js';
import { UpstreamTimeoutError, UpstreamUnavailableError } from '../../../src/call/errors.js';
import type { AskOptions, FetchTraces } from '../../../src/call/fetch-traces.js';
import { traceKeyText, type TraceKey } from '../../../src/call/key.js';
import type { CallTrace } from '../../../src/call/trace.js';
import { describeStage } from '../../support/contract.js';
import { startRedis } from '../../support/redis.js';
import {
  answerFor,
  ASKED_AT,
  createKeys,
  DAY_MS,
  emptyTrace,
  finalTrace,
  HOUR_MS,
  lifeByDefault,
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
/** As the bench opens gateways. Unit: ms. */
const LEASE_MS = 60_000;

const now = () => bench.clock.wall();
const inMs = (ms: number): AskOptions => ({ deadlineAt: bench.clock.monotonic() + ms });

/** An upstream that answers so, dated by the clock of the bench when it was asked. */
function datedUpstream(answer: Answer): RecordingStage {
  const stage = upstreamOf(answer);
  return Object.assign(stage, { fetchTraces: datedBy(stage.fetchTraces) });
}

function datedBy(fetchTraces: FetchTraces): FetchTraces {
  return (keys, ask) => {
    const askedAt = now();
    return fetchTraces(keys, ask).map(async (answer) => {
      const result = await answer;
      return result instanceof Error ? result : { ...result, askedAt };
    });
  };
}

interface Gateway extends OpenedStore {
  readonly fetchTraces: FetchTraces;
  /** How many of its questions have waited for another gateway. */
  waits: number;
}

/** Gateways of one estate in front of one upstream. */
async function openEstate(
  count: number,
  upstream: Pick<RecordingStage, 'fetchTraces'>,
  { on = bench } = {},
): Promise<Gateway[]> {
  const gateways: Gateway[] = [];
  for (let i = 0; i < count; i += 1) {
    const opened = await on.open();
    const fetchTraces = withRedis(upstream.fetchTraces, {
      store: opened.store,
      lifeOf: lifeByDefault,
      now,
      clock: bench.clocks,
      invalidations: opened.invalidations,
      onWait: () => (gateway.waits += 1),
    });
    const gateway = Object.assign(opened, { fetchTraces, waits: 0 });
    gateways.push(gateway);
  }
  return gateways;
}

/** The same for the usual two. */
async function openPair(
  upstream: Pick<RecordingStage, 'fetchTraces'>,
  options?: Parameters<typeof openEstate>[2],
): Promise<[Gateway, Gateway]> {
  const [one, other] = await openEstate(2, upstream, options);
  if (!one || !other) throw new Error('two were asked for');
  return [one, other];
}

const fromRedis = (trace: CallTrace): CallTrace => ({ ...trace, source: 'SHARED_CACHE' });
const held = (gateway: Gateway, key: TraceKey = A) => gateway.store.read(key);

describeStage('withRedis', async ({ next, clock }) => {
  const { store, invalidations } = await bench.open();
  const fetchTraces = withRedis(next, {
    store,
    lifeOf: lifeByDefault,
    now: clock.wall,
    clock,
    invalidations,
  });
  return { fetchTraces };
});

describe('withRedis', () => {
  it('asks for a miss, and every gateway answers from Redis what one of them has asked', async () => {
    const upstream = datedUpstream(finalTrace);
    const [one, other] = await openPair(upstream);
    const asked = await traceFor(one.fetchTraces, A);
    expect(asked).toEqual(finalTrace(A));
    expect(await traceFor(other.fetchTraces, A)).toEqual(fromRedis(asked));
    expect(await traceFor(one.fetchTraces, A)).toEqual(fromRedis(asked));
    expect(upstream.askedFor).toEqual([traceKeyText(A)]);
  });

  it('answers when the trace lies in Redis, so that whoever asks next finds it', async () => {
    const [one, other] = await openPair(datedUpstream(finalTrace));
    for (const key of createKeys(50)) {
      await traceFor(one.fetchTraces, key);
      expect(await held(other, key)).not.toBeNull();
    }
  });

  it('passes on what it was asked with', async () => {
    const upstream = upstreamOf(finalTrace);
    const [{ fetchTraces }] = await openPair(upstream);
    const ask = { ...inMs(HOUR_MS), signal: new AbortController().signal, hints: new Map([[traceKeyText(A), [1]]]) };
    await Promise.all(fetchTraces([A], ask));
    expect(upstream.batches).toEqual([{ keys: [A], ask }]);
  });

  it('asks anew for what is no longer fresh, and writes the newer', async () => {
    const upstream = datedUpstream(openTrace);
    const [one, other] = await openPair(upstream);
    await traceFor(one.fetchTraces, A);
    bench.clock.advance(9 * SECOND_MS);
    expect(await traceFor(other.fetchTraces, A)).toMatchObject({ source: 'SHARED_CACHE', stale: false });
    bench.clock.advance(SECOND_MS);
    upstream.answerWith(finalTrace);
    expect(await traceFor(other.fetchTraces, A)).toMatchObject({ source: 'UPSTREAM', askedAt: now() });
    bench.clock.advance(DAY_MS);
    expect(await traceFor(one.fetchTraces, A)).toMatchObject({ source: 'SHARED_CACHE', stale: false });
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
    expect(await traceFor(one.fetchTraces, A)).toMatchObject({ timesNotFound: 1 });
    bench.clock.advance(30 * SECOND_MS);
    expect(await traceFor(other.fetchTraces, A)).toMatchObject({ timesNotFound: 2, source: 'UPSTREAM' });
    bench.clock.advance(59 * SECOND_MS);
    expect(await traceFor(one.fetchTraces, A)).toMatchObject({ timesNotFound: 2, source: 'SHARED_CACHE' });
    bench.clock.advance(SECOND_MS);
    expect(await traceFor(one.fetchTraces, A)).toMatchObject({ timesNotFound: 3, source: 'UPSTREAM' });
  });

  it('answers with the newer trace where a slow question was overtaken', async () => {
    const upstream = datedUpstream(openTrace);
    const [one, other] = await openPair(upstream);
    upstream.hold();
    const slow = traceFor(one.fetchTraces, A);
    await eventually('it is asked', () => upstream.askedFor.length === 1);
    bench.clock.advance(2 * SECOND_MS);
    const newer = finalTrace(A, { askedAt: now() });
    await other.store.write(newer);
    upstream.release();
    expect(await slow).toEqual(fromRedis(newer));
    expect(await held(one)).toEqual(fromRedis(newer));
  });
});

describe('a settled call that the upstream no longer finds', () => {
  it('is answered, marked stale, and stays', async () => {
    const upstream = datedUpstream(finalTrace);
    const [one, other] = await openPair(upstream);
    const asked = await traceFor(one.fetchTraces, A);
    bench.clock.advance(8 * DAY_MS);
    upstream.answerWith(emptyTrace);
    const stale = { ...fromRedis(asked), stale: true };
    expect(await traceFor(one.fetchTraces, A)).toEqual(stale);
    expect(await traceFor(other.fetchTraces, A, { refresh: true })).toEqual(stale);
    expect(await held(one)).toEqual(fromRedis(asked));
    expect(upstream.askedFor).toHaveLength(3);
  });

  it('is answered where invalidations may have been missed meanwhile', async () => {
    const upstream = datedUpstream(finalTrace);
    const [one] = await openPair(upstream);
    await traceFor(one.fetchTraces, A);
    bench.clock.advance(8 * DAY_MS);
    upstream.answerWith(emptyTrace);
    upstream.hold();
    const asked = traceFor(one.fetchTraces, A);
    await eventually('it is asked', () => upstream.askedFor.length === 2);
    one.invalidations.invalidateAll();
    upstream.release();
    expect(await asked).toMatchObject({ records: finalTrace(A).records, stale: true });
  });

  it('is answered where the question passed Redis by while it was written', async () => {
    const upstream = datedUpstream(emptyTrace);
    const [one, other] = await openPair(upstream);
    upstream.hold();
    const asked = traceFor(one.fetchTraces, A);
    await eventually('it is asked', () => upstream.askedFor.length === 1);
    await other.store.write(finalTrace(A, { askedAt: ASKED_AT - HOUR_MS / 2 }));
    upstream.release();
    expect(await asked).toMatchObject({ records: finalTrace(A).records, stale: true });
  });

  it('is answered where Redis goes away meanwhile', async () => {
    const server = await startRedis();
    const own = await createStoreBench({ ...server, url: server.url(), keyPrefix: '' });
    try {
      const upstream = datedUpstream(emptyTrace);
      const [one] = await openPair(upstream, { on: own });
      await one.store.write(finalTrace(A));
      bench.clock.advance(8 * DAY_MS);
      upstream.hold();
      const asked = traceFor(one.fetchTraces, A);
      await eventually('it is asked', () => upstream.askedFor.length === 1);
      await server.kill();
      await eventually('the loss is noticed', () => one.state === 'down');
      upstream.release();
      expect(await asked).toMatchObject({ records: finalTrace(A).records, stale: true });
    } finally {
      await own.close();
    }
  });
});

describe('a trace that has gone stale', () => {
  it('answers where the upstream fails, until it is too old', async () => {
    const upstream = datedUpstream(openTrace);
    const [one, other] = await openPair(upstream);
    const asked = await traceFor(one.fetchTraces, A);
    upstream.answerWith(fail);
    bench.clock.advance(HOUR_MS - 1);
    expect(await traceFor(other.fetchTraces, A)).toEqual({ ...fromRedis(asked), stale: true });
    bench.clock.advance(1);
    expect(await answerFor(other.fetchTraces, A)).toBe(FAILURE);
  });

  it('answers before the deadline where the upstream is slow, whose answer is kept all the same', async () => {
    const upstream = datedUpstream(openTrace);
    const [one, other] = await openPair(upstream);
    const asked = await traceFor(one.fetchTraces, A);
    bench.clock.advance(10 * SECOND_MS);
    upstream.hold();
    expect(await traceFor(one.fetchTraces, A, inMs(400))).toEqual({ ...fromRedis(asked), stale: true });
    upstream.release();
    await eventually('the late answer lies in Redis', async () => (await held(other))?.askedAt === now());
    expect(upstream.askedFor).toHaveLength(2);
  });

  it('waits for the later deadline of those who have joined', async () => {
    const upstream = datedUpstream(openTrace);
    const [one] = await openPair(upstream);
    await traceFor(one.fetchTraces, A);
    bench.clock.advance(10 * SECOND_MS);
    upstream.hold();
    const ask: { deadlineAt?: number | undefined } = inMs(300);
    const beganAt = performance.now();
    const answer = traceFor(one.fetchTraces, A, ask);
    await eventually('it is asked', () => upstream.askedFor.length === 2);
    ask.deadlineAt = bench.clock.monotonic() + 900;
    expect((await answer).stale).toBe(true);
    expect(performance.now() - beganAt).toBeGreaterThanOrEqual(799);
    upstream.release();
  });

  it('does not answer a refresh', async () => {
    const upstream = datedUpstream(openTrace);
    const [one] = await openPair(upstream);
    await traceFor(one.fetchTraces, A);
    upstream.answerWith(fail);
    expect(await answerFor(one.fetchTraces, A, { refresh: true })).toBe(FAILURE);
  });

  it('does not answer once it was forgotten', async () => {
    const upstream = datedUpstream(openTrace);
    const [one, other] = await openPair(upstream);
    await traceFor(one.fetchTraces, A);
    bench.clock.advance(10 * SECOND_MS);
    upstream.answerWith(fail);
    upstream.hold();
    const answer = answerFor(one.fetchTraces, A);
    await eventually('it is asked', () => upstream.askedFor.length === 2);
    await other.store.forget([A]);
    await eventually('one hears of it', () => one.invalidated.length > 0);
    upstream.release();
    expect(await answer).toBe(FAILURE);
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
    expect(traces.map(({ source }) => source).filter((source) => source !== 'SHARED_CACHE')).toEqual(['UPSTREAM']);
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
    expect(await second).toMatchObject({ source: 'UPSTREAM' });
  });

  it('wait for no more than two leases, and ask without one then', async () => {
    const upstream = datedUpstream(finalTrace);
    const [one, other] = await openPair(upstream);
    upstream.hold();
    const first = traceFor(one.fetchTraces, A);
    await eventually('one asks', () => upstream.askedFor.length === 1);
    const second = traceFor(other.fetchTraces, A);
    await eventually('the other waits', () => other.waits === 1);
    bench.clock.advance(2 * LEASE_MS);
    await eventually('the other asks', () => upstream.askedFor.length === 2);
    upstream.release();
    expect((await Promise.all([first, second])).map(({ records }) => records.length)).toEqual([3, 3]);
  });

  it('give up waiting when their time is over, and ask nothing then', async () => {
    const upstream = datedUpstream(finalTrace);
    const [one, other] = await openPair(upstream);
    upstream.hold();
    const first = traceFor(one.fetchTraces, A);
    await eventually('one asks', () => upstream.askedFor.length === 1);
    const second = answerFor(other.fetchTraces, A, inMs(10 * SECOND_MS));
    const third = answerFor(other.fetchTraces, A, { signal: AbortSignal.abort() });
    expect(await third).toBeInstanceOf(UpstreamTimeoutError);
    bench.clock.advance(10 * SECOND_MS);
    expect(await second).toBeInstanceOf(UpstreamTimeoutError);
    expect(upstream.askedFor).toHaveLength(1);
    upstream.release();
    await first;
  });

  it('answer with a stale trace when their time is over', async () => {
    const upstream = datedUpstream(openTrace);
    const [one, other] = await openPair(upstream);
    const asked = await traceFor(one.fetchTraces, A);
    bench.clock.advance(10 * SECOND_MS);
    upstream.hold();
    const first = traceFor(one.fetchTraces, A);
    await eventually('one asks', () => upstream.askedFor.length === 2);
    expect(await traceFor(other.fetchTraces, A, inMs(400))).toEqual({ ...fromRedis(asked), stale: true });
    upstream.release();
    await first;
    expect(upstream.askedFor).toHaveLength(2);
  });

  it.each<[string, FetchTraces]>([
    [
      'throws',
      () => {
        throw new RangeError('too many arguments');
      },
    ],
    ['rejects', (keys) => keys.map(() => Promise.reject(new RangeError('too many arguments')))],
    ['gives no answer', () => []],
  ])('do not wait for one whose stage behind %s', async (_, fetchTraces) => {
    const [one, other] = await openPair({ fetchTraces });
    expect(await answerFor(one.fetchTraces, A)).toBeInstanceOf(Error);
    await eventually('the lease is free', async () => Boolean((await other.store.lease(A))?.release));
  });
});

describe('a refresh', () => {
  it('asks although a fresh trace is held, and tells the other gateways', async () => {
    const upstream = datedUpstream(openTrace);
    const [one, other] = await openPair(upstream);
    await traceFor(one.fetchTraces, A);
    bench.clock.advance(SECOND_MS);
    upstream.answerWith(finalTrace);
    expect(await traceFor(one.fetchTraces, A, { refresh: true })).toMatchObject({ source: 'UPSTREAM', askedAt: now() });
    expect(await traceFor(other.fetchTraces, A)).toMatchObject({ source: 'SHARED_CACHE', askedAt: now() });
    await eventually('the other hears of it', () => other.invalidated.length > 0);
    expect([one.invalidated, other.invalidated]).toEqual([[], [traceKeyText(A)]]);
  });

  it.each([
    ['plain', {}],
    ['refreshing', { refresh: true }],
  ])('waits for a %s question under way in another gateway, and then asks itself', async (_, asked) => {
    const upstream = datedUpstream(finalTrace);
    const [one, other] = await openPair(upstream);
    upstream.hold();
    const first = traceFor(one.fetchTraces, A, asked);
    await eventually('one asks', () => upstream.askedFor.length === 1);
    bench.clock.advance(5 * SECOND_MS);
    const second = traceFor(other.fetchTraces, A, { refresh: true });
    await eventually('the other waits', () => other.waits === 1);
    expect(upstream.askedFor).toHaveLength(1);
    upstream.release();
    expect((await first).askedAt).toBe(ASKED_AT);
    await eventually('the other asks', () => upstream.askedFor.length === 2);
    upstream.release();
    expect(await second).toMatchObject({ source: 'UPSTREAM', askedAt: ASKED_AT + 5 * SECOND_MS });
  });

  it('is kept where it waited for the refresh of another gateway, whose invalidation it hears meanwhile', async () => {
    const upstream = datedUpstream(openTrace);
    const [one, other] = await openPair(upstream);
    upstream.hold();
    const first = traceFor(one.fetchTraces, A, { refresh: true });
    await eventually('the first is asked', () => upstream.askedFor.length === 1);
    const second = traceFor(other.fetchTraces, A, { refresh: true });
    await eventually('the second waits', () => other.waits === 1);
    bench.clock.advance(2 * SECOND_MS);
    upstream.release();
    await first;
    await eventually('the second is asked', () => upstream.askedFor.length === 2);
    upstream.answerWith(finalTrace);
    upstream.release();
    expect((await second).records).toHaveLength(3);
    expect((await held(one))?.records).toHaveLength(3);
  });
});

describe('what was begun before a call was forgotten', () => {
  it('is answered, and not written after it', async () => {
    const upstream = datedUpstream(finalTrace);
    const [one, other] = await openPair(upstream);
    upstream.hold();
    const answer = traceFor(one.fetchTraces, A);
    await eventually('it is asked', () => upstream.askedFor.length === 1);
    bench.clock.advance(SECOND_MS);
    await other.store.forget([A]);
    upstream.release();
    expect(await answer).toMatchObject({ source: 'UPSTREAM' });
    expect(await held(other)).toBeNull();
  });

  it('is not written even where the tombstone is gone', async () => {
    const upstream = datedUpstream(finalTrace);
    const [one, other] = await openPair(upstream);
    upstream.hold();
    const answer = traceFor(one.fetchTraces, A);
    await eventually('it is asked', () => upstream.askedFor.length === 1);
    await other.store.forget([A]);
    await eventually('one hears of it', () => one.invalidated.length > 0);
    await bench.redis.inside.flushall();
    upstream.release();
    await answer;
    expect(await held(other)).toBeNull();
  });

  it('does not keep out what is asked for after it', async () => {
    const upstream = datedUpstream(finalTrace);
    const [one, other] = await openPair(upstream);
    await traceFor(one.fetchTraces, A);
    expect(await other.store.forget([A])).toBeNull();
    await eventually('the time of Redis goes on', async () => {
      const before = upstream.askedFor.length;
      await traceFor(one.fetchTraces, A);
      return upstream.askedFor.length === before;
    });
    expect(await traceFor(other.fetchTraces, A)).toMatchObject({ source: 'SHARED_CACHE' });
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
      const answers = await Promise.all(one.fetchTraces([A, B, A]));
      expect(answers).toMatchObject([A, B, A].map((key) => ({ key, source: 'UPSTREAM' })));
      expect(upstream.askedFor).toEqual([A, B, A].map(traceKeyText));
    } finally {
      await own.close();
    }
  });
});
