import { traceKeyText, type TraceKey } from '../../call/key.js';
import type { StageDependencies } from '../dependencies.js';
import type { RedisCircuitBreaker } from './circuit-breaker.js';
import type { RedisClient } from './connection.js';
import type { Encryption } from './encryption.js';
import type { InvalidationChannel } from './invalidation-channel.js';

/** What every part that keeps something in Redis works with. */
export interface RedisContext extends Omit<StageDependencies, 'invalidations'> {
  readonly redis: RedisClient;
  /** Every command goes through it. */
  readonly breaker: RedisCircuitBreaker;
  readonly channel: InvalidationChannel;
  readonly encryption: Encryption;
  readonly names: ReturnType<typeof createRedisNames>;
  /** A gateway that dies while it asks holds up the others no longer than this. Unit: ms. */
  readonly leaseMs: number;
}

/**
 * Returns the names, under a prefix, of everything the gateways keep in Redis. The version is raised when the meaning of a
 * value or a message changes: gateways of two versions can share one Redis, and neither reads what the other writes.
 */
export function createRedisNames(keyPrefix: string) {
  const traces = `${keyPrefix}calltrace:v2:`;
  return {
    /** The trace of a key, or the tombstone in its place. */
    trace: (key: TraceKey) => traces + traceKeyText(key),
    /** The lease of a key. In a Cluster it lies in the slot of the trace: the braces hold the whole name of that. */
    lease: (key: TraceKey) => `${keyPrefix}calltrace:lease:{${traces}${traceKeyText(key)}}`,
    persistedQuery: (name: string) => `${keyPrefix}calltrace:${name}`,
    /** The stream of the invalidation messages. */
    invalidations: `${traces}invalidations`,
  };
}
