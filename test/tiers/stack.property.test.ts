import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { withCoalescing } from '../../src/tiers/coalesce.js';
import { withMemory } from '../../src/tiers/memory.js';
import { withMonthEdge } from '../../src/tiers/month-edge.js';
import { createTraceMemory } from '../../src/tiers/trace-memory.js';
import { RULES, runStack, steps, type Stage, type Tally } from './support/stack.js';

const edge: Stage = (next, now) => withMonthEdge(next, { edgeMs: 0, timeZoneOf: () => 'UTC', settleMs: 0, now });
const memory: Stage = (next, now) =>
  withMemory(next, createTraceMemory(1_000_000), { freshness: RULES, staleWhileRevalidate: false, now });
const coalesce: Stage = (next, now) => withCoalescing(next, now);

describe('month edge, memory and coalescing in one stack', () => {
  it('keep their promises through any run of questions, failures, clock jumps and progress of calls', async () => {
    const tally: Tally = new Map();
    await fc.assert(
      fc.asyncProperty(steps, (run) => runStack(run, { stages: [edge, memory, coalesce] }, tally)),
      { numRuns: 300 },
    );
    for (const kind of ['asked', 'joined', 'fresh', 'fetched', 'stale', 'failed'] as const) {
      expect([kind, (tally.get(kind) ?? 0) >= 10]).toEqual([kind, true]);
    }
  });
});
