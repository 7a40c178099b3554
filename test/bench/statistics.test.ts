import { describe, expect, it } from '@jest/globals';
import { median, medianInterval } from '../../bench/statistics.js';

const ranks = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

describe('the interval of a median', () => {
  // Source: tables of order-statistic confidence intervals for a median, 95 %.
  it.each([
    [6, 1, 6],
    [8, 1, 8],
    [9, 2, 8],
    [10, 2, 9],
    [12, 3, 10],
    [20, 6, 15],
    [30, 10, 21],
  ])(
    'of %i values goes from the one of rank %i to that of rank %i, in whatever order they came',
    (count, low, high) => {
      expect(medianInterval(ranks(count))).toEqual({ low, high });
      expect(medianInterval(ranks(count).reverse())).toEqual({ low, high });
    },
  );

  it.each([0, 1, 5])('of %i values is none', (count) => {
    expect(medianInterval(ranks(count))).toBeNull();
  });

  it('holds the true median in 95 of 100 cases or more, however skewed the values are', () => {
    let seed = 1;
    const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    const cases = 4_000;
    let held = 0;
    for (let one = 0; one < cases; one += 1) {
      const interval = medianInterval(Array.from({ length: 12 }, () => random() ** 4));
      if (interval && interval.low <= 0.5 ** 4 && interval.high >= 0.5 ** 4) held += 1;
    }
    expect(held / cases).toBeGreaterThan(0.95);
    expect(held / cases).toBeLessThan(0.98); // 0.961 by calculation: it is no wider than it must be
  });
});

describe('the median', () => {
  it('of an even number of values is the mean of the two in the middle', () => {
    expect([median([3, 1, 2]), median([4, 1, 2, 3]), median([])]).toEqual([2, 2.5, NaN]);
  });
});
