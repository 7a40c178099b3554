import { AuthenticationUnavailableError, UnauthenticatedError } from '../access/caller.js';
import { RateLimitedError } from '../access/rate-limit-refusals.js';
import type { ErrorCode } from '../call/error-codes.js';
import type { RefusalReason } from '../observability/refusals.js';

/** The reply to a request that was refused before an operation ran. */
export interface Refusal {
  readonly status: number;
  /** Clients branch on it, as `extensions.code`. */
  readonly code: ErrorCode;
  /** For the client: what to send instead. */
  readonly message: string;
  /** For the metric and the log. */
  readonly reason: RefusalReason;
  /** A more precise reason for the log; null: none. */
  readonly detail: string | null;
  readonly headers: Readonly<Record<string, string>>;
  /** When the client may try again; null: retrying does not help. Unit: ms from now. */
  readonly retryAfterMs: number | null;
}

/** A request that violates HTTP or the rules of this gateway. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly status: number;
  readonly reason: RefusalReason;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, reason: RefusalReason, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.reason = reason;
    this.headers = headers;
  }
}

/** Returns the error for a body beyond the limit. Unit: bytes. */
export function bodyTooLong(maxBodyBytes: number): RequestError {
  return new RequestError(413, 'too_large', `the body is longer than ${maxBodyBytes} bytes`);
}

/** Returns the refusal that an error means; null if the error is a bug of ours. `maxBodyBytes`: the limit, for the message. */
export function refusalOf(error: unknown, maxBodyBytes: number): Refusal | null {
  if (error instanceof RequestError) return refused(error.status, error.reason, error.message, error.headers);
  if (error instanceof UnauthenticatedError) {
    const { message, challenge, reason } = error;
    const headers = { 'www-authenticate': challenge };
    return { ...refused(401, 'unauthenticated', message, headers), code: 'UNAUTHENTICATED', detail: reason };
  }
  if (error instanceof RateLimitedError) {
    return { ...refusedForNow(429, error.reason, error), code: 'RATE_LIMITED' };
  }
  if (error instanceof AuthenticationUnavailableError) {
    return { ...refusedForNow(503, 'keys_unavailable', error), code: 'AUTHENTICATION_UNAVAILABLE' };
  }
  return frameworkRefusal(error, maxBodyBytes);
}

/** Returns the refusal for an error of Fastify itself. */
function frameworkRefusal(error: unknown, maxBodyBytes: number): Refusal | null {
  const { code = '', statusCode = 500 } = error as { code?: string; statusCode?: number };
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return refusalOf(bodyTooLong(maxBodyBytes), maxBodyBytes);
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return refused(415, 'unsupported_media_type', 'send the body as application/json');
  if (statusCode < 400 || statusCode >= 500) return null;
  return refused(400, 'bad_request', 'the request is not valid HTTP');
}

function refused(
  status: number,
  reason: RefusalReason,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Refusal {
  return { status, code: 'BAD_REQUEST', message, reason, detail: null, headers, retryAfterMs: null };
}

function refusedForNow(
  status: number,
  reason: RefusalReason,
  { message, retryAfterMs }: { readonly message: string; readonly retryAfterMs: number },
): Refusal {
  const headers = { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) };
  return { ...refused(status, reason, message, headers), retryAfterMs: Math.ceil(retryAfterMs) };
}

/** The reply for a bug of ours. */
export const INTERNAL: Refusal = {
  ...refused(500, 'internal', 'Internal server error'),
  code: 'INTERNAL_SERVER_ERROR',
};

/** Returns the body of a refusal: an answer with one GraphQL error. */
export function refusalBody({ message, code, retryAfterMs }: Refusal, requestId: string): string {
  const retry = retryAfterMs === null ? { retryable: false } : { retryable: true, retryAfterMs };
  return JSON.stringify({ errors: [{ message, extensions: { code, ...retry, requestId } }] });
}
