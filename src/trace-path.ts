import type { Logger } from 'pino';
import type { FetchTraces } from './call/fetch-traces.js';
import type { Clock } from './call/clock.js';
import { traceKeyText, type TraceKey, type TraceQuestion } from './call/key.js';
import { isFresh, lifeOf, type Dated, type Life } from './call/life.js';
import { addMonths, monthBounds } from './call/month.js';
import type { CallTrace, ReadingNotes } from './call/trace.js';
import { createInvalidations } from './cache/invalidations.js';
import { withMemory } from './cache/memory.js';
import { isWhole, withMonthEdge } from './cache/month-edge.js';
import { openRedis, type OpenedRedis } from './cache/redis/open.js';
import { withRedis } from './cache/redis/redis-stage.js';
import type { ForgetProblem } from './cache/redis/trace-store.js';
import { withSingleFlight } from './cache/single-flight.js';
import { createTraceMemory } from './cache/trace-memory.js';
import type { Config } from './config.js';
import { openUpstream, type AttemptOutcome, type OpenedUpstream } from './upstream/open.js';

/** The path of the data, from the loader to the contact centre. */
export interface TracePath {
  readonly fetchTraces: FetchTraces;
  /** How long a trace holds. */
  readonly lifeOf: (trace: Dated) => Life;
  /** The clock that dates traces: the contact centre's, as far as it has told. Unit: ms since 1970-01-01 UTC. */
  readonly now: () => number;
  /**
   * What `fetchTraces` would answer from memory at an instant (ms since 1970-01-01 UTC); undefined if it had to ask
   * anybody. `text`: the canonical text of the key.
   */
  heldTrace(question: TraceQuestion & { readonly text: string }, at: number): CallTrace | undefined;
  /** Tells how many bytes are kept beside a trace that `heldTrace` gave, from now on and for as long as it is held. */
  weigh(question: { readonly text: string }, trace: CallTrace, bytes: number): void;
  /**
   * Takes a call out of every cache of every gateway, its neighbouring months included: null once that is done; otherwise
   * why not all could be told, so that others may hold it until it is stale.
   */
  forget(key: TraceKey): Promise<ForgetProblem | null>;
  readonly redis: 'up' | 'down' | 'off';
  /** What gateways share beside the traces; null without Redis. */
  readonly texts: OpenedRedis['texts'] | null;
  /** For what else gateways share; null without Redis. */
  readonly accounts: Pick<OpenedRedis, 'client' | 'run'> | null;
  readonly upstream: OpenedUpstream['state'];
  /** Estimate of the traces held in memory. Unit: bytes. */
  readonly memoryBytes: number;
  close(): Promise<void>;
}

/** Told what happens on the path, for metrics. */
export interface TraceObserver {
  /** A request to the contact centre ended. Unit: seconds. */
  attempt(outcome: AttemptOutcome, seconds: number): void;
  /** A reply was read: what was odd in it. */
  read(notes: ReadingNotes): void;
  /** A question joined one under way in this process. */
  coalesced(): void;
  /** A question began to wait for another gateway's answer. */
  leaseWait(): void;
  /** A Redis command was lost or refused. */
  redisFailure(kind: 'lost' | 'refused'): void;
}

/** Lays the path: each stage takes the next one, from the far end to the near one. */
export function openTracePath(config: Config, log: Logger, clock: Clock, observer?: TraceObserver): TracePath {
  const { staleWhileRevalidate, timeZoneOf } = config;
  const upstream = openUpstream(
    { ...config.upstream, timeZoneOf },
    {
      clock,
      log,
      onAttempt: (outcome, seconds) => observer?.attempt(outcome, seconds),
      onRead: (notes) => observer?.read(notes),
    },
  );
  log.info({ endpoints: config.upstream.baseUrls }, 'the addresses of the contact centre, numbered from 0 elsewhere');
  const { now } = upstream;
  const rules = {
    ...config.lifeRules,
    monthBoundsOf: ({ month, ccId }: TraceKey) => monthBounds(month, timeZoneOf(ccId)),
  };
  const judge = (trace: Dated): Life => lifeOf(trace, rules);
  const invalidations = createInvalidations();
  const memory = createTraceMemory({ maxBytes: config.memoryBytes, lifeOf: judge, invalidations, now });
  const common = { lifeOf: judge, staleWhileRevalidate, invalidations, now, clock };
  const redis =
    config.redis && openRedis(config.redis, { ...common, log, onFailure: (kind) => observer?.redisFailure(kind) });

  const shared = redis
    ? withRedis(upstream.fetchTraces, {
        ...common,
        store: redis.store,
        maxWaitMs: config.server.deadlineMs,
        onWait: () => observer?.leaseWait(),
      })
    : upstream.fetchTraces;
  const single = withSingleFlight(shared, { ...common, onJoin: () => observer?.coalesced() });
  const remembered = withMemory(single, { ...common, memory });
  const edge = { edgeMs: rules.edgeMs, timeZoneOf, now };
  const fetchTraces = withMonthEdge(remembered, edge);

  return {
    fetchTraces,
    lifeOf: judge,
    now,
    heldTrace({ key, text, loggedAt }, at) {
      const held = memory.get(text);
      return held && isFresh(held.life, at) && isWhole(key, held.trace, loggedAt, edge) ? held.trace : undefined;
    },
    weigh: ({ text }, trace, bytes) => memory.weigh(text, trace, bytes),
    async forget(key) {
      const keys = [-1, 0, 1].map((months) => ({ ...key, month: addMonths(key.month, months) }));
      const invalidate = (): void => keys.forEach((one) => invalidations.invalidate(traceKeyText(one)));
      invalidate();
      if (!redis) return null;
      const problem = await redis.store.forget(keys);
      invalidate(); // what was read from Redis meanwhile may be what has been forgotten there
      return problem;
    },
    get redis() {
      return redis?.state ?? 'off';
    },
    texts: redis?.texts ?? null,
    accounts: redis,
    get upstream() {
      return upstream.state;
    },
    get memoryBytes() {
      return memory.bytes;
    },
    async close() {
      await redis?.close();
      await upstream.close();
    },
  };
}
