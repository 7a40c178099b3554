import { describe, expect, it } from '@jest/globals';
import { createRetryBudget } from '../../src/upstream/retry-budget.js';

const WINDOW_MS = 10_000;

/** A budget and its clock. */
function createBudget() {
  let now = 1_000_000;
  const budget = createRetryBudget({ wall: () => NaN, monotonic: () => now });
  return {
    pass: (ms: number) => void (now += ms),
    request: (times: number) => {
      for (let n = 0; n < times; n += 1) budget.request();
    },
    /** How many of so many wished-for retries may be made. */
    retries: (wished: number) => Array.from({ length: wished }, () => budget.retry()).filter(Boolean).length,
  };
}

describe('createRetryBudget', () => {
  it('allows one retry for five requests', () => {
    const { request, retries } = createBudget();
    request(1000);
    expect(retries(1000)).toBe(200);
  });

  it('counts the requests that come later, too', () => {
    const { request, retries } = createBudget();
    request(100);
    expect(retries(50)).toBe(20);
    request(100);
    expect(retries(50)).toBe(20);
  });

  it.each([0, 1, 50])('always allows ten in a window, here after %i requests', (requests) => {
    const { request, retries } = createBudget();
    request(requests);
    expect(retries(30)).toBe(10);
  });

  it('keeps an outage from being multiplied: 2 retries wished for each of 5,000 requests', () => {
    const { pass, request, retries } = createBudget();
    let made = 0;
    for (let n = 0; n < 5_000; n += 1) {
      request(1);
      made += retries(2);
      pass(10);
    }
    // 50 s are five windows; the floor weighs in where a window begins.
    expect(made).toBeGreaterThan(900);
    expect(made).toBeLessThanOrEqual(1_050);
  });

  it('forgets what is older than the window, slice by slice', () => {
    const { pass, request, retries } = createBudget();
    request(1000);
    expect(retries(1000)).toBe(200);
    pass(WINDOW_MS / 2);
    expect(retries(1000)).toBe(0);
    pass(WINDOW_MS / 2);
    expect(retries(1000)).toBe(10);
  });
});
