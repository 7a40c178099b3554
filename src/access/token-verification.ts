import { errors, jwtVerify, type JWTPayload, type JWTVerifyOptions } from 'jose';
import { UnauthenticatedError, type UnauthenticatedReason } from './caller.js';
import type { KeySet, KeySource } from './token-keys.js';

/** The rules for tokens, and the claims that say what a bearer may see. */
export interface TokenRules {
  /** The required `iss`. */
  readonly issuer: string;
  /** The required `aud`, or an element of it. */
  readonly audience: string;
  /** The allowed algorithms (`alg`): asymmetric ones only. */
  readonly algorithms: readonly string[];
  /** Allowed difference between the issuer's clock and ours. Unit: seconds. */
  readonly clockToleranceSeconds: number;
  /** The claim that lists the grants: `vdns`. */
  readonly vdnsClaim: string;
  /** The scope whose bearer sees phone numbers unmasked. */
  readonly numbersScope: string;
}

/** The `WWW-Authenticate` header of a refused token. */
export const INVALID_TOKEN = 'Bearer error="invalid_token"';
/** One message for every refused token, so that a client cannot learn the reason. */
export const REFUSED_TOKEN =
  'The token is not valid here: send one that the trusted issuer has signed for this gateway and that has not expired.';

const REASON_OF_CLAIM: ReadonlyMap<string, UnauthenticatedReason> = new Map([
  ['iss', 'wrong_issuer'],
  ['aud', 'wrong_audience'],
  ['nbf', 'not_yet_valid'],
]);

/** Returns the claims of a token whose signature, issuer, audience and times are valid, and the keys that verified it. */
export async function readToken(
  token: string,
  rules: TokenRules,
  source: KeySource,
  now: () => number,
): Promise<{ payload: JWTPayload; keys: KeySet }> {
  const options: JWTVerifyOptions = {
    issuer: rules.issuer,
    audience: rules.audience,
    algorithms: [...rules.algorithms],
    clockTolerance: rules.clockToleranceSeconds,
    requiredClaims: ['exp', 'sub'],
    currentDate: new Date(now()),
  };
  const keys = await source.load();
  try {
    return { keys, payload: await verifyWith(keys, token, options) };
  } catch (error) {
    const isUnknown = error instanceof errors.JWKSNoMatchingKey;
    // A new key under the name of an old one makes valid signatures fail.
    if (!isUnknown && !(error instanceof errors.JWSSignatureVerificationFailed)) throw error;
    const others = await source.reload(keys).catch((unavailable: unknown) => {
      if (isUnknown) throw unavailable;
      return keys;
    });
    if (others === keys) throw error;
    return { keys: others, payload: await verifyWith(others, token, options) };
  }
}

async function verifyWith(keys: KeySet, token: string, options: JWTVerifyOptions): Promise<JWTPayload> {
  try {
    return (await jwtVerify(token, keys.find, options)).payload;
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    for await (const key of error) {
      try {
        return (await jwtVerify(token, key, options)).payload;
      } catch (wrong) {
        if (!(wrong instanceof errors.JWSSignatureVerificationFailed)) throw wrong;
      }
    }
    throw new errors.JWSSignatureVerificationFailed();
  }
}

/** Returns the error for a refused token. It may say that the token has expired, since only tokens with a valid signature get so far. */
export function createRefusal(cause: unknown): UnauthenticatedError {
  const reason = reasonOf(cause);
  const message = reason === 'expired' ? 'The token has expired: send a new one.' : REFUSED_TOKEN;
  return new UnauthenticatedError(reason, message, INVALID_TOKEN, { cause });
}

function reasonOf(error: unknown): UnauthenticatedReason {
  if (error instanceof errors.JWTExpired) return 'expired';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'bad_signature';
  if (error instanceof errors.JWKSNoMatchingKey) return 'unknown_kid';
  if (error instanceof errors.JOSEAlgNotAllowed) return 'wrong_algorithm';
  if (!(error instanceof errors.JWTClaimValidationFailed)) return 'malformed';
  return REASON_OF_CLAIM.get(error.claim) ?? 'bad_claims';
}
