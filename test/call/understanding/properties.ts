import assert from 'node:assert/strict';
import fc from 'fast-check';
import { addNotes, orderRecords, type CallDetailRecord, type CallTrace } from '../../../src/call/trace.js';
import { DEFAULT_READINGS, understand } from '../../../src/call/understanding/understand.js';
import type { CallUnderstanding, Readings } from '../../../src/call/understanding/understanding.js';
import { BEGAN_AT, createRecord, createTrace } from '../../fixtures/records.js';

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
const anyRecords = fc.array(anyRecord, { minLength: 0, maxLength: 9 });
const anyReadings: fc.Arbitrary<Readings> = fc.record({
  ackBegin: fc.constantFrom('ring', 'answer'),
  callBegin: fc.constantFrom('talk', 'call'),
});
const askedAfter = fc.integer({ min: 0, max: 60 });

function traceOf(records: readonly CallDetailRecord[], askedSeconds: number): CallTrace {
  const { records: ordered, duplicates, repeatedNumbers } = orderRecords(records);
  const notes = addNotes({}, { duplicateRecords: duplicates });
  return createTrace(ordered, { askedAt: BEGAN_AT + askedSeconds * 1_000, notes, repeatedNumbers });
}

function understood(
  records: readonly CallDetailRecord[],
  asked = 3_600,
  readings = DEFAULT_READINGS,
): CallUnderstanding {
  return understand(traceOf(records, asked), readings);
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

/** What holds of any records whatever, by a sentence; each throws if it does not hold in one of so many runs. */
export const PROPERTIES: Readonly<Record<string, (numRuns: number) => void>> = {
  'tiles the call with its timeline, and its totals add up to the duration to the millisecond': (numRuns) => {
    fc.assert(
      fc.property(anyRecords, askedAfter, anyReadings, (records, asked, readings) => {
        const { timeline, totals, startedAt, until, ending } = understood(records, asked, readings);
        assert.equal(timeline[0]?.from ?? null, startedAt);
        assert.equal(timeline.at(-1)?.to ?? null, until);
        timeline.slice(1).forEach(({ from, state, to }, index) => {
          assert.equal(from, timeline[index]?.to);
          assert.notEqual(state, timeline[index]?.state);
          assert.ok(to > from);
        });
        const { durationMs, ...parts } = totals;
        assert.equal(sum(Object.values(parts)), durationMs);
        assert.equal(durationMs, (until ?? 0) - (startedAt ?? 0));
        assert.ok(Math.min(...Object.values(parts)) >= 0);
        if (ending?.at != null && startedAt !== null && ending.at >= startedAt) assert.equal(until, ending.at);
      }),
      { numRuns },
    );
  },

  'depends neither on the order of the records, nor on their repetition but for a finding': (numRuns) => {
    const repeated = anyRecords.chain((records) =>
      fc.tuple(
        fc.constant(records),
        fc.shuffledSubarray(records, { minLength: records.length }),
        fc.shuffledSubarray([...records, ...records], { minLength: 2 * records.length }),
      ),
    );
    fc.assert(
      fc.property(repeated, askedAfter, ([records, shuffled, twice], asked) => {
        const once = understood(records, asked);
        assert.deepEqual(understood(shuffled, asked), once);
        const again = understood(twice, asked);
        assert.deepEqual(withoutDuplicates(again), withoutDuplicates(once));
        if (records.length > 0) assert.ok(again.findings.map(({ code }) => code).includes('DUPLICATE_RECORD'));
      }),
      { numRuns },
    );
  },

  'moves with the times, and names no call': (numRuns) => {
    fc.assert(
      fc.property(anyRecords, askedAfter, fc.integer({ min: 1, max: 400 }), (records, asked, days) => {
        const by = days * 86_400_000;
        const { key, ...trace } = traceOf(records, asked);
        const shift = (at: number | null): number | null => (at === null ? null : at + by);
        const later = trace.records.map((record) => ({
          ...record,
          ...{ waitBegin: shift(record.waitBegin), ackBegin: shift(record.ackBegin) },
          ...{ callBegin: shift(record.callBegin), callEnd: shift(record.callEnd) },
        }));
        const moved = understand(
          { ...trace, key: { ...key, vdn: 7, callId: 'x' }, records: later, askedAt: trace.askedAt + by },
          DEFAULT_READINGS,
        );
        const unmoved = understand({ ...trace, key: { ...key, callId: 'y' } }, DEFAULT_READINGS);
        assert.deepEqual(withoutInstants(moved), withoutInstants(unmoved));
        assert.equal(moved.startedAt, shift(unmoved.startedAt));
        assert.equal(moved.answeredAt, shift(unmoved.answeredAt));
        assert.deepEqual(
          moved.timeline.map(({ from }) => from - by),
          unmoved.timeline.map(({ from }) => from),
        );
      }),
      { numRuns },
    );
  },

  'names legs that are there, and is answered where an agent has talked': (numRuns) => {
    fc.assert(
      fc.property(anyRecords, askedAfter, anyReadings, (records, asked, readings) => {
        const call = understood(records, asked, readings);
        const { length } = orderRecords(records).records;
        const named = [
          ...call.timeline.flatMap(({ legs }) => legs),
          ...call.links.flatMap(({ from, to }) => [from, to ?? from]),
          ...call.transfers.flatMap(({ from, to }) => [from, to ?? from]),
          ...call.participants.flatMap(({ legs }) => legs),
          ...call.findings.flatMap(({ legs }) => legs),
          ...call.evidence.map(({ leg }) => leg ?? 1),
        ];
        for (const position of length > 0 ? named : []) {
          assert.ok(position >= 1);
          assert.ok(position <= length);
        }
        if (call.totals.talkingMs + call.totals.outsideMs + call.totals.conferenceMs > 0) assert.ok(call.answered);
        assert.ok(call.links.every(({ from, to }) => to === null || to > from));
        assert.equal(call.ending === null, call.verdict === 'IN_PROGRESS');
        assert.equal(call.phaseNow !== null, call.verdict === 'IN_PROGRESS');
      }),
      { numRuns },
    );
  },

  'works at most linear-logarithmically in the number of legs': () => {
    // Each leg overlaps all others, is held and handed over: what is compared with what grows with their number.
    const legsOf = (count: number): CallDetailRecord[] =>
      Array.from({ length: count }, (_, index) =>
        createRecord({
          callIdNum: index + 1,
          deviceType: [2, 15, 2, 1][index % 4] ?? 2,
          deviceNo: String(index % 7),
          enterReason: [0, 10, 7, 8][index % 4] ?? 0,
          leaveReason: [18, 10, 17, 17, 18][index % 5] ?? 0,
          waitBegin: BEGAN_AT + index,
          callBegin: BEGAN_AT + index + 1,
          callEnd: BEGAN_AT + 20_000_000 - index,
        }),
      );
    const readsOf = (count: number): number => {
      let reads = 0;
      const counted = legsOf(count).map(
        (record) =>
          new Proxy(record, {
            get(target, name, receiver) {
              reads += 1;
              return Reflect.get(target, name, receiver) as unknown;
            },
          }),
      );
      const call = understand(createTrace(counted), DEFAULT_READINGS);
      const size = sum(call.timeline.map(({ legs }) => legs.length)) + call.links.length + call.findings.length;
      return reads + size;
    };
    const [small, large] = [readsOf(1_000), readsOf(8_000)];
    // n log n grows by 8 × 13 / 10; n² by 64.
    assert.ok(large < small * 12);
  },
};

function withoutDuplicates({ findings, ...rest }: CallUnderstanding): unknown {
  return { ...rest, findings: findings.filter(({ code }) => code !== 'DUPLICATE_RECORD') };
}

/** Instants and evidence change with the times; all else stays. */
function withoutInstants(call: CallUnderstanding): unknown {
  return JSON.parse(JSON.stringify(call), (name, value: unknown) =>
    ['from', 'to', 'startedAt', 'endedAt', 'until', 'at', 'answeredAt', 'value'].includes(name) ? null : value,
  );
}
