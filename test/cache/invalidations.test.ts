import { describe, expect, it } from '@jest/globals';
import { createInvalidations } from '../../src/cache/invalidations.js';
import { createTestClock, MINUTE_MS } from '../support/traces.js';

function setUp() {
  const clock = createTestClock();
  return { clock, invalidations: createInvalidations(clock.monotonic) };
}

describe('createInvalidations', () => {
  it('holds a key good while nothing is invalidated', () => {
    const { invalidations } = setUp();
    expect(invalidations.holdsSince('a', invalidations.mark())).toBe(true);
  });

  it('ends what was begun about a key before that was invalidated, and nothing else', () => {
    const { invalidations } = setUp();
    const before = invalidations.mark();
    invalidations.invalidate('a');
    const after = invalidations.mark();
    expect(invalidations.holdsSince('a', before)).toBe(false);
    expect(invalidations.holdsSince('a', after)).toBe(true);
    expect(invalidations.holdsSince('b', before)).toBe(true);
  });

  it('ends what was begun between two invalidations of a key, too', () => {
    const { invalidations } = setUp();
    invalidations.invalidate('a');
    const between = invalidations.mark();
    invalidations.invalidate('a');
    expect(invalidations.holdsSince('a', between)).toBe(false);
    expect(invalidations.holdsSince('a', invalidations.mark())).toBe(true);
  });

  it('ends all that was begun when invalidations may have been missed', () => {
    const { invalidations } = setUp();
    invalidations.invalidate('a');
    const before = invalidations.mark();
    invalidations.invalidateAll();
    const after = invalidations.mark();
    expect(['a', 'b'].map((text) => invalidations.holdsSince(text, before))).toEqual([false, false]);
    expect(['a', 'b'].map((text) => invalidations.holdsSince(text, after))).toEqual([true, true]);
    invalidations.invalidate('a');
    expect(['a', 'b'].map((text) => invalidations.holdsSince(text, after))).toEqual([false, true]);
  });

  it('needs no time to pass, and is not misled by a wall clock that is set back', () => {
    const { clock, invalidations } = setUp();
    const before = invalidations.mark();
    clock.setWall(0);
    invalidations.invalidate('a');
    expect([invalidations.holdsSince('a', before), invalidations.holdsSince('a', invalidations.mark())]).toEqual([
      false,
      true,
    ]);
  });

  it('remembers each for as long as anything may be under way, however many come after', () => {
    const { clock, invalidations } = setUp();
    const before = invalidations.mark();
    invalidations.invalidate('a');
    clock.advance(15 * MINUTE_MS - 1);
    for (let index = 0; index < 1_000; index += 1) invalidations.invalidate(`other ${index}`);
    expect(invalidations.holdsSince('a', before)).toBe(false);
  });

  it('remembers one that came again from its latest time on', () => {
    const { clock, invalidations } = setUp();
    const before = invalidations.mark();
    invalidations.invalidate('a');
    clock.advance(14 * MINUTE_MS);
    invalidations.invalidate('a');
    clock.advance(14 * MINUTE_MS);
    invalidations.invalidate('b');
    expect(invalidations.holdsSince('a', before)).toBe(false);
  });

  it('lets go of those that are older than anything under way', () => {
    const { clock, invalidations } = setUp();
    const before = invalidations.mark();
    invalidations.invalidate('a');
    clock.advance(15 * MINUTE_MS);
    invalidations.invalidate('b');
    expect(invalidations.holdsSince('a', before)).toBe(true);
  });

  it('tells every listener of each, by the key or by null for all', () => {
    const { invalidations } = setUp();
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
    const { invalidations } = setUp();
    const before = invalidations.mark();
    const held: boolean[] = [];
    invalidations.listen(() => held.push(invalidations.holdsSince('a', before)));
    invalidations.invalidate('a');
    invalidations.invalidateAll();
    expect(held).toEqual([false, false]);
  });
});
