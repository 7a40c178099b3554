import { describe, expect, it } from '@jest/globals';
import { exampleCallId } from '../../simulator/scenarios.js';
import { identityOf, traceOf } from '../../simulator/trace.js';
import { spellRecords, type WireRecord } from '../../simulator/wire-record.js';

const NOW = Date.UTC(2025, 5, 15);

/** The same story under a hundred call IDs, each spelled in its own way. */
const REPLIES: WireRecord[][] = Array.from({ length: 100 }, (_, index) => {
  const callId = exampleCallId('menu-queue-agent', NOW / 1000 - 10_000 - index);
  const query = { ccId: 1, vdn: 170, callId, logDate: NOW };
  return spellRecords(traceOf(query, { seed: 1, timeZone: 'UTC', now: NOW }), identityOf(query, 1));
});

const DOCUMENTED_FIELDS = [
  'callId', 'mediaType', 'callIdNum', 'callerNo', 'calleeNo', 'waitBegin', 'ackBegin', 'callBegin', 'callEnd',
  'subCcNo', 'deviceType', 'deviceNo', 'deviceIn', 'callType', 'releaseCause', 'EnterReason', 'LeaveReason',
  'CurrentSkillID', 'subMediaType',
]; // prettier-ignore

describe('the spelling of a record', () => {
  it('has the documented fields, in one letter case or another', () => {
    const documented = DOCUMENTED_FIELDS.map((name) => name.toLowerCase());
    for (const record of REPLIES.flat()) {
      expect(Object.keys(record).map((name) => name.toLowerCase())).toEqual(documented);
    }
    expect(REPLIES.some(([record]) => record !== undefined && 'EnterReason' in record)).toBe(true);
    expect(REPLIES.some(([record]) => record !== undefined && 'enterReason' in record)).toBe(true);
  });

  it('writes integers as strings in most replies, as numbers in some, as both in others', () => {
    const kinds = REPLIES.map((records) => {
      const types = new Set(records.flatMap((record) => [typeof record['callBegin'], typeof record['deviceType']]));
      return [...types].sort().join(' and ');
    });
    const share = (kind: string) => kinds.filter((one) => one === kind).length;
    expect(share('string')).toBeGreaterThan(50);
    expect(share('number')).toBeGreaterThan(5);
    expect(share('number and string')).toBeGreaterThan(5);
  });

  it('has many ways to write a time that did not happen, and a time left out is one', () => {
    const waitOfIvr = (records: WireRecord[]) =>
      records.find((record) => Number(record['deviceType']) === 3)?.['waitBegin'];
    const spellings = new Set(REPLIES.map((records) => JSON.stringify(waitOfIvr(records))));
    expect(spellings).toEqual(new Set(['"0"', '0', '"-1"', '-1', '""', 'null', undefined]));
  });

  it('puts the final record last, first, or anywhere', () => {
    const places = REPLIES.map((records) => records.findIndex((record) => Number(record['callIdNum']) === -1));
    expect(new Set(places)).toEqual(new Set([0, 1, 2]));
  });
});
