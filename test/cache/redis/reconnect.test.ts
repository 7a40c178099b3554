import { describe, expect, it } from '@jest/globals';
import { createReconnect } from '../../../src/cache/redis/reconnect.js';

describe('createReconnect', () => {
  /** At which times it reconnects if it is told to every 100 ms. */
  function timesOf(untilMs: number, resetAt?: number): number[] {
    let now = 0;
    const times: number[] = [];
    const reconnect = createReconnect(
      () => times.push(now),
      () => now,
    );
    for (; now <= untilMs; now += 100) {
      if (now === resetAt) reconnect.reset();
      reconnect.now();
    }
    return times;
  }

  it('reconnects at once, and then after pauses that double up to ten seconds', () => {
    expect(timesOf(40_000)).toEqual([0, 1_000, 3_000, 7_000, 15_000, 25_000, 35_000]);
  });

  it('reconnects at once after writes were taken again', () => {
    expect(timesOf(10_000, 8_000)).toEqual([0, 1_000, 3_000, 7_000, 8_000, 9_000]);
  });
});
