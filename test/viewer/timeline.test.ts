import { describe, expect, it } from '@jest/globals';
import { around, panned, ticksOf, zoomed } from '../../viewer/timeline/range.js';
import { lanesOf, rowBarsOf } from '../../viewer/timeline/lanes.js';

const WHOLE = { from: 1_000_000, to: 1_240_000 };

describe('a range of the timeline', () => {
  it('is zoomed about its middle, down to a second and up to the whole', () => {
    expect(zoomed(WHOLE, 0.5, WHOLE)).toEqual({ from: 1_060_000, to: 1_180_000 });
    expect(zoomed({ from: 1_100_000, to: 1_101_000 }, 0.5, WHOLE)).toEqual({ from: 1_100_000, to: 1_101_000 });
    expect(zoomed({ from: 1_060_000, to: 1_180_000 }, 2, WHOLE)).toBeNull();
  });

  it('is moved as far as the whole goes, and keeps its length', () => {
    expect(panned({ from: 1_010_000, to: 1_110_000 }, -0.25, WHOLE)).toEqual({ from: 1_000_000, to: 1_100_000 });
    expect(panned({ from: 1_010_000, to: 1_110_000 }, 0.25, WHOLE)).toEqual({ from: 1_035_000, to: 1_135_000 });
  });

  it('shows a leg without length with room about it', () => {
    expect(around({ from: 1_100_000, to: 1_100_000 }, WHOLE)).toEqual({ from: 1_099_500, to: 1_100_500 });
  });

  it.each([1, 400, 60_000, 3_600_000, 90_000_000, 3_000_000_000])(
    'of %d ms has ticks enough, and not too many',
    (length) => {
      const ticks = ticksOf({ from: 0, to: length }, 0, 8);
      expect(ticks.length).toBeGreaterThan(0);
      expect(ticks.length).toBeLessThanOrEqual(9);
    },
  );
});

describe('lanesOf', () => {
  const at = (second: number): string => new Date(WHOLE.from + second * 1000).toISOString();
  const leg = (position: number, from: number, answer: number, to: number) => ({
    ...{ position, deviceType: 'AGENT', deviceNo: '2001', leaveReasonCode: 0, startedAt: at(from), endedAt: at(to) },
    ...{ ackBegin: at(from), callBegin: at(answer), callEnd: at(to) },
  });
  const times = { ringMs: 1, talkMs: 1, holdMs: 0, consultMs: 1, conferenceMs: 0 };
  const agent = (legs: number[]) => ({ role: 'AGENT', deviceId: '2001', legs, result: 'ANSWERED', times });

  it('draws on a lane what the customer met there, and consultations by their own times', () => {
    const [lane] = lanesOf({
      participants: [agent([1, 2])],
      timeline: [{ state: 'TALKING', from: at(5), to: at(60), legs: [1] }],
      legs: [leg(1, 0, 5, 60), leg(2, 60, 62, 90)],
    });
    expect(
      lane?.bars.map(({ state, leg, from, to }) => [state, leg, (from - WHOLE.from) / 1000, (to - WHOLE.from) / 1000]),
    ).toEqual([
      ['TALKING', 1, 5, 60],
      ['RINGING', 2, 60, 62],
      ['CONSULT', 2, 62, 90],
    ]);
  });

  it('draws a leg in the middle of a talk from when it took part, and a hold to its end', () => {
    const timeline = [
      { state: 'TALKING', from: at(5), to: at(100), legs: [1, 2] },
      { state: 'HOLD', from: at(100), to: at(130), legs: [1] },
    ];
    const rows = rowBarsOf({ timeline, legs: [leg(1, 0, 5, 100), leg(2, 80, 85, 100)] });
    expect(
      rows.map(({ bars }) =>
        bars.map(({ state, from, to }) => [state, (from - WHOLE.from) / 1000, (to - WHOLE.from) / 1000]),
      ),
    ).toEqual([
      [
        ['TALKING', 5, 100],
        ['HOLD', 100, 130],
      ],
      [['TALKING', 85, 100]],
    ]);
  });

  it('draws nothing where the times are the wrong way round', () => {
    const [lane] = lanesOf({ participants: [agent([1])], timeline: [], legs: [leg(1, 10, 5, 0)] });
    expect(lane?.bars).toEqual([]);
  });
});
