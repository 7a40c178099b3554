import { ERROR_CODES, type ErrorCode } from '../../src/call/error-codes.js';

/** Where an error stands: in place of the whole answer, or at the path of a call that was asked for. */
type Place = 'answer' | 'call';

/** A code that is in no list here is an error of the compiler. */
const PLACES: Readonly<Record<ErrorCode, readonly Place[]>> = {
  INTERNAL_SERVER_ERROR: ['answer', 'call'],
  UPSTREAM_AUTH_FAILED: ['call'],
  UPSTREAM_MALFORMED: ['call'],
  UPSTREAM_UNAVAILABLE: ['call'],
  UPSTREAM_TIMEOUT: ['call'],
  UPSTREAM_OVERLOADED: ['call'],
  UPSTREAM_REJECTED: ['call'],
  UNAUTHENTICATED: ['answer'],
  AUTHENTICATION_UNAVAILABLE: ['answer'],
  FORBIDDEN: ['call'],
  RATE_LIMITED: ['answer'],
  OPERATION_TOO_COMPLEX: ['answer'],
  DOCUMENT_NOT_TRUSTED: ['answer'],
  PERSISTED_QUERY_NOT_FOUND: ['answer'],
  PERSISTED_QUERY_NOT_SUPPORTED: ['answer'],
  GRAPHQL_PARSE_FAILED: ['answer'],
  GRAPHQL_VALIDATION_FAILED: ['answer'],
  OPERATION_RESOLUTION_FAILURE: ['answer'],
  BAD_USER_INPUT: ['answer', 'call'],
  BAD_REQUEST: ['answer'],
};

/** The codes that can stand in place of a whole answer, the worst first. */
export const ANSWER_ERRORS = ERROR_CODES.filter((code) => PLACES[code].includes('answer'));

const CALL_ERRORS = ERROR_CODES.filter((code) => PLACES[code].includes('call'));

/** The fields at the root that ask for calls. `callResults` has the codes as data, in `CallProblem.code`. */
const ASKS_FOR_CALLS: ReadonlySet<string> = new Set(['Query.call', 'Query.calls', 'Query.callResults', 'Query.node']);

/** Returns the codes of errors that a field of the root can have at its path; none for other fields. */
export function errorsOf(typeName: string, fieldName: string): readonly ErrorCode[] {
  const path = `${typeName}.${fieldName}`;
  if (ASKS_FOR_CALLS.has(path)) return CALL_ERRORS;
  return path === 'Mutation.forgetCall' ? CALL_ERRORS.filter((code) => !code.startsWith('UPSTREAM_')) : [];
}
