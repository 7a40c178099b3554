import type { Logger } from 'pino';
import { withAuditedNumbers } from '../access/audited-numbers.js';
import { createAuthentication, type AuthenticateRequest } from '../access/authenticate-request.js';
import { createAuthenticator, type KeysAge } from '../access/credentials.js';
import { createGuessLimiter } from '../access/rate-limit-guesses.js';
import { createRateLimiter, type RateLimiter, type RateLimitStore } from '../access/rate-limit.js';
import type { Clock } from '../call/clock.js';
import type { Config } from '../config/gateway-config.js';

/** What admits requests: authentication, rate limits, and the masking of numbers that cannot be audited. */
export interface Access {
  readonly authenticate: AuthenticateRequest;
  /** The points of callers; null without a limit. */
  readonly points: RateLimiter | null;
  /** Where the keys of callers come from. */
  readonly keys: readonly KeysAge[];
  close(): Promise<void>;
}

export interface AccessDependencies {
  readonly log: Logger;
  readonly clock: Clock;
  /** Where gateways share the buckets of callers; null: each gateway counts for itself. */
  readonly rateLimitStore: RateLimitStore | null;
  readonly isAuditWritable: () => boolean;
}

/** Opens the access control that a configuration describes. Throws as `createAuthenticator`. */
export function openAccess(config: Config, dependencies: AccessDependencies): Access {
  const { log, clock, rateLimitStore, isAuditWritable } = dependencies;
  const { rateLimit, redis, server } = config;
  const authenticator = createAuthenticator(config.authentication, log, clock.wall);
  const { points: limit, failedLogins } = rateLimit;
  const points =
    limit > 0 ? createRateLimiter({ limit, redis: rateLimitStore, keyPrefix: redis?.keyPrefix ?? '' }) : null;
  const authenticate = createAuthentication({
    authenticate: authenticator.authenticate,
    guesses: failedLogins > 0 ? createGuessLimiter(failedLogins, clock.monotonic) : null,
    points,
    trustedProxies: server.trustedProxies,
  });
  return {
    authenticate: config.auditRequired ? withAuditedNumbers(authenticate, isAuditWritable) : authenticate,
    points,
    keys: authenticator.keys,
    close: () => authenticator.close(),
  };
}
