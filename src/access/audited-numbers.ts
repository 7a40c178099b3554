import type { AuthenticatedRequest, AuthenticateRequest } from './authenticate-request.js';

/**
 * Returns an authentication that masks phone numbers for every caller while the audit log cannot be written.
 * `isAuditWritable` is called for each request.
 */
export function withAuditedNumbers(
  authenticate: AuthenticateRequest,
  isAuditWritable: () => boolean,
): AuthenticateRequest {
  const mask = (request: AuthenticatedRequest): AuthenticatedRequest =>
    isAuditWritable() || !request.caller.seesNumbers
      ? request
      : { ...request, caller: { ...request.caller, seesNumbers: false } };
  return (message) => {
    const request = authenticate(message);
    return request instanceof Promise ? request.then(mask) : mask(request);
  };
}
