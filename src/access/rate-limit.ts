import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';

export interface RateLimitOptions {
  /** Points that a caller may spend in a window. */
  readonly limit: number;
  /** Where gateways share one bucket of every caller; null: each keeps its own. */
  readonly redis: RateLimitStore | null;
  /** Before every key in Redis. */
  readonly keyPrefix: string;
  /** A window begins with a caller's first point, and lasts so long. Unit: s. */
  readonly windowSeconds?: number;
}

/** Redis, as far as it concerns the rate limits: what `openRedis` returns. */
export interface RateLimitStore {
  /** The connection (of ioredis). */
  readonly client: object;
  /** What the command returns; undefined if it failed, was too slow, or was not tried because Redis is away. */
  readonly run: <T>(kind: 'points', command: () => Promise<T>) => Promise<T | undefined>;
}

/** The outcome of spending points. */
export interface Taken {
  readonly allowed: boolean;
  /** Points in a window. */
  readonly limit: number;
  /** Points that were asked for. */
  readonly cost: number;
  /**
   * Points that are left: those held here, and those that were left for all gateways when this one last asked. Others
   * may have taken some since.
   */
  readonly remaining: number;
  /** When all points are there again. Unit: ms since 1970-01-01 UTC. */
  readonly resetAt: number;
  /** When it may help to ask again; 0 if allowed. Unit: ms from now. */
  readonly retryAfterMs: number;
}

/** Counts what callers spend. */
export interface RateLimiter {
  /** Points that a caller has in a window; an operation that costs more can never be paid. */
  readonly limit: number;
  /**
   * Spends points of a bucket (`Caller.bucket`), or none if there are too few; a cost above the limit is never allowed,
   * a broken one rounded up. Almost always at once; a promise where points must be fetched first. Never rejects.
   */
  take(bucketName: string, cost: number): Taken | Promise<Taken>;
}

/** Points are fetched in portions of so many to the limit. */
const PORTIONS = 50;
/** Callers whose portions are held at a time. One that is pushed out loses its portion for the window. */
const MAX_CALLERS = 10_000;

/** What this process holds of a caller's points. */
interface Bucket {
  /** Points fetched and not yet spent. */
  held: number;
  /** Points that others may still fetch, as of the last fetch. */
  shared: number;
  /** End of the window in which these points count. Unit: ms since 1970-01-01 UTC. */
  resetAt: number;
  /** The fetch under way. */
  fetching: Promise<void> | undefined;
}

/**
 * Returns a limiter of points per caller and window. Points come from the shared bucket in portions, and are spent
 * here without asking anybody; the next portion is fetched while the last one still serves. While Redis is away each
 * gateway counts for itself.
 */
export function createRateLimiter({ limit, redis, keyPrefix, windowSeconds = 60 }: RateLimitOptions): RateLimiter {
  const windowMs = windowSeconds * 1000;
  const portion = Math.ceil(limit / PORTIONS);
  const rules = { points: limit, duration: windowSeconds, keyPrefix: `${keyPrefix}calltrace:points` };
  const own = new RateLimiterMemory(rules);
  const common = redis && sharedStore(redis);
  const buckets = new LRUCache<string, Bucket>({ max: MAX_CALLERS });

  return {
    limit,
    take(name, points) {
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
    const known = buckets.get(name);
    if (known) return known;
    const bucket = { held: 0, shared: limit, resetAt: 0, fetching: undefined };
    buckets.set(name, bucket);
    return bucket;
  }

  /** Spends what is held here; undefined if the store must be asked first. */
  function spend(name: string, bucket: Bucket, cost: number): Taken | undefined {
    const now = Date.now();
    if (now >= bucket.resetAt) Object.assign(bucket, { held: 0, shared: limit, resetAt: now + windowMs });
    const allowed = cost <= bucket.held;
    if (!allowed && cost <= limit && bucket.shared > 0) return undefined;
    if (allowed) bucket.held -= cost;
    if (bucket.shared > 0 && bucket.held < portion / 2) void fetchPoints(name, bucket, portion);
    return {
      allowed,
      limit,
      cost,
      remaining: bucket.held + bucket.shared,
      resetAt: bucket.resetAt,
      retryAfterMs: allowed ? 0 : bucket.resetAt - now,
    };
  }

  async function spendLater(name: string, bucket: Bucket, cost: number): Promise<Taken> {
    for (;;) {
      await fetchPoints(name, bucket, Math.max(portion, cost - bucket.held));
      const taken = spend(name, bucket, cost);
      if (taken) return taken;
    }
  }

  /** Fetches points for a caller, or waits for the fetch under way. */
  function fetchPoints(name: string, bucket: Bucket, points: number): Promise<void> {
    return (bucket.fetching ??= withdraw(storeKeyOf(name), bucket, points).finally(
      () => (bucket.fetching = undefined),
    ));
  }

  async function withdraw(key: string, bucket: Bucket, points: number): Promise<void> {
    const withdrawn = await common?.(key, points);
    const { consumedPoints, msBeforeNext } = withdrawn ?? (await own.penalty(key, points));
    // By the clock of now, not of when it was asked: the same window would end a little sooner each time.
    const resetAt = Date.now() + msBeforeNext;
    const granted = Math.min(points, Math.max(0, limit - (consumedPoints - points)));
    // What came from Redis counts here, too, so that a Redis that goes away does not fill the bucket once more.
    if (withdrawn) await own.penalty(key, granted);
    // Of two opinions on when a window ends the earlier one holds; half a window apart, they are two windows.
    const sameWindow = Math.abs(resetAt - bucket.resetAt) < windowMs / 2;
    bucket.held = sameWindow ? bucket.held + granted : granted;
    bucket.resetAt = sameWindow ? Math.min(bucket.resetAt, resetAt) : resetAt;
    bucket.shared = Math.max(0, limit - consumedPoints);
  }
}

/** The key of a bucket in Redis, which tells nobody whose it is: names of buckets may hold an address or a name. */
function storeKeyOf(name: string): string {
  return createHash('sha256').update(name).digest('base64url').slice(0, 22);
}
