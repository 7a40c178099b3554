import { version as nodeVersion } from 'node:process';
import type { Logger } from 'pino';
import type { KeysAge } from '../access/credentials.js';
import { buildInfoOf, type BuildInfo } from './build-info.js';
import { REDIS_COMMANDS, type RedisFailure } from '../cache/redis/circuit-breaker.js';
import { REPLY_NOTES } from '../call/trace.js';
import { ConfigError } from '../config/config.js';
import type { Config } from '../config/gateway-config.js';
import { FALLBACK_REASONS } from '../graphql/fast-path/fallback.js';
import { openAuditLog, type AuditLog } from '../observability/audit.js';
import type { Destination } from '../observability/destination.js';
import { createMetrics, type Metrics } from '../observability/metrics.js';
import type { PathState } from '../observability/path-metrics.js';
import { OUTCOMES } from '../upstream/failure.js';
import type { SignatureState } from '../upstream/lockout.js';

/** The metrics and the audit log of a gateway, and the build that runs. */
export interface Observability {
  readonly build: BuildInfo;
  readonly metrics: Metrics;
  readonly auditLog: AuditLog;
}

export interface ObservabilityOptions {
  readonly log: Logger;
  /** The destination of `log`; null: it cannot fail. */
  readonly logDestination: Destination | null;
  /** Returns the state of the path; undefined before the path is open. Called for each scrape. */
  readonly path: () => PathState | undefined;
  /** Connections of clients that are open. */
  readonly connections: () => number;
  /** Where the keys of callers come from: `Authenticator.keys`. */
  readonly accessFiles: () => readonly KeysAge[];
}

/** The values of the label `state` of the signature metric. */
const SIGNATURE_STATES = [
  'PROVEN',
  'UNPROVEN',
  'REFUSED',
  'LOCKED',
  'NO_ANSWER',
] as const satisfies readonly SignatureState[];

const REDIS_FAILURES = ['lost', 'refused'] as const satisfies readonly RedisFailure[];

/** Opens the audit log and the metrics, and names the build. Throws ConfigError if the audit log's file cannot be opened. */
export function openObservability(config: Config, options: ObservabilityOptions): Observability {
  const { log, logDestination, path, connections, accessFiles } = options;
  const auditLog = auditLogOf(config, log, logDestination);
  logDestination?.watch((writable, reason) => {
    if (writable)
      log.warn({ dropped: logDestination.dropped }, 'the log is written again; lines before may be missing');
    else log.error({ reason }, 'the log cannot be written');
  });
  const build = buildInfoOf(config.revision, nodeVersion);
  const metrics = createMetrics({
    build,
    maxOperationNames: config.maxOperationNames,
    fallbackReasons: FALLBACK_REASONS,
    path,
    hasRedis: config.redis !== null,
    maxInFlight: config.upstream.maxConcurrency,
    maxQueue: config.upstream.maxQueue,
    maxMemoryBytes: config.memoryBytes,
    attemptOutcomes: Object.keys(OUTCOMES),
    readingNotes: REPLY_NOTES,
    signatureStates: SIGNATURE_STATES,
    redisFailures: REDIS_FAILURES,
    redisCommands: REDIS_COMMANDS,
    connections,
    accessFiles,
    maxConnections: config.server.maxConnections,
    logLinesDropped: () => logDestination?.dropped ?? 0,
    audit: auditLog,
  });
  return { build, metrics, auditLog };
}

function auditLogOf(config: Config, log: Logger, logDestination: Destination | null): AuditLog {
  try {
    return openAuditLog({ log, logDestination, file: config.auditLogFile, required: config.auditRequired });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new ConfigError(`AUDIT_LOG_FILE names a file that cannot be written (${code})`);
  }
}
