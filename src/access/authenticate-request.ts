import type { IncomingMessage } from 'node:http';
import { isForgery, UnauthenticatedError, type Authenticate, type Caller } from './caller.js';
import { clientAddress } from './client-address.js';
import type { GuessLimiter } from './rate-limit-guesses.js';
import type { RateLimiter, RateLimitResult } from './rate-limit.js';
import { createPointsError, RateLimitedError } from './rate-limit-refusals.js';

/** What authenticates and counts requests. */
export interface AuthenticationOptions {
  readonly authenticate: Authenticate;
  /** Limits wrong credentials per client address; null: no limit. */
  readonly guesses: GuessLimiter | null;
  /** Limits the points of each caller; null: no limit. */
  readonly points: RateLimiter | null;
  /** The number of trusted proxies before this gateway. */
  readonly trustedProxies: number;
}

/** A request whose caller is authenticated and has points left. */
export interface AuthenticatedRequest {
  readonly caller: Caller;
  /** The caller's points after this request; null without a limit. */
  readonly points: RateLimitResult | null;
}

/**
 * Authenticates a request by its headers and charges its first point. Throws or rejects with UnauthenticatedError,
 * AuthenticationUnavailableError or RateLimitedError. Returns at once (no promise) if nothing must be fetched.
 */
export type AuthenticateRequest = (request: IncomingMessage) => AuthenticatedRequest | Promise<AuthenticatedRequest>;

/** The cost of every request; an operation that costs more is charged the difference once its cost is computed. Unit: points. */
export const REQUEST_COST = 1;

/** Returns the authentication of requests. It reads only their headers and address. */
export function createAuthentication({
  authenticate,
  guesses,
  points,
  trustedProxies,
}: AuthenticationOptions): AuthenticateRequest {
  return (request) => {
    const caller = guesses ? authenticateUnlessGuessing(request, guesses) : authenticate(request.headers);
    return caller instanceof Promise ? caller.then((resolved) => charge(request, resolved)) : charge(request, caller);
  };

  function charge(
    request: IncomingMessage,
    authenticated: Caller,
  ): AuthenticatedRequest | Promise<AuthenticatedRequest> {
    if (!points) return { caller: authenticated, points };
    const caller = authenticated.isAnonymous ? withOwnBucket(authenticated, request) : authenticated;
    const taken = points.consume(caller.bucket, REQUEST_COST);
    return taken instanceof Promise
      ? taken.then((resolved) => allowedOrThrow(caller, resolved))
      : allowedOrThrow(caller, taken);
  }

  /** Gives anonymous callers a bucket per address: in a shared bucket one of them could use up the points of all. */
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

function allowedOrThrow(caller: Caller, points: RateLimitResult): AuthenticatedRequest {
  if (points.allowed) return { caller, points };
  throw createPointsError(points);
}

function credentialIn({ headers }: IncomingMessage): string {
  return `${headers.authorization ?? ''} ${String(headers['x-api-key'] ?? '')}`;
}
