import type { CallTrace } from '../trace.js';
import type { FinalCodes } from './ending.js';
import type { Leg } from './legs.js';
import type { CallPeriod } from './period.js';
import type { Finding, Hold, Readings } from './understanding.js';
import { FINDINGS, type FindingCode } from './vocabulary.js';

/** What findings are found from. */
export interface FindingFacts {
  readonly trace: CallTrace;
  readonly period: CallPeriod;
  readonly legs: readonly Leg[];
  readonly holds: readonly Hold[];
  readonly codes: FinalCodes | null;
  readonly readings: Readings;
}

/** A finding about some legs (positions), with what else there is to say. */
export function finding(
  code: FindingCode,
  legs: readonly number[],
  more: Partial<Pick<Finding, 'numbers' | 'ms' | 'field' | 'value' | 'count'>> = {},
): Finding {
  return {
    code,
    severity: FINDINGS[code],
    legs,
    numbers: [],
    ms: null,
    field: null,
    value: null,
    count: null,
    ...more,
  };
}

/** Returns a finding about the legs that satisfy a predicate; none if no leg does. */
export function findingAt(code: FindingCode, legs: readonly Leg[], holds: (leg: Leg) => boolean): readonly Finding[] {
  const positions = legs.filter(holds).map(({ position }) => position);
  return positions.length > 0 ? [finding(code, positions)] : [];
}
