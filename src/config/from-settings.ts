import type { CodeMeanings } from '../call/codes/codes.js';
import type { Secret } from '../upstream/signature.js';
import type { Config } from './gateway-config.js';
import type { Settings } from './settings.js';
import { upstreamOf } from './upstream-config.js';

const HOUR_MS = 3_600_000;
const MIB = 1024 * 1024;
/** Default in production: long enough for a load balancer that polls /readyz each second. Unit: ms. */
const DRAIN_MS = 5_000;

/** The contents of the files that the environment names; a missing one is undefined or empty. */
export interface Files {
  readonly cmsCa: string | undefined;
  readonly cmsCert: string | undefined;
  readonly cmsKey: string | undefined;
  readonly redisCa: string | undefined;
  readonly meanings: CodeMeanings;
  readonly manifest: Config['trustedDocuments']['manifest'];
}

/** Returns the configuration of checked settings. `files`: the contents of the files they name. `secretOf`: see upstreamOf. */
export function configOf(
  env: Settings,
  files: Files,
  secretOf: (name: string) => Secret,
): Omit<Config, 'authentication' | 'tracing'> {
  const development = env.NODE_ENV !== 'production';
  return {
    server: {
      host: env.HOST,
      port: env.PORT,
      corsOrigins: env.CORS_ORIGINS ?? (development ? ['*'] : []),
      ide: env.IDE ?? development,
      ideHeaders: {},
      viewer: env.VIEWER ? { history: env.VIEWER_HISTORY } : null,
      introspection: env.INTROSPECTION ?? development,
      maxBodyBytes: env.MAX_BODY_KIB * 1024,
      deadlineMs: env.REQUEST_DEADLINE_MS,
      maxConnections: env.MAX_CONNECTIONS,
      receiveTimeoutMs: env.RECEIVE_TIMEOUT_MS,
      keepAliveTimeoutMs: env.KEEP_ALIVE_TIMEOUT_MS,
      adminPort: env.ADMIN_PORT ?? null,
      trustedProxies: env.TRUSTED_PROXIES,
      drainMs: env.DRAIN_MS ?? (development ? 0 : DRAIN_MS),
      logClientAddress: env.LOG_CLIENT_ADDRESS,
    },
    rateLimit: {
      points: env.RATE_LIMIT_POINTS_PER_MINUTE,
      failedLogins: env.RATE_LIMIT_FAILED_LOGINS_PER_MINUTE,
    },
    fastPath: env.FAST_PATH,
    revision: env.REVISION,
    logLevel: env.LOG_LEVEL,
    maxOperationNames: env.METRICS_OPERATION_NAMES,
    auditLogFile: env.AUDIT_LOG_FILE ?? null,
    auditRequired: env.AUDIT_REQUIRED,
    numbers: { maskKeepDigits: env.MASK_KEEP_DIGITS, hashKey: env.NUMBER_HASH_KEY },
    limits: {
      documentBytes: env.LIMIT_DOCUMENT_KIB * 1024,
      tokens: env.LIMIT_TOKENS,
      depth: env.LIMIT_DEPTH,
      aliases: env.LIMIT_ALIASES,
      rootFields: env.LIMIT_ROOT_FIELDS,
      repetitions: env.LIMIT_REPETITIONS,
      fragments: env.LIMIT_FRAGMENTS,
      directives: env.LIMIT_DIRECTIVES,
      variablesBytes: env.LIMIT_VARIABLES_KIB * 1024,
      variablesDepth: env.LIMIT_VARIABLES_DEPTH,
      cost: env.LIMIT_COST,
      fields: env.LIMIT_FIELDS,
    },
    trustedDocuments: { mode: env.TRUSTED_DOCUMENTS, manifest: files.manifest },
    upstream: upstreamOf(env, files, secretOf),
    redis: env.REDIS_URL
      ? {
          url: env.REDIS_URL,
          sentinelAuth: env.REDIS_SENTINEL_AUTH,
          ca: files.redisCa,
          protocol: env.REDIS_PROTOCOL === 2 ? 2 : 3,
          commandTimeoutMs: env.REDIS_COMMAND_TIMEOUT_MS,
          keyPrefix: env.REDIS_KEY_PREFIX,
          leaseMs: env.CACHE_LEASE_MS,
          encryptionKeys: env.CACHE_ENCRYPTION_KEYS,
        }
      : null,
    lifeRules: {
      settledMs: env.CACHE_FINAL_TTL_SECONDS * 1000,
      keepSettledMs: env.CACHE_STALE_SECONDS * 1000,
      settleMs: env.CACHE_SETTLE_SECONDS * 1000,
      openMs: env.CACHE_OPEN_TTL_SECONDS * 1000,
      keepOpenMs: env.CACHE_OPEN_STALE_SECONDS * 1000,
      quietAfterMs: env.CACHE_QUIET_AFTER_SECONDS * 1000,
      quietMs: env.CACHE_QUIET_TTL_SECONDS * 1000,
      quietPastMonthMs: env.CACHE_QUIET_PAST_TTL_SECONDS * 1000,
      notFoundMs: env.CACHE_EMPTY_TTL_SECONDS * 1000,
      maxNotFoundMs: env.CACHE_EMPTY_MAX_TTL_SECONDS * 1000,
      edgeMs: env.MONTH_EDGE_HOURS * HOUR_MS,
    },
    staleWhileRevalidate: env.CACHE_STALE_WHILE_REVALIDATE,
    memoryBytes: env.CACHE_MEMORY_MIB * MIB,
    defaultCcId: env.CMS_CC_ID,
    timeZoneOf: env.CMS_TIME_ZONE,
    readings: { ackBegin: env.CMS_ACK_BEGIN, callBegin: env.CMS_CALL_BEGIN },
    codes: { subMediaEdition: env.CMS_SUB_MEDIA_EDITION, meanings: files.meanings },
  };
}
