import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { traceKeyText } from '../../../src/call/key.js';
import { addView, findView, withoutViews } from '../../../src/tiers/redis/ready-value.js';
import { decodeTrace, encodeTrace } from '../../../src/tiers/redis/value.js';
import { createKey } from '../../fixtures/records.js';
import { finalTrace } from '../../support/traces.js';

const KEY = createKey();
const TEXT = traceKeyText(KEY);
const TRACE = finalTrace(KEY);
const OF = { keyText: TEXT, fetchedAt: TRACE.fetchedAt };
const LETTERS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const idOf = (letter: string): string => letter.repeat(22);

const parts = fc.array(
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  { minLength: 1, maxLength: 4 },
);
const views = fc.uniqueArray(
  fc.record({ id: fc.constantFrom(...LETTERS).map(idOf), parts, showsNumbers: fc.boolean() }),
  {
    selector: ({ id }) => id,
    minLength: 1,
    maxLength: 8,
  },
);

/** A value with these views laid beside the trace, one after the other. */
function valueWith(laid: readonly { id: string; parts: readonly Buffer[]; showsNumbers: boolean }[]): Buffer {
  return laid.reduce((value, { id, ...view }) => addView(value, OF, id, view) ?? value, encodeTrace(TRACE));
}

describe('a value with views', () => {
  it('gives back each view, and the trace as if there were none', () => {
    fc.assert(
      fc.property(views, (laid) => {
        const value = valueWith(laid);
        for (const { id, ...view } of laid)
          expect(findView(value, TEXT, id)).toEqual({ ...view, fetchedAt: TRACE.fetchedAt });
        expect(withoutViews(value)).toEqual(encodeTrace(TRACE));
        expect(decodeTrace(value, KEY)).toEqual({ ...TRACE, source: 'REDIS' });
      }),
    );
  });

  it('has no view of another id, and none for another key', () => {
    const value = valueWith([{ id: idOf('a'), parts: [Buffer.from('{}')], showsNumbers: false }]);
    expect(findView(value, TEXT, idOf('b'))).toBeNull();
    expect(findView(value, traceKeyText(createKey({ vdn: 7 })), idOf('a'))).toBeNull();
    expect(findView(encodeTrace(TRACE), TEXT, idOf('a'))).toBeNull();
  });

  it('takes a view once, no more than eight, and none that is too long', () => {
    const view = { parts: [Buffer.from('{}')], showsNumbers: true };
    const eight = valueWith(LETTERS.map((letter) => ({ id: idOf(letter), ...view })));
    expect(addView(eight, OF, idOf('i'), view)).toBeNull();
    expect(addView(valueWith([{ id: idOf('a'), ...view }]), OF, idOf('a'), view)).toBeNull();
    const long = { parts: [Buffer.alloc(64 * 1024)], showsNumbers: false };
    expect(addView(encodeTrace(TRACE), OF, idOf('a'), long)).toBeNull();
  });

  it('that is broken is no view, whatever stands in it, and never an error', () => {
    const whole = valueWith([
      { id: idOf('a'), parts: [Buffer.from('{"a":'), Buffer.from('}')], showsNumbers: true },
      { id: idOf('b'), parts: [Buffer.from('{"b":1}')], showsNumbers: false },
    ]);
    fc.assert(
      fc.property(
        fc.nat(whole.length),
        fc.array(fc.tuple(fc.nat(120), fc.nat(255)), { maxLength: 4 }),
        (end, flips) => {
          const value = Buffer.from(whole.subarray(0, end));
          for (const [at, byte] of flips) if (at < value.length) value[at] = byte;
          const found = findView(value, TEXT, idOf('b'));
          if (end < whole.length - encodeTrace(TRACE).length && flips.length === 0) expect(found).toBeNull();
          const length = (found?.parts ?? []).reduce((sum, part) => sum + part.length, 0);
          expect(length).toBeLessThanOrEqual(value.length);
          decodeTrace(value, KEY);
        },
      ),
      { numRuns: 500 },
    );
  });
});
