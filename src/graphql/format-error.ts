import { unwrapResolverError } from '@apollo/server/errors';
import type { GraphQLFormattedError } from 'graphql';
import { InvalidCallKeyError, TraceError } from '../call/errors.js';

/**
 * Returns the function that makes an error fit for clients: a failure of ours or of the upstream with its stable code,
 * whether it is worth another try, and when; a client's own mistake as it is; anything else masked, and handed to
 * `onUnexpected` whole.
 */
export function createErrorFormatter(
  onUnexpected: (error: unknown) => void,
): (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError {
  return (formatted, error) => {
    const original = unwrapResolverError(error);
    if (original instanceof TraceError)
      return { ...formatted, message: original.message, extensions: extensionsOf(original) };
    const code = formatted.extensions?.['code'] ?? INTERNAL;
    if (code !== INTERNAL) return { ...formatted, extensions: { ...formatted.extensions, retryable: false } };
    onUnexpected(original);
    return { ...formatted, message: 'Internal server error', extensions: { code: INTERNAL, retryable: false } };
  };
}

const INTERNAL = 'INTERNAL_SERVER_ERROR';

function extensionsOf(error: TraceError): Record<string, unknown> {
  const { code, retryable, retryAfterMs, resultCode, status } = error;
  return {
    code,
    retryable,
    ...(error instanceof InvalidCallKeyError ? { argument: error.argument } : {}),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(resultCode === undefined && status === undefined ? {} : { upstream: { resultCode, httpStatus: status } }),
  };
}
