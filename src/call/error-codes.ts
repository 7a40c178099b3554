/**
 * Every `extensions.code` of an error that can leave the gateway: the values of the schema's `CallErrorCode`, in its order.
 * The worst first: a fault of ours, then the contact centre, then what callers may not do, then a client's mistakes.
 */
export const ERROR_CODES = [
  'INTERNAL_SERVER_ERROR',
  'UPSTREAM_AUTH_FAILED',
  'UPSTREAM_MALFORMED',
  'UPSTREAM_UNAVAILABLE',
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_OVERLOADED',
  'UPSTREAM_REJECTED',
  'UNAUTHENTICATED',
  'AUTHENTICATION_UNAVAILABLE',
  'FORBIDDEN',
  'RATE_LIMITED',
  'OPERATION_TOO_COMPLEX',
  'DOCUMENT_NOT_TRUSTED',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
] as const;

/** One of `ERROR_CODES`. Clients branch on it. */
export type ErrorCode = (typeof ERROR_CODES)[number];

const KNOWN: ReadonlySet<unknown> = new Set(ERROR_CODES);

/** Whether a value is one of `ERROR_CODES`. */
export function isErrorCode(value: unknown): value is ErrorCode {
  return KNOWN.has(value);
}
