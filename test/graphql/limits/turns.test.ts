import { describe, expect, it } from '@jest/globals';
import { createTurns, FIELDS_PER_SHARE, FIELDS_PER_TURN } from '../../../src/graphql/limits/turns.js';

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Takes shares for an operation, and notes each in the order in which they are given. */
function takeShares(turns: ReturnType<typeof createTurns>, name: string, shares: number, given: string[]): void {
  const operation = {};
  for (let share = 0; share < shares; share += 1) {
    const turn = turns.take(operation, FIELDS_PER_SHARE);
    if (turn) void turn.then(() => given.push(name));
    else given.push(name);
  }
}

describe('turns', () => {
  it('give what fits into one at once', () => {
    const turns = createTurns();
    expect(turns.take({}, FIELDS_PER_TURN - 1)).toBeUndefined();
    expect(turns.take({}, 1)).toBeUndefined();
    expect(turns.take({}, 1)).toBeInstanceOf(Promise);
  });

  it('give no more in one than it holds, and the rest in those that follow', async () => {
    const turns = createTurns();
    const given: string[] = [];
    takeShares(turns, 'a', 7, given);
    const lengths = [given.length];
    while (given.length < 7) {
      await nextTurn();
      lengths.push(given.length);
    }
    expect(lengths).toEqual([2, 4, 6, 7]);
  });

  it('serve operations one after the other, so that a short one does not wait for a long one to end', async () => {
    const turns = createTurns();
    const given: string[] = [];
    takeShares(turns, 'long', 20, given);
    takeShares(turns, 'short', 1, given);
    while (given.length < 21) await nextTurn();
    expect(given.indexOf('short')).toBeLessThan(4);
  });

  it('are whole again when nobody has asked for a while', async () => {
    const turns = createTurns();
    void turns.take({}, 10 * FIELDS_PER_TURN);
    await nextTurn();
    expect(turns.take({}, FIELDS_PER_TURN)).toBeUndefined();
  });
});
