import type { Grants } from './grants.js';

/** The sender of a request, and what they may see. */
export interface Caller {
  /** For the log, the audit and the rate limit: `key:dashboard`, `token:alice`, `anonymous`. Never a secret. */
  readonly id: string;
  /** The name of the caller's rate-limit bucket: the ID, and for anonymous callers their address too. */
  readonly bucket: string;
  /** True if `AUTH_MODE` is `none`: many callers share this ID. */
  readonly isAnonymous: boolean;
  /** The virtual call centres whose calls they may see. */
  readonly grants: Grants;
  /** Whether they see phone numbers unmasked. */
  readonly seesNumbers: boolean;
}

/** The scope, of a token or an API key's entry, whose callers see phone numbers unmasked. */
export const NUMBERS_SCOPE = 'numbers';

/** Returns the anonymous caller, for `AUTH_MODE` `none`. */
export function createAnonymous(grants: Grants, seesNumbers: boolean): Caller {
  return { id: 'anonymous', bucket: 'anonymous', isAnonymous: true, grants, seesNumbers };
}

/** Returns the caller of a credential, with a rate-limit bucket of its own. */
export function createAuthenticatedCaller(id: string, grants: Grants, seesNumbers: boolean): Caller {
  return { id, bucket: id, isAnonymous: false, grants, seesNumbers };
}

/**
 * Returns the caller of a request, by its headers (names in lower case), at once where possible. Throws or rejects with
 * UnauthenticatedError or AuthenticationUnavailableError.
 */
export type Authenticate = (
  headers: Readonly<Record<string, string | string[] | undefined>>,
) => Caller | Promise<Caller>;

/** Why a credential was refused, for the log. Clients learn less. */
export type UnauthenticatedReason =
  | 'no_credential'
  | 'two_credentials'
  | 'unknown_key'
  | 'malformed'
  | 'bad_signature'
  | 'unknown_kid'
  | 'wrong_algorithm'
  | 'wrong_issuer'
  | 'wrong_audience'
  | 'expired'
  | 'not_yet_valid'
  | 'bad_claims';

/**
 * Whether a refused credential counts as a guess, because no trusted issuer has issued it. Expired tokens and tokens for
 * another service do not count: many clients behind one address may send them.
 */
export function isForgery(reason: UnauthenticatedReason): boolean {
  return reason === 'unknown_key' || reason === 'bad_signature';
}

/** The request has no valid credential (401). The message says what to send, and never repeats what was sent. */
export class UnauthenticatedError extends Error {
  override readonly name = 'UnauthenticatedError';
  /** For the log. */
  readonly reason: UnauthenticatedReason;
  /** The `WWW-Authenticate` header of the answer (401): `Bearer error="invalid_token"`. */
  readonly challenge: string;

  constructor(reason: UnauthenticatedReason, message: string, challenge = 'Bearer', options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
    this.challenge = challenge;
  }
}

/**
 * Credentials cannot be checked now (503): the keys for checking them are unavailable or too old. The caller is not at
 * fault.
 */
export class AuthenticationUnavailableError extends Error {
  override readonly name = 'AuthenticationUnavailableError';
  /** When the client may try again. Unit: ms from now. */
  readonly retryAfterMs: number;

  constructor(message: string, retryAfterMs: number, options?: ErrorOptions) {
    super(message, options);
    this.retryAfterMs = retryAfterMs;
  }
}
