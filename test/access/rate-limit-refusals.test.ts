import { describe, expect, it } from '@jest/globals';
import { createPointsError, unaffordableMessage } from '../../src/access/rate-limit-refusals.js';

describe('createPointsError', () => {
  it('names what the whole request costs, with what it has paid already', () => {
    const taken = { allowed: false, limit: 100, cost: 29, remaining: 9, resetAt: 0, retryAfterMs: 5_000 };
    const { message, retryAfterMs } = createPointsError(taken, 1);
    expect(message).toBe(
      'This costs 30 of the 100 points that you have per minute, and 10 are left: ask for fewer calls, or try again later.',
    );
    expect(retryAfterMs).toBe(5_000);
  });
});

describe('unaffordableMessage', () => {
  it('names the most that can be paid, for what can never be', () => {
    expect(unaffordableMessage(101, { limit: 100 })).toBe(
      'This costs 101 points; a caller has 100 per minute, so at most 100 can be spent on one operation.',
    );
    expect(unaffordableMessage(100, { limit: 100 })).toBeNull();
  });
});
