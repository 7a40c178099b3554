import { CODE_FIELDS, rowOf, type CodeField } from './dictionary.js';
import { finding, findingAt, type FindingFacts } from './finding.js';
import type { Finding } from './understanding.js';

/** What the codes tell: those that no table knows, that have two meanings, and that contradict one another or the times. */
export function findingsOfCodes({ legs, codes }: FindingFacts): readonly Finding[] {
  return [
    ...unknownCodes(legs, codes),
    ...(codes !== null ? ambiguousCause(codes) : []),
    ...(codes?.disagree ? [finding('CODES_DISAGREE', [codes.leg.position])] : []),
    ...findingAt('CODES_AND_TIMES_DISAGREE', legs, ({ isContradicted }) => isContradicted),
  ];
}

/** One for each field and code. A release cause says something in the final CDR alone. */
function unknownCodes(legs: FindingFacts['legs'], codes: FindingFacts['codes']): readonly Finding[] {
  const unknown = new Map<string, { field: CodeField; value: number; legs: number[] }>();
  for (const leg of legs)
    for (const field of CODE_FIELDS) {
      const value = leg.record[field];
      if (value === null || (field === 'releaseCause' && leg !== codes?.leg) || rowOf(field, value)) continue;
      const name = `${field} ${value}`;
      const known = unknown.get(name);
      if (known) known.legs.push(leg.position);
      else unknown.set(name, { field, value, legs: [leg.position] });
    }
  return [...unknown.values()].map(({ field, value, legs: at }) => finding('UNKNOWN_CODE', at, { field, value }));
}

function ambiguousCause({ leg, cause, byReason }: NonNullable<FindingFacts['codes']>): readonly Finding[] {
  if (cause?.ambiguous === undefined) return [];
  if (cause.ambiguous === 'UNLESS_CUSTOMER' && byReason === 'CUSTOMER') return [];
  return [finding('AMBIGUOUS_CODE', [leg.position], { field: 'releaseCause', value: leg.record.releaseCause })];
}
