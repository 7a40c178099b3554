import { describe, expect, it } from '@jest/globals';
import { traceKeyText, type TraceKey } from '../../src/call/key.js';
import { decodeTrace, encodeTrace } from '../../src/tiers/redis/value.js';
import { createTraceMemory, type TraceMemory } from '../../src/tiers/trace-memory.js';
import type { CallTrace } from '../../src/call/trace.js';
import { BEGAN_AT, createTrace } from '../fixtures/records.js';
import { createKeys, finalTrace } from '../support/traces.js';

const [A, B, C] = createKeys(3);
const put = (memory: TraceMemory, key: TraceKey): void => memory.set(traceKeyText(key), finalTrace(key));
const holds = (memory: TraceMemory, key: TraceKey): boolean => memory.get(traceKeyText(key)) !== undefined;

/** What one trace of `finalTrace` takes, by the memory's own estimate. Unit: bytes. */
function traceBytes(): number {
  const memory = createTraceMemory(1_000_000);
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
  const trace = decodeTrace(encodeTrace(createTrace(records, { key })), JSON.parse(JSON.stringify(key)) as TraceKey);
  if (!trace) throw new Error('a trace that was encoded can be decoded');
  return trace;
}

describe('createTraceMemory', () => {
  it('gives back what was put in, as from memory', () => {
    const memory = createTraceMemory(1_000_000);
    put(memory, A);
    expect(memory.get(traceKeyText(A))).toEqual(finalTrace(A, { source: 'MEMORY' }));
    expect(memory.get(traceKeyText(B))).toBeUndefined();
  });

  it('forgets what is deleted, and the bytes with it', () => {
    const memory = createTraceMemory(1_000_000);
    put(memory, A);
    memory.delete(traceKeyText(A));
    expect(holds(memory, A)).toBe(false);
    expect(memory.bytes).toBe(0);
  });

  it('never holds more than it may, and fills what it may', () => {
    const maxBytes = 20 * traceBytes() + 1;
    const memory = createTraceMemory(maxBytes);
    const keys = createKeys(500);
    const sizes = keys.map((key) => {
      put(memory, key);
      return memory.bytes;
    });
    expect(Math.max(...sizes)).toBeLessThanOrEqual(maxBytes);
    expect(keys.filter((key) => holds(memory, key))).toEqual(keys.slice(-20));
  });

  it('lets go of the least recently used first', () => {
    const memory = createTraceMemory(2 * traceBytes() + 1);
    put(memory, A);
    put(memory, B);
    memory.get(traceKeyText(A));
    put(memory, C);
    expect([A, B, C].map((key) => holds(memory, key))).toEqual([true, false, true]);
  });

  it('counts the legs of a trace: a long call takes the place of many short ones', () => {
    const memory = createTraceMemory(150 * traceBytes());
    const keys = createKeys(100);
    keys.forEach((key) => put(memory, key));
    const [record] = finalTrace(A).records;
    if (!record) throw new Error('a final trace has records');
    memory.set('long', createTrace(Array.from({ length: 600 }, () => record)));
    expect(memory.get('long')).toBeDefined();
    expect(keys.filter((key) => holds(memory, key)).length).toBeLessThan(80);
  });

  it('does not take a trace that is larger than all of it, and keeps the others', () => {
    const memory = createTraceMemory(traceBytes() + 1);
    put(memory, A);
    memory.set('long', createTrace([...finalTrace(B).records, ...finalTrace(C).records]));
    expect(memory.get('long')).toBeUndefined();
    expect(holds(memory, A)).toBe(true);
  });

  it.each([
    ['short', 1, 20_000],
    ['usual', 6, 8_000],
    ['long', 400, 200],
  ])('counts about what a %s call of %i legs takes in this process', async (_, legs, calls) => {
    const memory = createTraceMemory(1_000_000_000);
    for (const key of createKeys(calls)) memory.set(traceKeyText(key), decoded(key, legs));
    const counted = memory.bytes;
    const full = await livingBytes();
    memory.clear();
    const taken = full - (await livingBytes());
    expect(counted / taken).toBeGreaterThan(0.9);
    expect(counted / taken).toBeLessThan(1.75); // the place in the cache is counted, and not freed here
  });

  it('counts what is kept beside a trace for as long as it holds it, and lets others go for it', () => {
    const memory = createTraceMemory(3 * traceBytes() + 1);
    put(memory, A);
    put(memory, B);
    put(memory, C);
    const held = memory.get(traceKeyText(C));
    if (!held) throw new Error('C was put in last');
    memory.weigh(traceKeyText(C), held, 10);
    expect(memory.bytes).toBe(2 * traceBytes() + 10);
    expect([A, B, C].map((key) => holds(memory, key))).toEqual([false, true, true]);
    memory.weigh(traceKeyText(B), held, 10); // B holds another trace by now
    expect(memory.bytes).toBe(2 * traceBytes() + 10);
    memory.delete(traceKeyText(C));
    expect(memory.bytes).toBe(traceBytes());
  });

  it('counts a trace that was put in twice once', () => {
    const memory = createTraceMemory(1_000_000);
    put(memory, A);
    put(memory, A);
    expect(memory.bytes).toBe(traceBytes());
  });
});
