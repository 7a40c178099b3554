import { describe, expect, it } from '@jest/globals';
import { createInvalidations } from '../../src/cache/invalidations.js';
import { createTraceMemory, withMemory } from '../../src/cache/memory.js';
import { withSingleFlight } from '../../src/cache/single-flight.js';
import { UpstreamUnavailableError } from '../../src/call/errors.js';
import type { FetchTraces } from '../../src/call/fetch-traces.js';
import { traceKeyText, type TraceKey } from '../../src/call/key.js';
import type { CallTrace } from '../../src/call/trace.js';
import { createKey } from '../fixtures/records.js';
import { describeStage } from '../support/contract.js';
import {
  answerFor,
  ASKED_AT,
  createTestClock,
  DAY_MS,
  emptyTrace,
  finalTrace,
  HOUR_MS,
  lifeByDefault,
  MINUTE_MS,
  openTrace,
  quiet,
  SECOND_MS,
  traceFor,
  upstreamOf,
  type Answer,
} from '../support/traces.js';

const MIB = 1024 * 1024;
/** Keys whose call IDs do not tell when the calls began. */
const [A, B, C] = ['call-a', 'call-b', 'call-c'].map((callId) => createKey({ callId })) as [
  TraceKey,
  TraceKey,
  TraceKey,
];
const FAILURE = new UpstreamUnavailableError('the contact centre is away');

describeStage('withMemory', ({ next, clock }) => {
  const invalidations = createInvalidations();
  const memory = createTraceMemory(MIB, { lifeOf: lifeByDefault, invalidations, now: clock.wall });
  return { fetchTraces: withMemory(next, { memory, invalidations, staleWhileRevalidate: false, now: clock.wall }) };
});

/** The stage over an upstream that answers so, each trace dated by when it was asked for; with the clock of both. */
function setUp(answer: Answer, { staleWhileRevalidate = false, maxBytes = MIB } = {}) {
  const clock = createTestClock();
  const now = clock.wall;
  const upstream = upstreamOf((key) => current(key));
  let current = answer;
  const invalidations = createInvalidations();
  const memory = createTraceMemory(maxBytes, { lifeOf: lifeByDefault, invalidations, now });
  const fetchTraces = withMemory(dated(upstream.fetchTraces, now), {
    memory,
    invalidations,
    staleWhileRevalidate,
    now,
  });
  return {
    clock,
    upstream,
    memory,
    invalidations,
    fetchTraces,
    askAll: (keys: readonly TraceKey[]) => Promise.all(fetchTraces(keys)),
    /** From now on the upstream answers so. */
    then: (change: Answer) => {
      current = change;
    },
    /** Time passes, or is set back if negative. */
    wait: (ms: number) => clock.setWall(now() + ms),
    now,
  };
}

/** The next stage, whose answers are dated by when they were asked for, unless they bear a date of their own. */
function dated(next: FetchTraces, now: () => number): FetchTraces {
  return (keys, ask) => {
    const askedAt = now();
    return next(keys, ask).map(async (coming) => {
      const answer = await coming;
      return answer instanceof Error || answer.askedAt !== ASKED_AT ? answer : { ...answer, askedAt };
    });
  };
}

/** What the traces of key A are recognised by. */
const [FINAL, OPEN] = [finalTrace(A), openTrace(A)].map(({ records }) => ({ records }));

describe('withMemory', () => {
  describe('while a trace is fresh', () => {
    it.each<[string, Answer, number]>([
      ['a settled trace for 7 days', finalTrace, 7 * DAY_MS],
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
      expect(third).toMatchObject({ source: 'UPSTREAM', askedAt: ASKED_AT + freshMs, stale: false });
    });

    it('asks for the other keys of a batch alone', async () => {
      const { askAll, fetchTraces, upstream } = setUp(finalTrace);
      await traceFor(fetchTraces, B);
      const answers = await askAll([A, B, C]);
      expect(upstream.batches.slice(1).flatMap(({ keys }) => keys)).toEqual([A, C]);
      expect(answers.map((answer) => (answer as CallTrace).key)).toEqual([A, B, C]);
    });

    it('asks nothing at all for a batch it holds whole', async () => {
      const { askAll, upstream } = setUp(finalTrace);
      await askAll([A, B]);
      const asked = upstream.batches.length;
      await askAll([B, A]);
      expect(upstream.batches).toHaveLength(asked);
    });

    it('passes on how the question is to be answered', async () => {
      const { fetchTraces, upstream } = setUp(finalTrace);
      const ask = { deadlineAt: ASKED_AT + 1, signal: new AbortController().signal };
      await traceFor(fetchTraces, A, ask);
      expect(upstream.batches[0]?.ask).toEqual(ask);
    });
  });

  it('believes a call that is still not found for twice as long each time, up to 10 min', async () => {
    const { fetchTraces, upstream, wait } = setUp(emptyTrace);
    const seen: number[] = [];
    for (const freshMs of [30, 60, 120, 240, 480, 600, 600].map((seconds) => seconds * SECOND_MS)) {
      const { timesNotFound } = await traceFor(fetchTraces, A);
      seen.push(timesNotFound);
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
    expect((await traceFor(fetchTraces, A)).timesNotFound).toBe(2);
    then(openTrace);
    wait(60 * SECOND_MS);
    await traceFor(fetchTraces, A);
    then(emptyTrace);
    wait(10 * SECOND_MS);
    expect((await traceFor(fetchTraces, A)).timesNotFound).toBe(1);
  });

  it('does not keep a failure', async () => {
    const { fetchTraces, upstream, then } = setUp(() => FAILURE);
    expect(await answerFor(fetchTraces, A)).toBe(FAILURE);
    expect(await answerFor(fetchTraces, A)).toBe(FAILURE);
    expect(upstream.askedFor).toHaveLength(2);
    then(finalTrace);
    expect(await traceFor(fetchTraces, A)).toMatchObject({ ...FINAL, stale: false });
  });

  describe('when the next stage fails', () => {
    it.each<[string, Answer, number, number]>([
      ['a settled trace until 30 days after it was fetched', finalTrace, 7 * DAY_MS, 30 * DAY_MS],
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
      expect(await traceFor(fetchTraces, A)).toMatchObject({ ...FINAL, stale: false, source: 'UPSTREAM' });
    });

    it('does not let a call that was not found stand in', async () => {
      const { fetchTraces, then, wait } = setUp(emptyTrace);
      await traceFor(fetchTraces, A);
      then(() => FAILURE);
      wait(30 * SECOND_MS);
      expect(await answerFor(fetchTraces, A)).toBe(FAILURE);
    });

    it('falls back for the failing key of a batch alone', async () => {
      const { askAll, then, wait } = setUp(openTrace);
      await askAll([A, B]);
      then((key) => (key === B ? openTrace(key) : FAILURE));
      wait(MINUTE_MS);
      const [a, b, c] = await askAll([A, B, C]);
      expect(a).toMatchObject({ key: A, stale: true, askedAt: ASKED_AT });
      expect(b).toMatchObject({ key: B, stale: false, askedAt: ASKED_AT + MINUTE_MS });
      expect(c).toBe(FAILURE);
    });
  });

  it.each([
    ['its own, where the next stage has none newer', -SECOND_MS, 'MEMORY'],
    ['that of the next stage, where it is newer', SECOND_MS, 'SHARED_CACHE'],
  ])('answers the newer of two stale traces: %s', async (_, newerMs, source) => {
    const { askAll, fetchTraces, wait, upstream } = setUp(openTrace);
    await askAll([A]);
    wait(MINUTE_MS);
    const askedAt = ASKED_AT + newerMs;
    upstream.answerWith((key) => openTrace(key, { stale: true, source: 'SHARED_CACHE', askedAt }));
    expect(await traceFor(fetchTraces, A)).toMatchObject({
      stale: true,
      source,
      askedAt: Math.max(ASKED_AT, askedAt),
    });
  });

  it('passes on a stale trace of the next stage, but does not keep it', async () => {
    const { fetchTraces, upstream, memory } = setUp((key) => finalTrace(key, { stale: true, source: 'SHARED_CACHE' }));
    expect(await traceFor(fetchTraces, A)).toMatchObject({ stale: true, source: 'SHARED_CACHE' });
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
    expect(renewed.askedAt).toBe(ASKED_AT - MINUTE_MS - 1);
    await traceFor(fetchTraces, A);
    expect(upstream.askedFor).toHaveLength(2);
  });

  describe('at a refresh', () => {
    it('asks whatever it holds, and keeps the answer', async () => {
      const { fetchTraces, upstream, then } = setUp(openTrace);
      await traceFor(fetchTraces, A);
      then(finalTrace);
      expect(await traceFor(fetchTraces, A, { refresh: true })).toMatchObject({ ...FINAL, source: 'UPSTREAM' });
      expect(upstream.batches[1]?.ask.refresh).toBe(true);
      expect(await traceFor(fetchTraces, A)).toMatchObject({ ...FINAL, source: 'MEMORY' });
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
      expect((await traceFor(fetchTraces, A, { refresh: true })).timesNotFound).toBe(2);
    });
  });

  it('does not let an older answer that comes late take the place of a newer one, nor answer with it', async () => {
    const { fetchTraces, upstream, memory, invalidations, now, wait } = setUp(openTrace);
    const quick = upstreamOf((key) => finalTrace(key, { askedAt: now() }));
    const beside = withMemory(quick.fetchTraces, { memory, invalidations, staleWhileRevalidate: false, now });
    upstream.hold();
    const slow = traceFor(fetchTraces, A);
    wait(SECOND_MS);
    expect(await traceFor(beside, A, { refresh: true })).toMatchObject({ ...FINAL, source: 'UPSTREAM' });
    upstream.release();
    expect(await slow).toMatchObject({ ...FINAL, askedAt: ASKED_AT + SECOND_MS });
    expect(await traceFor(fetchTraces, A)).toMatchObject({ ...FINAL, source: 'MEMORY' });
  });

  describe('when a key is invalidated while it is asked for', () => {
    it('does not keep what was begun before, and does not answer from it after', async () => {
      const { fetchTraces, upstream, invalidations, then } = setUp(openTrace);
      upstream.hold();
      const before = traceFor(fetchTraces, A);
      invalidations.invalidate(traceKeyText(A));
      upstream.release();
      expect(await before).toMatchObject({ ...OPEN, source: 'UPSTREAM' });
      then(finalTrace);
      const after = traceFor(fetchTraces, A);
      upstream.release();
      expect(await after).toMatchObject({ ...FINAL, source: 'UPSTREAM' });
      expect(upstream.askedFor).toHaveLength(2);
    });

    it('does not fall back on what it held before', async () => {
      const { fetchTraces, upstream, invalidations, then, wait } = setUp(openTrace);
      await traceFor(fetchTraces, A);
      wait(MINUTE_MS);
      then(() => FAILURE);
      upstream.hold();
      const [forgotten, held] = [answerFor(fetchTraces, A), answerFor(fetchTraces, B)];
      invalidations.invalidate(traceKeyText(A));
      upstream.release();
      expect(await forgotten).toBe(FAILURE);
      expect(await held).toBe(FAILURE);
    });

    it('asks for what it held, and keeps all others', async () => {
      const { askAll, upstream, invalidations } = setUp(finalTrace);
      await askAll([A, B]);
      invalidations.invalidate(traceKeyText(A));
      expect(await askAll([A, B])).toMatchObject([{ source: 'UPSTREAM' }, { source: 'MEMORY' }]);
      expect(upstream.askedFor).toEqual([A, B, A].map(traceKeyText));
    });

    it('keeps nothing of a renewal behind a stale answer that began before', async () => {
      const { fetchTraces, upstream, invalidations, memory, wait } = setUp(openTrace, { staleWhileRevalidate: true });
      await traceFor(fetchTraces, A);
      wait(10 * SECOND_MS);
      upstream.hold();
      await traceFor(fetchTraces, A);
      invalidations.invalidate(traceKeyText(A));
      upstream.release();
      await quiet();
      expect(memory.get(traceKeyText(A))).toBeUndefined();
    });

    it('keeps, over single flight, only what was begun after, however the questions cross', async () => {
      const { upstream, invalidations, memory, clock, now } = setUp(openTrace);
      upstream.hold();
      const single = withSingleFlight(upstream.fetchTraces, { invalidations, clock });
      const fetchTraces = withMemory(single, { memory, invalidations, staleWhileRevalidate: false, now });
      const before = traceFor(fetchTraces, A);
      await quiet();
      invalidations.invalidate(traceKeyText(A));
      const after = traceFor(fetchTraces, A);
      upstream.release();
      await before;
      await quiet();
      expect(memory.get(traceKeyText(A))).toBeUndefined();
      upstream.release();
      await after;
      expect(memory.get(traceKeyText(A))).toBeDefined();
      expect(upstream.askedFor).toHaveLength(2);
    });
  });

  describe('once a settled call is not found any more', () => {
    it('answers the call, marked stale, to the end of its keeping', async () => {
      const { fetchTraces, then, wait } = setUp(finalTrace);
      await traceFor(fetchTraces, A);
      then(emptyTrace);
      const stale = { ...FINAL, askedAt: ASKED_AT, source: 'MEMORY', stale: true };
      wait(7 * DAY_MS);
      expect(await traceFor(fetchTraces, A)).toMatchObject(stale);
      wait(23 * DAY_MS - 1);
      expect(await traceFor(fetchTraces, A)).toMatchObject(stale);
      wait(1);
      expect(await traceFor(fetchTraces, A)).toMatchObject({ records: [], stale: false });
    });

    it('answers a refresh with the call, marked stale', async () => {
      const { fetchTraces, then, wait } = setUp(finalTrace);
      await traceFor(fetchTraces, A);
      then(emptyTrace);
      wait(MINUTE_MS);
      expect(await traceFor(fetchTraces, A, { refresh: true })).toMatchObject({ ...FINAL, stale: true });
      expect(await traceFor(fetchTraces, A)).toMatchObject({ ...FINAL, stale: false });
    });
  });

  it('passes everything on where it has no room', async () => {
    const { fetchTraces, upstream } = setUp(finalTrace, { maxBytes: 0 });
    expect(await traceFor(fetchTraces, A)).toMatchObject({ source: 'UPSTREAM' });
    expect(await traceFor(fetchTraces, A)).toMatchObject({ source: 'UPSTREAM' });
    expect(upstream.askedFor).toHaveLength(2);
  });

  describe('with stale-while-revalidate', () => {
    const swr = { staleWhileRevalidate: true };

    it('answers an unfinished stale trace at once and renews it behind', async () => {
      const { fetchTraces, upstream, then, wait } = setUp(openTrace, swr);
      await traceFor(fetchTraces, A);
      then(finalTrace);
      wait(10 * SECOND_MS);
      upstream.hold();
      expect(await traceFor(fetchTraces, A)).toMatchObject({ stale: true, ...OPEN, askedAt: ASKED_AT });
      expect(upstream.askedFor).toHaveLength(2);
      upstream.release();
      await quiet();
      expect(await traceFor(fetchTraces, A)).toMatchObject({ stale: false, ...FINAL, source: 'MEMORY' });
      expect(upstream.askedFor).toHaveLength(2);
    });

    it('renews though the asker goes away, but no longer than his deadline', async () => {
      const { fetchTraces, upstream, wait } = setUp(openTrace, swr);
      await traceFor(fetchTraces, A);
      wait(10 * SECOND_MS);
      const deadlineAt = ASKED_AT + 20 * SECOND_MS;
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
      ['a settled trace', finalTrace, 7 * DAY_MS],
      ['a call that was not found', emptyTrace, 30 * SECOND_MS],
    ])('waits for the renewal of %s', async (_, answer, freshMs) => {
      const { fetchTraces, wait, now } = setUp(answer, swr);
      await traceFor(fetchTraces, A);
      wait(freshMs);
      expect(await traceFor(fetchTraces, A)).toMatchObject({ stale: false, askedAt: now() });
    });

    it('waits for a refresh', async () => {
      const { fetchTraces, wait, now } = setUp(openTrace, swr);
      await traceFor(fetchTraces, A);
      wait(10 * SECOND_MS);
      expect(await traceFor(fetchTraces, A, { refresh: true })).toMatchObject({ stale: false, askedAt: now() });
    });

    it('answers each key of a batch in its own way', async () => {
      const { askAll, fetchTraces, upstream, wait } = setUp(openTrace, swr);
      await traceFor(fetchTraces, A);
      wait(10 * SECOND_MS);
      await traceFor(fetchTraces, B);
      const answers = await askAll([C, A, B, A]);
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

describe('a refresh that brings nothing newer', () => {
  it('is answered with what is held, marked stale', async () => {
    const { fetchTraces, then, wait } = setUp(finalTrace);
    await traceFor(fetchTraces, A);
    wait(-MINUTE_MS / 2); // the clock that dates traces is set back
    then(openTrace);
    const refreshed = await traceFor(fetchTraces, A, { refresh: true });
    expect(refreshed).toMatchObject({ stale: true, source: 'MEMORY' });
    expect(refreshed.records).toHaveLength(3);
  });
});
