import type { Logger } from 'pino';
import { traceKeyText, type TraceKey } from './call/key.js';
import type { KnownKey } from './call/known-keys.js';
import { addMonths } from './call/month.js';
import { isFinalFresh, type FreshnessRules } from './call/freshness.js';
import type { CallTrace, FetchTraces } from './call/trace.js';
import type { Config } from './config.js';
import type { ReadyViews } from './server/fast-lane/fast-lane.js';
import { withCoalescing } from './tiers/coalesce.js';
import { freshIn, withMemory } from './tiers/memory.js';
import { isWhole, withMonthEdge } from './tiers/month-edge.js';
import { openRedis, type OpenedRedis } from './tiers/redis/open.js';
import type { TraceStore } from './tiers/redis/store.js';
import { withRedis } from './tiers/redis/tier.js';
import { createTraceMemory } from './tiers/trace-memory.js';
import { openUpstream, type OpenedUpstream } from './upstream/open.js';

/** The path of the data, from the loader to the contact centre. */
export interface TracePath {
  readonly fetchTraces: FetchTraces;
  /** What `fetchTraces` would answer from memory at an instant (ms since 1970-01-01 UTC); undefined if it had to ask anybody. */
  heldTrace(key: KnownKey, at: number): CallTrace | undefined;
  /** Tells how many bytes are kept beside a trace that `heldTrace` gave, from now on and for as long as it is held. */
  weigh(key: KnownKey, trace: CallTrace, bytes: number): void;
  /** Views of traces that gateways keep in Redis for each other; null without Redis, and where traces are held in memory. */
  readonly readyViews: ReadyViews | null;
  /**
   * Takes a call out of every cache of every gateway, its neighbouring months included. True if all could be told;
   * false if Redis is away, so that others may hold it until it is stale.
   */
  forget(key: TraceKey): Promise<boolean>;
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
  /** An attempt at the contact centre ended. Unit: seconds. */
  attempt(outcome: string, seconds: number): void;
  /** A question joined one under way in this process. */
  coalesced(): void;
  /** A question began to wait for another gateway's answer. */
  leaseWait(): void;
  /** A Redis command was lost or refused. */
  redisFailure(kind: 'lost' | 'refused'): void;
}

/** Lays the path: each stage takes the next one, from the far end to the near one. */
export function openTracePath(config: Config, log: Logger, now: () => number, observer?: TraceObserver): TracePath {
  const { freshness, staleWhileRevalidate, timeZoneOf, settleMs } = config;
  const upstream = openUpstream({ ...config.upstream, timeZoneOf, settleMs, now }, upstreamEvents(log, observer));
  log.info({ endpoints: config.upstream.baseUrls }, 'the addresses of the contact centre, numbered from 0 elsewhere');
  const memory = createTraceMemory(config.memoryBytes);
  const redis =
    config.redis &&
    openRedis(config.redis, {
      freshness,
      now,
      log,
      onGone: (keyText) => memory.delete(keyText),
      onMissed: () => memory.clear(),
      onFailure: (kind) => observer?.redisFailure(kind),
    });
  const standIn = { freshness, staleWhileRevalidate, now };

  const shared = redis
    ? withRedis(upstream.fetchTraces, {
        ...standIn,
        store: redis.store,
        maxWaitMs: config.server.deadlineMs,
        onWait: () => observer?.leaseWait(),
      })
    : upstream.fetchTraces;
  const coalesced = withCoalescing(shared, now, () => observer?.coalesced());
  const remembered = withMemory(coalesced, memory, standIn);
  const edge = { edgeMs: config.monthEdgeMs, timeZoneOf, settleMs, now };
  const fetchTraces = withMonthEdge(remembered, edge);
  const fresh = freshIn(memory, standIn);

  return {
    fetchTraces,
    heldTrace(key, at) {
      const trace = fresh(key.text, at);
      return trace && isWhole(key.key, trace, edge) ? trace : undefined;
    },
    weigh: ({ text }, trace, bytes) => memory.weigh(text, trace, bytes),
    readyViews: redis && config.memoryBytes === 0 ? readyViewsIn(redis.store, freshness) : null,
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

/** Only what is final is laid beside a trace, so that a view is fresh for as long as a final trace. */
function readyViewsIn(store: TraceStore, freshness: FreshnessRules): ReadyViews {
  return {
    async find(wanted, at) {
      const found = await store.findViews(wanted);
      return found.map((view) => (view && isFinalFresh(view.fetchedAt, freshness, at) ? view : null));
    },
    add(trace, id, view) {
      if (trace.final && !trace.stale && trace.records.length > 0) store.addView(trace, id, view);
    },
  };
}

/** One log line at each change of state. */
function upstreamEvents(log: Logger, observer: TraceObserver | undefined): Parameters<typeof openUpstream>[1] {
  return {
    onAttempt: (outcome, ms) => observer?.attempt(outcome, ms / 1000),
    onEndpoint: (baseUrl, state) => {
      if (state === 'UP') log.info({ endpoint: baseUrl }, 'the contact centre answers again at this address');
      else log.warn({ endpoint: baseUrl }, 'the contact centre keeps failing at this address: left alone for a while');
    },
    onLockOut: (state) => {
      if (state === 'PROVEN') log.info('the contact centre takes our signatures');
      else if (state === 'UNPROVEN')
        log.warn('the contact centre refused a signature: few requests at a time until one is taken');
      else
        log.error(
          'the contact centre refuses our signatures: nothing is sent until a probe succeeds; check keys and clock',
        );
    },
    onTrouble: (trouble, failure) => {
      if (trouble === null) return log.info('the contact centre answers well again');
      const { status, resultCode } = failure as { status?: number; resultCode?: string };
      log.warn({ status, resultCode }, TROUBLES[trouble]);
    },
    onClockSkew: (aheadMs, tolerated) => {
      if (tolerated) log.info({ aheadMs }, 'our clock and that of the contact centre agree again');
      else log.warn({ aheadMs }, 'our clock and that of the contact centre differ by more than a minute');
    },
    onSeconds: () => log.warn('the contact centre tells times in seconds, which are taken for that: check them'),
  };
}

const TROUBLES = {
  FIREWALL: 'a firewall before the contact centre refuses our requests: check the allow-list and CMS_HOST',
  BUSY: 'the contact centre asks us to slow down',
  REJECTED: 'the contact centre answers nothing but a failing result code',
  MALFORMED: 'the contact centre sends nothing but replies that cannot be read',
  UNSIGNED: 'the signing proxy gives no signatures: nothing is sent',
} as const;
