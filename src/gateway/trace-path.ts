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

/** Told what happens on the path, for metrics. */
export interface TraceObserver {
  /** A request to the contact centre ended. Unit: seconds. */
  readonly attempt: (outcome: AttemptOutcome, seconds: number) => void;
  /** A request to the contact centre got its slot, after waiting so long. Unit: seconds. */
  readonly queueWait: (seconds: number) => void;
  /** A reply was read: what was odd in it. */
  readonly read: (notes: ReadingNotes) => void;
  /** A question joined one under way in this process. */
  readonly coalesced: () => void;
  /** A question began to wait for another gateway's answer. */
  readonly leaseWait: () => void;
  /** A Redis command was lost or refused. */
  readonly redisFailure: (kind: RedisFailure) => void;
  /** A Redis command is over, failed or not. Unit: seconds. */
  readonly redisCommand: (kind: RedisCommand, seconds: number) => void;
}

/** Lays the path: each stage takes the next one, from the far end to the near one. */
export function openTracePath(config: Config, log: Logger, clock: Clock, observer?: TraceObserver) {
  const { staleWhileRevalidate, timeZoneOf } = config;
  const upstream = openUpstream(
    { ...config.upstream, timeZoneOf },
    { clock, log, onAttempt: observer?.attempt, onQueueWait: observer?.queueWait, onRead: observer?.read },
  );
  log.info({ endpoints: config.upstream.baseUrls }, 'the addresses of the contact centre, numbered from 0 elsewhere');
  const { now } = upstream;
  const rules = {
    ...config.lifeRules,
    monthBoundsOf: ({ month, ccId }: TraceKey) => monthBounds(month, timeZoneOf(ccId)),
    now,
  };
  const invalidations = createInvalidations();
  const common = { lifeOf: (trace: Dated) => lifeOf(trace, rules), now, clock, invalidations };
  const redisListeners = { log, onFailure: observer?.redisFailure, onCommand: observer?.redisCommand };
  const redis = config.redis && openRedis(config.redis, { ...common, ...redisListeners });
  const memory = createTraceMemory(config.memoryBytes, common);

  const shared = redis
    ? withRedis(upstream.fetchTraces, { ...common, store: redis.store, onWait: observer?.leaseWait })
    : upstream.fetchTraces;
  const single = withSingleFlight(shared, { ...common, onJoin: observer?.coalesced });
  const remembered = config.memoryBytes > 0 ? withMemory(single, { ...common, memory, staleWhileRevalidate }) : single;

  return {
    fetchTraces: withMonthEdge(remembered, rules),
    /** How long a trace holds. */
    lifeOf: common.lifeOf,
    /** The clock that dates traces: the contact centre's, as far as it has told. Unit: ms since 1970-01-01 UTC. */
    now,
    /**
     * What `fetchTraces` would answer from memory at an instant (ms since 1970-01-01 UTC); undefined if it had to ask
     * anybody. `text`: the canonical text of the key.
     */
    heldTrace({ key, text, loggedAt }: TraceQuestion & { readonly text: string }, at: number): CallTrace | undefined {
      const held = memory.get(text);
      if (!held || !isFresh(held.life, at)) return undefined;
      const hints = loggedAt === undefined ? [] : [loggedAt];
      return neighbourOf(key, held.trace, hints, rules) ? undefined : held.trace;
    },
    /** Tells how many bytes are kept beside a trace that `heldTrace` gave, from now on and for as long as it is held. */
    weigh: ({ text }: { readonly text: string }, trace: CallTrace, bytes: number) => memory.weigh(text, trace, bytes),
    /**
     * Takes a call out of every cache of every gateway, its neighbouring months included: null once that is done;
     * otherwise why not all could be told, so that others may hold it until it is stale.
     */
    async forget(key: TraceKey): Promise<ForgetProblem | null> {
      const keys = [-1, 0, 1].map((months) => ({ ...key, month: addMonths(key.month, months) }));
      const invalidate = (): void => keys.forEach((one) => invalidations.invalidate(traceKeyText(one)));
      invalidate();
      if (!redis) return null;
      const problem = await redis.store.forget(keys);
      invalidate(); // what was read from Redis meanwhile may be what has been forgotten there
      return problem;
    },
    get redis(): 'up' | 'down' | 'off' {
      return redis?.state ?? 'off';
    },
    /** What gateways share beside the traces; null without Redis. */
    texts: redis?.texts ?? null,
    /** For what else gateways share; null without Redis. */
    accounts: redis ?? null,
    get upstream() {
      return upstream.state;
    },
    /** Estimate of the traces held in memory. Unit: bytes. */
    get memoryBytes() {
      return memory.bytes;
    },
    async close(): Promise<void> {
      await redis?.close();
      await upstream.close();
    },
  };
}
