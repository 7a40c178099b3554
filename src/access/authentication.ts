import type { IncomingMessage } from 'node:http';
import { UnauthenticatedError, type Authenticate, type Caller } from './caller.js';
import type { GuessLimiter } from './rate-limit-guesses.js';
import { createPointsError, RateLimitedError, type RateLimiter, type Taken } from './rate-limit.js';
import { clientAddress } from './client-address.js';

export interface AuthenticationOptions {
  readonly authenticate: Authenticate;
  /** Slows down who tries one credential after another; null: nobody. */
  readonly guesses: GuessLimiter | null;
  /** Counts what callers spend; null: they may spend what they like. */
  readonly points: RateLimiter | null;
  /** How many proxies stand before this gateway. */
  readonly trustedProxies: number;
}

/** Who was let in. */
export interface AuthenticatedRequest {
  readonly caller: Caller;
  /** What the caller has left after this request; null where nothing is counted. */
  readonly points: Taken | null;
}

/**
 * Lets a request in, or throws or rejects with UnauthenticatedError, AuthenticationUnavailableError or
 * RateLimitedError. At once (no promise) for callers that are known here.
 */
export type AuthenticateRequest = (request: IncomingMessage) => AuthenticatedRequest | Promise<AuthenticatedRequest>;

/** What every request costs; an operation that costs more is charged the rest once its cost is known. Unit: points. */
export const REQUEST_COST = 1;

/** Returns what stands before everything else: it looks at a request's headers alone. */
export function createAuthentication({
  authenticate,
  guesses,
  points,
  trustedProxies,
}: AuthenticationOptions): AuthenticateRequest {
  return (request) => {
    const caller = guesses ? guarded(request, guesses) : authenticate(request.headers);
    return caller instanceof Promise ? caller.then(charge) : charge(caller);
  };

  function charge(caller: Caller): AuthenticatedRequest | Promise<AuthenticatedRequest> {
    if (!points) return { caller, points };
    const taken = points.take(caller.id, REQUEST_COST);
    return taken instanceof Promise ? taken.then((late) => visitorOf(caller, late)) : visitorOf(caller, taken);
  }

  function guarded(request: IncomingMessage, limiter: GuessLimiter): Caller | Promise<Caller> {
    const retryAfterMs = limiter.idle ? 0 : limiter.retryAfterMs(clientAddress(request, trustedProxies));
    if (retryAfterMs > 0)
      throw new RateLimitedError(
        'Too many wrong credentials came from this address: wait before you try again.',
        retryAfterMs,
      );
    const refuse = (error: unknown): never => {
      if (error instanceof UnauthenticatedError)
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

function visitorOf(caller: Caller, points: Taken): AuthenticatedRequest {
  if (points.allowed) return { caller, points };
  throw createPointsError(points);
}

function credentialIn({ headers }: IncomingMessage): string {
  return `${headers.authorization ?? ''} ${String(headers['x-api-key'] ?? '')}`;
}
