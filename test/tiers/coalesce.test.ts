import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { UpstreamTimeoutError, UpstreamUnavailableError } from '../../src/call/errors.js';
import type { AskOptions, CallTrace, FetchTraces } from '../../src/call/trace.js';
import { withCoalescing } from '../../src/tiers/coalesce.js';
import { describeFetchTraces } from '../support/contract.js';
import { answerFor, createKeys, finalTrace, openTrace, quiet, traceFor, upstreamOf } from '../support/traces.js';

const [A, B, C] = createKeys(3);
const FAILURE = new UpstreamUnavailableError('the contact centre is away');

describeFetchTraces('withCoalescing', ({ next, now }) => ({ fetchTraces: withCoalescing(next, now) }));

/** The stage over an upstream that answers when it is told to. */
function setUp() {
  const upstream = upstreamOf(finalTrace);
  upstream.hold();
  return { upstream, fetchTraces: withCoalescing(upstream.fetchTraces, Date.now) };
}

/** An answer, and whether it has come. */
function watch<T>(answer: Promise<T>) {
  const watched = { answer, come: false };
  void answer.finally(() => {
    watched.come = true;
  });
  return watched;
}

describe('withCoalescing', () => {
  it('asks once for 1,000 equal keys under way', async () => {
    const { upstream, fetchTraces } = setUp();
    const answers = Array.from({ length: 1000 }, () => traceFor(fetchTraces, { ...A }));
    await quiet();
    upstream.release();
    const traces = await Promise.all(answers);
    expect(upstream.askedFor).toHaveLength(1);
    expect(new Set(traces)).toEqual(new Set([finalTrace(A)]));
  });

  it('asks once for equal keys of one batch', async () => {
    const { upstream, fetchTraces } = setUp();
    const answers = fetchTraces([A, B, A]);
    upstream.release();
    expect(await answers).toEqual([A, B, A].map((key) => finalTrace(key)));
    expect(upstream.batches.map(({ keys }) => keys)).toEqual([[A], [B]]);
  });

  it('tells of each asker who finds its question under way', async () => {
    const { upstream } = setUp();
    const onJoin = jest.fn();
    const fetchTraces = withCoalescing(upstream.fetchTraces, Date.now, onJoin);
    const answers = fetchTraces([A, B]);
    expect(onJoin).toHaveBeenCalledTimes(0);
    const more = fetchTraces([B, B, C]);
    expect(onJoin).toHaveBeenCalledTimes(2);
    upstream.release();
    await Promise.all([answers, more]);
    void fetchTraces([A]);
    expect(onJoin).toHaveBeenCalledTimes(2);
  });

  it.each([
    ['call centres', { ccId: 2 }],
    ['VDNs', { vdn: 171 }],
    ['months', { month: '2025-05' as typeof A.month }],
    ['call IDs', { callId: `${A.callId}0` }],
  ])('asks apart for keys of two %s', async (_, change) => {
    const { upstream, fetchTraces } = setUp();
    const other = { ...A, ...change };
    const answers = Promise.all([traceFor(fetchTraces, A), traceFor(fetchTraces, other)]);
    upstream.release();
    expect((await answers).map(({ key }) => key)).toEqual([A, other]);
    expect(upstream.askedFor).toHaveLength(2);
  });

  it('remembers nothing: it asks again for a key that has been answered', async () => {
    const { upstream, fetchTraces } = setUp();
    for (const count of [1, 2, 3]) {
      const answer = traceFor(fetchTraces, A);
      upstream.release();
      await answer;
      expect(upstream.askedFor).toHaveLength(count);
    }
  });

  it('lets a slow key hold up nobody who did not ask for it', async () => {
    const { upstream, fetchTraces } = setUp();
    const both = watch(fetchTraces([A, B]));
    const other = watch(traceFor(fetchTraces, B));
    upstream.release(B);
    expect(await other.answer).toEqual(finalTrace(B));
    expect(both.come).toBe(false);
    upstream.release(A);
    expect(await both.answer).toEqual([finalTrace(A), finalTrace(B)]);
    expect(upstream.askedFor).toHaveLength(2);
  });

  describe('at an asker’s deadline', () => {
    const STARTED_AT = Date.UTC(2025, 5, 15, 12);
    beforeEach(() => {
      jest.useFakeTimers({ now: STARTED_AT });
    });
    afterEach(() => {
      jest.useRealTimers();
    });

    it('answers that one with UpstreamTimeoutError, and the others with the trace', async () => {
      const { upstream, fetchTraces } = setUp();
      const patient = watch(answerFor(fetchTraces, A));
      const hasty = watch(answerFor(fetchTraces, A, { deadlineAt: STARTED_AT + 100 }));
      const calm = watch(answerFor(fetchTraces, A, { deadlineAt: STARTED_AT + 5_000 }));
      await jest.advanceTimersByTimeAsync(99);
      expect([patient.come, hasty.come, calm.come]).toEqual([false, false, false]);
      await jest.advanceTimersByTimeAsync(1);
      expect([patient.come, hasty.come, calm.come]).toEqual([false, true, false]);
      expect(await hasty.answer).toBeInstanceOf(UpstreamTimeoutError);
      upstream.release();
      expect(await patient.answer).toEqual(finalTrace(A));
      expect(await calm.answer).toEqual(finalTrace(A));
      expect(upstream.batches[0]?.ask.signal?.aborted).toBe(true);
    });

    it('lets one who came later wait for as long as his own deadline says', async () => {
      const { upstream, fetchTraces } = setUp();
      const first = watch(answerFor(fetchTraces, A, { deadlineAt: STARTED_AT + 100 }));
      await jest.advanceTimersByTimeAsync(99);
      const second = watch(answerFor(fetchTraces, A, { deadlineAt: STARTED_AT + 200 }));
      await jest.advanceTimersByTimeAsync(1);
      expect([first.come, second.come]).toEqual([true, false]);
      await jest.advanceTimersByTimeAsync(99);
      expect(second.come).toBe(false);
      upstream.release();
      expect(await second.answer).toEqual(finalTrace(A));
    });

    it('stops a question that nobody waits for any more', async () => {
      const { upstream, fetchTraces } = setUp();
      const answer = answerFor(fetchTraces, A, { deadlineAt: STARTED_AT + 100 });
      await jest.advanceTimersByTimeAsync(99);
      expect(upstream.batches[0]?.ask.signal?.aborted).toBe(false);
      await jest.advanceTimersByTimeAsync(1);
      await answer;
      expect(upstream.batches[0]?.ask.signal).toMatchObject({ aborted: true, reason: { name: 'TimeoutError' } });
    });

    it('answers the slow key of a batch with an error and the others with their traces', async () => {
      const { upstream, fetchTraces } = setUp();
      const answers = fetchTraces([A, B], { deadlineAt: STARTED_AT + 100 });
      upstream.release(B);
      await jest.advanceTimersByTimeAsync(100);
      const [a, b] = await answers;
      expect(a).toBeInstanceOf(UpstreamTimeoutError);
      expect(b).toEqual(finalTrace(B));
    });

    it('names the call and the VDN', async () => {
      const { fetchTraces } = setUp();
      const answer = answerFor(fetchTraces, A, { deadlineAt: STARTED_AT });
      await jest.advanceTimersByTimeAsync(0);
      expect(await answer).toMatchObject({
        message: `call ${A.callId} in VDN ${A.vdn}: no answer within the time this request had`,
      });
    });

    it('leaves no timer behind when the answer comes first, or the client goes', async () => {
      const { upstream, fetchTraces } = setUp();
      const client = new AbortController();
      const answers = [
        answerFor(fetchTraces, A, { deadlineAt: STARTED_AT + 100 }),
        answerFor(fetchTraces, B, { deadlineAt: STARTED_AT + 100, signal: client.signal }),
        answerFor(fetchTraces, C, { deadlineAt: STARTED_AT + 100, signal: AbortSignal.abort() }),
      ];
      expect(jest.getTimerCount()).toBeGreaterThan(0);
      client.abort();
      upstream.release(A);
      await Promise.all(answers);
      expect(jest.getTimerCount()).toBe(0);
    });
  });

  describe('when a client goes away', () => {
    it('leaves the others their answer', async () => {
      const { upstream, fetchTraces } = setUp();
      const client = new AbortController();
      const gone = answerFor(fetchTraces, A, { signal: client.signal });
      const stayed = answerFor(fetchTraces, A, { signal: new AbortController().signal });
      client.abort();
      expect(await gone).toBeInstanceOf(UpstreamTimeoutError);
      expect(upstream.batches[0]?.ask.signal?.aborted).toBe(false);
      upstream.release();
      expect(await stayed).toEqual(finalTrace(A));
    });

    it('stops the question with the last one, and no other question', async () => {
      const { upstream, fetchTraces } = setUp();
      const clients = [new AbortController(), new AbortController()];
      const answers = clients.map(({ signal }) => answerFor(fetchTraces, A, { signal }));
      void answerFor(fetchTraces, B);
      clients[0]?.abort();
      await quiet();
      expect(upstream.batches.map(({ ask }) => ask.signal?.aborted)).toEqual([false, false]);
      clients[1]?.abort();
      await Promise.all(answers);
      expect(upstream.batches.map(({ ask }) => ask.signal?.aborted)).toEqual([true, false]);
      expect(upstream.batches[0]?.ask.signal?.reason).toMatchObject({ name: 'AbortError' });
      upstream.release();
    });

    it('asks anew for one who comes after the question was stopped', async () => {
      const { upstream, fetchTraces } = setUp();
      const client = new AbortController();
      const gone = answerFor(fetchTraces, A, { signal: client.signal });
      client.abort();
      await gone;
      const answer = answerFor(fetchTraces, A);
      expect(upstream.askedFor).toHaveLength(2);
      expect(upstream.batches[1]?.ask.signal?.aborted).toBe(false);
      upstream.release();
      expect(await answer).toEqual(finalTrace(A));
    });

    it('lets one who comes at that very moment have the answer', async () => {
      const { upstream, fetchTraces } = setUp();
      const client = new AbortController();
      const gone = answerFor(fetchTraces, A, { signal: client.signal });
      client.abort();
      const answer = answerFor(fetchTraces, A);
      await gone;
      const last = upstream.batches.at(-1);
      expect(last?.ask.signal?.aborted).toBe(false);
      upstream.release();
      expect(await answer).toEqual(finalTrace(A));
    });

    it('leaves no question under way for one who had gone before', async () => {
      const { upstream, fetchTraces } = setUp();
      expect(await answerFor(fetchTraces, A, { signal: AbortSignal.abort() })).toBeInstanceOf(UpstreamTimeoutError);
      expect(upstream.batches.every(({ ask }) => ask.signal?.aborted)).toBe(true);
      const answer = answerFor(fetchTraces, A);
      upstream.release();
      expect(await answer).toEqual(finalTrace(A));
    });
  });

  describe('at a refresh', () => {
    it('joins a refresh under way', async () => {
      const { upstream, fetchTraces } = setUp();
      const answers = [1, 2, 3].map(() => traceFor(fetchTraces, A, { refresh: true }));
      expect(upstream.batches).toHaveLength(1);
      expect(upstream.batches[0]?.ask.refresh).toBe(true);
      upstream.release();
      expect(await Promise.all(answers)).toEqual([1, 2, 3].map(() => finalTrace(A)));
    });

    it('does not join an ordinary question, which may be answered from a cache', async () => {
      const { upstream, fetchTraces } = setUp();
      const inTurn = [openTrace, finalTrace];
      upstream.answerWith((key) => inTurn.shift()?.(key) ?? FAILURE);
      const ordinary = traceFor(fetchTraces, A);
      const refreshed = traceFor(fetchTraces, A, { refresh: true });
      expect(upstream.batches.map(({ ask }) => ask.refresh ?? false)).toEqual([false, true]);
      upstream.release();
      expect(await ordinary).toEqual(openTrace(A));
      expect(await refreshed).toEqual(finalTrace(A));
    });

    it('is not joined by an ordinary question, which a cache may answer although the refresh fails', async () => {
      const { upstream, fetchTraces } = setUp();
      const refreshed = traceFor(fetchTraces, A, { refresh: true });
      const ordinary = traceFor(fetchTraces, A);
      expect(upstream.batches.map(({ ask }) => ask.refresh ?? false)).toEqual([true, false]);
      upstream.release();
      await Promise.all([ordinary, refreshed]);
    });

    it('is not joined by an ordinary question for another key', async () => {
      const { upstream, fetchTraces } = setUp();
      const answers = Promise.all([traceFor(fetchTraces, A, { refresh: true }), traceFor(fetchTraces, B)]);
      expect(upstream.batches.map(({ ask }) => ask.refresh ?? false)).toEqual([true, false]);
      upstream.release();
      expect((await answers).map(({ key }) => key)).toEqual([A, B]);
    });
  });

  describe('when the next stage fails', () => {
    it('shares the failure among those who wait, and asks again for the one who comes after', async () => {
      const { upstream, fetchTraces } = setUp();
      upstream.answerWith(() => FAILURE);
      const answers = [1, 2].map(() => answerFor(fetchTraces, A));
      upstream.release();
      expect(await Promise.all(answers)).toEqual([FAILURE, FAILURE]);
      expect(upstream.askedFor).toHaveLength(1);
      upstream.answerWith(finalTrace);
      const next = answerFor(fetchTraces, A);
      upstream.release();
      expect(await next).toEqual(finalTrace(A));
    });

    it.each<[string, () => Promise<(CallTrace | Error)[]>]>([
      ['rejects', () => Promise.reject(FAILURE)],
      [
        'throws',
        () => {
          throw FAILURE;
        },
      ],
    ])('keeps nothing of a question if it %s against its promise', async (_, fail) => {
      let failing = true;
      const next: FetchTraces = (keys) => (failing ? fail() : Promise.resolve(keys.map((key) => finalTrace(key))));
      const fetchTraces = withCoalescing(next, Date.now);
      const ask = (options: AskOptions) => answerFor(fetchTraces, A, options).catch((error: unknown) => error);
      expect(await Promise.all([ask({}), ask({ signal: new AbortController().signal })])).toEqual([FAILURE, FAILURE]);
      failing = false;
      expect(await answerFor(fetchTraces, A)).toEqual(finalTrace(A));
    });

    it('gives an Error where it gives no answer', async () => {
      const fetchTraces = withCoalescing(() => Promise.resolve([]), Date.now);
      expect(await answerFor(fetchTraces, A)).toBeInstanceOf(Error);
    });
  });
});
