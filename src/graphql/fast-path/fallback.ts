/** Why the fast path falls back to the standard path. Metrics count each reason. */
export const FALLBACK_REASONS = [
  /** The request names its document in a form that only the standard path reads, or sends too large a body. */
  'request_form',
  /** The document has not been answered twice by the standard path, or its plan was evicted. */
  'not_compiled',
  /** The document asks for something else than calls, or in a way that cannot be compiled. */
  'unsupported',
  /** The variables or arguments are not of the ordinary form, or ask for a refresh or for too much. */
  'variables',
  /** A key is out of range or contradictory. */
  'invalid_key',
  /** The caller may not ask for one of the calls. */
  'forbidden',
  /** The caller has too few points left. */
  'rate_limited',
  /** The calls have so many legs that the answer would have too many fields. */
  'too_long',
  /** A call could not be loaded. */
  'load_failed',
  /** A field of a call cannot be written: the standard path answers it with an error. */
  'field_failed',
] as const;

/** One of `FALLBACK_REASONS`. */
export type FallbackReason = (typeof FALLBACK_REASONS)[number];
