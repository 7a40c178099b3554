import { describe, expect, it } from '@jest/globals';
import { UpstreamUnavailableError } from '../src/call/errors.js';
import { traceKeyText } from '../src/call/key.js';
import { createLoader } from '../src/loader.js';
import { createKeys, finalTrace, quiet, upstreamOf } from './support/traces.js';

const [A, B, C] = createKeys(3);
const texts = [A, B, C].map(traceKeyText);

describe('createLoader', () => {
  it('asks once for all keys of a tick, in their order', async () => {
    const upstream = upstreamOf(finalTrace);
    const loader = createLoader(upstream.fetchTraces, {});
    const traces = await Promise.all([loader.load(A), loader.load(B), loader.loadMany([C])]);
    expect(upstream.batches).toHaveLength(1);
    expect(upstream.askedFor).toEqual(texts);
    expect(traces.flat()).toEqual([A, B, C].map((key) => finalTrace(key)));
  });

  it('asks anew in a later tick', async () => {
    const upstream = upstreamOf(finalTrace);
    const loader = createLoader(upstream.fetchTraces, {});
    await loader.load(A);
    await loader.load(B);
    expect(upstream.batches.map(({ keys }) => keys)).toEqual([[A], [B]]);
  });

  it('asks once for equal keys, of one tick or of several', async () => {
    const upstream = upstreamOf(finalTrace);
    const loader = createLoader(upstream.fetchTraces, {});
    await Promise.all([loader.load(A), loader.load({ ...A }), loader.load({ ...A, loggedAt: 1 })]);
    await loader.load({ ...A });
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
    const [one, two] = await Promise.all([loader.load(A), loader.load(other)]);
    expect(upstream.askedFor).toHaveLength(2);
    expect([one.key, two.key]).toEqual([A, other]);
  });

  it('rejects the key that failed with its own error, and no other', async () => {
    const failure = (text: string): Error => new UpstreamUnavailableError(text);
    const upstream = upstreamOf((key) => (key === B ? finalTrace(key) : failure(key.callId)));
    const loader = createLoader(upstream.fetchTraces, {});
    const outcomes = await Promise.allSettled([loader.load(A), loader.load(B), loader.load(C)]);
    expect(outcomes).toEqual([
      { status: 'rejected', reason: failure(A.callId) },
      { status: 'fulfilled', value: finalTrace(B) },
      { status: 'rejected', reason: failure(C.callId) },
    ]);
  });

  it('asks as it was told when it was made', async () => {
    const upstream = upstreamOf(finalTrace);
    const ask = { deadlineAt: 17, signal: new AbortController().signal, refresh: true };
    await createLoader(upstream.fetchTraces, ask).load(A);
    expect(upstream.batches).toEqual([{ keys: [A], ask }]);
  });

  it('asks nothing until the tick is over', async () => {
    const upstream = upstreamOf(finalTrace);
    const load = createLoader(upstream.fetchTraces, {}).load(A);
    expect(upstream.batches).toHaveLength(0);
    await quiet();
    expect(upstream.batches).toHaveLength(1);
    await load;
  });
});
