import { FINAL_CDR } from '../trace.js';
import { finding, type FindingFacts } from './finding.js';
import type { Finding } from './understanding.js';

/** At most this many missing numbers are listed: a wrong number can leave billions of them. */
const MAX_NUMBERS = 20;

/** What the numbers of the records tell: which miss, and which stand there twice. */
export function findingsOfNumbers({ trace, period, legs }: FindingFacts): readonly Finding[] {
  const byNumber = new Map<number, number[]>();
  for (const { position, record } of legs) {
    const positions = byNumber.get(record.callIdNum) ?? [];
    positions.push(position);
    byNumber.set(record.callIdNum, positions);
  }
  const repeated = [...byNumber].filter(([, positions]) => positions.length > 1);
  const finals = byNumber.get(FINAL_CDR) ?? [];
  const duplicates = trace.notes.duplicateRecords ?? 0;
  return [
    // While a call is in progress its final record cannot be there: the verdict says so.
    ...(period.final === null && !period.isInProgress && legs.length > 0 ? [finding('NO_FINAL_RECORD', [])] : []),
    ...(finals.length > 1 ? [finding('SEVERAL_FINAL_RECORDS', finals, { numbers: [FINAL_CDR] })] : []),
    ...missing([...byNumber.keys()]),
    ...repeated
      .filter(([number]) => number !== FINAL_CDR)
      .map(([number, positions]) => finding('DUPLICATE_NUMBER', positions, { numbers: [number] })),
    ...(duplicates > 0 ? [duplicatesFinding(trace.repeatedNumbers ?? [], byNumber, duplicates)] : []),
  ];
}

/** Which legs came more than once: as far as their numbers tell. */
function duplicatesFinding(
  numbers: readonly number[],
  byNumber: ReadonlyMap<number, readonly number[]>,
  count: number,
) {
  const legs = numbers.flatMap((number) => byNumber.get(number) ?? []).sort((a, b) => a - b);
  return finding('DUPLICATE_RECORD', legs, { numbers, count });
}

/** The holes in 1, 2, …, of numbers in order; `count` says how many numbers miss altogether. */
function missing(numbers: readonly number[]): readonly Finding[] {
  const named: number[] = [];
  let count = 0;
  let expected = 1;
  for (const number of numbers.filter((one) => one > 0)) {
    count += number - expected;
    for (; expected < number && named.length < MAX_NUMBERS; expected++) named.push(expected);
    expected = number + 1;
  }
  return count > 0 ? [finding('MISSING_NUMBER', [], { numbers: named, count })] : [];
}
