import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';

export interface RateLimitOptions {
  /** Points that a caller may spend in a window. */
  readonly limit: number;
  /** Where gateways share one account of every caller; null: each keeps its own. */
  readonly redis: SharedAccounts | null;
  /** Before every key in Redis. */
  readonly keyPrefix: string;
  /** A window begins with a caller's first point, and lasts so long. Unit: s. */
  readonly windowSeconds?: number;
}

/** Redis, as far as it concerns the accounts: what `openRedis` returns. */
export interface SharedAccounts {
  /** The connection (of ioredis). */
  readonly client: object;
  /** What the command returns; undefined if it failed, was too slow, or was not tried because Redis is away. */
  readonly run: <T>(kind: string, command: () => Promise<T>) => Promise<T | undefined>;
}

/** What became of a caller's wish to spend points. */
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

/** A caller has no points left, or an address has tried too many credentials. */
export class RateLimitedError extends Error {
  override readonly name = 'RateLimitedError';
  /** When it may help to ask again. Unit: ms from now. */
  readonly retryAfterMs: number;

  constructor(message: string, retryAfterMs: number) {
    super(message);
    this.retryAfterMs = retryAfterMs;
  }
}

/** The refusal of a caller who has too few points left. */
export function createPointsError({ limit, cost, remaining, retryAfterMs }: Taken): RateLimitedError {
  return new RateLimitedError(
    `This costs ${cost} of the ${limit} points that you have per minute, and ${remaining} are left: ask for less, or later.`,
    retryAfterMs,
  );
}

/** Counts what callers spend. */
export interface RateLimiter {
  /**
   * Spends a caller's points, or none if there are too few; a cost above the limit is never allowed, a broken one
   * rounded up. Almost always at once; a promise where points must be fetched first. Never rejects.
   */
  take(callerId: string, cost: number): Taken | Promise<Taken>;
}

/** Points are fetched in portions of so many to the limit. */
const PORTIONS = 50;
/** Callers whose portions are held at a time. One that is pushed out loses its portion for the window. */
const MAX_CALLERS = 10_000;

/** What this process holds of a caller's points. */
interface Purse {
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
 * Returns a limiter of points per caller and window. Points come from the shared account in portions, and are spent
 * here without asking anybody; the next portion is fetched while the last one still serves. While Redis is away each
 * gateway counts for itself.
 */
export function createRateLimiter({ limit, redis, keyPrefix, windowSeconds = 60 }: RateLimitOptions): RateLimiter {
  const windowMs = windowSeconds * 1000;
  const portion = Math.ceil(limit / PORTIONS);
  const rules = { points: limit, duration: windowSeconds, keyPrefix: `${keyPrefix}calltrace:points` };
  const own = new RateLimiterMemory(rules);
  const common = redis && commonAccounts(redis);
  const purses = new LRUCache<string, Purse>({ max: MAX_CALLERS });

  return {
    take(callerId, points) {
      const cost = Math.ceil(points);
      const purse = purseOf(callerId);
      return spend(callerId, purse, cost) ?? spendLater(callerId, purse, cost);
    },
  };

  function commonAccounts({ client, run }: SharedAccounts) {
    const accounts = new RateLimiterRedis({ ...rules, storeClient: client });
    return (account: string, points: number) => run('points', () => accounts.penalty(account, points));
  }

  function purseOf(callerId: string): Purse {
    const known = purses.get(callerId);
    if (known) return known;
    const purse = { held: 0, shared: limit, resetAt: 0, fetching: undefined };
    purses.set(callerId, purse);
    return purse;
  }

  /** What becomes of the wish by what is known here; undefined if the account must be asked. */
  function spend(callerId: string, purse: Purse, cost: number): Taken | undefined {
    const now = Date.now();
    if (now >= purse.resetAt) Object.assign(purse, { held: 0, shared: limit, resetAt: now + windowMs });
    const allowed = cost <= purse.held;
    if (!allowed && cost <= limit && purse.shared > 0) return undefined;
    if (allowed) purse.held -= cost;
    if (purse.shared > 0 && purse.held < portion / 2) void fetchPoints(callerId, purse, portion);
    return {
      allowed,
      limit,
      cost,
      remaining: purse.held + purse.shared,
      resetAt: purse.resetAt,
      retryAfterMs: allowed ? 0 : purse.resetAt - now,
    };
  }

  async function spendLater(callerId: string, purse: Purse, cost: number): Promise<Taken> {
    for (;;) {
      await fetchPoints(callerId, purse, Math.max(portion, cost - purse.held));
      const taken = spend(callerId, purse, cost);
      if (taken) return taken;
    }
  }

  /** Fetches points for a caller, or waits for the fetch under way. */
  function fetchPoints(callerId: string, purse: Purse, points: number): Promise<void> {
    return (purse.fetching ??= withdraw(accountOf(callerId), purse, points).finally(
      () => (purse.fetching = undefined),
    ));
  }

  async function withdraw(account: string, purse: Purse, points: number): Promise<void> {
    const withdrawn = await common?.(account, points);
    const { consumedPoints, msBeforeNext } = withdrawn ?? (await own.penalty(account, points));
    // By the clock of now, not of when it was asked: the same window would end a little sooner each time.
    const resetAt = Date.now() + msBeforeNext;
    const granted = Math.min(points, Math.max(0, limit - (consumedPoints - points)));
    // What came from Redis counts here, too, so that a Redis that goes away does not fill the purse once more.
    if (withdrawn) await own.penalty(account, granted);
    // Of two opinions on when a window ends the earlier one holds; half a window apart, they are two windows.
    const sameWindow = Math.abs(resetAt - purse.resetAt) < windowMs / 2;
    purse.held = sameWindow ? purse.held + granted : granted;
    purse.resetAt = sameWindow ? Math.min(purse.resetAt, resetAt) : resetAt;
    purse.shared = Math.max(0, limit - consumedPoints);
  }
}

/** A name for a caller's account that tells nobody who it is: IDs may hold an address or a name. */
function accountOf(callerId: string): string {
  return createHash('sha256').update(callerId).digest('base64url').slice(0, 22);
}
