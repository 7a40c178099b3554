import { callIdStartedAt } from '../key.js';
import type { CallTrace } from '../trace.js';
import { findingsOfCodes } from './findings-of-codes.js';
import { findingsOfNumbers } from './findings-of-numbers.js';
import { findingsOfTimes } from './findings-of-times.js';
import { finding, findingAt, type FindingFacts } from './finding.js';
import type { Leg } from './legs.js';
import type { Finding } from './understanding.js';
import { FINDINGS, type FindingCode } from './vocabulary.js';

/** What is wrong with the records of a call, or worth to know about them; in the order of FINDINGS. */
export function findingsOf(facts: FindingFacts): readonly Finding[] {
  const findings = [
    ...findingsOfNumbers(facts),
    ...findingsOfTimes(facts),
    ...findingsOfCodes(facts),
    ...findingsOfJourney(facts),
    ...findingsOfReading(facts.trace),
  ];
  return findings.sort((a, b) => ORDER[a.code] - ORDER[b.code]); // stable: of one code in order of the legs
}

const ORDER = Object.fromEntries(Object.keys(FINDINGS).map((code, index) => [code, index])) as Readonly<
  Record<FindingCode, number>
>;

/** Enter reasons of a leg that came from a queue: it was full, took too long, or had nobody on duty. */
const CAME_FROM_QUEUE: ReadonlySet<number | null> = new Set([1, 2, 3]);
/** A call ID begins with the time of its call; what is further off belongs to another call, or to a wrong clock. Unit: ms. */
const CALL_ID_TOLERANCE_MS = 86_400_000;

function findingsOfJourney({ trace, period, legs, holds }: FindingFacts): readonly Finding[] {
  const customers = legs.filter(({ part }) => part === 'CUSTOMER');
  // The vendor writes no record for a queue that passed the call on at once (page cec_07_0623).
  const withoutSource = customers.filter(
    ({ record }, index) => CAME_FROM_QUEUE.has(record.enterReason) && customers[index - 1]?.device !== 'QUEUE',
  );
  const headAt = callIdStartedAt(trace.key.callId);
  const isFarOff =
    headAt !== null && period.startedAt !== null && Math.abs(headAt - period.startedAt) > CALL_ID_TOLERANCE_MS;
  return [
    ...findingAt('OVERFLOW_SOURCE_NOT_RECORDED', withoutSource, () => true),
    ...holds
      .filter(({ consultations }) => consultations.length === 0)
      .map(({ from }) => finding('HOLD_WITHOUT_CONSULTATION', [from])),
    ...(isFarOff ? [finding('CALL_ID_TIME_DISAGREES', [])] : []),
    ...changed('NUMBERS_CHANGED', customers, 'callerNo', 'calleeNo'),
    ...changed('MEDIUM_CHANGED', customers, 'mediaType'),
  ];
}

/** The legs that differ in a field from the first leg that has it. */
function changed(
  code: FindingCode,
  legs: readonly Leg[],
  ...fields: readonly ('callerNo' | 'calleeNo' | 'mediaType')[]
) {
  const first = fields.map((field) => legs.find(({ record }) => record[field] !== null)?.record[field]);
  return findingAt(code, legs, ({ record }) =>
    fields.some((field, index) => record[field] !== null && record[field] !== first[index]),
  );
}

function findingsOfReading({ notes }: CallTrace): readonly Finding[] {
  const noted = (code: FindingCode, count = 0) => (count > 0 ? [finding(code, [], { count })] : []);
  return [
    ...noted('SECONDS_TAKEN_AS_MS', notes.timesInSeconds),
    ...noted('VALUES_NOT_READ', notes.oddValues),
    ...noted('TIMES_NOT_BELIEVED', notes.impossibleTimes),
    ...noted('RECORDS_OF_ANOTHER_YEAR', notes.recordsOfAnotherYear),
    ...noted('MONTH_EDGE_INCOMPLETE', notes.neighbourLegsMissing),
  ];
}
