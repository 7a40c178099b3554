import { agent, ivr, numbered, queue } from '../legs.js';
import { consultation, type Situation } from './situation.js';

/** What is wrong with records, or worth to know about them. By the sentence that each shows. */
export const RECORDS: Readonly<Record<string, Situation>> = {
  'codes that no table knows are told once, with their legs': {
    records: numbered([
      agent([0, 0, 5, 60], { enterReason: 77, releaseCause: 9001 }),
      agent([60, 60, 65, 70], { enterReason: 77, callType: 99, mediaType: 98 }),
    ]),
    expect: {
      findings: [
        { code: 'UNKNOWN_CODE', field: 'enterReason', value: 77, legs: [1, 2] },
        { code: 'UNKNOWN_CODE', field: 'callType', value: 99, legs: [2] },
        { code: 'UNKNOWN_CODE', field: 'mediaType', value: 98, legs: [2] },
        { code: 'MEDIUM_CHANGED', legs: [2] },
      ],
    },
  },
  'numbers that miss are named, and counted where they are many': {
    records: [ivr(0, 5, { callIdNum: 2 }), ivr(5, 9, { callIdNum: 1_000_000_000 }), ivr(9, 12, { callIdNum: -1 })],
    expect: {
      findings: [
        {
          code: 'MISSING_NUMBER',
          count: 999_999_998,
          numbers: [1, ...Array.from({ length: 19 }, (_, index) => index + 3)],
        },
      ],
    },
  },
  'records with one number are told': {
    records: [ivr(0, 5), ivr(5, 9), ivr(9, 12, { callIdNum: -1 }), ivr(12, 15, { callIdNum: -1 })],
    expect: {
      findings: [
        { code: 'SEVERAL_FINAL_RECORDS', legs: [3, 4] },
        { code: 'DUPLICATE_NUMBER', numbers: [1], legs: [1, 2] },
      ],
    },
  },
  'a number that came later than its leg is told': {
    records: numbered([queue(10, 20), ivr(0, 8), agent([20, 20, 25, 60])]),
    expect: {
      findings: [
        { code: 'ORDER_REVERSED', legs: [2] },
        { code: 'GAP', legs: [1, 2], ms: 2_000 },
      ],
    },
  },
  'a second is no gap, no overlap and no wrong order': {
    records: numbered([ivr(0, 10), queue(11, 20), agent([19, 19, 25, 60]), ivr(59, 70), queue(58, 59)]),
    expect: { findings: [] },
  },
  'what differs by more than a second is': {
    records: numbered([ivr(0, 10), queue(12, 20), agent([17, 17, 25, 60])]),
    expect: {
      findings: [
        { code: 'GAP', legs: [1, 2], ms: 2_000 },
        { code: 'OVERLAP', legs: [2, 3], ms: 3_000 },
      ],
    },
  },
  'a short leg within a long one overlaps as long as it lasts': {
    records: numbered([agent([0, 0, 5, 60]), queue(10, 14), ivr(60, 70)]),
    expect: { findings: [{ code: 'OVERLAP', legs: [1, 2], ms: 4_000 }] },
  },
  'a consultation explains a gap': {
    records: numbered([agent([0, 0, 5, 60]), agent([60, 60, 65, 90], consultation), agent([90, 90, 95, 99])]),
    expect: { findings: [] },
  },
  'numbers that change on the way are told, and only that they do': {
    records: numbered([
      ivr(0, 5, { callerNo: '1', calleeNo: '2' }),
      queue(5, 9, { callerNo: '1', calleeNo: '3' }),
      queue(9, 12),
    ]),
    expect: { findings: [{ code: 'NUMBERS_CHANGED', severity: 'INFO', legs: [2], value: null, field: null }] },
  },
  'what was noticed in reading is told by its count': {
    records: numbered([ivr(0, 5)]),
    trace: {
      notes: {
        timesInSeconds: 4,
        oddValues: 1,
        impossibleTimes: 2,
        recordsOfAnotherYear: 3,
        neighbourLegsMissing: 1,
        duplicateRecords: 5,
      },
    },
    expect: {
      findings: [
        { code: 'DUPLICATE_RECORD', count: 5, legs: [], severity: 'WARNING' },
        { code: 'SECONDS_TAKEN_AS_MS', count: 4, severity: 'INFO' },
        { code: 'VALUES_NOT_READ', count: 1 },
        { code: 'TIMES_NOT_BELIEVED', count: 2 },
        { code: 'RECORDS_OF_ANOTHER_YEAR', count: 3 },
        { code: 'MONTH_EDGE_INCOMPLETE', count: 1, severity: 'WARNING' },
      ],
    },
  },
};
