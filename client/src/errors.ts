import { CALL_ERROR_CODES } from './generated.js';

/** Why an answer did not come, or is none of a gateway. */
export type TransportErrorCode =
  /** The caller's signal was aborted. */
  | 'ABORTED'
  /** The function that is to give the credential failed: `cause` is what it failed with; or it gave none within `timeoutMs`. */
  | 'NO_CREDENTIAL'
  /** No answer within `timeoutMs`. */
  | 'TIMEOUT'
  /** No connection, or it broke before an answer came. */
  | 'UNREACHABLE'
  /** The connection broke within an answer. */
  | 'TRUNCATED'
  /** The address redirects. Redirects are not followed: the credential would go with them. */
  | 'REDIRECTED'
  /** The answer is not JSON: a page of a proxy, for example. `status` says more. */
  | 'NOT_JSON'
  /** The answer is JSON, but none of a GraphQL server, or none to this document. */
  | 'NOT_GRAPHQL';

/** A code of the schema's `CallErrorCode`. */
export type CallErrorCode = (typeof CALL_ERROR_CODES)[number];

/** A code that the gateway gave: one of this version, or one of a later version. `UNKNOWN` if it gave none. */
export type GatewayErrorCode = CallErrorCode | 'UNKNOWN' | (string & Record<never, never>);

/** Whatever `ask`, `call` and `calls` can fail with. `kind` tells the two apart, `code` says what to do. */
export type CallTraceError = GatewayError | TransportError;

/** What both kinds of errors know. */
interface Circumstances {
  readonly retryable: boolean;
  readonly retryAfterMs: number | null;
  readonly requestId: string | null;
  readonly status: number | null;
}

class CircumstancedError extends Error implements Circumstances {
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
  /** When that may be; null if that is not known. Unit: ms from when the answer came. */
  readonly retryAfterMs: number | null;
  /** Tells the operators of the gateway which lines of their log to read: the ID that came back, or was sent; null without one. */
  readonly requestId: string | null;
  /** HTTP status; null if no answer came. */
  readonly status: number | null;

  constructor(message: string, circumstances: Circumstances, options?: { readonly cause: unknown }) {
    super(message, options);
    this.retryable = circumstances.retryable;
    this.retryAfterMs = circumstances.retryAfterMs;
    this.requestId = circumstances.requestId;
    this.status = circumstances.status;
  }
}

/** What the gateway says of an error. */
export interface GatewayErrorDetails extends Circumstances {
  readonly code: GatewayErrorCode;
  readonly path: readonly (string | number)[] | null;
  readonly argument: string | null;
  readonly upstream: Readonly<Record<string, unknown>> | null;
}

/** The gateway could not answer the request, or a part of it. */
export class GatewayError extends CircumstancedError {
  readonly kind = 'gateway';
  readonly code: GatewayErrorCode;
  /** Which part of the data is missing, such as `['calls', 3]`; null if the request was refused as a whole. */
  readonly path: readonly (string | number)[] | null;
  /** The argument that is wrong; null if none is. */
  readonly argument: string | null;
  /** What the contact centre said, such as `resultCode`; null where it said nothing. */
  readonly upstream: Readonly<Record<string, unknown>> | null;

  constructor(message: string, details: GatewayErrorDetails) {
    super(message, details);
    this.name = 'GatewayError';
    this.code = details.code;
    this.path = details.path;
    this.argument = details.argument;
    this.upstream = details.upstream;
  }
}

/** No answer of a gateway came. */
export class TransportError extends CircumstancedError {
  readonly kind = 'transport';
  readonly code: TransportErrorCode;

  constructor(
    code: TransportErrorCode,
    message: string,
    circumstances: Circumstances,
    options?: { readonly cause: unknown },
  ) {
    super(message, circumstances, options);
    this.name = 'TransportError';
    this.code = code;
  }
}

/** Returns the error of a request that its caller gave up. */
export function createAbortError(message: string, requestId: string | null, signal?: AbortSignal): TransportError {
  const cause = signal?.reason as unknown;
  return new TransportError('ABORTED', message, { ...NOT_RETRYABLE, requestId, status: null }, { cause });
}

/** What asking again would not change. */
export const NOT_RETRYABLE = { retryable: false, retryAfterMs: null } as const;

/** Returns whether a value is an error of this client. */
export function isCallTraceError(value: unknown): value is CallTraceError {
  return value instanceof GatewayError || value instanceof TransportError;
}

/** Returns whether a code is one that this version knows. */
export function isKnownErrorCode(code: string): code is CallErrorCode {
  return (CALL_ERROR_CODES as readonly string[]).includes(code);
}
