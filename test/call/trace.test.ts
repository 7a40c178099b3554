import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addNotes, finalRecord, firstInstant, MAX_RECORDS, orderRecords } from '../../src/call/trace.js';
import { BEGAN_AT, createRecord } from '../fixtures/records.js';

describe('orderRecords', () => {
  it('puts 1, 2, … in order and the final CDR last, however they came', () => {
    const right = [1, 2, 3, 10, 11, -1].map((callIdNum) => createRecord({ callIdNum }));
    fc.assert(
      fc.property(fc.shuffledSubarray(right, { minLength: right.length }), (shuffled) => {
        expect(orderRecords(shuffled)).toMatchObject({ records: right, duplicates: 0 });
      }),
    );
  });

  it('drops a record that came twice, and counts it', () => {
    const record = createRecord({ callIdNum: 2, deviceNo: '101' });
    const other = createRecord({ callIdNum: 2, deviceNo: '102' });
    expect(orderRecords([record, { ...record }, other, { ...other }])).toEqual({
      records: [record, other],
      duplicates: 2,
      repeatedNumbers: [2],
    });
  });

  describe('given the same leg twice', () => {
    const open = createRecord({ callIdNum: 2, deviceType: 2, deviceNo: '101', waitBegin: BEGAN_AT });
    const closed = { ...open, callBegin: BEGAN_AT + 1_000, callEnd: BEGAN_AT + 2_000 };

    it.each([
      ['the ended one rather than the open one', open, closed],
      [
        'an ended one with few fields rather than an open one with many',
        { ...open, mediaType: 5, callType: 0, callerNo: '1' },
        { ...open, callEnd: BEGAN_AT },
      ],
      ['the one with more fields', closed, { ...closed, leaveReason: 1 }],
      ['the one with the later end', closed, { ...closed, callEnd: BEGAN_AT + 3_000 }],
    ])('keeps %s, whichever came first', (_, less, more) => {
      expect(orderRecords([less, more])).toMatchObject({ records: [more], duplicates: 1 });
      expect(orderRecords([more, less])).toMatchObject({ records: [more], duplicates: 1 });
    });

    it.each([
      ['that began at different times', { waitBegin: BEGAN_AT + 1 }],
      ['of different numbers', { callIdNum: 3 }],
      ['at devices of different numbers', { deviceNo: '102' }],
      ['at devices of different types', { deviceType: 3 }],
    ])('keeps two stays %s', (_, change) => {
      const records = [closed, { ...closed, ...change }];
      expect(orderRecords(records)).toMatchObject({ records, duplicates: 0 });
    });

    it('keeps two records without a begin that differ in a single field', () => {
      const records = [createRecord({ callEnd: BEGAN_AT }), createRecord({ callEnd: BEGAN_AT + 1 })];
      expect(orderRecords(records)).toMatchObject({ records, duplicates: 0 });
    });
  });

  it('puts of two records with one number the earlier first', () => {
    const early = createRecord({ callIdNum: 2, callBegin: BEGAN_AT });
    const late = createRecord({ callIdNum: 2, waitBegin: BEGAN_AT + 1 });
    expect(orderRecords([late, early]).records).toEqual([early, late]);
  });

  it('puts of two final CDRs that began together the one that ended later last, however they came', () => {
    const short = createRecord({ callIdNum: -1, deviceNo: '1', callBegin: BEGAN_AT, callEnd: BEGAN_AT + 1000 });
    const long = createRecord({ callIdNum: -1, deviceNo: '2', callBegin: BEGAN_AT, callEnd: BEGAN_AT + 2000 });
    expect(orderRecords([short, long]).records).toEqual([short, long]);
    expect(orderRecords([long, short]).records).toEqual([short, long]);
  });

  it('is unmoved by a second time', () => {
    const field = fc.constantFrom(null, BEGAN_AT, BEGAN_AT + 1);
    const record = fc
      .record({
        callIdNum: fc.constantFrom(1, 2, -1),
        deviceNo: fc.constantFrom('1', '2'),
        callBegin: field,
        callEnd: field,
      })
      .map(createRecord);
    fc.assert(
      fc.property(fc.array(record, { maxLength: 12 }), (given) => {
        const once = orderRecords(given);
        expect(once.records.length + once.duplicates).toBe(given.length);
        expect(orderRecords(once.records)).toMatchObject({ records: once.records, duplicates: 0 });
      }),
    );
  });

  it('takes as many records as a trace may have', () => {
    const many = Array.from({ length: MAX_RECORDS }, (_, index) => createRecord({ callIdNum: MAX_RECORDS - index }));
    const { records } = orderRecords(many);
    expect([records.length, records[0]?.callIdNum, records.at(-1)?.callIdNum]).toEqual([MAX_RECORDS, 1, MAX_RECORDS]);
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

describe('addNotes', () => {
  it('adds up what both noticed, and names nothing that neither did', () => {
    const sum = addNotes(
      { oddValues: 2, duplicateRecords: 1 },
      { oddValues: 3, impossibleTimes: 4, timesInSeconds: 0 },
    );
    expect(sum).toEqual({ oddValues: 5, duplicateRecords: 1, impossibleTimes: 4 });
    expect(Object.keys(sum)).not.toContain('timesInSeconds');
  });

  it('changes neither of the two', () => {
    const [one, other] = [{ oddValues: 1 }, { oddValues: 1 }];
    addNotes(one, other);
    expect([one, other]).toEqual([{ oddValues: 1 }, { oddValues: 1 }]);
  });
});
