import type { ErrorCode } from '../call/error-codes.js';

/**
 * Every `extensions.code` of a failed operation, the worst first: bugs, then failures of the contact centre, then mistakes
 * of clients. An operation with several errors counts under the first of them in this list.
 */
export const FAILURE_CODES = [
  'INTERNAL_SERVER_ERROR',
  'UPSTREAM_AUTH_FAILED',
  'UPSTREAM_MALFORMED',
  'UPSTREAM_UNAVAILABLE',
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_OVERLOADED',
  'UPSTREAM_REJECTED',
  'RATE_LIMITED',
  'FORBIDDEN',
  'OPERATION_TOO_COMPLEX',
  'DOCUMENT_NOT_TRUSTED',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'GRAPHQL_VALIDATION_FAILED',
  'GRAPHQL_PARSE_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  /** Any other code. */
  'OTHER',
] as const satisfies readonly (ErrorCode | 'OTHER')[];

/** One of `FAILURE_CODES`. */
export type FailureCode = (typeof FAILURE_CODES)[number];

/** Returns the worst of these codes; null without codes. */
export function worstCode(codes: readonly string[]): FailureCode | null {
  if (codes.length === 0) return null;
  return FAILURE_CODES.find((code) => codes.includes(code)) ?? 'OTHER';
}
