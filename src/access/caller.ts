import type { Grants } from './grants.js';

/** Who asks, and what they may see. */
export interface Caller {
  /** For the log, the audit and the rate limit: `key:dashboard`, `token:alice`, `anonymous`. Never a secret. */
  readonly id: string;
  /** The name of the rate-limit bucket that the caller spends from: the ID, or for anonymous callers their address. */
  readonly bucket: string;
  /** Whether this is whoever asks where `AUTH_MODE` is `none`: many callers of one ID. */
  readonly isAnonymous: boolean;
  /** The virtual call centres whose calls they may ask for. */
  readonly grants: Grants;
  /** Whether they see phone numbers whole; masked otherwise. */
  readonly seesNumbers: boolean;
}

/** What a caller must bring to see phone numbers whole: a scope of the token, or of the API key's entry. */
export const NUMBERS_SCOPE = 'numbers';

/** Returns the caller of whoever asks where `AUTH_MODE` is `none`. */
export function createAnonymous(grants: Grants, seesNumbers: boolean): Caller {
  return { id: 'anonymous', bucket: 'anonymous', isAnonymous: true, grants, seesNumbers };
}

/** Returns the caller that a credential belongs to, with a rate-limit bucket of its own. */
export function createKnownCaller(id: string, grants: Grants, seesNumbers: boolean): Caller {
  return { id, bucket: id, isAnonymous: false, grants, seesNumbers };
}

/**
 * Who sends a request, by its headers (names in lower case). At once where that is known already; rejects or throws
 * UnauthenticatedError, or AuthenticationUnavailableError.
 */
export type Authenticate = (
  headers: Readonly<Record<string, string | string[] | undefined>>,
) => Caller | Promise<Caller>;

/** Why a credential is refused, for the log. Clients are told less. */
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
 * Whether a refusal is that of a guess: of a credential that nobody whom this gateway trusts has issued. A crowd behind
 * one address whose tokens have expired, or are for another service, does not guess.
 */
export function isForgery(reason: UnauthenticatedReason): boolean {
  return reason === 'unknown_key' || reason === 'bad_signature';
}

/** The request has no valid credential (401). The message says what to send instead, and never what was sent. */
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
 * Whether a credential is valid cannot be told now, for no fault of the caller (503): the keys that credentials are
 * checked with cannot be had, or are too old to be believed.
 */
export class AuthenticationUnavailableError extends Error {
  override readonly name = 'AuthenticationUnavailableError';
  /** When it may help to ask again. Unit: ms from now. */
  readonly retryAfterMs: number;

  constructor(message: string, retryAfterMs: number, options?: ErrorOptions) {
    super(message, options);
    this.retryAfterMs = retryAfterMs;
  }
}
