import type { IncomingMessage } from 'node:http';
import { isForgery, UnauthenticatedError, type Authenticate, type Caller } from './caller.js';
import { clientAddress } from './client-address.js';
import type { GuessLimiter } from './rate-limit-guesses.js';
import type { RateLimiter, Taken } from './rate-limit.js';
import { createPointsError, RateLimitedError } from './rate-limit-refusals.js';

/** What a request is authenticated and counted with. */
export interface AuthenticationOptions {
  readonly authenticate: Authenticate;
  /** Slows down who tries one credential after another; null: nobody. */
  readonly guesses: GuessLimiter | null;
  /** Counts what callers spend; null: they may spend what they like. */
  readonly points: RateLimiter | null;
  /** How many proxies stand before this gateway. */
  readonly trustedProxies: number;
}

/** A request whose caller is known and has points left. */
export interface AuthenticatedRequest {
  readonly caller: Caller;
  /** What the caller has left after this request; null where nothing is counted. */
  readonly points: Taken | null;
}

/**
 * Authenticates a request by its headers and takes its first point. Throws or rejects with UnauthenticatedError,
 * AuthenticationUnavailableError or RateLimitedError. At once (no promise) for callers that are known here.
 */
export type AuthenticateRequest = (request: IncomingMessage) => AuthenticatedRequest | Promise<AuthenticatedRequest>;

/** What every request costs; an operation that costs more is charged the rest once its cost is known. Unit: points. */
export const REQUEST_COST = 1;

/** Returns the authentication of requests, which reads nothing but their headers and address. */
export function createAuthentication({
  authenticate,
  guesses,
  points,
  trustedProxies,
}: AuthenticationOptions): AuthenticateRequest {
  return (request) => {
    const caller = guesses ? authenticateUnlessGuessing(request, guesses) : authenticate(request.headers);
    return caller instanceof Promise ? caller.then((late) => charge(request, late)) : charge(request, caller);
  };

  function charge(
    request: IncomingMessage,
    authenticated: Caller,
  ): AuthenticatedRequest | Promise<AuthenticatedRequest> {
    if (!points) return { caller: authenticated, points };
    const caller = authenticated.isAnonymous ? withOwnBucket(authenticated, request) : authenticated;
    const taken = points.take(caller.bucket, REQUEST_COST);
    return taken instanceof Promise ? taken.then((late) => unlessTooFew(caller, late)) : unlessTooFew(caller, taken);
  }

  /** Anonymous callers share an ID, and would otherwise share their points: one could lock out all the others. */
  function withOwnBucket(caller: Caller, request: IncomingMessage): Caller {
    return { ...caller, bucket: `${caller.id} ${clientAddress(request, trustedProxies)}` };
  }

  function authenticateUnlessGuessing(request: IncomingMessage, limiter: GuessLimiter): Caller | Promise<Caller> {
    const retryAfterMs = limiter.idle ? 0 : limiter.retryAfterMs(clientAddress(request, trustedProxies));
    if (retryAfterMs > 0)
      throw new RateLimitedError(
        'Too many wrong credentials came from this address: wait before you try again.',
        retryAfterMs,
        'guessing',
      );
    const refuse = (error: unknown): never => {
      if (error instanceof UnauthenticatedError && isForgery(error.reason))
        limiter.refused(clientAddress(request, trustedProxies), credentialIn(request));
      throw error;
    };
    try {
      const caller = authenticate(request.headers);
      return caller instanceof Promise ? caller.catch(refuse) : caller;
    } catch (error) {
      return refuse(error);
    }
  }
}

function unlessTooFew(caller: Caller, points: Taken): AuthenticatedRequest {
  if (points.allowed) return { caller, points };
  throw createPointsError(points);
}

function credentialIn({ headers }: IncomingMessage): string {
  return `${headers.authorization ?? ''} ${String(headers['x-api-key'] ?? '')}`;
}
