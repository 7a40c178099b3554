import { describe, expect, it } from '@jest/globals';
import { createInvalidations } from '../../src/cache/invalidations.js';

describe('createInvalidations', () => {
  it('holds a key good while nothing is invalidated', () => {
    const invalidations = createInvalidations();
    expect(invalidations.holdsSince('a', invalidations.mark())).toBe(true);
  });

  it('ends what was begun about a key before that was invalidated, and nothing else', () => {
    const invalidations = createInvalidations();
    const before = invalidations.mark();
    invalidations.invalidate('a');
    const after = invalidations.mark();
    expect(invalidations.holdsSince('a', before)).toBe(false);
    expect(invalidations.holdsSince('a', after)).toBe(true);
    expect(invalidations.holdsSince('b', before)).toBe(true);
  });

  it('ends what was begun between two invalidations of a key, too', () => {
    const invalidations = createInvalidations();
    invalidations.invalidate('a');
    const between = invalidations.mark();
    invalidations.invalidate('a');
    expect(invalidations.holdsSince('a', between)).toBe(false);
    expect(invalidations.holdsSince('a', invalidations.mark())).toBe(true);
  });

  it('ends all that was begun when invalidations may have been missed', () => {
    const invalidations = createInvalidations();
    invalidations.invalidate('a');
    const before = invalidations.mark();
    invalidations.invalidateAll();
    const after = invalidations.mark();
    expect(['a', 'b'].map((text) => invalidations.holdsSince(text, before))).toEqual([false, false]);
    expect(['a', 'b'].map((text) => invalidations.holdsSince(text, after))).toEqual([true, true]);
    invalidations.invalidate('a');
    expect(['a', 'b'].map((text) => invalidations.holdsSince(text, after))).toEqual([false, true]);
  });

  it('remembers ten thousand keys, and takes a key that it may have dropped for invalidated', () => {
    const invalidations = createInvalidations();
    const before = invalidations.mark();
    invalidations.invalidate('a');
    for (let index = 0; index < 9_999; index += 1) invalidations.invalidate(`other ${index}`);
    expect([invalidations.holdsSince('a', before), invalidations.holdsSince('unknown', before)]).toEqual([false, true]);
    const later = invalidations.mark();
    invalidations.invalidate('one more');
    expect(['a', 'unknown'].map((text) => invalidations.holdsSince(text, before))).toEqual([false, false]);
    expect(['a', 'unknown'].map((text) => invalidations.holdsSince(text, later))).toEqual([true, true]);
  });

  it('tells every listener of each, by the key or by null for all', () => {
    const invalidations = createInvalidations();
    const heard: [string, string | null][] = [];
    invalidations.listen((keyText) => heard.push(['first', keyText]));
    invalidations.listen((keyText) => heard.push(['second', keyText]));
    invalidations.invalidate('a');
    invalidations.invalidateAll();
    expect(heard).toEqual([
      ['first', 'a'],
      ['second', 'a'],
      ['first', null],
      ['second', null],
    ]);
  });

  it('has noted it when it tells of it', () => {
    const invalidations = createInvalidations();
    const before = invalidations.mark();
    const held: boolean[] = [];
    invalidations.listen(() => held.push(invalidations.holdsSince('a', before)));
    invalidations.invalidate('a');
    invalidations.invalidateAll();
    expect(held).toEqual([false, false]);
  });
});
