import { traceKeyText, type TraceKey } from '../../call/key.js';
import { inTime } from './circuit-breaker.js';
import type { RedisClient } from './connection.js';
import type { RedisContext } from './context.js';
import { REDIS_NOW, TOMBSTONE_TTL_MS } from './write-script.js';

/**
 * Why a call may not be forgotten everywhere: Redis is unreachable; it answered with an error; or its replica has not
 * acknowledged, so that a failover may bring the call back.
 */
export type ForgetProblem = 'SHARED_CACHE_UNREACHABLE' | 'SHARED_CACHE_REFUSED' | 'NOT_REPLICATED';

/** Replaces the trace by a tombstone with the time of Redis, and returns how many replicas the server has. */
const PUT_TOMBSTONE = `${REDIS_NOW}
local replicas = string.match(redis.call('info', 'replication'), 'connected_slaves:(%d+)')
redis.call('set', KEYS[1], string.format('tombstone %.0f 0 0\\n', redis_now), 'PX', ARGV[1])
return tonumber(replicas or 0)`;

/** Extra time for opening the connection that waits for replicas. Unit: ms. */
const CONNECT_MS = 1_000;

/**
 * Returns the function that forgets calls in Redis and in the other gateways. `connect` opens a separate connection for
 * WAIT, which blocks. `timeoutMs`: limit for the acknowledgement of a replica.
 */
export function createForget(context: RedisContext, connect: () => RedisClient, timeoutMs: number) {
  const { redis, breaker, channel, names } = context;
  return forget;

  /**
   * Null once each tombstone and message is in Redis, and a replica, where there is one, has acknowledged the tombstone;
   * otherwise the worst problem. Never rejects.
   */
  async function forget(keys: readonly TraceKey[]): Promise<ForgetProblem | null> {
    const put = (key: TraceKey) => redis.eval(PUT_TOMBSTONE, 1, names.trace(key), TOMBSTONE_TTL_MS);
    const written = await Promise.all(keys.map((key) => breaker.attempt('forget', () => put(key))));
    const announced = await Promise.all(keys.map((key) => channel.invalidate(traceKeyText(key))));
    const failures = [...written, ...announced].map(({ failure }) => failure);
    if (failures.includes('lost')) return 'SHARED_CACHE_UNREACHABLE';
    if (failures.includes('refused')) return 'SHARED_CACHE_REFUSED';
    const replicated = keys.filter((_, index) => Number(written[index]?.value) > 0);
    return replicated.length === 0 || (await areAcknowledged(replicated)) ? null : 'NOT_REPLICATED';
  }

  /** Whether a replica has each tombstone. */
  async function areAcknowledged(keys: readonly TraceKey[]): Promise<boolean> {
    const connection = connect();
    // WAIT covers the writes of its own connection. This write reaches replicas after the tombstone. In a Cluster it also
    // selects the master of the key.
    const renewAndWait = (key: TraceKey) =>
      connection.pipeline().pexpire(names.trace(key), TOMBSTONE_TTL_MS).wait(1, timeoutMs).exec();
    try {
      const replies = await inTime(Promise.all(keys.map(renewAndWait)), timeoutMs + CONNECT_MS);
      return replies.every((reply) => reply?.[0]?.[1] === 1 && Number(reply[1]?.[1]) >= 1);
    } catch {
      return false;
    } finally {
      connection.disconnect();
    }
  }
}
