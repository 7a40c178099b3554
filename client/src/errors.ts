import { CALL_ERROR_CODES } from './generated.js';

/** Why an answer did not come, or is none of a gateway. */
export type TransportErrorCode =
  /** The caller's signal was aborted. */
  | 'ABORTED'
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
  /** The answer is JSON, but none of a GraphQL server. */
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
  /** Unit: ms from now. */
  readonly retryAfterMs: number | null;
  readonly requestId: string | null;
  /** Null if no answer came. */
  readonly status: number | null;
}

/** What the gateway says of an error. */
export interface GatewayErrorDetails extends Circumstances {
  readonly code: GatewayErrorCode;
  readonly path: readonly (string | number)[] | null;
  readonly argument: string | null;
  readonly upstream: Readonly<Record<string, unknown>> | null;
}

/** The gateway could not answer the request, or a part of it. */
export class GatewayError extends Error {
  readonly kind = 'gateway';
  readonly code: GatewayErrorCode;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
  /** When that may be; null if that is not known. Unit: ms from when the answer came. */
  readonly retryAfterMs: number | null;
  /** Tells the operators of the gateway which lines of their log to read; null if the answer has none. */
  readonly requestId: string | null;
  /** HTTP status of the answer. */
  readonly status: number | null;
  /** Which part of the data is missing, such as `['calls', 3]`; null if the request was refused as a whole. */
  readonly path: readonly (string | number)[] | null;
  /** The argument that is wrong; null if none is. */
  readonly argument: string | null;
  /** What the contact centre said, such as `resultCode`; null where it said nothing. */
  readonly upstream: Readonly<Record<string, unknown>> | null;

  constructor(message: string, details: GatewayErrorDetails) {
    super(message);
    this.name = 'GatewayError';
    this.code = details.code;
    this.retryable = details.retryable;
    this.retryAfterMs = details.retryAfterMs;
    this.requestId = details.requestId;
    this.status = details.status;
    this.path = details.path;
    this.argument = details.argument;
    this.upstream = details.upstream;
  }
}

/** No answer of a gateway came. */
export class TransportError extends Error {
  readonly kind = 'transport';
  readonly code: TransportErrorCode;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
  /** When that may be; null if that is not known. Unit: ms from when the answer came. */
  readonly retryAfterMs: number | null;
  /** The ID that was sent, or came back; null if there is none. */
  readonly requestId: string | null;
  /** HTTP status; null if no answer came. */
  readonly status: number | null;

  constructor(
    code: TransportErrorCode,
    message: string,
    { retryable, retryAfterMs, requestId, status }: Circumstances,
    options?: { readonly cause: unknown },
  ) {
    super(message, options);
    this.name = 'TransportError';
    this.code = code;
    this.retryable = retryable;
    this.retryAfterMs = retryAfterMs;
    this.requestId = requestId;
    this.status = status;
  }
}

/** Returns whether a value is an error of this client. */
export function isCallTraceError(value: unknown): value is CallTraceError {
  return value instanceof GatewayError || value instanceof TransportError;
}

/** Returns whether a code is one that this version knows. */
export function isKnownErrorCode(code: string): code is CallErrorCode {
  return (CALL_ERROR_CODES as readonly string[]).includes(code);
}
