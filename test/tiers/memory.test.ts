import { describe, expect, it } from '@jest/globals';
import { UpstreamUnavailableError } from '../../src/call/errors.js';
import { traceKeyText } from '../../src/call/key.js';
import type { CallTrace } from '../../src/call/trace.js';
import { withMemory } from '../../src/tiers/memory.js';
import type { StandInOptions } from '../../src/tiers/stand-in.js';
import { createTraceMemory } from '../../src/tiers/trace-memory.js';
import { describeFetchTraces } from '../support/contract.js';
import {
  answerFor,
  createKeys,
  DAY_MS,
  emptyTrace,
  FETCHED_AT,
  finalTrace,
  FRESHNESS,
  HOUR_MS,
  MINUTE_MS,
  openTrace,
  quiet,
  SECOND_MS,
  traceFor,
  upstreamOf,
  type Answer,
} from '../support/traces.js';

const MIB = 1024 * 1024;
const [A, B, C] = createKeys(3);
const FAILURE = new UpstreamUnavailableError('the contact centre is away');

describeFetchTraces('withMemory', ({ next, now }) => ({
  fetchTraces: withMemory(next, createTraceMemory(MIB), { freshness: FRESHNESS, staleWhileRevalidate: false, now }),
}));

/** The stage over an upstream that answers so, dated by the clock; with that clock. */
function setUp(answer: Answer, options: Partial<StandInOptions> = {}) {
  let now = FETCHED_AT;
  const dated = (of: Answer): Answer => {
    return (key) => {
      const result = of(key);
      return result instanceof Error ? result : { ...result, fetchedAt: now };
    };
  };
  const upstream = upstreamOf(dated(answer));
  const memory = createTraceMemory(MIB);
  const fetchTraces = withMemory(upstream.fetchTraces, memory, {
    freshness: FRESHNESS,
    staleWhileRevalidate: false,
    now: () => now,
    ...options,
  });
  return {
    upstream,
    memory,
    fetchTraces,
    /** From now on the upstream answers so. */
    then: (change: Answer) => upstream.answerWith(dated(change)),
    /** Time passes, or steps back if negative. */
    wait: (ms: number) => {
      now += ms;
    },
    now: () => now,
  };
}

describe('withMemory', () => {
  describe('while a trace is fresh', () => {
    it.each<[string, Answer, number]>([
      ['a final trace for 7 days', finalTrace, 7 * DAY_MS],
      ['an unfinished trace for 10 s', openTrace, 10 * SECOND_MS],
      ['a call not found for 30 s', emptyTrace, 30 * SECOND_MS],
    ])('answers %s, and asks for it then', async (_, answer, freshMs) => {
      const { fetchTraces, upstream, wait } = setUp(answer);
      const first = await traceFor(fetchTraces, A);
      wait(freshMs - 1);
      const second = await traceFor(fetchTraces, A);
      expect(upstream.askedFor).toHaveLength(1);
      expect(second).toEqual({ ...first, source: 'MEMORY' });
      wait(1);
      const third = await traceFor(fetchTraces, A);
      expect(upstream.askedFor).toHaveLength(2);
      expect(third).toMatchObject({ source: 'UPSTREAM', fetchedAt: FETCHED_AT + freshMs, stale: false });
    });

    it('asks for the other keys of a batch alone', async () => {
      const { fetchTraces, upstream } = setUp(finalTrace);
      await traceFor(fetchTraces, B);
      const answers = await fetchTraces([A, B, C]);
      expect(upstream.batches.slice(1).flatMap(({ keys }) => keys)).toEqual([A, C]);
      expect(answers.map((answer) => (answer as CallTrace).key)).toEqual([A, B, C]);
    });

    it('asks nothing at all for a batch it holds whole', async () => {
      const { fetchTraces, upstream } = setUp(finalTrace);
      await fetchTraces([A, B]);
      const asked = upstream.batches.length;
      await fetchTraces([B, A]);
      expect(upstream.batches).toHaveLength(asked);
    });

    it('passes on how the question is to be answered', async () => {
      const { fetchTraces, upstream } = setUp(finalTrace);
      const ask = { deadlineAt: FETCHED_AT + 1, signal: new AbortController().signal };
      await traceFor(fetchTraces, A, ask);
      expect(upstream.batches[0]?.ask).toEqual(ask);
    });
  });

  it('believes a call that is still not found for twice as long each time, up to 10 min', async () => {
    const { fetchTraces, upstream, wait } = setUp(emptyTrace);
    const seen: number[] = [];
    for (const freshMs of [30, 60, 120, 240, 480, 600, 600].map((seconds) => seconds * SECOND_MS)) {
      const { emptyStreak } = await traceFor(fetchTraces, A);
      seen.push(emptyStreak);
      wait(freshMs - 1);
      await traceFor(fetchTraces, A);
      expect(upstream.askedFor).toHaveLength(seen.length);
      wait(1);
    }
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('counts from the start again for a call that was found in between', async () => {
    const { fetchTraces, then, wait } = setUp(emptyTrace);
    await traceFor(fetchTraces, A);
    wait(30 * SECOND_MS);
    expect((await traceFor(fetchTraces, A)).emptyStreak).toBe(2);
    then(openTrace);
    wait(60 * SECOND_MS);
    await traceFor(fetchTraces, A);
    then(emptyTrace);
    wait(10 * SECOND_MS);
    expect((await traceFor(fetchTraces, A)).emptyStreak).toBe(1);
  });

  it('does not keep a failure', async () => {
    const { fetchTraces, upstream, then } = setUp(() => FAILURE);
    expect(await answerFor(fetchTraces, A)).toBe(FAILURE);
    expect(await answerFor(fetchTraces, A)).toBe(FAILURE);
    expect(upstream.askedFor).toHaveLength(2);
    then(finalTrace);
    expect(await traceFor(fetchTraces, A)).toMatchObject({ final: true, stale: false });
  });

  describe('when the next stage fails', () => {
    it.each<[string, Answer, number, number]>([
      ['a final trace until 30 days after it was fetched', finalTrace, 7 * DAY_MS, 30 * DAY_MS],
      ['an unfinished trace until an hour after it was fetched', openTrace, 10 * SECOND_MS, HOUR_MS],
    ])('falls back on %s, and says that it is stale', async (_, answer, freshMs, keepMs) => {
      const { fetchTraces, then, wait } = setUp(answer);
      const first = await traceFor(fetchTraces, A);
      then(() => FAILURE);
      wait(freshMs);
      const stale = { ...first, source: 'MEMORY', stale: true };
      expect(await answerFor(fetchTraces, A)).toEqual(stale);
      wait(keepMs - freshMs - 1);
      expect(await answerFor(fetchTraces, A)).toEqual(stale);
      wait(1);
      expect(await answerFor(fetchTraces, A)).toBe(FAILURE);
    });

    it('asks each time, so that the first answer ends the stale ones', async () => {
      const { fetchTraces, upstream, then, wait } = setUp(openTrace);
      await traceFor(fetchTraces, A);
      then(() => FAILURE);
      wait(MINUTE_MS);
      await traceFor(fetchTraces, A);
      await traceFor(fetchTraces, A);
      expect(upstream.askedFor).toHaveLength(3);
      then(finalTrace);
      expect(await traceFor(fetchTraces, A)).toMatchObject({ final: true, stale: false, source: 'UPSTREAM' });
    });

    it('does not let a call that was not found stand in', async () => {
      const { fetchTraces, then, wait } = setUp(emptyTrace);
      await traceFor(fetchTraces, A);
      then(() => FAILURE);
      wait(30 * SECOND_MS);
      expect(await answerFor(fetchTraces, A)).toBe(FAILURE);
    });

    it('falls back for the failing key of a batch alone', async () => {
      const { fetchTraces, then, wait } = setUp(openTrace);
      await fetchTraces([A, B]);
      then((key) => (key === B ? openTrace(key) : FAILURE));
      wait(MINUTE_MS);
      const [a, b, c] = await fetchTraces([A, B, C]);
      expect(a).toMatchObject({ key: A, stale: true, fetchedAt: FETCHED_AT });
      expect(b).toMatchObject({ key: B, stale: false, fetchedAt: FETCHED_AT + MINUTE_MS });
      expect(c).toBe(FAILURE);
    });
  });

  it.each([
    ['its own, where the next stage has none newer', -1, 'MEMORY'],
    ['that of the next stage, where it is newer', 1, 'REDIS'],
  ])('answers the newer of two stale traces: %s', async (_, newerMs, source) => {
    const { fetchTraces, wait, upstream } = setUp(openTrace);
    await fetchTraces([A]);
    wait(MINUTE_MS);
    const fetchedAt = FETCHED_AT + newerMs;
    upstream.answerWith((key) => openTrace(key, { stale: true, source: 'REDIS', fetchedAt }));
    expect(await traceFor(fetchTraces, A)).toMatchObject({
      stale: true,
      source,
      fetchedAt: Math.max(FETCHED_AT, fetchedAt),
    });
  });

  it('passes on a stale trace of the next stage, but does not keep it', async () => {
    const { fetchTraces, upstream, memory } = setUp((key) => finalTrace(key, { stale: true, source: 'REDIS' }));
    expect(await traceFor(fetchTraces, A)).toMatchObject({ stale: true, source: 'REDIS' });
    expect(await traceFor(fetchTraces, A)).toMatchObject({ stale: true });
    expect(upstream.askedFor).toHaveLength(2);
    expect(memory.bytes).toBe(0);
  });

  it('asks anew where a trace comes from a clock that was more than a minute ahead', async () => {
    const { fetchTraces, upstream, wait } = setUp(finalTrace);
    await traceFor(fetchTraces, A);
    wait(-MINUTE_MS);
    await traceFor(fetchTraces, A);
    expect(upstream.askedFor).toHaveLength(1);
    wait(-1);
    const renewed = await traceFor(fetchTraces, A);
    expect(renewed.fetchedAt).toBe(FETCHED_AT - MINUTE_MS - 1);
    await traceFor(fetchTraces, A);
    expect(upstream.askedFor).toHaveLength(2);
  });

  describe('at a refresh', () => {
    it('asks whatever it holds, and keeps the answer', async () => {
      const { fetchTraces, upstream, then } = setUp(openTrace);
      await traceFor(fetchTraces, A);
      then(finalTrace);
      expect(await traceFor(fetchTraces, A, { refresh: true })).toMatchObject({ final: true, source: 'UPSTREAM' });
      expect(upstream.batches[1]?.ask.refresh).toBe(true);
      expect(await traceFor(fetchTraces, A)).toMatchObject({ final: true, source: 'MEMORY' });
      expect(upstream.askedFor).toHaveLength(2);
    });

    it('does not fall back, and leaves what it holds to the others', async () => {
      const { fetchTraces, then } = setUp(finalTrace);
      await traceFor(fetchTraces, A);
      then(() => FAILURE);
      expect(await answerFor(fetchTraces, A, { refresh: true })).toBe(FAILURE);
      expect(await answerFor(fetchTraces, A)).toMatchObject({ source: 'MEMORY', stale: false });
    });

    it('counts on for a call that is still not found', async () => {
      const { fetchTraces, wait } = setUp(emptyTrace);
      await traceFor(fetchTraces, A);
      wait(1);
      expect((await traceFor(fetchTraces, A, { refresh: true })).emptyStreak).toBe(2);
    });
  });

  it('does not let the older answer of a slow batch take the place of a newer one', async () => {
    const { fetchTraces, upstream, then, wait } = setUp(openTrace);
    upstream.hold();
    const batch = fetchTraces([A, B]);
    upstream.release(A);
    then(finalTrace);
    wait(SECOND_MS);
    const refreshed = traceFor(fetchTraces, A, { refresh: true });
    upstream.release(A);
    expect(await refreshed).toMatchObject({ final: true });
    upstream.release();
    expect((await batch)[0]).toMatchObject({ key: A, final: false });
    expect(await traceFor(fetchTraces, A)).toMatchObject({ final: true, source: 'MEMORY' });
  });

  describe('with stale-while-revalidate', () => {
    const swr = { staleWhileRevalidate: true };

    it('answers an unfinished stale trace at once and renews it behind', async () => {
      const { fetchTraces, upstream, then, wait } = setUp(openTrace, swr);
      await traceFor(fetchTraces, A);
      then(finalTrace);
      wait(10 * SECOND_MS);
      upstream.hold();
      expect(await traceFor(fetchTraces, A)).toMatchObject({ stale: true, final: false, fetchedAt: FETCHED_AT });
      expect(upstream.askedFor).toHaveLength(2);
      upstream.release();
      await quiet();
      expect(await traceFor(fetchTraces, A)).toMatchObject({ stale: false, final: true, source: 'MEMORY' });
      expect(upstream.askedFor).toHaveLength(2);
    });

    it('renews though the asker goes away, but no longer than his deadline', async () => {
      const { fetchTraces, upstream, wait } = setUp(openTrace, swr);
      await traceFor(fetchTraces, A);
      wait(10 * SECOND_MS);
      const deadlineAt = FETCHED_AT + 20 * SECOND_MS;
      await traceFor(fetchTraces, A, { deadlineAt, signal: AbortSignal.abort() });
      expect(upstream.batches[1]).toEqual({ keys: [A], ask: { deadlineAt } });
    });

    it('goes on answering when the renewal fails, and tries again', async () => {
      const { fetchTraces, upstream, then, wait } = setUp(openTrace, swr);
      await traceFor(fetchTraces, A);
      then(() => FAILURE);
      wait(10 * SECOND_MS);
      for (const asked of [2, 3]) {
        expect(await traceFor(fetchTraces, A)).toMatchObject({ stale: true });
        await quiet();
        expect(upstream.askedFor).toHaveLength(asked);
      }
      wait(HOUR_MS);
      expect(await answerFor(fetchTraces, A)).toBe(FAILURE);
    });

    it.each<[string, Answer, number]>([
      ['a final trace', finalTrace, 7 * DAY_MS],
      ['a call that was not found', emptyTrace, 30 * SECOND_MS],
    ])('waits for the renewal of %s', async (_, answer, freshMs) => {
      const { fetchTraces, wait, now } = setUp(answer, swr);
      await traceFor(fetchTraces, A);
      wait(freshMs);
      expect(await traceFor(fetchTraces, A)).toMatchObject({ stale: false, fetchedAt: now() });
    });

    it('waits for a refresh', async () => {
      const { fetchTraces, wait, now } = setUp(openTrace, swr);
      await traceFor(fetchTraces, A);
      wait(10 * SECOND_MS);
      expect(await traceFor(fetchTraces, A, { refresh: true })).toMatchObject({ stale: false, fetchedAt: now() });
    });

    it('answers each key of a batch in its own way', async () => {
      const { fetchTraces, upstream, wait } = setUp(openTrace, swr);
      await traceFor(fetchTraces, A);
      wait(10 * SECOND_MS);
      await traceFor(fetchTraces, B);
      const answers = await fetchTraces([C, A, B, A]);
      expect(answers).toMatchObject([
        { key: C, stale: false, source: 'UPSTREAM' },
        { key: A, stale: true, source: 'MEMORY' },
        { key: B, stale: false, source: 'MEMORY' },
        { key: A, stale: true, source: 'MEMORY' },
      ]);
      await quiet();
      expect(upstream.askedFor.filter((text) => text === traceKeyText(B))).toHaveLength(1);
    });
  });

  it('waits for the renewal of an unfinished stale trace without stale-while-revalidate', async () => {
    const { fetchTraces, upstream, wait } = setUp(openTrace);
    await traceFor(fetchTraces, A);
    wait(10 * SECOND_MS);
    upstream.hold();
    let answered = false;
    const answer = traceFor(fetchTraces, A).finally(() => {
      answered = true;
    });
    await quiet();
    expect(answered).toBe(false);
    upstream.release();
    expect(await answer).toMatchObject({ stale: false });
  });
});
