import type { Logger } from 'pino';
import { createAuthenticator } from './access/authenticator.js';
import { createGuessLimiter } from './access/rate-limit-guesses.js';
import { createRateLimiter } from './access/rate-limit.js';
import { createCodeTables } from './call/codes/codes.js';
import type { Clock } from './call/clock.js';
import { ConfigError } from './config/config.js';
import { openObservability } from './gateway-observability.js';
import type { Config } from './config/gateway-config.js';
import { createNumberHash } from './graphql/numbers.js';
import { personalNames } from './graphql/personal.js';
import { createSchema } from './graphql/schema.js';
import type { Destination } from './observability/destination.js';
import { withoutPersonalData } from './observability/logs.js';
import { createDocumentPolicy } from './graphql/document-policy.js';
import { createApolloServer } from './graphql/apollo.js';
import { createFastPath } from './graphql/fast-path/fast-path.js';
import { withAuditedNumbers } from './access/audited-numbers.js';
import { createAuthentication } from './access/authentication.js';
import { createGraphqlEndpoint } from './http/graphql-endpoint.js';
import { serve, type HttpServer } from './http/server.js';
import { createAdminListener, createListener } from './http/listener.js';
import { createPersistedQueries } from './graphql/persisted-queries.js';
import { createTrustedDocuments, manifestProblems, type TrustedDocuments } from './graphql/trusted-documents.js';
import { openTracePath, type TracePath } from './trace-path.js';

/** A gateway that answers. */
export interface Gateway {
  /** Where it listens: `http://host:port`. */
  readonly url: string;
  /** Where /metrics and /readyz are: the same, or at a port of their own. */
  readonly adminUrl: string;
  /** Opens the audit log's file anew, after log rotation. */
  reopenLogs(): void;
  /** Takes no new connection, finishes what runs, lets go of Redis and the contact centre. */
  close(): Promise<void>;
}

/** Most keys of one `calls`. */
const MAX_KEYS = 200;
/** What a running operation may take beyond its deadline to be written out. Unit: ms. */
const STOP_ALLOWANCE_MS = 5_000;

/** The clocks of this machine. */
const SYSTEM_CLOCK: Clock = { wall: Date.now, monotonic: () => performance.now() };

/** The last lines of the audit log may take so long to be written. Unit: ms. */
const FLUSH_TIMEOUT_MS = 2_000;

/**
 * Joins the parts and listens. Needs neither Redis nor the contact centre to be there. `logDestination`: what the log
 * writes to, whose failures are then known; null: it cannot fail.
 */
export async function startGateway(
  config: Config,
  givenLog: Logger,
  clock = SYSTEM_CLOCK,
  logDestination: Destination | null = null,
): Promise<Gateway> {
  const { defaultCcId, timeZoneOf } = config;
  const keyRules = { defaultCcId, timeZoneOf, now: () => traces.now(), wall: clock.wall };
  const schema = createSchema({
    keyRules,
    codes: createCodeTables(config.codes),
    maxKeys: MAX_KEYS,
    lifeOf: (trace) => traces.lifeOf(trace),
    forget: (key) => traces.forget(key),
    hashNumber: createNumberHash(config.numbers.hashKey),
    maskKeepDigits: config.numbers.maskKeepDigits,
  });
  const trusted = trustedDocuments(config.trustedDocuments, schema);
  const admission = createDocumentPolicy(config.limits, trusted);
  const log = withoutPersonalData(givenLog, personalNames(schema));
  const { metrics, auditLog } = openObservability(config, {
    log: givenLog,
    logDestination,
    path: () => traces,
    connections: () => 0,
  });
  const { audit } = auditLog;
  const traces: TracePath = openTracePath(config, log, clock, metrics);
  const authenticator = createAuthenticator(config.authentication, log, clock.wall);
  const { authenticate } = authenticator;
  const { rateLimit } = config;
  const points =
    rateLimit.points > 0
      ? createRateLimiter({ limit: rateLimit.points, redis: traces.accounts, keyPrefix: config.redis?.keyPrefix ?? '' })
      : null;
  const guesses = rateLimit.failedLogins > 0 ? createGuessLimiter(rateLimit.failedLogins, clock.monotonic) : null;
  const anyNumbers = createAuthentication({
    ...{ authenticate, guesses, points },
    trustedProxies: config.server.trustedProxies,
  });
  const gate = config.auditRequired ? withAuditedNumbers(anyNumbers, () => auditLog.writable) : anyNumbers;
  const fastPath = config.fastPath
    ? createFastPath({
        schema,
        keyRules,
        held: { get: (key, at) => traces.heldTrace(key, at), weigh: (...weight) => traces.weigh(...weight) },
        limits: config.limits,
        maxKeys: MAX_KEYS,
        points,
        observer: metrics,
        audit,
      })
    : null;
  const apollo = createApolloServer({
    schema,
    limits: config.limits,
    points,
    trusted,
    persistedQueries: createPersistedQueries(traces.texts, admission.isAdmitted),
    introspection: config.server.introspection,
    observer: metrics,
    audit,
    fastPath,
    log,
  });
  await apollo.start();

  let closing = false;
  const admin = {
    readiness: () => ({
      ...{ ready: !closing, redis: traces.redis, upstream: traces.upstream },
      audit: auditLog.writable ? 'up' : 'failing',
    }),
    metrics: () => metrics.text(),
    log,
  };
  const listener = createListener({
    ...admin,
    ...config.server,
    graphql: createGraphqlEndpoint({
      ...config.server,
      apollo,
      gate,
      fastPath,
      admission,
      fetchTraces: traces.fetchTraces,
      clock,
    }),
  });
  const stopTimeoutMs = config.server.deadlineMs + STOP_ALLOWANCE_MS;
  const http = { ...config.server, stopTimeoutMs, log };
  const servers: HttpServer[] = [];
  try {
    servers.push(await serve(listener, http));
    if (http.adminPort !== null)
      servers.push(await serve(createAdminListener(admin), { ...http, port: http.adminPort }));
  } catch (error) {
    await close();
    throw error;
  }

  return {
    url: servers[0]?.url ?? '',
    adminUrl: servers.at(-1)?.url ?? '',
    reopenLogs: auditLog.reopen,
    async close() {
      closing = true;
      await close();
    },
  };

  /** The port for operators is there to the last: a gateway that stops can still be watched. */
  async function close(): Promise<void> {
    for (const server of servers) await server.stop();
    await apollo.stop();
    await authenticator.close();
    await traces.close();
    await auditLog.flush(FLUSH_TIMEOUT_MS);
  }
}

/** The documents of the manifest; undefined where none are told from others. Throws ConfigError naming each that cannot be run. */
function trustedDocuments(
  { mode, manifest }: Config['trustedDocuments'],
  schema: Parameters<typeof manifestProblems>[1],
): TrustedDocuments | undefined {
  if (mode === 'off') return undefined;
  const problems = manifestProblems(manifest, schema);
  if (problems.length > 0) {
    const lines = problems.map((problem) => `  - ${problem}`);
    throw new ConfigError(`TRUSTED_DOCUMENTS_FILE cannot be used:\n${lines.join('\n')}`);
  }
  return createTrustedDocuments(manifest, mode === 'enforce');
}
