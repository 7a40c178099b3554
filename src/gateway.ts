import type { Logger } from 'pino';
import { createCodeTables } from './call/codes/codes.js';
import type { Config } from './config.js';
import { createSchema } from './graphql/schema.js';
import { createMetrics } from './metrics.js';
import { createApolloServer } from './server/apollo.js';
import { createGraphqlEndpoint } from './server/graphql-endpoint.js';
import { serve } from './server/http.js';
import { createListener } from './server/listener.js';
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
export async function startGateway(config: Config, log: Logger, now: () => number = Date.now): Promise<Gateway> {
  const metrics = createMetrics(() => traces);
  const traces: TracePath = openTracePath(config, log, now, metrics);
  const schema = createSchema({
    keyRules: { defaultCcId: config.defaultCcId, timeZoneOf: config.timeZoneOf, now },
    codes: createCodeTables(config.codes),
    maxKeys: MAX_KEYS,
    forget: (key) => traces.forget(key),
  });
  const apollo = createApolloServer({
    schema,
    introspection: config.server.introspection,
    freshness: config.freshness,
    observer: metrics,
    log,
    now,
  });
  await apollo.start();

  let closing = false;
  const listener = createListener({
    ...config.server,
    graphql: createGraphqlEndpoint({ ...config.server, apollo, fetchTraces: traces.fetchTraces, now }),
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
