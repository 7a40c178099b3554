import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { isErrorCode, type ErrorCode } from '../call/error-codes.js';
import { InvalidCallKeyError, TraceError } from '../call/errors.js';

/** Makes an error fit for clients, from what Apollo Server has formatted and the error itself. */
export type FormatError = (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;

/**
 * Returns the format of errors for clients: a failure of ours or of the upstream with its stable code, whether it is worth
 * another try, and when; a client's own mistake as it is; anything else masked. `hidesSuggestions`: no message names
 * parts of the schema that the client may have meant.
 */
export function createErrorFormat(hidesSuggestions: boolean): FormatError {
  return (formatted, error) => {
    const { message, ...rest } = withCode(formatted, error);
    return { message: shortened(hidesSuggestions ? withoutSuggestion(message) : message), ...rest };
  };
}

/** Apollo Server does the same, but for the values of variables. */
function withoutSuggestion(message: string): string {
  return message.replace(/ ?Did you mean .+\?$/su, '');
}

function shortened(message: string): string {
  return message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)} …` : message;
}

/** Messages about documents and variables repeat what was sent, each of them anew. Unit: characters. */
const MAX_MESSAGE = 500;

function withCode(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const original = unwrapResolverError(error);
  if (original instanceof TraceError)
    return { ...formatted, message: original.message, extensions: extensionsOf(original) };
  if (!isUnexpected(error)) return { ...formatted, extensions: { retryable: false, ...formatted.extensions } };
  return { ...formatted, message: MASKED_MESSAGE, extensions: { code: INTERNAL, retryable: false } };
}

/** What clients are told of one call that failed. */
export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retryable: boolean;
  /** When it may help to ask again; null: not known. Unit: ms from now. */
  readonly retryAfterMs: number | null;
}

/** Returns what clients are told of why they do not get a call; anything but a `TraceError` is masked. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof TraceError))
    return { code: INTERNAL, message: MASKED_MESSAGE, retryable: false, retryAfterMs: null };
  const { code, message, retryable, retryAfterMs = null } = error;
  return { code, message: shortened(message), retryable, retryAfterMs };
}

/**
 * Whether an error is neither a known failure nor a client's mistake, or has a code that the schema does not name: clients
 * see it masked, so the log must hold it whole.
 */
export function isUnexpected(error: unknown): boolean {
  if (unwrapResolverError(error) instanceof TraceError) return false;
  const code = error instanceof GraphQLError ? error.extensions['code'] : undefined;
  return code === INTERNAL || !isErrorCode(code);
}

const INTERNAL = 'INTERNAL_SERVER_ERROR';
const MASKED_MESSAGE = 'Internal server error';

function extensionsOf(error: TraceError): Record<string, unknown> & { readonly code: ErrorCode } {
  const { code, retryable, retryAfterMs, resultCode, status } = error;
  return {
    code,
    retryable,
    ...(error instanceof InvalidCallKeyError ? { argument: error.argument } : {}),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(resultCode === undefined && status === undefined ? {} : { upstream: { resultCode, httpStatus: status } }),
  };
}
