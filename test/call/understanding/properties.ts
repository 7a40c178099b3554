import assert from 'node:assert/strict';
import fc from 'fast-check';
import { addNotes, orderRecords, type CallDetailRecord, type CallTrace } from '../../../src/call/trace.js';
import { DEFAULT_READINGS, understand } from '../../../src/call/understanding/understand.js';
import type { CallUnderstanding, Evidence } from '../../../src/call/understanding/understanding.js';
import { BEGAN_AT, createTrace } from '../../fixtures/records.js';
import { anyReadings, anyRecords, askedAfter } from './random-records.js';
import { workOf } from './work.js';

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
        assert.deepEqual(moved, movedBy(by, understand({ ...trace, key: { ...key, callId: 'y' } }, DEFAULT_READINGS)));
      }),
      { numRuns },
    );
  },

  'holds no number that could be a phone number': (numRuns) => {
    const number = fc.constantFrom('13800000123', '+86 138-0000-0456', 'sip:alice@example.org', 'tel:95559', null);
    const withNumbers = fc.array(
      fc.record({ callerNo: number, calleeNo: number, deviceNo: number, deviceIn: number, currentSkillId: number }),
      { minLength: 9, maxLength: 9 },
    );
    fc.assert(
      fc.property(anyRecords, withNumbers, askedAfter, (records, numbers, asked) => {
        const call = understood(
          records.map((record, index) => ({ ...record, ...numbers[index] })),
          asked,
        );
        const text = JSON.stringify(call);
        assert.ok(!/13800000123|138-0000|alice|95559/.test(text), text);
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
    const [small, large] = [workOf(1_000), workOf(8_000)];
    // n log n grows by 8 × 13 / 10; n² by 64.
    assert.ok(large < small * 12);
  },
};

function withoutDuplicates({ findings, ...rest }: CallUnderstanding): unknown {
  return { ...rest, findings: findings.filter(({ code }) => code !== 'DUPLICATE_RECORD') };
}

/** What is derived, so much later; all else stays. Unit: ms. */
function movedBy(by: number, call: CallUnderstanding): CallUnderstanding {
  const move = <At extends number | null>(at: At): At => (at === null ? at : at + by) as At;
  const moveEvidence = (evidence: readonly Evidence[]): readonly Evidence[] =>
    evidence.map(({ value, ...rest }) => {
      const isInstant = value !== null && !Number.isNaN(Date.parse(value));
      return { ...rest, value: isInstant ? new Date(Date.parse(value) + by).toISOString() : value };
    });
  const withEvidence = <Stated extends { readonly evidence: readonly Evidence[] }>(one: Stated): Stated => ({
    ...one,
    evidence: moveEvidence(one.evidence),
  });
  const { startedAt, until, answeredAt, ending } = call;
  return {
    ...withEvidence(call),
    ...{ startedAt: move(startedAt), until: move(until), answeredAt: move(answeredAt) },
    ending: ending && { ...withEvidence(ending), at: move(ending.at) },
    timeline: call.timeline.map((piece) => ({ ...piece, from: move(piece.from), to: move(piece.to) })),
    links: call.links.map(withEvidence),
    transfers: call.transfers.map(withEvidence),
    holds: call.holds.map((hold) => ({ ...hold, startedAt: move(hold.startedAt), endedAt: move(hold.endedAt) })),
  };
}
