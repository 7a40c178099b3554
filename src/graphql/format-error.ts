import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { isErrorCode, type ErrorCode } from '../call/error-codes.js';
import { InvalidCallKeyError, TraceError } from '../call/errors.js';

/** Formats an error for clients, from Apollo Server's formatted error and the error itself. */
export type FormatError = (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;

/**
 * Returns the formatter of errors for clients. Failures of the gateway or the upstream get their stable code, whether they
 * are retryable, and when; client errors stay as they are; anything else is masked. `hidesSuggestions`: messages suggest no
 * names of the schema.
 */
export function createErrorFormat(hidesSuggestions: boolean): FormatError {
  return (formatted, error) => {
    const { message, ...rest } = withCode(formatted, error);
    return { message: shortened(hidesSuggestions ? withoutSuggestion(message) : message), ...rest };
  };
}

/** Apollo Server does the same, except for values of variables. */
function withoutSuggestion(message: string): string {
  return message.replace(/ ?Did you mean .+\?$/su, '');
}

function shortened(message: string): string {
  return message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)} …` : message;
}

/** Longest message: messages about documents and variables repeat what was sent. Unit: characters. */
const MAX_MESSAGE = 500;

function withCode(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const original = unwrapResolverError(error);
  if (original instanceof TraceError)
    return { ...formatted, message: original.message, extensions: extensionsOf(original) };
  if (!isUnexpected(error)) return { ...formatted, extensions: { retryable: false, ...formatted.extensions } };
  return { ...formatted, message: MASKED_MESSAGE, extensions: { code: INTERNAL, retryable: false } };
}

/** The error of one failed call, for clients. */
export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retryable: boolean;
  /** When the client may try again; null: unknown, or not retryable. Unit: ms from now. */
  readonly retryAfterMs: number | null;
}

/** Returns the error of a failed call for clients; anything but a `TraceError` is masked. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof TraceError))
    return { code: INTERNAL, message: MASKED_MESSAGE, retryable: false, retryAfterMs: null };
  const { code, message, retryable } = error;
  return { code, message: shortened(message), retryable, retryAfterMs: retryAfterOf(error) ?? null };
}

/**
 * Whether an error is neither a known failure nor a client error, or has a code that is not in the schema. Clients see such
 * an error masked, so the log must hold it unmasked.
 */
export function isUnexpected(error: unknown): boolean {
  if (unwrapResolverError(error) instanceof TraceError) return false;
  const code = error instanceof GraphQLError ? error.extensions['code'] : undefined;
  return code === INTERNAL || !isErrorCode(code);
}

const INTERNAL = 'INTERNAL_SERVER_ERROR';
const MASKED_MESSAGE = 'Internal server error';

/** When the client may try again; a pause of the gateway after refused signatures is for its operators alone. */
function retryAfterOf({ retryable, retryAfterMs }: TraceError): number | undefined {
  return retryable ? retryAfterMs : undefined;
}

function extensionsOf(error: TraceError): Record<string, unknown> & { readonly code: ErrorCode } {
  const { code, retryable, resultCode, status } = error;
  const retryAfterMs = retryAfterOf(error);
  return {
    code,
    retryable,
    ...(error instanceof InvalidCallKeyError ? { argument: error.argument } : {}),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(resultCode === undefined && status === undefined ? {} : { upstream: { resultCode, httpStatus: status } }),
  };
}
