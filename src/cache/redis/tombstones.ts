import { traceKeyText, type TraceKey } from '../../call/key.js';
import { inTime, type RedisOutcome } from './circuit-breaker.js';
import type { RedisClient } from './connection.js';
import type { RedisContext } from './context.js';
import { REDIS_NOW, TOMBSTONE_TTL_MS } from './write-script.js';

/**
 * Why a call may not be forgotten everywhere: Redis is away, or answered with an error; or it has a replica, which has
 * not acknowledged, so that a failover may bring the call back.
 */
export type ForgetProblem = 'SHARED_CACHE_UNREACHABLE' | 'SHARED_CACHE_REFUSED' | 'NOT_REPLICATED';

/** Puts a tombstone with the time of Redis in the place of the trace, and returns how many replicas the server of that key has. */
const PUT_TOMBSTONE = `${REDIS_NOW}
local replicas = string.match(redis.call('info', 'replication'), 'connected_slaves:(%d+)')
redis.call('set', KEYS[1], string.format('tombstone %.0f 0 0\\n', redis_now), 'PX', ARGV[1])
return tonumber(replicas or 0)`;

/** The connection on which replicas are asked may have to be opened first. Unit: ms. */
const CONNECT_MS = 1_000;

/**
 * Returns what forgets calls in Redis and in the other gateways. `connect` opens, when it is first needed, a connection
 * for WAIT alone, which holds up whatever is sent behind it. `timeoutMs`: a replica has so long to acknowledge.
 */
export function createTombstones(context: RedisContext, connect: () => RedisClient, timeoutMs: number) {
  const { redis, breaker, channel, names } = context;
  let connection: RedisClient | undefined;
  return { forget, close: () => connection?.disconnect() };

  /**
   * Null once each tombstone and message is in Redis, and a replica, where there is one, has acknowledged the tombstone;
   * otherwise the worst problem. Never rejects.
   */
  async function forget(keys: readonly TraceKey[]): Promise<ForgetProblem | null> {
    const keyTexts = keys.map(traceKeyText);
    const written = await Promise.all(keyTexts.map(putTombstone));
    const outcomes = [...written];
    // One after the other: a Cluster may deliver messages of one moment in another order, as if some had been missed.
    for (const keyText of keyTexts) outcomes.push(await channel.invalidate(keyText));
    const failures = outcomes.map(({ failure }) => failure);
    if (failures.includes('lost')) return 'SHARED_CACHE_UNREACHABLE';
    if (failures.includes('refused')) return 'SHARED_CACHE_REFUSED';
    const replicated = keyTexts.filter((_, index) => Number(written[index]?.value) > 0);
    const acknowledged = await Promise.all(replicated.map(isAcknowledged));
    return acknowledged.every(Boolean) ? null : 'NOT_REPLICATED';
  }

  function putTombstone(keyText: string): Promise<RedisOutcome<unknown>> {
    return breaker.attempt('forget', () => redis.eval(PUT_TOMBSTONE, 1, names.trace(keyText), TOMBSTONE_TTL_MS));
  }

  /** Whether a replica has the tombstone. */
  async function isAcknowledged(keyText: string): Promise<boolean> {
    const used = (connection ??= connect());
    try {
      // WAIT asks about the writes of its own connection, so here is one, which replicas get behind the tombstone. In a
      // Cluster it takes both to the master of that name.
      const replies = used.pipeline().pexpire(names.trace(keyText), TOMBSTONE_TTL_MS).wait(1, timeoutMs).exec();
      const [renewed, acknowledged] = (await inTime(replies, timeoutMs + CONNECT_MS)) ?? [];
      const error = renewed?.[0] ?? acknowledged?.[0];
      if (error) throw error;
      return renewed?.[1] === 1 && Number(acknowledged?.[1]) >= 1;
    } catch {
      used.disconnect(); // it may lead to a server that is no master any more
      if (connection === used) connection = undefined;
      return false;
    }
  }
}
