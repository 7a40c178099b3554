import { afterEach, describe, expect, it } from '@jest/globals';
import type { FaultName } from '../../src/simulator/fault-names.js';
import { adaptiveLimit, fixedLimit, type ConcurrencyLimit } from '../../src/upstream/adaptive-limit.js';
import { createKey } from '../fixtures/records.js';
import { createBench } from './support/contact-centre.js';

const bench = createBench();
afterEach(bench.close);

function feed(limit: ConcurrencyLimit, times: number, latencyMs: number, overloaded = false): void {
  for (let n = 0; n < times; n += 1) {
    if (overloaded) limit.overloaded();
    else limit.answered(latencyMs);
  }
}

describe('fixedLimit', () => {
  it('stays as it is, whatever happens', () => {
    const limit = fixedLimit(20);
    feed(limit, 100, 10_000, true);
    expect(limit.value).toBe(20);
  });
});

describe('adaptiveLimit', () => {
  it('begins with the most, and stays there while all is well', () => {
    const limit = adaptiveLimit(20);
    expect(limit.value).toBe(20);
    feed(limit, 500, 100);
    expect(limit.value).toBe(20);
  });

  it('shrinks by a third, once per round of answers, while requests fail for lack of capacity', () => {
    const limit = adaptiveLimit(20);
    feed(limit, 19, 100, true);
    expect(limit.value).toBe(20);
    feed(limit, 1, 100, true);
    expect(limit.value).toBe(14);
    feed(limit, 14, 100, true);
    expect(limit.value).toBe(9);
  });

  it('does not shrink for one failure in twenty', () => {
    const limit = adaptiveLimit(20);
    for (let round = 0; round < 20; round += 1) {
      feed(limit, 1, 100, true);
      feed(limit, 19, 100);
    }
    expect(limit.value).toBe(20);
  });

  it('shrinks when answers take twice their usual time', () => {
    const limit = adaptiveLimit(20);
    feed(limit, 100, 100);
    feed(limit, 40, 250);
    expect(limit.value).toBeLessThan(12);
  });

  it('does not shrink for answers that take a little longer', () => {
    const limit = adaptiveLimit(20);
    feed(limit, 100, 100);
    feed(limit, 100, 180);
    expect(limit.value).toBe(20);
  });

  it('never falls below one', () => {
    const limit = adaptiveLimit(20);
    feed(limit, 1000, 100, true);
    expect(limit.value).toBe(1);
  });

  it('grows by one per round of good answers, up to the most', () => {
    const limit = adaptiveLimit(20);
    feed(limit, 1000, 100, true);
    feed(limit, 20, 100); // some of the failures are of the first of these rounds
    expect(limit.value).toBeGreaterThanOrEqual(4);
    expect(limit.value).toBeLessThanOrEqual(5);
    feed(limit, 300, 100);
    expect(limit.value).toBe(20);
  });

  it('does not take a slow spell for usual at once', () => {
    const limit = adaptiveLimit(20);
    feed(limit, 100, 100);
    feed(limit, 40, 400);
    const shrunk = limit.value;
    expect(shrunk).toBeLessThan(15);
    feed(limit, 30, 400);
    expect(limit.value).toBeLessThanOrEqual(shrunk);
  });

  it('learns nothing about usual times from failures', () => {
    const limit = adaptiveLimit(20);
    feed(limit, 50, 1, true);
    feed(limit, 500, 100);
    expect(limit.value).toBe(20);
  });

  it('stays near the most while times scatter as they do', () => {
    const limit = adaptiveLimit(20);
    // 20 to 80 ms in a fixed order that repeats after 61: neither rising nor falling.
    for (let n = 0; n < 3000; n += 1) limit.answered(20 + ((n * 37) % 61));
    expect(limit.value).toBeGreaterThanOrEqual(15);
  });
});

describe('what a limit hears of', () => {
  it.each<[FaultName | null, string[]]>([
    [null, ['answered']],
    ['http-429', ['overloaded']],
    ['http-503', ['overloaded']],
    ['reset', ['overloaded']],
    ['hang-before-headers', ['overloaded']],
    // Refusals and replies that cannot be read come quickly, and would teach a wrong usual time.
    ['http-401', []],
    ['http-418', []],
    ['http-403-html', []],
    ['redirect', []],
    ['html-200', []],
    ['result-0100002', []],
    ['other-call', []],
  ])('of %s is %p', async (fault, expected) => {
    const simulator = await bench.start();
    simulator.configure({ fault });
    const told: string[] = [];
    const limit = {
      value: 1,
      answered: () => void told.push('answered'),
      overloaded: () => void told.push('overloaded'),
    };
    const attemptTimeoutMs = fault === 'hang-before-headers' ? 200 : 10_000;
    await bench.connect(simulator, { limit, maxRetries: 0, attemptTimeoutMs })([createKey()]);
    expect(told).toEqual(expected);
  });
});
