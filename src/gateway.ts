import type { Logger } from 'pino';
import type { Clock } from './call/clock.js';
import { createNarrator } from './call/understanding/narrative/narrator.js';
import { createCodeTables } from './call/codes/codes.js';
import type { Config } from './config/gateway-config.js';
import { openAccess, type Access } from './gateway/access.js';
import { openObservability } from './gateway/observability.js';
import { openServers, type GatewayServers } from './gateway/servers.js';
import { openTracePath, type TracePath } from './gateway/trace-path.js';
import { openTracing } from './gateway/tracing.js';
import { trustedDocumentsOf } from './gateway/trusted-documents.js';
import { createApolloServer } from './graphql/apollo.js';
import { createDocumentPolicy } from './graphql/document-policy.js';
import { createFastPath } from './graphql/fast-path/fast-path.js';
import { createTurns } from './graphql/limits/turns.js';
import { createNumberHash } from './graphql/numbers.js';
import { createPersistedQueries } from './graphql/persisted-queries.js';
import { personalNames } from './graphql/personal.js';
import { createSchema, type SchemaOptions } from './graphql/schema.js';
import { REFERENCE_PATH } from './http/reference-route.js';
import { openViewer } from './http/viewer.js';
import { createLoader } from './loader.js';
import type { Destination } from './observability/destination.js';
import { withoutPersonalData } from './observability/logs.js';

/** A running gateway. */
export interface Gateway {
  /** Where it listens: `http://host:port`. */
  readonly url: string;
  /** Where /metrics and /readyz are: `http://host:port`, the same as `url` or another port. */
  readonly adminUrl: string;
  /** Reopens the file of the audit log, after log rotation. */
  reopenLogs(): void;
  /** Refuses new connections, finishes running requests, and closes Redis and the upstream. */
  close(): Promise<void>;
}

/** The clocks of this machine. */
const SYSTEM_CLOCK: Clock = { wall: Date.now, monotonic: () => performance.now() };

/** Limit for writing the last lines of the audit log. Unit: ms. */
const FLUSH_TIMEOUT_MS = 2_000;

/**
 * Joins the parts and listens. Redis and the contact centre need not be reachable yet. `logDestination`: the destination
 * of the log, whose failures are then reported; null: it cannot fail.
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
    await close(); // an open part would keep the process alive
    throw error;
  }
}

/** Closes the opened parts, the last one first. */
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
  const codes = createCodeTables(config.codes);
  const graph: SchemaOptions = {
    keyRules,
    codes,
    lifeOf: (trace) => traces.lifeOf(trace),
    forget: (key) => traces.forget(key),
    hashNumber: createNumberHash(config.numbers.hashKey),
    maskKeepDigits: config.numbers.maskKeepDigits,
    readings: config.readings,
    narrator: createNarrator(codes),
  };
  const schema = createSchema(graph);
  const reference = config.server.introspection ? REFERENCE_PATH : null;
  const viewer = config.server.viewer ? await openViewer({ ...config.server.viewer, reference }, codes) : null;
  const trusted = trustedDocumentsOf(config.trustedDocuments, viewer?.documents ?? [], schema);
  const documents = createDocumentPolicy(config.limits, trusted);
  const log = withoutPersonalData(givenLog, personalNames(schema));
  let connections = (): number => 0;
  const { build, metrics, auditLog } = openObservability(config, {
    log: givenLog,
    logDestination,
    path: () => traces,
    connections: () => connections(),
    accessFiles: () => access.keys,
  });
  onClose(() => auditLog.close(FLUSH_TIMEOUT_MS));
  const { audit } = auditLog;
  const traces: TracePath = openTracePath(config, log, clock, metrics);
  onClose(() => traces.close());
  const access: Access = openAccess(config, {
    ...{ log, clock },
    rateLimitStore: traces.rateLimitStore,
    isAuditWritable: () => auditLog.writable,
  });
  onClose(() => access.close());
  const tracing = await openTracing(config.tracing, log);
  if (tracing) onClose(() => tracing.close());
  const { points } = access;
  const turns = createTurns();
  const fastPath = config.fastPath
    ? createFastPath({
        ...{ graph, trusted, points, turns, audit },
        memory: { get: (key, at) => traces.cachedTrace(key, at), weigh: (...weight) => traces.weigh(...weight) },
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
    persistedQueries: createPersistedQueries(traces.persistedQueryStore, documents.isWithinLimits),
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
      ...{ apollo, authenticate: access.authenticate, tracing, fastPath, documents, clock },
      createLoader: (ask) => createLoader(traces.fetchTraces, ask),
    },
    ...{ viewer, reference },
    state: () => ({
      ...{ build, redis: traces.redis, upstream: traces.upstream },
      audit: auditLog.writable ? 'up' : 'failing',
    }),
    metrics: () => metrics.text(),
    ...{ log, requestLog: givenLog, onRefused: (reason) => metrics.refused(reason) },
  });
  connections = () => servers.connections;
  onClose(() => servers.stop());
  return { url: servers.url, adminUrl: servers.adminUrl, reopenLogs: () => auditLog.reopen(), close };
}
