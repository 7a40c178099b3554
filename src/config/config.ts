import type { z } from 'zod';
import { parseApiKeys } from '../access/api-keys.js';
import type { AuthenticatorOptions } from '../access/authenticator.js';
import { parsePem } from '../access/token-keys.js';
import { authContradictions, authenticationOf } from './auth-config.js';
import type { EncryptionKey } from '../cache/redis/encryption.js';
import type { CodeMeanings, SubMediaEdition } from '../call/codes/codes.js';
import type { LifeRules } from '../call/life.js';
import { parseManifest, parseMeanings } from './file-settings.js';
import { createSecretFile } from './secret-file.js';
import { isServiceLink, misspeltSettings } from './setting-names.js';
import { isSendable, SECRETS, SETTINGS, type Settings } from './settings.js';
import { upstreamContradictions, upstreamOf, type UpstreamConfig } from './upstream-config.js';
import type { Secret } from '../upstream/open.js';

const HOUR_MS = 3_600_000;
const MIB = 1024 * 1024;

/** What the gateway is started with. Nothing in it changes. */
export interface Config {
  readonly server: {
    readonly host: string;
    readonly port: number;
    readonly corsOrigins: readonly string[];
    readonly ide: boolean;
    readonly introspection: boolean;
    readonly maxBodyBytes: number;
    readonly deadlineMs: number;
    readonly maxConnections: number;
    readonly receiveTimeoutMs: number;
    readonly keepAliveTimeoutMs: number;
    /** Port for /metrics and /readyz; null: they are at the other one. */
    readonly adminPort: number | null;
    readonly trustedProxies: number;
  };
  /** Per minute; 0: no limit. */
  readonly rateLimit: {
    /** Of each caller. */
    readonly points: number;
    /** Of each client address. */
    readonly failedLogins: number;
  };
  /** Who may ask. */
  readonly authentication: AuthenticatorOptions;
  /** Whether usual questions are answered past the plain way. */
  readonly fastPath: boolean;
  readonly logLevel: string;
  /** How many names of operations the metrics tell apart. */
  readonly maxOperationNames: number;
  /** Where audit events go; null: to the log. */
  readonly auditLogFile: string | null;
  readonly numbers: {
    /** How many characters of a phone number a mask leaves, at its end. */
    readonly maskKeepDigits: number;
    /** For the hashes that stand for phone numbers; undefined: there are none. */
    readonly hashKey: string | undefined;
  };
  /** How much one request may ask: see graphql/limits/limits.ts. */
  readonly limits: {
    readonly documentBytes: number;
    readonly tokens: number;
    readonly depth: number;
    readonly aliases: number;
    readonly rootFields: number;
    readonly repetitions: number;
    readonly fragments: number;
    readonly directives: number;
    readonly variablesBytes: number;
    readonly variablesDepth: number;
    readonly cost: number;
  };
  /** The documents that clients were built with: others are told in the log, or not run. */
  readonly trustedDocuments: {
    readonly mode: 'off' | 'log' | 'enforce';
    readonly manifest: readonly { readonly id: string; readonly text: string }[];
  };
  readonly upstream: UpstreamConfig;
  readonly redis: {
    readonly url: string;
    readonly sentinelAuth: string | undefined;
    readonly ca: string | undefined;
    readonly protocol: 2 | 3;
    readonly commandTimeoutMs: number;
    readonly keyPrefix: string;
    readonly leaseMs: number;
    readonly encryptionKeys: readonly [EncryptionKey, ...EncryptionKey[]] | undefined;
  } | null;
  /** How long traces hold; the bounds of months follow from `timeZoneOf`. */
  readonly lifeRules: Omit<LifeRules, 'monthBoundsOf'>;
  readonly staleWhileRevalidate: boolean;
  readonly memoryBytes: number;
  readonly defaultCcId: number;
  /** The zone in which a call centre cuts its months: an IANA name. */
  readonly timeZoneOf: (ccId: number) => string;
  readonly codes: { readonly subMediaEdition: SubMediaEdition; readonly meanings: CodeMeanings };
}

/** The configuration cannot be used. Its message names every variable to mend, never a value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** The configuration that an environment gives; `readFile` returns a file's text; `warn` is told of later troubles. Throws ConfigError naming all that is wrong. */
export function loadConfig(
  env: Readonly<Record<string, string | undefined>>,
  readFile: (path: string) => string,
  now: () => number = Date.now,
  warn: (message: string) => void = () => undefined,
): Config {
  const problems: string[] = [];
  const file = (name: string, path: string): string | undefined => {
    try {
      return readFile(path);
    } catch (error) {
      problems.push(
        `${name} names a file that cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`,
      );
      return undefined;
    }
  };

  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && value.trim() !== '' && !isServiceLink(name, value)) given[name] = value;
  }
  problems.push(...misspeltSettings(Object.keys(given)));
  const unreadable = new Set<string>();
  for (const name of SECRETS) {
    const path = given[`${name}_FILE`];
    if (path === undefined) continue;
    if (given[name] !== undefined) problems.push(`${name} and ${name}_FILE exclude each other; give one of them`);
    const text = file(`${name}_FILE`, path);
    if (text === undefined) unreadable.add(name);
    else if (text.trim() !== '') given[name] = text.trim();
  }

  const result = SETTINGS.safeParse(given);
  for (const issue of result.error?.issues ?? []) {
    const name = String(issue.path[0]);
    if (!unreadable.has(name)) problems.push(`${name} ${sentence(issue)}`);
  }
  const fileOf = (name: string): string | undefined =>
    given[name] === undefined ? undefined : file(name, given[name]);
  const checked = (name: string, check: (text: string) => unknown): string => {
    const text = fileOf(name);
    try {
      if (text !== undefined) check(text);
    } catch (error) {
      problems.push(`${name} ${(error as Error).message}`);
    }
    return text ?? '';
  };
  const files = {
    cmsCa: fileOf('CMS_CA_FILE'),
    cmsCert: fileOf('CMS_CERT_FILE'),
    cmsKey: fileOf('CMS_KEY_FILE'),
    redisCa: fileOf('REDIS_CA_FILE'),
    meanings: parseMeanings(fileOf('CODES_FILE'), problems),
    manifest: parseManifest(fileOf('TRUSTED_DOCUMENTS_FILE'), problems),
    publicKeys: checked('AUTH_PUBLIC_KEY_FILE', parsePem),
    apiKeys: checked('API_KEYS_FILE', parseApiKeys),
  };
  problems.push(...contradictions(given, unreadable));
  if (problems.length > 0 || !result.data) {
    throw new ConfigError(
      `The configuration cannot be used:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
    );
  }
  const secretOf = (name: string): Secret => {
    const path = given[`${name}_FILE`];
    return path === undefined
      ? () => given[name] ?? ''
      : createSecretFile(() => readFile(path), given[name] ?? '', now, {
          fits: isSendable,
          onMisfit: () => warn(`${name}_FILE holds what cannot be sent: the secret before it stays in use`),
        });
  };
  const textOf = (name: string, first: string): Secret =>
    createSecretFile(() => readFile(given[name] ?? ''), first, now);
  return freezeDeep({
    ...toConfig(result.data, files, secretOf),
    authentication: authenticationOf(result.data, files, textOf),
  });
}

/** What the files hold that the environment names. */
interface Files {
  readonly cmsCa: string | undefined;
  readonly cmsCert: string | undefined;
  readonly cmsKey: string | undefined;
  readonly redisCa: string | undefined;
  readonly meanings: CodeMeanings;
  readonly manifest: Config['trustedDocuments']['manifest'];
  readonly publicKeys: string;
  readonly apiKeys: string;
}

/** What the variables require of each other: names that are missing, or that do not go together. */
function contradictions(given: Readonly<Record<string, string>>, unreadable: ReadonlySet<string>): string[] {
  const has = (name: string): boolean => given[name] !== undefined || unreadable.has(name);
  const required = (name: string, what: string): string[] => (has(name) ? [] : [`${name} is missing: ${what}`]);
  return [
    ...upstreamContradictions(given, has, required),
    ...((given['TRUSTED_DOCUMENTS'] ?? 'off') === 'off'
      ? []
      : required('TRUSTED_DOCUMENTS_FILE', 'the documents that TRUSTED_DOCUMENTS tells from others')),
    ...authContradictions(given, required),
  ];
}

function toConfig(env: Settings, files: Files, secretOf: (name: string) => Secret): Omit<Config, 'authentication'> {
  const development = env.NODE_ENV !== 'production';
  return {
    server: {
      host: env.HOST,
      port: env.PORT,
      corsOrigins: env.CORS_ORIGINS ?? (development ? ['*'] : []),
      ide: env.IDE ?? development,
      introspection: env.INTROSPECTION ?? development,
      maxBodyBytes: env.MAX_BODY_KIB * 1024,
      deadlineMs: env.REQUEST_DEADLINE_MS,
      maxConnections: env.MAX_CONNECTIONS,
      receiveTimeoutMs: env.RECEIVE_TIMEOUT_MS,
      keepAliveTimeoutMs: env.KEEP_ALIVE_TIMEOUT_MS,
      adminPort: env.ADMIN_PORT ?? null,
      trustedProxies: env.TRUSTED_PROXIES,
    },
    rateLimit: {
      points: env.RATE_LIMIT_POINTS_PER_MINUTE,
      failedLogins: env.RATE_LIMIT_FAILED_LOGINS_PER_MINUTE,
    },
    fastPath: env.FAST_LANE,
    logLevel: env.LOG_LEVEL,
    maxOperationNames: env.METRICS_OPERATION_NAMES,
    auditLogFile: env.AUDIT_LOG_FILE ?? null,
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
    codes: { subMediaEdition: env.CMS_SUB_MEDIA_EDITION, meanings: files.meanings },
  };
}

function sentence(issue: z.core.$ZodIssue): string {
  return issue.code === 'invalid_value' ? `must be one of ${issue.values.map(String).join(', ')}` : issue.message;
}

function freezeDeep<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value) && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(freezeDeep);
  }
  return value;
}
