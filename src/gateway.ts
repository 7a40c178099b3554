import type { Logger } from 'pino';
import { createCodeTables } from './call/codes/codes.js';
import type { FetchTraces } from './call/trace.js';
import type { Config } from './config.js';
import { createSchema } from './graphql/schema.js';
import { createApolloServer } from './server/apollo.js';
import { createGraphqlEndpoint } from './server/graphql-endpoint.js';
import { serve } from './server/http.js';
import { createListener } from './server/listener.js';
import { withCoalescing } from './tiers/coalesce.js';
import { withMemory } from './tiers/memory.js';
import { withMonthEdge } from './tiers/month-edge.js';
import { connectRedis } from './tiers/redis/connection.js';
import { withRedis } from './tiers/redis/tier.js';
import { createUpstreamClient } from './upstream/client.js';
import { createSigner } from './upstream/signature.js';
import { createTransport } from './upstream/transport.js';

/** A gateway that answers. */
export interface Gateway {
  /** Where it listens: `http://host:port`. */
  readonly url: string;
  /** Takes no new connection, finishes what runs, lets go of Redis and the contact centre. */
  close(): Promise<void>;
}

/** Joins the parts and listens. Needs neither Redis nor the contact centre to be there. */
export async function startGateway(config: Config, log: Logger, now: () => number = Date.now): Promise<Gateway> {
  const { timeZoneOf, settleMs, freshness } = config;
  const transport = createTransport({
    connections: config.upstream.maxConcurrency,
    timeoutMs: config.upstream.attemptTimeoutMs,
    ca: config.upstream.ca,
  });
  const redis =
    config.redis &&
    connectRedis({
      ...config.redis,
      onDown: (error) => log.warn({ err: error }, 'Redis is away: answers come from memory and the contact centre'),
      onUp: () => log.info('Redis is there'),
    });

  // The path of the data, from the far end: each stage takes the next one.
  let fetchTraces: FetchTraces = createUpstreamClient(
    { ...config.upstream, sign: createSigner({ ...config.signature, now }), timeZoneOf, settleMs, now },
    transport,
  );
  if (config.redis && redis) {
    fetchTraces = withRedis(fetchTraces, {
      redis,
      keyPrefix: config.redis.keyPrefix,
      freshness,
      now,
      onFailing: (error) => log.warn({ err: error }, 'Redis fails: left alone for a while'),
      onRecovered: () => log.info('Redis answers again'),
    });
  }
  fetchTraces = withCoalescing(fetchTraces, now);
  fetchTraces = withMemory(fetchTraces, { maxBytes: config.memoryBytes, freshness, now });
  fetchTraces = withMonthEdge(fetchTraces, { edgeMs: config.monthEdgeMs, timeZoneOf, settleMs, now });

  const schema = createSchema({
    keyRules: { defaultCcId: config.defaultCcId, timeZoneOf, now },
    codes: createCodeTables(config.codes),
    maxKeys: MAX_KEYS,
  });
  const apollo = createApolloServer({ schema, introspection: config.server.introspection, log });
  await apollo.start();

  let closing = false;
  const listener = createListener({
    ...config.server,
    graphql: createGraphqlEndpoint({ ...config.server, apollo, fetchTraces, now }),
    readiness: () => ({ ready: !closing, redis: redis ? (redis.status === 'ready' ? 'up' : 'down') : 'off' }),
    log,
  });
  const server = await serve(listener, {
    ...config.server,
    stopTimeoutMs: config.server.deadlineMs + STOP_ALLOWANCE_MS,
  });

  return {
    url: server.url,
    async close() {
      closing = true;
      await server.stop();
      await apollo.stop();
      if (redis) await redis.quit().catch(() => redis.disconnect());
      await transport.close();
    },
  };
}

/** Most keys of one `calls`. */
const MAX_KEYS = 200;
/** What a running operation may take beyond its deadline to be written out. Unit: ms. */
const STOP_ALLOWANCE_MS = 5_000;
