import { describe, expect, it } from '@jest/globals';
import { exampleCallId } from '../../simulator/scenarios.js';
import { nextMonthBegins } from '../../simulator/tables.js';
import { traceOf } from '../../simulator/trace.js';

const NOW = Date.UTC(2025, 11, 1);

/** The CDR numbers found in the table of an instant. */
function numbersIn(timeZone: string, callId: string, logDate: number): number[] {
  const records = traceOf({ ccId: 1, vdn: 170, callId, logDate }, { seed: 1, timeZone, now: NOW });
  return records.map((record) => record.callIdNum);
}

describe('the month tables', () => {
  // 31 May 2025, 18:00 UTC: in Shanghai it is already June.
  const callId = exampleCallId('menu-queue-agent', Date.UTC(2025, 4, 31, 18) / 1000);
  const may = Date.UTC(2025, 4, 15);
  const june = Date.UTC(2025, 5, 15);

  it('hold a call in the month of their own time zone', () => {
    expect(numbersIn('UTC', callId, may)).toEqual([1, 2, -1]);
    expect(numbersIn('UTC', callId, june)).toEqual([]);
    expect(numbersIn('Asia/Shanghai', callId, may)).toEqual([]);
    expect(numbersIn('Asia/Shanghai', callId, june)).toEqual([1, 2, -1]);
  });

  it('are chosen by the month of logDate in that zone too', () => {
    const lastEveningOfMay = Date.UTC(2025, 4, 31, 17);
    expect(numbersIn('Asia/Shanghai', callId, lastEveningOfMay)).toEqual([1, 2, -1]);
  });

  it('know the number of the month and not the year', () => {
    expect(numbersIn('UTC', callId, Date.UTC(2019, 4, 1))).toEqual([1, 2, -1]);
  });

  it.each(['UTC', 'Asia/Shanghai', 'America/New_York'])(
    'split a call that crosses the end of the month in %s',
    (zone) => {
      const crossing = exampleCallId('crosses-month-end', Date.UTC(2025, 5, 10) / 1000);
      expect(numbersIn(zone, crossing, Date.UTC(2025, 5, 20))).toEqual([1, 2, 3]);
      expect(numbersIn(zone, crossing, Date.UTC(2025, 6, 20))).toEqual([-1]);
    },
  );

  it('begin at midnight of the zone, over the turn of the year too', () => {
    expect(nextMonthBegins(Date.UTC(2025, 11, 31, 15), 'Asia/Shanghai')).toBe(Date.UTC(2025, 11, 31, 16));
    expect(nextMonthBegins(Date.UTC(2025, 11, 31, 16), 'Asia/Shanghai')).toBe(Date.UTC(2026, 0, 31, 16));
  });
});
