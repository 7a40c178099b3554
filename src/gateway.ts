import type { Logger } from 'pino';
import { createAnonymous } from './access/caller.js';
import { ALL_GRANTS } from './access/grants.js';
import { createCodeTables } from './call/codes/codes.js';
import { ConfigError, type Config } from './config.js';
import { createNumberHash } from './graphql/numbers.js';
import { personalNames } from './graphql/personal.js';
import { createSchema } from './graphql/schema.js';
import { createAudit, withoutPersonalData } from './logs.js';
import { createMetrics } from './metrics.js';
import { createAdmission } from './server/admission.js';
import { createApolloServer } from './server/apollo.js';
import { createGraphqlEndpoint } from './server/graphql-endpoint.js';
import { serve } from './server/http.js';
import { createListener } from './server/listener.js';
import { createPersistedQueries } from './server/persisted-queries.js';
import { createTrustedDocuments, manifestProblems, type TrustedDocuments } from './server/trusted-documents.js';
import { openTracePath, type TracePath } from './trace-path.js';

/** A gateway that answers. */
export interface Gateway {
  /** Where it listens: `http://host:port`. */
  readonly url: string;
  /** Takes no new connection, finishes what runs, lets go of Redis and the contact centre. */
  close(): Promise<void>;
}

/** Most keys of one `calls`. */
const MAX_KEYS = 200;
/** What a running operation may take beyond its deadline to be written out. Unit: ms. */
const STOP_ALLOWANCE_MS = 5_000;

/** Joins the parts and listens. Needs neither Redis nor the contact centre to be there. */
export async function startGateway(config: Config, givenLog: Logger, now: () => number = Date.now): Promise<Gateway> {
  const schema = createSchema({
    keyRules: { defaultCcId: config.defaultCcId, timeZoneOf: config.timeZoneOf, now },
    codes: createCodeTables(config.codes),
    maxKeys: MAX_KEYS,
    forget: (key) => traces.forget(key),
    hashNumber: createNumberHash(config.numbers.hashKey),
    maskKeepDigits: config.numbers.maskKeepDigits,
  });
  const trusted = trustedDocuments(config.trustedDocuments, schema);
  const admission = createAdmission(config.limits, trusted);
  const log = withoutPersonalData(givenLog, personalNames(schema));
  const audit = createAudit(log, config.auditLogFile);
  const authenticate = () => createAnonymous(ALL_GRANTS, true);
  const metrics = createMetrics(() => traces);
  const traces: TracePath = openTracePath(config, log, now, metrics);
  const apollo = createApolloServer({
    schema,
    limits: config.limits,
    trusted,
    persistedQueries: createPersistedQueries(traces.texts, admission.isAdmitted),
    introspection: config.server.introspection,
    freshness: config.freshness,
    observer: metrics,
    audit,
    log,
    now,
  });
  await apollo.start();

  let closing = false;
  const listener = createListener({
    ...config.server,
    graphql: createGraphqlEndpoint({
      ...config.server,
      apollo,
      authenticate,
      admission,
      fetchTraces: traces.fetchTraces,
      now,
    }),
    readiness: () => ({ ready: !closing, redis: traces.redis, upstream: traces.upstream }),
    metrics: () => metrics.text(),
    log,
  });
  const stopTimeoutMs = config.server.deadlineMs + STOP_ALLOWANCE_MS;
  const server = await serve(listener, { ...config.server, stopTimeoutMs }).catch(async (error: unknown) => {
    await apollo.stop();
    await traces.close();
    throw error;
  });

  return {
    url: server.url,
    async close() {
      closing = true;
      await server.stop();
      await apollo.stop();
      await traces.close();
    },
  };
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
