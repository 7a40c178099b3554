import { BrokenCircuitError } from 'cockatiel';
import {
  TraceError,
  UpstreamAuthError,
  UpstreamMalformedError,
  UpstreamRejectedError,
  UpstreamTimeoutError,
  UpstreamUnavailableError,
} from '../call/errors.js';
import type { UpstreamReply } from './transport.js';

/** The failure that an HTTP status stands for, or null for 200. `subject` names the operation, VDN and call. */
export function statusFailure(reply: UpstreamReply, subject: string, now: number): TraceError | null {
  const { status } = reply;
  if (status === 200) return null;
  const retryAfterMs = retryAfter(reply.header('retry-after'), now);
  if (status === 401)
    return new UpstreamAuthError('SIGNATURE', `${subject}: the contact centre refused our signature (HTTP 401)`, {
      status,
    });
  if (status === 403 && isJson(reply)) {
    return new UpstreamAuthError('ADDRESS_LOCKED', `${subject}: the contact centre has locked our address (HTTP 403)`, {
      status,
    });
  }
  if (status === 403 || status === 418) {
    return new UpstreamAuthError(
      'FIREWALL',
      `${subject}: a firewall before the contact centre refused us (HTTP ${status})`,
      { status },
    );
  }
  if (status === 429 || status >= 500) {
    return new UpstreamUnavailableError(`${subject}: the contact centre answered HTTP ${status}`, {
      status,
      retryAfterMs,
    });
  }
  return new UpstreamMalformedError(`${subject}: the contact centre answered HTTP ${status}`, { status });
}

/** Result codes after which the same request may succeed. Source: pages cec_07_0696, cec_07_2631. */
const PASSING_RESULT_CODES = new Set(['0100001', '0100999']);

/** The failure that a result code other than success stands for. */
export function resultFailure(resultCode: string | null, subject: string): TraceError {
  if (resultCode === null) return new UpstreamMalformedError(`${subject}: resultCode is missing`);
  const retryable = PASSING_RESULT_CODES.has(resultCode);
  return new UpstreamRejectedError(`${subject}: the contact centre answered result code ${resultCode}`, {
    resultCode,
    retryable,
  });
}

/** The failure that anything thrown on the way to a trace stands for. An error that is none of the upstream's comes back as it is. */
export function thrownFailure(error: unknown, subject: string): TraceError | Error {
  if (error instanceof TraceError) return error.message.startsWith(subject) ? error : withSubject(error, subject);
  if (isTimeout(error)) return new UpstreamTimeoutError(`${subject}: no answer in time`, { cause: error });
  if (isNetworkFailure(error) || isAbort(error)) {
    return new UpstreamUnavailableError(`${subject}: the contact centre could not be reached`, { cause: error });
  }
  return error as Error;
}

/** The same failure, telling of which call. */
function withSubject(error: TraceError, subject: string): TraceError {
  error.message = `${subject}: ${error.message}`;
  return error;
}

/** How often a failure is worth another attempt. */
export function retriesWorth(failure: unknown): number {
  if (failure instanceof UpstreamUnavailableError) {
    if (failure.cause instanceof BrokenCircuitError) return 0;
    return failure.status === undefined || RETRIED_STATUSES.has(failure.status) ? Infinity : 0;
  }
  if (failure instanceof UpstreamTimeoutError) return Infinity;
  if (failure instanceof UpstreamRejectedError) return failure.retryable ? 1 : 0;
  return 0;
}

const RETRIED_STATUSES = new Set([429, 502, 503, 504]);
/** Back-off before retry n: a random share of 200 ms · 2ⁿ⁻¹, at most 2 s. Unit: ms. */
const BACKOFF_MS = 200;
const MAX_BACKOFF_MS = 2_000;

/**
 * How long to wait before retry n. As long as the upstream asked for; not at all if a kept-alive connection turned out
 * to be closed; otherwise back-off with full jitter. Unit: ms.
 */
export function pauseBeforeRetry(failure: unknown, retry: number): number {
  if (failure instanceof TraceError && failure.retryAfterMs !== undefined) return failure.retryAfterMs;
  if (retry === 1 && failure instanceof TraceError && isClosedSocket(failure.cause)) return 0;
  return Math.random() * Math.min(MAX_BACKOFF_MS, BACKOFF_MS * 2 ** (retry - 1));
}

function retryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now;
  // Date.parse takes nearly anything; a date of HTTP begins with its day: `Wed, 21 Oct …`.
  const fits = Number.isFinite(ms) && /^\s*(\d+\s*$|[A-Z][a-z]{2})/.test(header);
  return fits ? Math.max(0, ms) : undefined;
}

function isJson(reply: UpstreamReply): boolean {
  return reply.header('content-type')?.includes('json') ?? false;
}

/** Whether an error, or the reason of an abort, is that the time was up. */
export function isTimeout(error: unknown): boolean {
  return nameOf(error) === 'TimeoutError' || /^UND_ERR_(HEADERS|BODY|CONNECT)_TIMEOUT$/.test(codeOf(error));
}

/** An abort rejects with the reason it was given, which may be anything; but an error of that name, or none, is usual. */
function isAbort(error: unknown): boolean {
  return nameOf(error) === 'AbortError' || !(error instanceof Error);
}

/** Node, undici and OpenSSL give every failure of a connection a code in capitals; a bug of ours has none, or one of these. */
function isNetworkFailure(error: unknown): boolean {
  return /^[A-Z][A-Z0-9_]+$/.test(codeOf(error)) && !OURS.test(codeOf(error));
}

/** A request that cannot be sent as we made it, such as one with a line break in a header. */
const OURS = /^(ERR_INVALID_|ERR_HTTP_INVALID_|UND_ERR_(INVALID_|NOT_SUPPORTED|REQ_CONTENT_))/;

function isClosedSocket(error: unknown): boolean {
  return /^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/.test(codeOf(error));
}

/** An abort may have any reason, null included. */
function nameOf(error: unknown): unknown {
  return (error as { name?: unknown } | null | undefined)?.name;
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : '';
}
