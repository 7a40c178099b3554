import type { Logger } from 'pino';
import { createAuthenticator } from './access/authenticator.js';
import { createGuessLimiter } from './access/rate-limit-guesses.js';
import { createRateLimiter } from './access/rate-limit.js';
import { createCodeTables } from './call/codes/codes.js';
import type { Clock } from './call/clock.js';
import { ConfigError } from './config/config.js';
import { openServers, type GatewayServers } from './gateway/servers.js';
import { openObservability } from './gateway/observability.js';
import type { Config } from './config/gateway-config.js';
import { createTurns } from './graphql/limits/turns.js';
import { createNumberHash } from './graphql/numbers.js';
import { personalNames } from './graphql/personal.js';
import { createSchema, type SchemaOptions } from './graphql/schema.js';
import type { Destination } from './observability/destination.js';
import { withoutPersonalData } from './observability/logs.js';
import { createDocumentPolicy } from './graphql/document-policy.js';
import { createApolloServer } from './graphql/apollo.js';
import { createFastPath } from './graphql/fast-path/fast-path.js';
import { withAuditedNumbers } from './access/audited-numbers.js';
import { createAuthentication } from './access/authentication.js';
import { createLoader } from './loader.js';
import { createPersistedQueries } from './graphql/persisted-queries.js';
import { createTrustedDocuments, manifestProblems, type TrustedDocuments } from './graphql/trusted-documents.js';
import { openTracePath, type TracePath } from './gateway/trace-path.js';

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
  const opened: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const closeOne of opened.splice(0).reverse()) await closeOne();
  };
  try {
    return await open(config, givenLog, clock, logDestination, { onClose: (one) => void opened.push(one), close });
  } catch (error) {
    await close(); // what was opened by then would keep the process alive
    throw error;
  }
}

/** How what is opened is closed again: the last opened first. */
interface Closing {
  readonly onClose: (close: () => Promise<unknown>) => void;
  readonly close: () => Promise<void>;
}

async function open(
  config: Config,
  givenLog: Logger,
  clock: Clock,
  logDestination: Destination | null,
  { onClose, close }: Closing,
): Promise<Gateway> {
  const { defaultCcId, timeZoneOf } = config;
  const keyRules = { defaultCcId, timeZoneOf, now: () => traces.now(), wall: clock.wall };
  const graph: SchemaOptions = {
    keyRules,
    codes: createCodeTables(config.codes),
    maxKeys: MAX_KEYS,
    lifeOf: (trace) => traces.lifeOf(trace),
    forget: (key) => traces.forget(key),
    hashNumber: createNumberHash(config.numbers.hashKey),
    maskKeepDigits: config.numbers.maskKeepDigits,
  };
  const schema = createSchema(graph);
  const trusted = trustedDocuments(config.trustedDocuments, schema);
  const documents = createDocumentPolicy(config.limits, trusted);
  const log = withoutPersonalData(givenLog, personalNames(schema));
  let connections = (): number => 0;
  const { metrics, auditLog } = openObservability(config, {
    log: givenLog,
    logDestination,
    path: () => traces,
    connections: () => connections(),
    accessFiles: () => authenticator.keys,
  });
  onClose(() => auditLog.flush(FLUSH_TIMEOUT_MS));
  const { audit } = auditLog;
  const traces: TracePath = openTracePath(config, log, clock, metrics);
  onClose(() => traces.close());
  const authenticator = createAuthenticator(config.authentication, log, clock.wall);
  onClose(() => authenticator.close());
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
  const authenticateRequest = config.auditRequired
    ? withAuditedNumbers(anyNumbers, () => auditLog.writable)
    : anyNumbers;
  const turns = createTurns();
  const fastPath = config.fastPath
    ? createFastPath({
        ...{ graph, trusted, points, turns, audit },
        memory: { get: (key, at) => traces.heldTrace(key, at), weigh: (...weight) => traces.weigh(...weight) },
        limits: config.limits,
        observer: metrics,
      })
    : null;
  const apollo = createApolloServer({
    schema,
    limits: config.limits,
    points,
    turns,
    trusted,
    persistedQueries: createPersistedQueries(traces.texts, documents.isWithinLimits),
    introspection: config.server.introspection,
    observer: metrics,
    audit,
    fastPath,
    log,
  });
  await apollo.start();
  onClose(() => apollo.stop());

  const servers: GatewayServers = await openServers(config.server, {
    graphql: {
      ...{ apollo, authenticate: authenticateRequest, fastPath, documents, clock },
      createLoader: (ask) => createLoader(traces.fetchTraces, ask),
    },
    state: () => ({
      ...{ redis: traces.redis, upstream: traces.upstream },
      audit: auditLog.writable ? 'up' : 'failing',
    }),
    metrics: () => metrics.text(),
    ...{ log, requestLog: givenLog, onRefused: (reason) => metrics.refused(reason) },
  });
  connections = () => servers.connections;
  onClose(() => servers.stop());
  return { url: servers.url, adminUrl: servers.adminUrl, reopenLogs: () => auditLog.reopen(), close };
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
