import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { createInvalidations } from '../../src/cache/invalidations.js';
import { withSingleFlight } from '../../src/cache/single-flight.js';
import type { Clock } from '../../src/call/clock.js';
import { UpstreamTimeoutError, UpstreamUnavailableError } from '../../src/call/errors.js';
import type { AskOptions, FetchTraces } from '../../src/call/fetch-traces.js';
import { traceKeyText } from '../../src/call/key.js';
import type { CallTrace } from '../../src/call/trace.js';
import { describeStage } from '../support/contract.js';
import {
  answerFor,
  createKeys,
  createTestClock,
  finalTrace,
  openTrace,
  quiet,
  traceFor,
  upstreamOf,
} from '../support/traces.js';

const [A, B, C] = createKeys(3);
const TEXT = traceKeyText(A);
const FAILURE = new UpstreamUnavailableError('the contact centre is away');

describeStage('withSingleFlight', ({ next, clock }) => ({
  fetchTraces: withSingleFlight(next, { invalidations: createInvalidations(), clock }),
}));

/** The stage over an upstream that answers when it is told to. */
function setUp(clock: Clock = createTestClock()) {
  const upstream = upstreamOf(finalTrace);
  upstream.hold();
  const invalidations = createInvalidations();
  const onJoin = jest.fn();
  const fetchTraces = withSingleFlight(upstream.fetchTraces, { invalidations, clock, onJoin });
  return { upstream, invalidations, onJoin, fetchTraces };
}

/** An answer, and whether it has come. */
function watch<T>(answer: Promise<T>) {
  const watched = { answer, come: false };
  void answer.finally(() => {
    watched.come = true;
  });
  return watched;
}

const refreshes = (upstream: ReturnType<typeof upstreamOf>): boolean[] =>
  upstream.batches.map(({ ask }) => ask.refresh ?? false);
const aborted = (upstream: ReturnType<typeof upstreamOf>): (boolean | undefined)[] =>
  upstream.batches.map(({ ask }) => ask.signal?.aborted);

describe('withSingleFlight', () => {
  it('asks once for 1,000 equal keys under way', async () => {
    const { upstream, fetchTraces } = setUp();
    const answers = Array.from({ length: 1000 }, () => traceFor(fetchTraces, { ...A }));
    await quiet();
    upstream.release();
    expect(new Set(await Promise.all(answers))).toEqual(new Set([finalTrace(A)]));
    expect(upstream.askedFor).toEqual([TEXT]);
  });

  it('asks once for equal keys of one batch', async () => {
    const { upstream, fetchTraces } = setUp();
    const answers = fetchTraces([A, B, A]);
    await quiet();
    upstream.release();
    expect(await Promise.all(answers)).toEqual([A, B, A].map((key) => finalTrace(key)));
    expect(upstream.batches.map(({ keys }) => keys)).toEqual([[A], [B]]);
  });

  it('tells of each waiter who finds its question under way', async () => {
    const { upstream, fetchTraces, onJoin } = setUp();
    const answers = fetchTraces([A, B]);
    expect(onJoin).toHaveBeenCalledTimes(0);
    const more = fetchTraces([B, B, C]);
    expect(onJoin).toHaveBeenCalledTimes(2);
    await quiet();
    upstream.release();
    await Promise.all([...answers, ...more]);
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
    await quiet();
    upstream.release();
    expect((await answers).map(({ key }) => key)).toEqual([A, other]);
    expect(upstream.askedFor).toHaveLength(2);
  });

  it('remembers nothing: it asks again for a key that has been answered', async () => {
    const { upstream, fetchTraces } = setUp();
    for (const count of [1, 2, 3]) {
      const answer = traceFor(fetchTraces, A);
      await quiet();
      upstream.release();
      await answer;
      expect(upstream.askedFor).toHaveLength(count);
    }
  });

  it('lets a slow key hold up no other, in the same batch or elsewhere', async () => {
    const { upstream, fetchTraces } = setUp();
    const [slow, other] = fetchTraces([A, B]).map(watch);
    const elsewhere = watch(traceFor(fetchTraces, B));
    await quiet();
    upstream.release(B);
    expect(await Promise.all([other?.answer, elsewhere.answer])).toEqual([finalTrace(B), finalTrace(B)]);
    expect(slow?.come).toBe(false);
    upstream.release(A);
    expect(await slow?.answer).toEqual(finalTrace(A));
    expect(upstream.askedFor).toHaveLength(2);
  });

  describe('at a waiter’s deadline', () => {
    const STARTED_AT = Date.UTC(2025, 5, 15, 12);
    /** Both clocks go with the timers. */
    const fakeClock: Clock = { wall: () => Date.now(), monotonic: () => Date.now() };
    const pass = (ms: number): Promise<void> => jest.advanceTimersByTimeAsync(ms);
    beforeEach(() => {
      jest.useFakeTimers({ now: STARTED_AT });
    });
    afterEach(() => {
      jest.useRealTimers();
    });

    it('answers that one with UpstreamTimeoutError, and the others with the trace', async () => {
      const { upstream, fetchTraces } = setUp(fakeClock);
      const patient = watch(answerFor(fetchTraces, A));
      const hasty = watch(answerFor(fetchTraces, A, { deadlineAt: STARTED_AT + 100 }));
      const calm = watch(answerFor(fetchTraces, A, { deadlineAt: STARTED_AT + 5_000 }));
      await pass(99);
      expect([patient.come, hasty.come, calm.come]).toEqual([false, false, false]);
      await pass(1);
      expect([patient.come, hasty.come, calm.come]).toEqual([false, true, false]);
      expect(await hasty.answer).toBeInstanceOf(UpstreamTimeoutError);
      expect(aborted(upstream)).toEqual([false]);
      upstream.release();
      expect(await patient.answer).toEqual(finalTrace(A));
      expect(await calm.answer).toEqual(finalTrace(A));
    });

    it('moves the deadline of the question with one who came later, before and while it is asked', async () => {
      const { upstream, fetchTraces } = setUp(fakeClock);
      const first = watch(answerFor(fetchTraces, A, { deadlineAt: STARTED_AT + 100 }));
      void answerFor(fetchTraces, A, { deadlineAt: STARTED_AT + 50 });
      await pass(0);
      expect(upstream.batches[0]?.ask.deadlineAt).toBe(STARTED_AT + 100);
      const second = watch(answerFor(fetchTraces, A, { deadlineAt: STARTED_AT + 200 }));
      expect(upstream.batches[0]?.ask.deadlineAt).toBe(STARTED_AT + 200);
      await pass(100);
      expect([first.come, second.come]).toEqual([true, false]);
      const endless = watch(answerFor(fetchTraces, A));
      expect(upstream.batches[0]?.ask.deadlineAt).toBeUndefined();
      void answerFor(fetchTraces, A, { deadlineAt: STARTED_AT + 300 });
      expect(upstream.batches[0]?.ask.deadlineAt).toBeUndefined();
      await pass(99);
      upstream.release();
      expect(await Promise.all([second.answer, endless.answer])).toEqual([finalTrace(A), finalTrace(A)]);
      expect(upstream.askedFor).toHaveLength(1);
    });

    it('stops a question that nobody waits for any more', async () => {
      const { upstream, fetchTraces } = setUp(fakeClock);
      const answer = answerFor(fetchTraces, A, { deadlineAt: STARTED_AT + 100 });
      await pass(99);
      expect(aborted(upstream)).toEqual([false]);
      await pass(1);
      await answer;
      expect(upstream.batches[0]?.ask.signal).toMatchObject({ aborted: true, reason: { name: 'TimeoutError' } });
    });

    it('answers the slow key of a batch with an error and the others with their traces', async () => {
      const { upstream, fetchTraces } = setUp(fakeClock);
      const answers = Promise.all(fetchTraces([A, B], { deadlineAt: STARTED_AT + 100 }));
      await pass(0);
      upstream.release(B);
      await pass(100);
      const [a, b] = await answers;
      expect(a).toBeInstanceOf(UpstreamTimeoutError);
      expect(b).toEqual(finalTrace(B));
    });

    it('names the call and the VDN', async () => {
      const { fetchTraces } = setUp(fakeClock);
      const answer = answerFor(fetchTraces, A, { deadlineAt: STARTED_AT + 1 });
      await pass(1);
      expect(await answer).toMatchObject({
        message: `call ${A.callId} in VDN ${A.vdn}: no answer within the time this request had; ask again in a moment`,
      });
    });

    it('goes by the clock that is never set', async () => {
      let wall = STARTED_AT;
      const { upstream, fetchTraces } = setUp({ wall: () => wall, monotonic: () => Date.now() });
      const answer = watch(answerFor(fetchTraces, A, { deadlineAt: STARTED_AT + 100 }));
      wall += 7_200_000;
      await pass(99);
      wall -= 14_400_000;
      expect(answer.come).toBe(false);
      upstream.release();
      expect(await answer.answer).toEqual(finalTrace(A));
    });

    it('does not ask for one whose time is up when he comes', async () => {
      const { upstream, fetchTraces } = setUp(fakeClock);
      expect(await answerFor(fetchTraces, A, { deadlineAt: STARTED_AT })).toBeInstanceOf(UpstreamTimeoutError);
      await pass(0);
      expect(upstream.batches).toEqual([]);
    });

    it('leaves no timer behind when the answer comes first, or the client goes', async () => {
      const { upstream, fetchTraces } = setUp(fakeClock);
      const client = new AbortController();
      const answers = [
        answerFor(fetchTraces, A, { deadlineAt: STARTED_AT + 100 }),
        answerFor(fetchTraces, B, { deadlineAt: STARTED_AT + 100, signal: client.signal }),
        answerFor(fetchTraces, C, { deadlineAt: STARTED_AT + 100, signal: AbortSignal.abort() }),
      ];
      await pass(0);
      expect(jest.getTimerCount()).toBe(2);
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
      await quiet();
      client.abort();
      expect(await gone).toBeInstanceOf(UpstreamTimeoutError);
      expect(aborted(upstream)).toEqual([false]);
      upstream.release();
      expect(await stayed).toEqual(finalTrace(A));
    });

    it('stops the question with the last one, and no other question', async () => {
      const { upstream, fetchTraces } = setUp();
      const clients = [new AbortController(), new AbortController()];
      const answers = clients.map(({ signal }) => answerFor(fetchTraces, A, { signal }));
      void answerFor(fetchTraces, B);
      await quiet();
      clients[0]?.abort();
      await quiet();
      expect(aborted(upstream)).toEqual([false, false]);
      clients[1]?.abort();
      await Promise.all(answers);
      expect(aborted(upstream)).toEqual([true, false]);
      expect(upstream.batches[0]?.ask.signal?.reason).toMatchObject({ name: 'AbortError' });
    });

    it('asks anew for one who comes after, once the question that was stopped has ended', async () => {
      const { upstream, fetchTraces } = setUp();
      const client = new AbortController();
      const gone = answerFor(fetchTraces, A, { signal: client.signal });
      await quiet();
      client.abort();
      await gone;
      const answer = answerFor(fetchTraces, A);
      await quiet();
      expect(aborted(upstream)).toEqual([true]);
      upstream.release();
      await quiet();
      expect(aborted(upstream)).toEqual([true, false]);
      upstream.release();
      expect(await answer).toEqual(finalTrace(A));
    });

    it('lets one who comes at that very moment have an answer', async () => {
      const { upstream, fetchTraces } = setUp();
      const client = new AbortController();
      const gone = answerFor(fetchTraces, A, { signal: client.signal });
      await quiet();
      client.abort();
      const answer = answerFor(fetchTraces, A);
      await gone;
      expect(aborted(upstream)).toEqual([false]);
      upstream.release();
      expect(await answer).toEqual(finalTrace(A));
    });

    it('does not ask for one who had gone before', async () => {
      const { upstream, fetchTraces } = setUp();
      expect(await answerFor(fetchTraces, A, { signal: AbortSignal.abort() })).toBeInstanceOf(UpstreamTimeoutError);
      await quiet();
      expect(upstream.batches).toEqual([]);
    });

    it('skips a queued request without waiters, and asks for one who comes later', async () => {
      const { upstream, fetchTraces } = setUp();
      const first = answerFor(fetchTraces, A);
      await quiet();
      const client = new AbortController();
      const gone = answerFor(fetchTraces, A, { refresh: true, signal: client.signal });
      client.abort();
      expect(await gone).toBeInstanceOf(UpstreamTimeoutError);
      const late = answerFor(fetchTraces, A, { refresh: true });
      upstream.release();
      await first;
      await quiet();
      expect(refreshes(upstream)).toEqual([false, true]);
      expect(aborted(upstream)[1]).toBe(false);
      upstream.release();
      expect(await late).toEqual(finalTrace(A));
      expect(upstream.askedFor).toHaveLength(2);
    });
  });

  describe('at a refresh', () => {
    it('shares one that has not begun', async () => {
      const { upstream, fetchTraces } = setUp();
      const answers = [1, 2, 3].map(() => traceFor(fetchTraces, A, { refresh: true }));
      await quiet();
      expect(refreshes(upstream)).toEqual([true]);
      upstream.release();
      expect(await Promise.all(answers)).toEqual([1, 2, 3].map(() => finalTrace(A)));
    });

    it.each([
      ['an ordinary question', false],
      ['a refresh', true],
    ])('takes nothing from %s under way: it waits for its end and asks then', async (_, refresh) => {
      const { upstream, fetchTraces } = setUp();
      upstream.answerWith(openTrace);
      const first = watch(traceFor(fetchTraces, A, { refresh }));
      await quiet();
      const refreshed = watch(traceFor(fetchTraces, A, { refresh: true }));
      const another = traceFor(fetchTraces, A, { refresh: true });
      await quiet();
      expect(upstream.batches).toHaveLength(1);
      upstream.release();
      expect(await first.answer).toEqual(openTrace(A));
      await quiet();
      expect([refreshed.come, refreshes(upstream)]).toEqual([false, [refresh, true]]);
      upstream.answerWith(finalTrace);
      upstream.release();
      expect(await Promise.all([refreshed.answer, another])).toEqual([finalTrace(A), finalTrace(A)]);
      expect(upstream.batches).toHaveLength(2);
    });

    it('turns an ordinary question that has not begun into one, for both', async () => {
      const { upstream, fetchTraces } = setUp();
      const answers = [traceFor(fetchTraces, A), traceFor(fetchTraces, A, { refresh: true })];
      await quiet();
      upstream.release();
      await Promise.all(answers);
      expect(refreshes(upstream)).toEqual([true]);
    });

    it('lets an ordinary question share its answer', async () => {
      const { upstream, fetchTraces } = setUp();
      const refreshed = traceFor(fetchTraces, A, { refresh: true });
      await quiet();
      const ordinary = traceFor(fetchTraces, A);
      upstream.release();
      expect(await Promise.all([ordinary, refreshed])).toEqual([finalTrace(A), finalTrace(A)]);
      expect(refreshes(upstream)).toEqual([true]);
    });

    it('asks once more, for all ordinary questions that shared it, when it fails: a cache may still answer them', async () => {
      const { upstream, fetchTraces } = setUp();
      const refreshed = answerFor(fetchTraces, A, { refresh: true });
      await quiet();
      const ordinary = [1, 2].map(() => answerFor(fetchTraces, A));
      upstream.answerWith(() => FAILURE);
      upstream.release();
      expect(await refreshed).toBe(FAILURE);
      await quiet();
      expect(refreshes(upstream)).toEqual([true, false]);
      upstream.answerWith(openTrace);
      upstream.release();
      expect(await Promise.all(ordinary)).toEqual([openTrace(A), openTrace(A)]);
      expect(upstream.askedFor).toHaveLength(2);
    });

    it('gives an ordinary question that shared it the failure that it meets itself', async () => {
      const { upstream, fetchTraces } = setUp();
      upstream.answerWith(() => FAILURE);
      void answerFor(fetchTraces, A, { refresh: true });
      await quiet();
      const ordinary = answerFor(fetchTraces, A);
      for (const count of [1, 2]) {
        expect(upstream.askedFor).toHaveLength(count);
        upstream.release();
        await quiet();
      }
      expect(await ordinary).toBe(FAILURE);
      expect(upstream.askedFor).toHaveLength(2);
    });

    it('asks no more for one who has left when it fails', async () => {
      const { upstream, fetchTraces } = setUp();
      const client = new AbortController();
      void answerFor(fetchTraces, A, { refresh: true });
      await quiet();
      const ordinary = answerFor(fetchTraces, A, { signal: client.signal });
      client.abort();
      expect(await ordinary).toBeInstanceOf(UpstreamTimeoutError);
      upstream.answerWith(() => FAILURE);
      upstream.release();
      await quiet();
      expect(upstream.askedFor).toHaveLength(1);
    });

    it('is nothing to the questions for other keys', async () => {
      const { upstream, fetchTraces } = setUp();
      const answers = Promise.all([traceFor(fetchTraces, A, { refresh: true }), traceFor(fetchTraces, B)]);
      await quiet();
      expect(refreshes(upstream)).toEqual([true, false]);
      upstream.release();
      expect((await answers).map(({ key }) => key)).toEqual([A, B]);
    });
  });

  describe('after an invalidation', () => {
    it.each([
      ['of the key', (invalidations: ReturnType<typeof createInvalidations>) => invalidations.invalidate(TEXT)],
      ['of all keys', (invalidations: ReturnType<typeof createInvalidations>) => invalidations.invalidateAll()],
    ])('%s takes nothing from what was begun before it', async (_, invalidate) => {
      const { upstream, invalidations, fetchTraces } = setUp();
      upstream.answerWith(openTrace);
      const before = traceFor(fetchTraces, A);
      await quiet();
      invalidate(invalidations);
      const after = [1, 2].map(() => traceFor(fetchTraces, A));
      await quiet();
      expect(upstream.askedFor).toHaveLength(1);
      upstream.release();
      expect(await before).toEqual(openTrace(A));
      await quiet();
      expect(refreshes(upstream)).toEqual([false, false]);
      upstream.answerWith(finalTrace);
      upstream.release();
      expect(await Promise.all(after)).toEqual([finalTrace(A), finalTrace(A)]);
      expect(upstream.askedFor).toHaveLength(2);
    });

    it('of another key joins what is under way', async () => {
      const { upstream, invalidations, fetchTraces } = setUp();
      const before = traceFor(fetchTraces, A);
      await quiet();
      invalidations.invalidate(traceKeyText(B));
      const after = traceFor(fetchTraces, A);
      await quiet();
      upstream.release();
      await Promise.all([before, after]);
      expect(upstream.askedFor).toHaveLength(1);
    });

    it('joins what has not begun, and what began after it', async () => {
      const { upstream, invalidations, fetchTraces } = setUp();
      const answers = [traceFor(fetchTraces, A)];
      invalidations.invalidate(TEXT);
      answers.push(traceFor(fetchTraces, A));
      await quiet();
      answers.push(traceFor(fetchTraces, A));
      await quiet();
      upstream.release();
      await Promise.all(answers);
      expect(upstream.askedFor).toHaveLength(1);
    });
  });

  it('never has two questions for one key under way, whatever is asked, left, refreshed and invalidated', async () => {
    type Step = 'ask' | 'refresh' | 'leave' | 'invalidate' | 'answer' | 'fail' | 'turn';
    const steps = fc.array(
      fc.constantFrom<Step>('ask', 'ask', 'refresh', 'leave', 'invalidate', 'answer', 'answer', 'fail', 'turn'),
      { maxLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(steps, async (taken) => {
        const clock = createTestClock();
        const invalidations = createInvalidations();
        let number = 0;
        /** The question under way: its number, and how to answer it. */
        const underWay: { number: number; end: (answer: CallTrace | Error) => void }[] = [];
        const wrong: string[] = [];
        const fetchTraces = withSingleFlight(
          ([key = A], ask) => [
            new Promise((resolve) => {
              number += 1;
              const own = number;
              if (underWay.length > 0) wrong.push('two at once');
              if (ask?.signal?.aborted !== false) wrong.push('asked for nobody');
              underWay.push({
                number: own,
                end: (answer) => resolve(answer instanceof Error ? answer : { ...answer, key, askedAt: own }),
              });
            }),
          ],
          { invalidations, clock },
        );
        const end = (answer: CallTrace | Error): void => underWay.splice(0).forEach((one) => one.end(answer));
        const clients: AbortController[] = [];
        const answers: { least: number; hasLeft: () => boolean; answer: Promise<CallTrace | Error> }[] = [];
        /** The least number that an answer may bear: nothing begun before a refresh or the last invalidation. */
        let validFrom = 0;
        for (const step of taken) {
          if (step === 'ask' || step === 'refresh') {
            const client = new AbortController();
            clients.push(client);
            answers.push({
              least: step === 'refresh' ? number + 1 : validFrom,
              hasLeft: () => client.signal.aborted,
              answer: answerFor(fetchTraces, A, { refresh: step === 'refresh', signal: client.signal }),
            });
          }
          if (step === 'leave') clients.shift()?.abort();
          if (step === 'invalidate') {
            invalidations.invalidate(TEXT);
            validFrom = number + 1;
          }
          if (step === 'answer') end(finalTrace(A));
          if (step === 'fail') end(FAILURE);
          if (step !== 'ask' && step !== 'refresh') await quiet();
        }
        await quiet();
        while (underWay.length > 0) {
          end(finalTrace(A));
          await quiet();
        }
        for (const { least, hasLeft, answer } of answers) {
          const result = await answer;
          if (!(result instanceof Error)) expect(result.askedAt).toBeGreaterThanOrEqual(least);
          else if (!hasLeft()) expect(result).toBe(FAILURE);
        }
        expect(wrong).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  describe('when the next stage fails', () => {
    it('shares the failure among those who wait, and asks again for the one who comes after', async () => {
      const { upstream, fetchTraces } = setUp();
      upstream.answerWith(() => FAILURE);
      const answers = [1, 2].map(() => answerFor(fetchTraces, A));
      await quiet();
      upstream.release();
      expect(await Promise.all(answers)).toEqual([FAILURE, FAILURE]);
      expect(upstream.askedFor).toHaveLength(1);
      upstream.answerWith(finalTrace);
      const next = answerFor(fetchTraces, A);
      await quiet();
      upstream.release();
      expect(await next).toEqual(finalTrace(A));
    });

    it.each<[string, FetchTraces]>([
      ['rejects', () => [Promise.reject(FAILURE)]],
      [
        'throws',
        () => {
          throw FAILURE;
        },
      ],
    ])('keeps nothing of a question if it %s against its promise', async (_, fail) => {
      let failing = true;
      const clock = createTestClock();
      const next: FetchTraces = (keys) => (failing ? fail(keys) : keys.map((key) => Promise.resolve(finalTrace(key))));
      const fetchTraces = withSingleFlight(next, { invalidations: createInvalidations(), clock });
      const ask = (options: AskOptions) => answerFor(fetchTraces, A, options);
      expect(await Promise.all([ask({}), ask({ signal: new AbortController().signal })])).toEqual([FAILURE, FAILURE]);
      failing = false;
      expect(await answerFor(fetchTraces, A)).toEqual(finalTrace(A));
    });
  });
});
