import type { AuthenticatedRequest, AuthenticateRequest } from './authentication.js';

/**
 * Returns the same authentication for numbers that are shown only if that can be written down: while it cannot, every
 * caller is one who sees them masked. `isAuditWritable` is asked at each request.
 */
export function withAuditedNumbers(
  authenticate: AuthenticateRequest,
  isAuditWritable: () => boolean,
): AuthenticateRequest {
  const mask = (known: AuthenticatedRequest): AuthenticatedRequest =>
    isAuditWritable() || !known.caller.seesNumbers
      ? known
      : { ...known, caller: { ...known.caller, seesNumbers: false } };
  return (request) => {
    const known = authenticate(request);
    return known instanceof Promise ? known.then(mask) : mask(known);
  };
}
