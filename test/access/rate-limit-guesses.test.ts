import { describe, expect, it } from '@jest/globals';
import { createGuessLimiter } from '../../src/access/rate-limit-guesses.js';

describe('a limiter of guesses', () => {
  const at = { now: 1_000_000 };
  const limiterOf = (perMinute: number) => createGuessLimiter(perMinute, () => at.now);

  it('shuts an address out after so many different credentials in a minute, until that is over', () => {
    const limiter = limiterOf(3);
    for (const credential of ['a', 'b']) limiter.refused('192.0.2.1', credential);
    expect(limiter.retryAfterMs('192.0.2.1')).toBe(0);
    at.now += 20_000;
    limiter.refused('192.0.2.1', 'c');
    expect(limiter.retryAfterMs('192.0.2.1')).toBe(40_000);
    at.now += 39_999;
    expect(limiter.retryAfterMs('192.0.2.1')).toBe(1);
    at.now += 1;
    expect(limiter.retryAfterMs('192.0.2.1')).toBe(0);
    limiter.refused('192.0.2.1', 'd');
    expect(limiter.retryAfterMs('192.0.2.1')).toBe(0);
  });

  it('leaves other addresses alone', () => {
    const limiter = limiterOf(1);
    limiter.refused('192.0.2.1', 'a');
    expect(limiter.retryAfterMs('192.0.2.1')).toBeGreaterThan(0);
    expect(limiter.retryAfterMs('192.0.2.2')).toBe(0);
  });

  it('does not take one credential for many, however often it is shown', () => {
    const limiter = limiterOf(2);
    for (let i = 0; i < 1000; i++) limiter.refused('192.0.2.1', 'run out');
    expect(limiter.retryAfterMs('192.0.2.1')).toBe(0);
  });

  it('remembers no more than the last ten thousand addresses', () => {
    const limiter = limiterOf(1);
    for (let i = 0; i <= 10_000; i++) limiter.refused(`address ${i}`, 'a');
    expect(limiter.retryAfterMs('address 0')).toBe(0);
    expect(limiter.retryAfterMs('address 1')).toBeGreaterThan(0);
  });
});
