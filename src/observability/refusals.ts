/**
 * Why a request was refused before an operation ran: the values of the label `reason` of `calltrace_refused_total`, and of
 * the field `refused` in the log line of the request.
 */
export const REFUSAL_REASONS = [
  'unauthenticated',
  'guessing',
  'rate_limited',
  'keys_unavailable',
  'bad_request',
  'too_large',
  'unsupported_media_type',
  'not_found',
  'method_not_allowed',
  'too_slow',
  'internal',
] as const;

/** One of `REFUSAL_REASONS`. */
export type RefusalReason = (typeof REFUSAL_REASONS)[number];
