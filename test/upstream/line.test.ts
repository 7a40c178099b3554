import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createLine } from '../../src/upstream/line.js';

describe('createLine', () => {
  it('has nobody in it at first', () => {
    const line = createLine<string>();
    expect([line.length, line.first, line.last]).toEqual([0, undefined, undefined]);
  });

  it('keeps its order whoever leaves: at the front, at the end, or between', () => {
    const move = fc.oneof(fc.constant('join' as const), fc.nat());
    fc.assert(
      fc.property(fc.array(move, { maxLength: 60 }), (moves) => {
        const line = createLine<number>();
        const expected: { value: number; leave: () => void }[] = [];
        moves.forEach((one, value) => {
          if (one === 'join') expected.push({ value, leave: line.join(value) });
          else if (expected.length > 0) expected.splice(one % expected.length, 1)[0]?.leave();
          expect([line.length, line.first, line.last]).toEqual([
            expected.length,
            expected[0]?.value,
            expected.at(-1)?.value,
          ]);
        });
        // Whoever stands between is seen when those before have left.
        for (const { value, leave } of expected) {
          expect(line.first).toBe(value);
          leave();
        }
        expect(line.length).toBe(0);
      }),
    );
  });
});
