import { describe, expect, it } from '@jest/globals';
import { createInvalidations } from '../../src/cache/invalidations.js';
import { createTraceMemory, type TraceMemory } from '../../src/cache/memory.js';
import { traceKeyText, type TraceKey } from '../../src/call/key.js';
import type { CallTrace } from '../../src/call/trace.js';
import { BEGAN_AT, createTrace } from '../fixtures/records.js';
import {
  ASKED_AT,
  createKeys,
  createTestClock,
  DAY_MS,
  emptyTrace,
  finalTrace,
  HOUR_MS,
  lifeByDefault,
  MINUTE_MS,
  openTrace,
  SECOND_MS,
} from '../support/traces.js';

const [A, B, C] = createKeys(3);
const TEXT = traceKeyText(A);

function setUp(maxBytes = 1_000_000) {
  const clock = createTestClock();
  const invalidations = createInvalidations();
  const memory = createTraceMemory(maxBytes, { lifeOf: lifeByDefault, invalidations, now: clock.wall });
  /** Keeps what was asked for just now. */
  const keep = (answer: CallTrace): CallTrace => memory.store(traceKeyText(answer.key), answer, invalidations.mark());
  return { clock, invalidations, memory, keep, held: () => memory.get(TEXT)?.trace };
}

const memoryOf = (maxBytes: number): TraceMemory => setUp(maxBytes).memory;
const put = (memory: TraceMemory, key: TraceKey): void => void memory.store(traceKeyText(key), finalTrace(key), 0);
const holds = (memory: TraceMemory, key: TraceKey): boolean => memory.get(traceKeyText(key)) !== undefined;

/** What one trace of `finalTrace` takes, by the memory's own estimate. Unit: bytes. */
function traceBytes(): number {
  const memory = memoryOf(1_000_000);
  put(memory, A);
  return memory.bytes;
}

/** What lives in this process's heap, once what earlier tests have left behind is gone. Unit: bytes. */
async function livingBytes(): Promise<number> {
  if (gc === undefined) throw new Error('The tests need node --expose-gc');
  for (let round = 0; round < 3; round += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    gc();
  }
  return process.memoryUsage().heapUsed;
}

/** A trace as it comes from the wire: it shares no text and no number with another. */
function decoded(key: TraceKey, legs: number): CallTrace {
  const records = Array.from({ length: legs }, (_, leg) => ({
    ...{ callIdNum: leg + 1, mediaType: 5, subMediaType: 3, callerNo: '+861380013800', calleeNo: '+862150001234' },
    ...{ waitBegin: BEGAN_AT + leg, ackBegin: BEGAN_AT + leg + 1, callBegin: BEGAN_AT + leg + 2 },
    ...{ callEnd: BEGAN_AT + leg + 3, subCcNo: 0, deviceType: 2, deviceNo: '2056', deviceIn: 'DEVICE_AGENT' },
    ...{ callType: 0, releaseCause: 0, enterReason: 0, leaveReason: 1, currentSkillId: '118' },
  }));
  return JSON.parse(JSON.stringify(createTrace(records, { key }))) as CallTrace;
}

describe('createTraceMemory', () => {
  it('gives back what was put in, as from memory, and how long it holds', () => {
    const memory = memoryOf(1_000_000);
    put(memory, A);
    expect(memory.get(TEXT)).toMatchObject({
      trace: finalTrace(A, { source: 'MEMORY' }),
      life: lifeByDefault(finalTrace(A)),
    });
    expect(memory.get(traceKeyText(B))).toBeUndefined();
  });

  it('keeps nothing where it has no room, and gives every answer back', () => {
    const { memory, keep, held } = setUp(0);
    const answer = finalTrace(A);
    expect(keep(answer)).toBe(answer);
    expect(held()).toBeUndefined();
    expect(memory.bytes).toBe(0);
  });

  describe('of two answers', () => {
    it.each([
      ['the one that was asked later', openTrace(A), finalTrace(A, { askedAt: ASKED_AT + SECOND_MS })],
      [
        'of those asked within a second the one that tells more',
        openTrace(A, { askedAt: ASKED_AT + 999 }),
        finalTrace(A),
      ],
      [
        'a call that is not found any more rather than an older open one',
        openTrace(A),
        emptyTrace(A, { askedAt: ASKED_AT + SECOND_MS }),
      ],
    ])('keeps %s, whichever comes first', (_, less, more) => {
      const inOrder = setUp();
      inOrder.keep(less);
      expect(inOrder.keep(more)).toBe(more);
      expect(inOrder.held()).toEqual({ ...more, source: 'MEMORY' });
      const crossed = setUp();
      crossed.keep(more);
      crossed.keep(less);
      expect(crossed.held()).toEqual({ ...more, source: 'MEMORY' });
    });

    it('keeps the one asked now rather than one held that is dated over a minute ahead', () => {
      const { keep, held } = setUp();
      keep(finalTrace(A, { askedAt: ASKED_AT + MINUTE_MS + 1 }));
      keep(openTrace(A));
      expect(held()).toEqual({ ...openTrace(A), source: 'MEMORY' });
    });

    it('gives back the newer one that it holds to whoever brings an older one', () => {
      const { clock, keep } = setUp();
      keep(openTrace(A, { askedAt: ASKED_AT + SECOND_MS }));
      const newer = { askedAt: ASKED_AT + SECOND_MS, source: 'MEMORY' };
      expect(keep(openTrace(A))).toMatchObject({ ...newer, stale: false });
      expect(keep(emptyTrace(A))).toMatchObject({ ...newer, records: openTrace(A).records, stale: false });
      clock.advance(11 * SECOND_MS);
      expect(keep(openTrace(A))).toMatchObject({ ...newer, stale: true });
    });
  });

  describe('once a settled call is not found any more', () => {
    const purged = (laterMs: number): CallTrace => emptyTrace(A, { askedAt: ASKED_AT + laterMs });

    it.each([
      ['while it is fresh', SECOND_MS],
      ['when it is no longer fresh', 7 * DAY_MS],
      ['to the end of its keeping', 30 * DAY_MS - 1],
    ])('keeps the call and answers it as stale %s', (_, laterMs) => {
      const { clock, keep, held } = setUp();
      keep(finalTrace(A));
      clock.advance(laterMs);
      expect(keep(purged(laterMs))).toEqual({ ...finalTrace(A), source: 'MEMORY', stale: true });
      expect(held()).toEqual({ ...finalTrace(A), source: 'MEMORY' });
    });

    it('keeps it no longer than that', () => {
      const { clock, keep, held } = setUp();
      keep(finalTrace(A));
      clock.advance(30 * DAY_MS);
      const answer = purged(30 * DAY_MS);
      expect(keep(answer)).toBe(answer);
      expect(held()?.records).toEqual([]);
    });

    it('keeps it no longer than until it is forgotten', () => {
      const { invalidations, keep, held } = setUp();
      keep(finalTrace(A));
      invalidations.invalidate(TEXT);
      keep(purged(SECOND_MS));
      expect(held()?.records).toEqual([]);
    });
  });

  it('counts how often a call was not found, and from the start again once it was found or its count is old', () => {
    const { clock, keep } = setUp();
    const ask = (answer: (key: TraceKey, change: Partial<CallTrace>) => CallTrace, laterMs: number): number => {
      clock.advance(laterMs);
      return keep(answer(A, { askedAt: clock.wall() })).timesNotFound;
    };
    expect([0, SECOND_MS, SECOND_MS].map((laterMs) => ask(emptyTrace, laterMs))).toEqual([1, 2, 3]);
    expect([openTrace, emptyTrace, emptyTrace].map((answer) => ask(answer, SECOND_MS))).toEqual([0, 1, 2]);
    expect(ask(emptyTrace, HOUR_MS)).toBe(1);
  });

  it('passes on a stale answer without keeping it', () => {
    const { keep, held } = setUp();
    const stale = openTrace(A, { stale: true, source: 'SHARED_CACHE' });
    expect(keep(stale)).toBe(stale);
    expect(held()).toBeUndefined();
  });

  describe('when a key is invalidated', () => {
    it('forgets it, and the bytes with it, and no other', () => {
      const { invalidations, memory } = setUp();
      put(memory, A);
      put(memory, B);
      invalidations.invalidate(TEXT);
      expect([A, B].map((key) => holds(memory, key))).toEqual([false, true]);
      expect(memory.bytes).toBe(traceBytes());
    });

    it('forgets all when invalidations may have been missed', () => {
      const { invalidations, memory } = setUp();
      put(memory, A);
      put(memory, B);
      invalidations.invalidateAll();
      expect([A, B].map((key) => holds(memory, key))).toEqual([false, false]);
      expect(memory.bytes).toBe(0);
    });

    it.each(['invalidate', 'invalidateAll'] as const)('does not keep what was asked for before (%s)', (how) => {
      const { invalidations, memory, held } = setUp();
      const since = invalidations.mark();
      invalidations[how](TEXT);
      const answer = finalTrace(A);
      expect(memory.store(TEXT, answer, since)).toBe(answer);
      expect(held()).toBeUndefined();
      memory.store(TEXT, answer, invalidations.mark());
      expect(held()).toBeDefined();
    });

    it('does not let what was asked for before take the place of what was asked for after', () => {
      const { invalidations, memory, keep, held } = setUp();
      const since = invalidations.mark();
      invalidations.invalidate(TEXT);
      keep(openTrace(A));
      memory.store(TEXT, finalTrace(A, { askedAt: ASKED_AT + SECOND_MS }), since);
      expect(held()).toMatchObject({ askedAt: ASKED_AT, records: openTrace(A).records });
    });
  });

  it('never holds more than it may, and fills what it may', () => {
    const maxBytes = 20 * traceBytes() + 1;
    const memory = memoryOf(maxBytes);
    const keys = createKeys(500);
    const sizes = keys.map((key) => {
      put(memory, key);
      return memory.bytes;
    });
    expect(Math.max(...sizes)).toBeLessThanOrEqual(maxBytes);
    expect(keys.filter((key) => holds(memory, key))).toEqual(keys.slice(-20));
  });

  it('evicts the least recently used first', () => {
    const memory = memoryOf(2 * traceBytes() + 1);
    put(memory, A);
    put(memory, B);
    memory.get(traceKeyText(A));
    put(memory, C);
    expect([A, B, C].map((key) => holds(memory, key))).toEqual([true, false, true]);
  });

  it('counts the legs of a trace: a long call takes the place of many short ones', () => {
    const memory = memoryOf(150 * traceBytes());
    const keys = createKeys(100);
    keys.forEach((key) => put(memory, key));
    const [record] = finalTrace(A).records;
    if (!record) throw new Error('a final trace has records');
    memory.store('long', createTrace(Array.from({ length: 600 }, () => record)), 0);
    expect(memory.get('long')).toBeDefined();
    expect(keys.filter((key) => holds(memory, key)).length).toBeLessThan(80);
  });

  it('does not take a trace that is larger than all of it, and keeps the others', () => {
    const memory = memoryOf(traceBytes() + 1);
    put(memory, A);
    memory.store('long', createTrace([...finalTrace(B).records, ...finalTrace(C).records]), 0);
    expect(memory.get('long')).toBeUndefined();
    expect(holds(memory, A)).toBe(true);
  });

  it.each([
    ['short', 1, 20_000],
    ['usual', 6, 8_000],
    ['long', 400, 200],
  ])('counts about what a %s call of %i legs takes in this process', async (_, legs, calls) => {
    const { memory, invalidations } = setUp(1_000_000_000);
    for (const key of createKeys(calls)) memory.store(traceKeyText(key), decoded(key, legs), 0);
    const counted = memory.bytes;
    const full = await livingBytes();
    invalidations.invalidateAll();
    const taken = full - (await livingBytes());
    expect(counted / taken).toBeGreaterThan(0.9);
    expect(counted / taken).toBeLessThan(1.75); // the place in the cache is counted, and not freed here
  });

  it('counts what is kept beside a trace for as long as it holds it, and lets others go for it', () => {
    const { memory, invalidations } = setUp(3 * traceBytes() + 1);
    put(memory, A);
    put(memory, B);
    put(memory, C);
    const held = memory.get(traceKeyText(C))?.trace;
    if (!held) throw new Error('C was put in last');
    memory.weigh(traceKeyText(C), held, 10);
    expect(memory.bytes).toBe(2 * traceBytes() + 10);
    expect([A, B, C].map((key) => holds(memory, key))).toEqual([false, true, true]);
    memory.weigh(traceKeyText(B), held, 10); // B holds another trace by now
    expect(memory.bytes).toBe(2 * traceBytes() + 10);
    invalidations.invalidate(traceKeyText(C));
    expect(memory.bytes).toBe(traceBytes());
  });

  it('counts a trace that was put in twice once', () => {
    const memory = memoryOf(1_000_000);
    put(memory, A);
    put(memory, A);
    expect(memory.bytes).toBe(traceBytes());
  });
});
