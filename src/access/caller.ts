import type { Grants } from './grants.js';

/** Who asks, and what they may see. */
export interface Caller {
  /** For the log, the audit and the rate limit: `key:dashboard`, `token:alice`, `anonymous`. Never a secret. */
  readonly id: string;
  /** The virtual call centres whose calls they may ask for. */
  readonly grants: Grants;
  /** Whether they see phone numbers whole; masked otherwise. */
  readonly seesNumbers: boolean;
}

/** What a caller must bring to see phone numbers whole: a scope of the token, or of the API key's entry. */
export const NUMBERS_SCOPE = 'numbers';

/** Nobody in particular: whoever asks where `AUTH_MODE` is `none`. */
export function createAnonymous(grants: Grants, seesNumbers: boolean): Caller {
  return { id: 'anonymous', grants, seesNumbers };
}

/**
 * Who sends a request, by its headers (names in lower case). At once where that is known already; rejects or throws
 * UnauthenticatedError, or AuthenticationUnavailableError.
 */
export type Authenticate = (
  headers: Readonly<Record<string, string | string[] | undefined>>,
) => Caller | Promise<Caller>;

/** Nobody that this gateway knows. The message says what to send instead, and never what was sent. */
export class UnauthenticatedError extends Error {
  override readonly name = 'UnauthenticatedError';
  /** The `WWW-Authenticate` header of the answer (401): `Bearer error="invalid_token"`. */
  readonly challenge: string;

  constructor(message: string, challenge = 'Bearer', options?: ErrorOptions) {
    super(message, options);
    this.challenge = challenge;
  }
}

/** Who asks cannot be found out just now, for no fault of theirs (503): the keys that tokens are signed with cannot be fetched. */
export class AuthenticationUnavailableError extends Error {
  override readonly name = 'AuthenticationUnavailableError';
  /** When it may help to ask again. Unit: ms from now. */
  readonly retryAfterMs: number;

  constructor(message: string, retryAfterMs: number, options?: ErrorOptions) {
    super(message, options);
    this.retryAfterMs = retryAfterMs;
  }
}
