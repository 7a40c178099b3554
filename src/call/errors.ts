import type { ErrorCode } from './error-codes.js';

interface TraceErrorOptions extends ErrorOptions {
  /** The pause that the upstream asked for; rounded up to a whole number. Unit: ms. */
  retryAfterMs?: number | undefined;
  /** The interface's result code, seven characters. */
  resultCode?: string | undefined;
  /** The HTTP status of the reply, if it was not 200. */
  status?: number | undefined;
}

/** The failure of one trace. The message names VDN and call ID; never a phone number, a key or a signature. */
export abstract class TraceError extends Error {
  /** Stable: clients branch on it, as `extensions.code`. */
  abstract readonly code: ErrorCode;
  /** True if the same request may succeed later without a change by the client. */
  abstract readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
  readonly resultCode: string | undefined;
  readonly status: number | undefined;
  /** None: message, cause and code tell all. A thousand may fail in one turn, and writing their stacks took a third of it. */
  override readonly stack = '';

  constructor(message: string, options: TraceErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : {});
    this.name = new.target.name;
    this.retryAfterMs = options.retryAfterMs === undefined ? undefined : Math.ceil(options.retryAfterMs);
    this.resultCode = options.resultCode;
    this.status = options.status;
  }
}

/** An argument is out of range, or two arguments contradict each other. The message says what to send instead. */
export class InvalidCallKeyError extends TraceError {
  readonly code = 'BAD_USER_INPUT';
  readonly retryable = false;
  /** The argument to change. */
  readonly argument: string;

  constructor(argument: string, message: string) {
    super(message);
    this.argument = argument;
  }
}

/** The caller is not allowed to see calls of this VDN, whether such calls exist or not. */
export class ForbiddenError extends TraceError {
  readonly code = 'FORBIDDEN';
  readonly retryable = false;
}

/** The deadline passed before the answer came. */
export class UpstreamTimeoutError extends TraceError {
  readonly code = 'UPSTREAM_TIMEOUT';
  readonly retryable = true;
}

/** The contact centre could not be reached, or answered 429 or 5xx. */
export class UpstreamUnavailableError extends TraceError {
  readonly code = 'UPSTREAM_UNAVAILABLE';
  readonly retryable = true;
}

/** The queue to the contact centre is full. */
export class UpstreamOverloadedError extends TraceError {
  readonly code = 'UPSTREAM_OVERLOADED';
  readonly retryable = true;
}

/** Who refused us: the signature check (401), the lock on our address (403, JSON), or the firewall before both (403 in HTML, 418). */
export type AuthRefusal = 'signature_refused' | 'address_locked' | 'firewall';

/** The contact centre refused our signature or our address. Never retried: repeated refusals lock the address. */
export class UpstreamAuthError extends TraceError {
  readonly code = 'UPSTREAM_AUTH_FAILED';
  readonly retryable = false;
  readonly refusal: AuthRefusal;

  constructor(refusal: AuthRefusal, message: string, options?: TraceErrorOptions) {
    super(message, options);
    this.refusal = refusal;
  }
}

/** HTTP 200 with a failing `resultCode`. Source: result codes, pages cec_07_0696 and cec_07_2631. */
export class UpstreamRejectedError extends TraceError {
  readonly code = 'UPSTREAM_REJECTED';
  readonly retryable: boolean;

  constructor(message: string, options: TraceErrorOptions & { retryable: boolean }) {
    super(message, options);
    this.retryable = options.retryable;
  }
}

/** The reply is not as documented. The message names the field, never its value. */
export class UpstreamMalformedError extends TraceError {
  readonly code = 'UPSTREAM_MALFORMED';
  readonly retryable = false;
}

/**
 * Completes the message of a failure: which call, what happened, and what the client can do about it. Returns the failure.
 * Call it once for each failure.
 */
export function nameCall<Failure extends TraceError>(
  failure: Failure,
  { callId, vdn }: { readonly callId: string; readonly vdn: number },
): Failure {
  const isUnreadable = failure instanceof UpstreamMalformedError && failure.status === undefined;
  const what = isUnreadable ? `the reply of the contact centre cannot be read: ${failure.message}` : failure.message;
  failure.message = `call ${callId} in VDN ${vdn}: ${what}; ${adviceOf(failure)}`;
  return failure;
}

function adviceOf({ retryable, retryAfterMs }: TraceError): string {
  if (!retryable) return 'tell the operators of this gateway';
  return retryAfterMs === undefined ? 'ask again in a moment' : `ask again in ${Math.ceil(retryAfterMs / 1000)} s`;
}
