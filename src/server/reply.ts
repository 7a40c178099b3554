import type { ServerResponse } from 'node:http';
import { AuthenticationUnavailableError, UnauthenticatedError } from '../access/caller.js';
import { RateLimitedError } from '../access/rate-limit.js';

/** Answers with JSON. */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

/** Answers a request that never became an operation, in the form of a GraphQL error. */
export function sendError(response: ServerResponse, status: number, message: string, requestId: string): void {
  sendCoded(response, status, status >= 500 ? 'INTERNAL_SERVER_ERROR' : 'BAD_REQUEST', message, requestId);
}

/** Answers a request that was not let in; false if the error means something else. */
export function sentAway(response: ServerResponse, error: unknown, requestId: string): boolean {
  if (error instanceof UnauthenticatedError) {
    response.setHeader('www-authenticate', error.challenge);
    sendCoded(response, 401, 'UNAUTHENTICATED', error.message, requestId);
    return true;
  }
  if (!(error instanceof RateLimitedError || error instanceof AuthenticationUnavailableError)) return false;
  const [status, code] =
    error instanceof RateLimitedError
      ? ([429, 'RATE_LIMITED'] as const)
      : ([503, 'AUTHENTICATION_UNAVAILABLE'] as const);
  response.setHeader('retry-after', retryAfterSeconds(error.retryAfterMs));
  sendCoded(response, status, code, error.message, requestId, error.retryAfterMs);
  return true;
}

/** What a `Retry-After` header says. */
export function retryAfterSeconds(ms: number): string {
  return String(Math.ceil(ms / 1000));
}

function sendCoded(
  response: ServerResponse,
  status: number,
  code: string,
  message: string,
  requestId: string,
  retryAfterMs?: number,
): void {
  const retry = retryAfterMs === undefined ? { retryable: false } : { retryable: true, retryAfterMs };
  sendJson(response, status, { errors: [{ message, extensions: { code, ...retry, requestId } }] });
}
