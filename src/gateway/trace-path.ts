import type { Logger } from 'pino';
import type { Clock } from '../call/clock.js';
import { traceKeyText, type TraceKey, type TraceQuestion } from '../call/key.js';
import { isFresh, lifeOf, type Dated } from '../call/life.js';
import { addMonths, monthBounds } from '../call/month.js';
import type { CallTrace, ReadingNotes } from '../call/trace.js';
import { createInvalidations } from '../cache/invalidations.js';
import { createTraceMemory, withMemory } from '../cache/memory.js';
import { neighbourOf, withMonthEdge } from '../cache/month-edge.js';
import type { RedisCommand, RedisFailure } from '../cache/redis/circuit-breaker.js';
import { openRedis } from '../cache/redis/open.js';
import { withRedis } from '../cache/redis/redis-stage.js';
import type { ForgetProblem } from '../cache/redis/tombstones.js';
import { withSingleFlight } from '../cache/single-flight.js';
import type { Config } from '../config/gateway-config.js';
import type { AttemptOutcome } from '../upstream/failure.js';
import { openUpstream } from '../upstream/open.js';

/** The path of the data, from the loader to the contact centre. */
export type TracePath = ReturnType<typeof openTracePath>;

/** Receives the events of the path, for metrics. */
export interface TraceObserver {
  /** A request to the contact centre ended. Unit: seconds. */
  readonly attempt: (outcome: AttemptOutcome, seconds: number) => void;
  /** A request to the contact centre got its slot after waiting. Unit: seconds. */
  readonly queueWait: (seconds: number) => void;
  /** A reply was read, with these notes. */
  readonly read: (notes: ReadingNotes) => void;
  /** A request joined one in flight in this process (single flight). */
  readonly singleFlightJoin: () => void;
  /** A request began to wait for another gateway's answer. */
  readonly leaseWait: () => void;
  /** A Redis command was lost or refused. */
  readonly redisFailure: (kind: RedisFailure) => void;
  /** A Redis command ended, failed or not. Unit: seconds. */
  readonly redisCommand: (kind: RedisCommand, seconds: number) => void;
}

/** Joins the stages of the path, from the contact centre to the loader: each stage takes the next one. */
export function openTracePath(config: Config, log: Logger, clock: Clock, observer?: TraceObserver) {
  const { staleWhileRevalidate, timeZoneOf } = config;
  const upstream = openUpstream(
    { ...config.upstream, timeZoneOf },
    { clock, log, onAttempt: observer?.attempt, onQueueWait: observer?.queueWait, onRead: observer?.read },
  );
  log.info(
    { endpoints: config.upstream.baseUrls },
    'the addresses of the contact centre; other lines name them by number, from 0',
  );
  const { now } = upstream;
  const rules = {
    ...config.lifeRules,
    monthBoundsOf: ({ month, ccId }: TraceKey) => monthBounds(month, timeZoneOf(ccId)),
    now,
  };
  const invalidations = createInvalidations();
  const dependencies = { lifeOf: (trace: Dated) => lifeOf(trace, rules), now, clock, invalidations };
  const listeners = { log, onFailure: observer?.redisFailure, onCommand: observer?.redisCommand };
  const redis = config.redis && openRedis(config.redis, { ...dependencies, ...listeners });
  const memory = createTraceMemory(config.memoryBytes, dependencies);

  const shared = redis
    ? withRedis(upstream.fetchTraces, { ...dependencies, store: redis.store, onWait: observer?.leaseWait })
    : upstream.fetchTraces;
  const singleFlight = withSingleFlight(shared, { ...dependencies, onJoin: observer?.singleFlightJoin });
  const cached =
    config.memoryBytes > 0 ? withMemory(singleFlight, { ...dependencies, memory, staleWhileRevalidate }) : singleFlight;

  return {
    fetchTraces: withMonthEdge(cached, rules),
    /** How long a trace stays fresh and usable. */
    lifeOf: dependencies.lifeOf,
    /** The clock that dates traces: the contact centre's, or ours until a reply had a date. Unit: ms since 1970-01-01 UTC. */
    now,
    /**
     * Returns what `fetchTraces` would answer from memory at an instant (ms since 1970-01-01 UTC); undefined if it would
     * have to ask another stage. `text`: the canonical text of the key.
     */
    cachedTrace({ key, text, loggedAt }: TraceQuestion & { readonly text: string }, at: number): CallTrace | undefined {
      const entry = memory.get(text);
      if (!entry || !isFresh(entry.life, at)) return undefined;
      const hints = loggedAt === undefined ? [] : [loggedAt];
      return neighbourOf(key, entry.trace, hints, rules) ? undefined : entry.trace;
    },
    /** Sets the bytes stored beside a trace that `cachedTrace` returned, for as long as the trace stays in memory. */
    weigh: ({ text }: { readonly text: string }, trace: CallTrace, bytes: number) => memory.weigh(text, trace, bytes),
    /**
     * Removes a call from every cache of every gateway, its neighbouring months included. Null once that is done; otherwise
     * why not all gateways could be told, so that others may answer with it until it is stale.
     */
    async forget(key: TraceKey): Promise<ForgetProblem | null> {
      const keys = [-1, 0, 1].map((months) => ({ ...key, month: addMonths(key.month, months) }));
      const invalidate = (): void => keys.forEach((one) => invalidations.invalidate(traceKeyText(one)));
      invalidate();
      if (!redis) return null;
      const problem = await redis.store.forget(keys);
      invalidate(); // a read from Redis may have returned the forgotten trace meanwhile
      return problem;
    },
    get redis(): 'up' | 'down' | 'off' {
      return redis?.state ?? 'off';
    },
    /** Where gateways share persisted queries; null without Redis. */
    persistedQueryStore: redis?.persistedQueryStore ?? null,
    /** Where gateways share rate limits; null without Redis. */
    rateLimitStore: redis ?? null,
    get upstream() {
      return upstream.state;
    },
    /** Estimate of the size of the traces in memory. Unit: bytes. */
    get memoryBytes() {
      return memory.bytes;
    },
    async close(): Promise<void> {
      await redis?.close();
      await upstream.close();
    },
  };
}
