import { describe, expect, it } from '@jest/globals';
import { createClockSkew } from '../../src/upstream/clock-skew.js';

const THEIRS = 'Sun, 15 Jun 2025 12:00:00 GMT';
const THEIR_TIME = Date.parse(THEIRS);

/** A comparison with our clock so far ahead of theirs, and what it reported. */
function createComparison(aheadMs = 0) {
  const reports: [aheadMs: number, tolerated: boolean][] = [];
  let now = THEIR_TIME + aheadMs;
  const clockSkew = createClockSkew(
    () => now,
    (...report) => reports.push(report),
  );
  return { clockSkew, reports, setAhead: (ms: number) => void (now = THEIR_TIME + ms) };
}

describe('createClockSkew', () => {
  it('knows nothing before the contact centre has told its time', () => {
    expect(createComparison().clockSkew.aheadMs).toBeNull();
  });

  it.each([
    [0, true],
    [1_500, true],
    [60_000, true],
    [60_001, false],
    [-60_000, true],
    [-60_001, false],
    [3_600_000, false],
  ])('of %i ms ahead is tolerated: %p', (aheadMs, tolerated) => {
    const { clockSkew, reports } = createComparison(aheadMs);
    clockSkew.note(THEIRS);
    expect(clockSkew.aheadMs).toBe(aheadMs);
    expect(reports).toEqual(tolerated ? [] : [[aheadMs, false]]);
  });

  it('reports once when the clocks fall apart, and once when they agree again', () => {
    const { clockSkew, reports, setAhead } = createComparison();
    for (const aheadMs of [0, 90_000, 91_000, -90_000, 500, 0]) {
      setAhead(aheadMs);
      clockSkew.note(THEIRS);
    }
    expect(reports).toEqual([
      [90_000, false],
      [500, true],
    ]);
  });

  it.each([null, '', 'noon', 'Invalid Date'])('takes no note of the header %p', (header) => {
    const { clockSkew, reports } = createComparison(90_000);
    clockSkew.note(header);
    expect(clockSkew.aheadMs).toBeNull();
    expect(reports).toEqual([]);
  });
});
