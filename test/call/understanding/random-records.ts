import fc from 'fast-check';
import type { CallDetailRecord } from '../../../src/call/trace.js';
import type { Readings } from '../../../src/call/understanding/understanding.js';
import { BEGAN_AT, createRecord } from '../../fixtures/records.js';

/** Few times and codes, so that legs meet, overlap, repeat and contradict each other. */
const time = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 40 }).map((seconds) => BEGAN_AT + seconds * 1_000) },
  fc.constant(null),
);
const reason = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(0, 7, 8, 9, 10, 11, 15, 17, 18, 28, 88, 89, null) },
  fc.integer({ min: 0, max: 60 }),
);
const anyRecord = fc
  .record({
    callIdNum: fc.constantFrom(1, 2, 3, 4, 7, -1),
    mediaType: fc.constantFrom(5, 4, 17, null),
    deviceType: fc.constantFrom(1, 2, 2, 2, 3, 5, 7, 8, 11, 15, 99, null),
    deviceNo: fc.constantFrom('1', '2', null),
    callType: fc.constantFrom(0, 6, 7, 15, 43, 51, null),
    enterReason: reason,
    leaveReason: reason,
    releaseCause: fc.constantFrom(0, 1, 4, 512, 517, 531, 701, 1281, 9001, null),
    times: fc.tuple(time, time, time, time),
    isInOrder: fc.boolean(),
  })
  .map(({ times, isInOrder, ...rest }): CallDetailRecord => {
    const known = times.filter((at) => at !== null).sort((a, b) => a - b);
    const [waitBegin, ackBegin, callBegin, callEnd] = isInOrder
      ? times.map((at) => (at === null ? null : (known.shift() ?? null)))
      : times;
    return createRecord({
      ...rest,
      ...{ waitBegin: waitBegin ?? null, ackBegin: ackBegin ?? null },
      ...{ callBegin: callBegin ?? null, callEnd: callEnd ?? null },
    });
  });
export const anyRecords = fc.array(anyRecord, { minLength: 0, maxLength: 9 });
export const anyReadings: fc.Arbitrary<Readings> = fc.record({
  ackBegin: fc.constantFrom('ring', 'answer'),
  callBegin: fc.constantFrom('talk', 'call'),
});
/** When a trace is asked for, in seconds after the call began. */
export const askedAfter = fc.integer({ min: 0, max: 60 });
