import { hash } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { LRUCache } from 'lru-cache';
import {
  AuthenticationUnavailableError,
  createAuthenticatedCaller,
  UnauthenticatedError,
  type Caller,
} from './caller.js';
import { GRANTS_RULE, parseGrants } from './grants.js';
import { KEYS_RELOAD_MS } from './remote-keys.js';
import type { KeySet, KeySource } from './token-keys.js';
import { createRefusal, INVALID_TOKEN, readToken, REFUSED_TOKEN, type TokenRules } from './token-verification.js';

/** Longest token that is accepted. Unit: characters. */
const MAX_TOKEN_LENGTH = 8192;
/** Size of each of the two caches: verified tokens and refused tokens. */
const MAX_CACHED = 10_000;

/** The caller of a verified token, and until when the cache entry counts. */
interface Verified {
  readonly caller: Caller;
  /** The keys that verified it: the entry counts only while they are the latest. */
  readonly keys: KeySet;
  /** Unit: ms since 1970-01-01 UTC. */
  readonly expiresAt: number;
}

/** Why a token was refused, and until when the cache entry counts. */
interface Refused {
  readonly error: UnauthenticatedError;
  readonly keys: KeySet | null;
  readonly expiresAt: number;
}

/**
 * How long a refused token is refused again without verification, while the keys stay the same. No longer than the pause
 * between fetches, because its key may be one that the issuer has just published. Unit: ms.
 */
export const REFUSAL_MS = KEYS_RELOAD_MS;

/**
 * Returns a function that finds the caller of a token (JWT): at once for a token verified before with the same keys, else
 * after verification. The function throws or rejects with UnauthenticatedError, or with AuthenticationUnavailableError
 * without keys. The caches hold hashes, so that a memory dump holds no token of a past request.
 */
export function createTokens(
  rules: TokenRules,
  source: KeySource,
  now: () => number,
): (token: string) => Caller | Promise<Caller> {
  const verified = new LRUCache<string, Verified>({ max: MAX_CACHED });
  const refused = new LRUCache<string, Refused>({ max: MAX_CACHED });

  async function verify(token: string, sha256: string): Promise<Caller> {
    try {
      const { payload, keys } = await readToken(token, rules, source, now);
      const caller = callerOf(payload, rules);
      const expiresAt = ((payload.exp ?? 0) + rules.clockToleranceSeconds) * 1000;
      verified.set(sha256, { caller, keys, expiresAt });
      return caller;
    } catch (cause) {
      if (cause instanceof AuthenticationUnavailableError) throw cause;
      const error = cause instanceof UnauthenticatedError ? cause : createRefusal(cause);
      if (error.reason !== 'not_yet_valid')
        refused.set(sha256, { error, keys: source.current(), expiresAt: now() + REFUSAL_MS });
      throw error;
    }
  }

  return (token) => {
    if (token.length > MAX_TOKEN_LENGTH) throw new UnauthenticatedError('malformed', REFUSED_TOKEN, INVALID_TOKEN);
    const sha256 = hash('sha256', token, 'base64');
    const keys = source.current();
    const isCurrent = (found: Verified | Refused): boolean => found.keys === keys && now() < found.expiresAt;
    const good = verified.get(sha256);
    if (good && isCurrent(good)) return good.caller;
    const bad = refused.get(sha256);
    if (bad && isCurrent(bad)) throw bad.error;
    return verify(token, sha256);
  };
}

function callerOf(payload: JWTPayload, rules: TokenRules): Caller {
  const grants = parseGrants(textsOf(payload, rules.vdnsClaim));
  if (typeof payload.sub !== 'string' || 'bad' in grants) {
    throw new UnauthenticatedError(
      'bad_claims',
      `The token is good, but not its claims: sub must be a text, and ${rules.vdnsClaim} ${GRANTS_RULE}.`,
      INVALID_TOKEN,
    );
  }
  const scopes = [...textsOf(payload, 'scope'), ...textsOf(payload, 'scp')];
  return createAuthenticatedCaller(`token:${plain(payload.sub)}`, grants, scopes.includes(rules.numbersScope));
}

/** Returns the texts of a claim: of a list, or of one text with spaces between them; none without the claim. */
function textsOf(payload: JWTPayload, claim: string): string[] {
  const value: unknown = Object.hasOwn(payload, claim) ? payload[claim] : [];
  const items: unknown[] = typeof value === 'string' ? value.split(' ') : Array.isArray(value) ? value : [value];
  // An item that is not a text becomes `?`, which equals no grant and no scope.
  return items.map((item) => (typeof item === 'string' ? item : '?')).filter((text) => text !== '');
}

/** Returns a subject that is safe in a log: unchanged, or, if it is long or has other characters, shortened and with its hash. */
function plain(subject: string): string {
  if (/^[\w.@:|+-]{1,64}$/.test(subject)) return subject;
  const mark = hash('sha256', subject, 'hex').slice(0, 16);
  return `${subject.replace(/[^\w.@:|+-]+/g, '_').slice(0, 47)}~${mark}`;
}
