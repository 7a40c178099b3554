import { BEGAN_AT, createKey } from '../../../fixtures/records.js';
import { after, agent, ivr, numbered, queue } from '../legs.js';
import { B, OPEN, consultation, type Situation } from './situation.js';

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
      timeline: [{ state: 'IVR' }, { state: 'UNACCOUNTED' }, { state: 'QUEUE' }, { state: 'RINGING' }, {}],
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
  'a number of zero is no number of a leg': {
    records: [ivr(0, 5, { callIdNum: 0 }), ivr(5, 9, { callIdNum: 2 }), ivr(9, 12, { callIdNum: -1 })],
    expect: { findings: [{ code: 'MISSING_NUMBER', numbers: [1], count: 1 }] },
  },
  'the legs that came more than once are told in order': {
    records: [...numbered([ivr(0, 5), ivr(5, 9)]), ...numbered([ivr(0, 5), ivr(5, 9)])],
    expect: { findings: [{ code: 'DUPLICATE_RECORD', legs: [1, 2], count: 2 }] },
  },
  'of two legs that end at once the first is what a third overlaps': {
    records: numbered([agent([0, 0, 5, 60]), agent([30, 30, 35, 60], { ...B, enterReason: 8 }), queue(50, 70)]),
    expect: { findings: [{ code: 'OVERLAP', legs: [1, 3], ms: 10_000 }] },
  },
  'a call that is answered in another queue may overlap': {
    records: numbered([queue(10, 70), agent([60, 60, 65, 90], { enterReason: 48 })]),
    expect: { findings: [] },
  },
  'a queue that was full may have no record': {
    records: numbered([ivr(0, 5), queue(5, 9, { enterReason: 1 })]),
    expect: { findings: [{ code: 'OVERFLOW_SOURCE_NOT_RECORDED', legs: [2] }] },
  },
  'in a call in progress a consultation may be open after the customer was taken back': {
    records: numbered(
      [
        agent([0, 0, 5, 20], { leaveReason: 18 }),
        agent([20, 20, 25, null], consultation),
        agent([null, null, 30, 40], { enterReason: 9 }),
      ],
      OPEN,
    ),
    trace: { askedAt: after(50) },
    expect: { findings: [] },
  },
  'in a call in progress a leg may be open beside a consultation': {
    records: numbered([agent([0, 0, 5, null]), agent([20, 20, 25, 30], consultation)], OPEN),
    trace: { askedAt: after(50) },
    expect: { findings: [] },
  },
  'in a call in progress a leg may be open beside help': {
    records: numbered([agent([0, 0, 5, null]), agent([20, 20, 25, 40], { ...B, enterReason: 8 })], OPEN),
    trace: { askedAt: after(50) },
    expect: { findings: [] },
  },
  'in a call in progress a leg that others follow has an end': {
    records: numbered([ivr(0, null), queue(30, null)], OPEN),
    trace: { askedAt: after(50) },
    expect: { findings: [{ code: 'OVERLAP' }, { code: 'NO_END', legs: [1] }] },
  },
  'in a call that is over a leg has an end, whatever is beside it': {
    records: numbered([agent([0, 0, 5, null]), agent([20, 20, 25, null], consultation), ivr(90, 95)]),
    expect: { findings: [{ code: 'NO_END', legs: [1, 2] }] },
  },
  'a call ID may be a day off': {
    records: numbered([ivr(0, 5)]),
    trace: { key: createKey({ callId: `${BEGAN_AT / 1_000 + 86_400}-2` }) },
    expect: { findings: [] },
  },
  'a call ID that is more than a day off is told': {
    records: numbered([ivr(0, 5)]),
    trace: { key: createKey({ callId: `${BEGAN_AT / 1_000 + 86_401}-2` }) },
    expect: { findings: [{ code: 'CALL_ID_TIME_DISAGREES', legs: [] }] },
  },
};
