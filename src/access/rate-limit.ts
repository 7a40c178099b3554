import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';

export interface RateLimitOptions {
  /** Points that a caller may spend in a window. */
  readonly limit: number;
  /** The store where gateways share the bucket of a caller; null: each gateway counts for itself. */
  readonly redis: RateLimitStore | null;
  /** Before every key in Redis. */
  readonly keyPrefix: string;
  /** Length of a window, which begins with a caller's first point. Unit: s. */
  readonly windowSeconds?: number;
}

/** The store of shared rate limits: Redis, as `openRedis` returns it. */
export interface RateLimitStore {
  /** The connection (of ioredis). */
  readonly client: object;
  /** Runs a command. Undefined if it failed, was too slow, or Redis is unavailable. */
  readonly run: <T>(kind: 'points', command: () => Promise<T>) => Promise<T | undefined>;
}

/** The outcome of spending points. */
export interface RateLimitResult {
  readonly allowed: boolean;
  /** Points in a window. */
  readonly limit: number;
  /** Points requested. */
  readonly cost: number;
  /**
   * Points left: those available in this process, and those in the shared bucket at the last fetch. Other gateways may have
   * used some since.
   */
  readonly remaining: number;
  /** When the window ends and the bucket is full again. Unit: ms since 1970-01-01 UTC. */
  readonly resetAt: number;
  /** When the client may try again; 0 if allowed. Unit: ms from now. */
  readonly retryAfterMs: number;
}

/** Limits the points of each caller. */
export interface RateLimiter {
  /** Points of a caller per window; an operation that costs more is never allowed. */
  readonly limit: number;
  /**
   * Consumes points of a bucket (`Caller.bucket`), or none if there are too few. A cost above the limit is never allowed; a
   * fraction is rounded up. Returns a promise only if points must be fetched first. Never rejects.
   */
  consume(bucketName: string, cost: number): RateLimitResult | Promise<RateLimitResult>;
}

/** The limit is fetched in this many portions. */
const PORTIONS = 50;
/** Most callers with a portion in this process. An evicted caller loses its portion for the window. */
const MAX_CALLERS = 10_000;

/** A caller's points in this process. */
interface Bucket {
  /** Points fetched and not yet spent. */
  available: number;
  /** Points left in the shared bucket at the last fetch. */
  shared: number;
  /** End of the window in which these points count. Unit: ms since 1970-01-01 UTC. */
  resetAt: number;
  /** The fetch in flight. */
  fetching: Promise<void> | undefined;
}

/**
 * Returns a limiter of points per caller and window. It fetches portions of points from the shared bucket and consumes them
 * in this process; it fetches the next portion before the last one is used up. While Redis is unavailable each gateway
 * counts for itself.
 */
export function createRateLimiter({ limit, redis, keyPrefix, windowSeconds = 60 }: RateLimitOptions): RateLimiter {
  const windowMs = windowSeconds * 1000;
  const portion = Math.ceil(limit / PORTIONS);
  const rules = { points: limit, duration: windowSeconds, keyPrefix: `${keyPrefix}calltrace:points` };
  const local = new RateLimiterMemory(rules);
  const shared = redis && sharedStore(redis);
  const buckets = new LRUCache<string, Bucket>({ max: MAX_CALLERS });

  return {
    limit,
    consume(name, points) {
      const cost = Math.ceil(points);
      const bucket = bucketOf(name);
      return spend(name, bucket, cost) ?? spendLater(name, bucket, cost);
    },
  };

  function sharedStore({ client, run }: RateLimitStore) {
    const store = new RateLimiterRedis({ ...rules, storeClient: client });
    return (key: string, points: number) => run('points', () => store.penalty(key, points));
  }

  function bucketOf(name: string): Bucket {
    const cached = buckets.get(name);
    if (cached) return cached;
    const bucket = { available: 0, shared: limit, resetAt: 0, fetching: undefined };
    buckets.set(name, bucket);
    return bucket;
  }

  /** Spends points available in this process; undefined if points must be fetched first. */
  function spend(name: string, bucket: Bucket, cost: number): RateLimitResult | undefined {
    const now = Date.now();
    if (now >= bucket.resetAt) Object.assign(bucket, { available: 0, shared: limit, resetAt: now + windowMs });
    const allowed = cost <= bucket.available;
    if (!allowed && cost <= limit && bucket.shared > 0) return undefined;
    if (allowed) bucket.available -= cost;
    if (bucket.shared > 0 && bucket.available < portion / 2) void fetchPoints(name, bucket, portion);
    return {
      allowed,
      limit,
      cost,
      remaining: bucket.available + bucket.shared,
      resetAt: bucket.resetAt,
      retryAfterMs: allowed ? 0 : bucket.resetAt - now,
    };
  }

  async function spendLater(name: string, bucket: Bucket, cost: number): Promise<RateLimitResult> {
    for (;;) {
      await fetchPoints(name, bucket, Math.max(portion, cost - bucket.available));
      const taken = spend(name, bucket, cost);
      if (taken) return taken;
    }
  }

  /** Fetches points for a caller, or joins the fetch in flight. */
  function fetchPoints(name: string, bucket: Bucket, points: number): Promise<void> {
    return (bucket.fetching ??= withdraw(storeKeyOf(name), bucket, points).finally(
      () => (bucket.fetching = undefined),
    ));
  }

  async function withdraw(key: string, bucket: Bucket, points: number): Promise<void> {
    const withdrawn = await shared?.(key, points);
    const { consumedPoints, msBeforeNext } = withdrawn ?? (await local.penalty(key, points));
    // The time after the reply, not before the request: otherwise the window would end a little earlier with each fetch.
    const resetAt = Date.now() + msBeforeNext;
    const granted = Math.min(points, Math.max(0, limit - (consumedPoints - points)));
    // Points from Redis count locally too, so that an outage of Redis does not refill the bucket.
    if (withdrawn) await local.penalty(key, granted);
    // Of two ends of a window the earlier one counts; more than half a window apart, they are different windows.
    const sameWindow = Math.abs(resetAt - bucket.resetAt) < windowMs / 2;
    bucket.available = sameWindow ? bucket.available + granted : granted;
    bucket.resetAt = sameWindow ? Math.min(bucket.resetAt, resetAt) : resetAt;
    bucket.shared = Math.max(0, limit - consumedPoints);
  }
}

/** Returns the key of a bucket in Redis: a hash, because names of buckets may hold an address or a name. */
function storeKeyOf(name: string): string {
  return createHash('sha256').update(name).digest('base64url').slice(0, 22);
}
