import assert from 'node:assert/strict';
import type { CallDetailRecord } from '../../../src/call/trace.js';
import { DEFAULT_READINGS, understand } from '../../../src/call/understanding/understand.js';
import type { CallUnderstanding } from '../../../src/call/understanding/understanding.js';
import { BEGAN_AT, createRecord, createTrace } from '../../fixtures/records.js';

/** How much it takes to understand so many legs: reads of fields, comparisons of sorts, and what comes out. */
export function workOf(count: number): number {
  let reads = 0;
  const counted = legsOf(count).map(
    (record) =>
      new Proxy(record, {
        get(target, name, receiver) {
          reads += 1;
          return Reflect.get(target, name, receiver) as unknown;
        },
      }),
  );
  const { call, comparisons } = withComparisons(() => understand(createTrace(counted), DEFAULT_READINGS));
  assert.ok(comparisons > count);
  const size =
    call.timeline.reduce((named, { legs }) => named + legs.length, 0) + call.links.length + call.findings.length;
  return reads + comparisons + size;
}

/** Each leg overlaps all others, is held and handed over: what is compared with what grows with their number. */
function legsOf(count: number): CallDetailRecord[] {
  return Array.from({ length: count }, (_, index) =>
    createRecord({
      callIdNum: index + 1,
      deviceType: [2, 15, 2, 1][index % 4] ?? 2,
      deviceNo: String(index % 7),
      enterReason: [0, 10, 7, 8][index % 4] ?? 0,
      leaveReason: [18, 10, 17, 17, 18][index % 5] ?? 0,
      waitBegin: BEGAN_AT + ((index * 7_919) % 10_007), // no order that a sort could profit from
      callBegin: BEGAN_AT + 10_007 + index,
      callEnd: BEGAN_AT + 20_000_000 - ((index * 104_729) % 1_000_003),
    }),
  );
}

/** Runs something, and counts what all sorts in it compare. */
function withComparisons(run: () => CallUnderstanding): { call: CallUnderstanding; comparisons: number } {
  let comparisons = 0;
  const own = Object.getOwnPropertyDescriptor(Array.prototype, 'sort') ?? {};
  const sort = own.value as typeof Array.prototype.sort;
  const counting = function (this: unknown[], compare: (a: unknown, b: unknown) => number): unknown[] {
    return sort.call(this, (a, b) => {
      comparisons += 1;
      return compare(a, b);
    });
  };
  Object.defineProperty(Array.prototype, 'sort', { ...own, value: counting });
  try {
    return { call: run(), comparisons };
  } finally {
    Object.defineProperty(Array.prototype, 'sort', own);
  }
}
