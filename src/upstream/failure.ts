import {
  TraceError,
  UpstreamAuthError,
  UpstreamMalformedError,
  UpstreamRejectedError,
  UpstreamTimeoutError,
  UpstreamUnavailableError,
} from '../call/errors.js';

/** The failure that an HTTP status stands for, or null for 200. `subject` names the operation, VDN and call. */
export function statusFailure(response: Response, subject: string, now: number): TraceError | null {
  const { status } = response;
  if (status === 200) return null;
  const retryAfterMs = retryAfter(response.headers.get('retry-after'), now);
  if (status === 401)
    return new UpstreamAuthError('SIGNATURE', `${subject}: the contact centre refused our signature (HTTP 401)`, {
      status,
    });
  if (status === 403 && isJson(response)) {
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

/** The failure that anything thrown on the way to a trace stands for. */
export function thrownFailure(error: unknown, subject: string): TraceError {
  if (error instanceof UpstreamMalformedError && !error.message.startsWith(subject)) {
    return new UpstreamMalformedError(`${subject}: ${error.message}`, { cause: error });
  }
  if (error instanceof TraceError) return error;
  if (isTimeout(error)) return new UpstreamTimeoutError(`${subject}: no answer in time`, { cause: error });
  return new UpstreamUnavailableError(`${subject}: the contact centre could not be reached`, { cause: error });
}

/** How often a failure is worth another attempt. */
export function retriesWorth(failure: unknown): number {
  if (failure instanceof UpstreamUnavailableError)
    return failure.status === undefined || RETRIED_STATUSES.has(failure.status) ? Infinity : 0;
  if (failure instanceof UpstreamTimeoutError) return Infinity;
  if (failure instanceof UpstreamRejectedError) return failure.retryable ? 1 : 0;
  return 0;
}

const RETRIED_STATUSES = new Set([429, 502, 503, 504]);

function retryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

function isJson(response: Response): boolean {
  return response.headers.get('content-type')?.includes('json') ?? false;
}

function isTimeout(error: unknown): boolean {
  // An abort may have any reason, null included.
  const { name, code } = (error ?? {}) as { name?: unknown; code?: unknown };
  return name === 'TimeoutError' || (typeof code === 'string' && /^UND_ERR_(HEADERS|BODY|CONNECT)_TIMEOUT$/.test(code));
}
