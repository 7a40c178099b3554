/**
 * Why a request was refused before it was an operation. Each is a value of the label `reason` of
 * `calltrace_refused_total`, and of `refused` in the line of the request.
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

export type RefusalReason = (typeof REFUSAL_REASONS)[number];
