import type { CallTrace } from '../trace.js';
import type { FinalCodes } from './ending.js';
import type { Leg } from './legs.js';
import type { CallSpan } from './span.js';
import type { Finding, FindingCode, FindingSeverity, Hold, Readings } from './understanding.js';

/** What findings are found from. */
export interface FindingFacts {
  readonly trace: CallTrace;
  readonly span: CallSpan;
  readonly legs: readonly Leg[];
  readonly holds: readonly Hold[];
  readonly codes: FinalCodes | null;
  readonly readings: Readings;
}

/** The findings that say that what is derived may be wrong. */
const WARNINGS: ReadonlySet<FindingCode> = new Set([
  'NO_FINAL_RECORD',
  'SEVERAL_FINAL_RECORDS',
  'MISSING_NUMBER',
  'DUPLICATE_NUMBER',
  'DUPLICATE_RECORD',
  'ORDER_REVERSED',
  'GAP',
  'OVERLAP',
  'NO_TIMES',
  'NO_END',
  'CODES_DISAGREE',
  'CODES_AND_TIMES_DISAGREE',
  'TIME_REVERSED',
  'MONTH_EDGE_INCOMPLETE',
]);

/** A finding about some legs (positions), with what else there is to say. */
export function finding(
  code: FindingCode,
  legs: readonly number[],
  more: Partial<Pick<Finding, 'numbers' | 'ms' | 'field' | 'value' | 'count'>> = {},
): Finding {
  const severity: FindingSeverity = WARNINGS.has(code) ? 'WARNING' : 'INFO';
  return { code, severity, legs, numbers: [], ms: null, field: null, value: null, count: null, ...more };
}

/** Returns a finding about the legs that satisfy a predicate; none if no leg does. */
export function findingAt(code: FindingCode, legs: readonly Leg[], holds: (leg: Leg) => boolean): readonly Finding[] {
  const positions = legs.filter(holds).map(({ position }) => position);
  return positions.length > 0 ? [finding(code, positions)] : [];
}
