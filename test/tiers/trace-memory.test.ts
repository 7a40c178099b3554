import { describe, expect, it } from '@jest/globals';
import { traceKeyText, type TraceKey } from '../../src/call/key.js';
import { createTraceMemory, type TraceMemory } from '../../src/tiers/trace-memory.js';
import { createTrace } from '../fixtures/records.js';
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
    const memory = createTraceMemory(200 * traceBytes());
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

  it('counts a trace that was put in twice once', () => {
    const memory = createTraceMemory(1_000_000);
    put(memory, A);
    put(memory, A);
    expect(memory.bytes).toBe(traceBytes());
  });
});
