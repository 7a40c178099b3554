import * as z from 'zod';
import { NUMBERS_SCOPE } from '../access/caller.js';
import {
  checkRedisUrl,
  flag,
  integer,
  MAX_CC_ID,
  parseAlgorithms,
  parseBaseUrls,
  parseEncryptionKeys,
  parseKey,
  parseOrigins,
  parseSignedHeaders,
  parseTimeZones,
} from './setting-values.js';

/** Who may ask: everybody, or whoever has a token, an API key, either of them. */
export const AUTH_MODES = ['none', 'jwt', 'api-key', 'both'] as const;

/** Secrets: each may be given as a file instead, named by the variable with `_FILE` behind it. */
export const SECRETS = [
  'CMS_ACCESS_KEY',
  'CMS_SECRET_KEY',
  'CMS_ACCESS_KEY_2',
  'CMS_SECRET_KEY_2',
  'CMS_BEARER_TOKEN',
  'CMS_PROXY_URL',
  'REDIS_URL',
  'REDIS_SENTINEL_AUTH',
  'CACHE_ENCRYPTION_KEYS',
  'NUMBER_HASH_KEY',
] as const;

/** Every variable the gateway reads, as it is checked. Names are part of the contract with operators. */
export const SETTINGS = z.object({
  PORT: integer(0, 65_535).default(4000),
  HOST: z.string().default('0.0.0.0'),
  NODE_ENV: z.enum(['production', 'development', 'test']).default('production'),
  REVISION: z
    .string()
    .regex(/^[\w.+:@/-]{1,128}$/, 'must be a commit or the like: at most 128 letters, digits, or _ . + : @ / -')
    .optional(),
  LOG_CLIENT_ADDRESS: z.enum(['full', 'network', 'none']).default('network'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  CORS_ORIGINS: z.string().transform(parseOrigins).optional(),
  INTROSPECTION: flag().optional(),
  IDE: flag().optional(),
  FAST_PATH: flag().default(true),
  MASK_KEEP_DIGITS: integer(0, 32).default(4),
  NUMBER_HASH_KEY: z.string().min(32, 'must be at least 32 characters, such as of openssl rand -base64 32').optional(),
  AUDIT_LOG_FILE: z.string().optional(),
  AUDIT_REQUIRED: flag().default(true),
  METRICS_OPERATION_NAMES: integer(0, 10_000).default(100),
  MAX_BODY_KIB: integer(1, 65_536).default(256),
  MAX_CONNECTIONS: integer(1, 1_000_000).default(10_000),
  RECEIVE_TIMEOUT_MS: integer(1, 600_000).default(30_000),
  KEEP_ALIVE_TIMEOUT_MS: integer(1, 600_000).default(65_000),
  ADMIN_PORT: integer(0, 65_535).optional(),
  DRAIN_MS: integer(0, 600_000).optional(),
  TRUSTED_PROXIES: integer(0, 10).default(0),
  RATE_LIMIT_POINTS_PER_MINUTE: integer(0, 1_000_000_000).default(120_000),
  RATE_LIMIT_FAILED_LOGINS_PER_MINUTE: integer(0, 1_000_000).default(30),

  LIMIT_DOCUMENT_KIB: integer(1, 65_536).default(64),
  LIMIT_TOKENS: integer(1, 100_000).default(2_500),
  LIMIT_DEPTH: integer(1, 100).default(20),
  LIMIT_ALIASES: integer(0, 10_000).default(50),
  LIMIT_ROOT_FIELDS: integer(1, 10_000).default(50),
  LIMIT_REPETITIONS: integer(1, 10_000).default(60),
  LIMIT_FRAGMENTS: integer(0, 100).default(30),
  LIMIT_DIRECTIVES: integer(0, 10_000).default(50),
  LIMIT_VARIABLES_KIB: integer(1, 65_536).default(128),
  LIMIT_VARIABLES_DEPTH: integer(0, 100).default(8),
  LIMIT_COST: integer(1, 1_000_000).default(1_000),
  LIMIT_FIELDS: integer(1, 10_000_000).default(50_000),
  TRUSTED_DOCUMENTS: z.enum(['off', 'log', 'enforce']).default('off'),
  TRUSTED_DOCUMENTS_FILE: z.string().optional(),

  AUTH_MODE: z.enum(AUTH_MODES).optional(),
  ANONYMOUS_SCOPES: z.enum([NUMBERS_SCOPE]).optional(),
  AUTH_JWKS_URL: z.url({ protocol: /^https?$/, error: 'must be the URL of a JSON Web Key Set' }).optional(),
  AUTH_JWKS_MAX_STALE: integer(600, 31_536_000).default(86_400),
  AUTH_PUBLIC_KEY_FILE: z.string().optional(),
  AUTH_ISSUER: z.string().optional(),
  AUTH_AUDIENCE: z.string().optional(),
  AUTH_ALGORITHMS: z.string().default('RS256,PS256,ES256,EdDSA').transform(parseAlgorithms),
  AUTH_CLOCK_TOLERANCE_SECONDS: integer(0, 600).default(30),
  AUTH_VDNS_CLAIM: z.string().default('vdns'),
  AUTH_NUMBERS_SCOPE: z.string().regex(/^\S+$/, 'must be one scope, without spaces').default(NUMBERS_SCOPE),
  API_KEYS_FILE: z.string().optional(),
  AUTH_FILES_MAX_STALE: integer(60, 31_536_000).default(86_400),

  CMS_BASE_URL: z.string().transform(parseBaseUrls).optional(),
  CMS_BASE_URLS: z.string().transform(parseBaseUrls).optional(),
  CMS_ALLOW_PLAIN_HTTP: flag().default(false),
  CMS_AUTH: z.enum(['signature', 'proxy', 'bearer']).default('signature'),
  CMS_CC_ID: integer(1, MAX_CC_ID).default(1),
  CMS_ACCESS_KEY: z.string().transform(parseKey).optional(),
  CMS_SECRET_KEY: z.string().transform(parseKey).optional(),
  CMS_ACCESS_KEY_2: z.string().transform(parseKey).optional(),
  CMS_SECRET_KEY_2: z.string().transform(parseKey).optional(),
  CMS_BEARER_TOKEN: z.string().transform(parseKey).optional(),
  CMS_SIGNING_PROXY_URL: z.url({ protocol: /^https?$/, error: 'must be the URL of the service that signs' }).optional(),
  CMS_AUTH_FAILURES_MAX: integer(1, 100).default(3),
  CMS_SIGNATURE_TIMESTAMP: z.enum(['seconds', 'milliseconds']).default('seconds'),
  CMS_SIGNED_HEADERS: z.string().default('host').transform(parseSignedHeaders),
  CMS_SIGNATURE_EMPTY_QUERY_LINE: flag().default(false),
  CMS_NUMBER_STYLE: z.enum(['numbers', 'strings', 'sample']).default('numbers'),
  CMS_SUB_MEDIA_EDITION: z.enum(['current', 'legacy']).default('current'),
  CMS_TIME_ZONE: z.string().default('UTC').transform(parseTimeZones),
  CMS_CA_FILE: z.string().optional(),
  CMS_CERT_FILE: z.string().optional(),
  CMS_KEY_FILE: z.string().optional(),
  CMS_HOST: z
    .string()
    .regex(/^[\w.-]+(:\d{1,5})?$/, 'must be a name, and perhaps a port: cms.example.com:28443')
    .optional(),
  CMS_PROXY_URL: z.url({ protocol: /^https?$/, error: 'must be http://[user:password@]host:port' }).optional(),
  CMS_ATTEMPT_TIMEOUT_MS: integer(1, 600_000).default(4_000),
  CMS_MAX_RETRIES: integer(0, 10).default(2),
  CMS_MAX_CONCURRENCY: integer(1, 10_000).default(20),
  CMS_MAX_QUEUE: integer(0, 1_000_000).default(1_000),
  REQUEST_DEADLINE_MS: integer(1, 600_000).default(10_000),
  CODES_FILE: z.string().optional(),

  REDIS_URL: z.string().transform(checkRedisUrl).optional(),
  REDIS_SENTINEL_AUTH: z.string().optional(),
  REDIS_CA_FILE: z.string().optional(),
  REDIS_PROTOCOL: integer(2, 3).default(3),
  REDIS_COMMAND_TIMEOUT_MS: integer(1, 60_000).default(100),
  REDIS_KEY_PREFIX: z
    .string()
    .regex(/^[\w:.-]{0,64}$/, 'must be at most 64 letters, digits, or _ : . -')
    .default(''),

  CACHE_FINAL_TTL_SECONDS: integer(0, 315_360_000).default(604_800),
  CACHE_OPEN_TTL_SECONDS: integer(0, 86_400).default(10),
  CACHE_QUIET_AFTER_SECONDS: integer(1, 315_360_000).default(86_400),
  CACHE_QUIET_TTL_SECONDS: integer(0, 86_400).default(600),
  CACHE_QUIET_PAST_TTL_SECONDS: integer(0, 315_360_000).default(86_400),
  CACHE_EMPTY_TTL_SECONDS: integer(0, 86_400).default(30),
  CACHE_EMPTY_MAX_TTL_SECONDS: integer(0, 86_400).default(600),
  CACHE_STALE_SECONDS: integer(0, 315_360_000).default(2_592_000),
  CACHE_OPEN_STALE_SECONDS: integer(0, 315_360_000).default(3_600),
  CACHE_STALE_WHILE_REVALIDATE: flag().default(false),
  CACHE_LEASE_MS: integer(200, 60_000).default(2_000),
  CACHE_ENCRYPTION_KEYS: z.string().transform(parseEncryptionKeys).optional(),
  CACHE_SETTLE_SECONDS: integer(0, 86_400).default(300),
  CACHE_MEMORY_MIB: integer(0, 65_536).default(64),
  MONTH_EDGE_HOURS: integer(0, 72).default(12),
});

/** The settings as checked. */
export type Settings = z.output<typeof SETTINGS>;
