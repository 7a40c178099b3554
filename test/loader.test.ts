import { describe, expect, it } from '@jest/globals';
import { withMonthEdge } from '../src/cache/month-edge.js';
import { UpstreamUnavailableError } from '../src/call/errors.js';
import { traceKeyText, type TraceKey, type TraceQuestion } from '../src/call/key.js';
import { createLoader } from '../src/loader.js';
import { createKey, createRecord, createTrace } from './fixtures/records.js';
import { ASKED_AT, createKeys, DAY_MS, finalTrace, LIFE_RULES, quiet, upstreamOf } from './support/traces.js';

const [A, B, C] = createKeys(3);
const texts = [A, B, C].map(traceKeyText);
const of = (key: TraceKey): TraceQuestion => ({ key });

describe('createLoader', () => {
  it('asks once for all keys of a tick, in their order', async () => {
    const upstream = upstreamOf(finalTrace);
    const loader = createLoader(upstream.fetchTraces, {});
    const traces = await Promise.all([loader.load(of(A)), loader.load(of(B)), loader.loadMany([of(C)])]);
    expect(upstream.batches).toHaveLength(1);
    expect(upstream.askedFor).toEqual(texts);
    expect(traces.flat()).toEqual([A, B, C].map((key) => finalTrace(key)));
  });

  it('asks anew in a later tick', async () => {
    const upstream = upstreamOf(finalTrace);
    const loader = createLoader(upstream.fetchTraces, {});
    await loader.load(of(A));
    await loader.load(of(B));
    expect(upstream.batches.map(({ keys }) => keys)).toEqual([[A], [B]]);
  });

  it('asks once for equal questions, of one tick or of several', async () => {
    const upstream = upstreamOf(finalTrace);
    const loader = createLoader(upstream.fetchTraces, {});
    await Promise.all([loader.load(of(A)), loader.load(of({ ...A }))]);
    await loader.load(of({ ...A }));
    expect(upstream.askedFor).toEqual([traceKeyText(A)]);
  });

  it.each([
    ['call centres', { ccId: 2 }],
    ['VDNs', { vdn: 171 }],
    ['months', { month: 'other' }],
    ['call IDs', { callId: 'other' }],
  ])('asks twice for keys of two %s', async (_, change) => {
    const upstream = upstreamOf(finalTrace);
    const loader = createLoader(upstream.fetchTraces, {});
    const other = { ...A, ...change } as typeof A;
    const [one, two] = await Promise.all([loader.load(of(A)), loader.load(of(other))]);
    expect(upstream.askedFor).toHaveLength(2);
    expect([one.key, two.key]).toEqual([A, other]);
  });

  it('rejects the key that failed with its own error, and no other', async () => {
    const failure = (text: string): Error => new UpstreamUnavailableError(text);
    const upstream = upstreamOf((key) => (key === B ? finalTrace(key) : failure(key.callId)));
    const loader = createLoader(upstream.fetchTraces, {});
    const outcomes = await Promise.allSettled([A, B, C].map((key) => loader.load(of(key))));
    expect(outcomes).toEqual([
      { status: 'rejected', reason: failure(A.callId) },
      { status: 'fulfilled', value: finalTrace(B) },
      { status: 'rejected', reason: failure(C.callId) },
    ]);
  });

  it('asks as it was told when it was made', async () => {
    const upstream = upstreamOf(finalTrace);
    const ask = { deadlineAt: 17, signal: new AbortController().signal, refresh: true };
    await createLoader(upstream.fetchTraces, ask).load(of(A));
    expect(upstream.batches).toEqual([{ keys: [A], ask }]);
  });

  it('asks nothing until the tick is over', async () => {
    const upstream = upstreamOf(finalTrace);
    const load = createLoader(upstream.fetchTraces, {}).load(of(A));
    expect(upstream.batches).toHaveLength(0);
    await quiet();
    expect(upstream.batches).toHaveLength(1);
    await load;
  });

  describe('given when clients believe a call to have been logged', () => {
    it('passes all beliefs of a tick on by their key, and none where there are none', async () => {
      const upstream = upstreamOf(finalTrace);
      const loader = createLoader(upstream.fetchTraces, {});
      const asked = [of(A), { key: A, loggedAt: 1 }, { key: B, loggedAt: 2 }, { key: A, loggedAt: 3 }, of(C)];
      await Promise.all(asked.map((question) => loader.load(question)));
      expect(upstream.batches[0]?.ask.hints).toEqual(
        new Map([
          [traceKeyText(A), [1, 3]],
          [traceKeyText(B), [2]],
        ]),
      );
      await loader.load({ key: B, loggedAt: undefined });
      expect(upstream.batches[1]?.ask.hints).toBeUndefined();
    });

    it('answers all who name one call alike, in whatever order they name it', async () => {
      const may = createKey({ callId: 'call-1', month: '2025-05' });
      const midnight = Date.UTC(2025, 5, 1);
      const records = [1, -1].map((callIdNum) => createRecord({ callIdNum, callBegin: midnight, callEnd: midnight }));
      const upstream = upstreamOf((key) => createTrace(key.month === '2025-06' ? records : [], { key }));
      const edge = { ...LIFE_RULES, now: () => ASKED_AT };
      const aliases = [of(may), { key: may, loggedAt: midnight - 1 }, { key: may, loggedAt: midnight - 20 * DAY_MS }];
      for (const order of [aliases, aliases.toReversed(), [aliases[1], aliases[0], aliases[2]]]) {
        const loader = createLoader(withMonthEdge(upstream.fetchTraces, edge), {});
        const traces = await Promise.all(order.map((question) => loader.load(question ?? of(may))));
        for (const trace of traces) expect(trace).toMatchObject({ key: { ...may, month: '2025-06' }, records });
      }
    });
  });
});
