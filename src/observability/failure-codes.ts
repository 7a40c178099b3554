import { ERROR_CODES, type ErrorCode } from '../call/error-codes.js';

/** A request with one of these is refused before its operation runs, and counted by `calltrace_refused_total`. */
const BEFORE_OPERATIONS: readonly ErrorCode[] = ['UNAUTHENTICATED', 'AUTHENTICATION_UNAVAILABLE'];

/** An `extensions.code` of a failed operation; `OTHER`: a code that is not in the schema. */
export type FailureCode = ErrorCode | 'OTHER';

/**
 * Every `extensions.code` of a failed operation, the worst first as in ERROR_CODES. An operation with several errors counts
 * under the first of them in this list.
 */
export const FAILURE_CODES: readonly FailureCode[] = [
  ...ERROR_CODES.filter((code) => !BEFORE_OPERATIONS.includes(code)),
  'OTHER',
];

/** Returns the worst of these codes; null without codes. */
export function worstCode(codes: readonly string[]): FailureCode | null {
  if (codes.length === 0) return null;
  return FAILURE_CODES.find((code) => codes.includes(code)) ?? 'OTHER';
}
