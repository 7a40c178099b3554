import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { finalRecord, firstInstant, isSettled, orderRecords } from '../../src/call/trace.js';
import { BEGAN_AT, createRecord } from '../fixtures/records.js';

describe('orderRecords', () => {
  it('puts 1, 2, … in order and the final CDR last, however they came', () => {
    const right = [1, 2, 3, 10, 11, -1].map((callIdNum) => createRecord({ callIdNum }));
    fc.assert(
      fc.property(fc.shuffledSubarray(right, { minLength: right.length }), (shuffled) => {
        expect(orderRecords(shuffled)).toEqual(right);
      }),
    );
  });

  it('drops a record that came twice, but not one that differs in a single field', () => {
    const record = createRecord({ callIdNum: 2, deviceNo: '101' });
    const other = createRecord({ callIdNum: 2, deviceNo: '102' });
    expect(orderRecords([record, { ...record }, other, { ...other }])).toEqual([record, other]);
  });

  it('puts of two records with one number the earlier first', () => {
    const early = createRecord({ callIdNum: 2, callBegin: BEGAN_AT });
    const late = createRecord({ callIdNum: 2, waitBegin: BEGAN_AT + 1 });
    expect(orderRecords([late, early])).toEqual([early, late]);
  });

  it('puts of two final CDRs that began together the one that ended later last, however they came', () => {
    const short = createRecord({ callIdNum: -1, callBegin: BEGAN_AT, callEnd: BEGAN_AT + 1000 });
    const long = createRecord({ callIdNum: -1, callBegin: BEGAN_AT, callEnd: BEGAN_AT + 2000 });
    expect(orderRecords([short, long])).toEqual([short, long]);
    expect(orderRecords([long, short])).toEqual([short, long]);
  });

  it('leaves what it was given as it was', () => {
    const given = [createRecord({ callIdNum: -1 }), createRecord({ callIdNum: 1 })];
    orderRecords(given);
    expect(given.map((record) => record.callIdNum)).toEqual([-1, 1]);
  });
});

describe('firstInstant', () => {
  it('is the earliest begin of a phase, whichever it is', () => {
    expect(firstInstant(createRecord({ waitBegin: 1, ackBegin: 2, callBegin: 3 }))).toBe(1);
    expect(firstInstant(createRecord({ ackBegin: 2, callBegin: 3 }))).toBe(2);
    expect(firstInstant(createRecord({ waitBegin: 9, callBegin: 3 }))).toBe(3);
  });

  it('is null where no phase began, for an end alone is no begin', () => {
    expect(firstInstant(createRecord({ callEnd: 4 }))).toBeNull();
  });
});

describe('finalRecord', () => {
  it('is null while the call is in progress', () => {
    expect(finalRecord([])).toBeNull();
    expect(finalRecord([createRecord({ callIdNum: 1 }), createRecord({ callIdNum: 2 })])).toBeNull();
  });

  it('is the one numbered -1, and of two the later one', () => {
    const early = createRecord({ callIdNum: -1, callEnd: 1 });
    const late = createRecord({ callIdNum: -1, callEnd: 2 });
    expect(finalRecord([createRecord({ callIdNum: 1 }), early])).toBe(early);
    expect(finalRecord([early, late])).toBe(late);
  });
});

describe('isSettled', () => {
  const SETTLE_MS = 300_000;
  const ended = [createRecord({ callIdNum: 1 }), createRecord({ callIdNum: -1, callEnd: BEGAN_AT })];

  it('holds from the settle window after the end on, to the millisecond', () => {
    expect(isSettled(ended, BEGAN_AT + SETTLE_MS - 1, SETTLE_MS)).toBe(false);
    expect(isSettled(ended, BEGAN_AT + SETTLE_MS, SETTLE_MS)).toBe(true);
  });

  it('never holds without a final CDR, or with one that has no end', () => {
    const muchLater = BEGAN_AT * 2;
    expect(isSettled([], muchLater, SETTLE_MS)).toBe(false);
    expect(isSettled([createRecord({ callIdNum: 1, callEnd: BEGAN_AT })], muchLater, SETTLE_MS)).toBe(false);
    expect(isSettled([createRecord({ callIdNum: -1, callBegin: BEGAN_AT })], muchLater, SETTLE_MS)).toBe(false);
  });

  it('counts from the later of two final CDRs', () => {
    const twice = [...ended, createRecord({ callIdNum: -1, callEnd: BEGAN_AT + 1000 })];
    expect(isSettled(twice, BEGAN_AT + SETTLE_MS, SETTLE_MS)).toBe(false);
    expect(isSettled(twice, BEGAN_AT + SETTLE_MS + 1000, SETTLE_MS)).toBe(true);
  });
});
