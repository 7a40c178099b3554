import type { Logger } from 'pino';
import { traceKeyText, type TraceKey } from './call/key.js';
import { addMonths } from './call/month.js';
import type { FetchTraces } from './call/trace.js';
import type { Config } from './config.js';
import { withCoalescing } from './tiers/coalesce.js';
import { withMemory } from './tiers/memory.js';
import { withMonthEdge } from './tiers/month-edge.js';
import { openRedis } from './tiers/redis/open.js';
import { withRedis } from './tiers/redis/tier.js';
import { createTraceMemory } from './tiers/trace-memory.js';
import { createUpstreamClient } from './upstream/client.js';
import { createSigner } from './upstream/signature.js';
import { createTransport } from './upstream/transport.js';

/** The path of the data, from the loader to the contact centre. */
export interface TracePath {
  readonly fetchTraces: FetchTraces;
  /**
   * Takes a call out of every cache of every gateway, its neighbouring months included. True if all could be told;
   * false if Redis is away, so that others may hold it until it is stale.
   */
  forget(key: TraceKey): Promise<boolean>;
  readonly redis: 'up' | 'down' | 'off';
  close(): Promise<void>;
}

/** Lays the path: each stage takes the next one, from the far end to the near one. */
export function openTracePath(config: Config, log: Logger, now: () => number): TracePath {
  const { upstream, freshness, staleWhileRevalidate, timeZoneOf, settleMs } = config;
  const transport = createTransport({
    connections: upstream.maxConcurrency,
    timeoutMs: upstream.attemptTimeoutMs,
    ca: upstream.ca,
  });
  const memory = createTraceMemory(config.memoryBytes);
  const redis =
    config.redis && openRedis(config.redis, { freshness, now, log, onGone: (keyText) => memory.delete(keyText) });
  const standIn = { freshness, staleWhileRevalidate, now };

  const sign = createSigner({ ...config.signature, now });
  const asked = createUpstreamClient({ ...upstream, sign, timeZoneOf, settleMs, now }, transport);
  const shared = redis
    ? withRedis(asked, { ...standIn, store: redis.store, maxWaitMs: config.server.deadlineMs })
    : asked;
  const coalesced = withCoalescing(shared, now);
  const remembered = withMemory(coalesced, memory, standIn);
  const fetchTraces = withMonthEdge(remembered, { edgeMs: config.monthEdgeMs, timeZoneOf, settleMs, now });

  return {
    fetchTraces,
    async forget(key) {
      const keys = [-1, 0, 1].map((months) => ({ ...key, month: addMonths(key.month, months) }));
      keys.forEach((one) => memory.delete(traceKeyText(one)));
      if (!redis) return true;
      const told = await Promise.all(keys.map((one) => redis.store.forget(one)));
      return told.every(Boolean);
    },
    get redis() {
      return redis?.state ?? 'off';
    },
    async close() {
      await redis?.close();
      await transport.close();
    },
  };
}
