import { traceKeyText, type TraceKey } from '../../call/key.js';

/** The names of all keys in Redis. */
export type RedisNames = ReturnType<typeof createRedisNames>;

/**
 * Returns the names of all keys in Redis, under a prefix. The version is raised when the meaning of a value or a message
 * changes, so that gateways of two versions can share one Redis without reading each other's values.
 */
export function createRedisNames(keyPrefix: string) {
  const traces = `${keyPrefix}calltrace:v2:`;
  return {
    /** The trace of a key, or the tombstone in its place. */
    trace: (key: TraceKey) => traces + traceKeyText(key),
    /** The lease of a key. In a Cluster it lies in the slot of the trace, whose full name stands in the braces. */
    lease: (key: TraceKey) => `${keyPrefix}calltrace:lease:{${traces}${traceKeyText(key)}}`,
    persistedQuery: (name: string) => `${keyPrefix}calltrace:${name}`,
    /** The stream of the invalidation messages. */
    invalidations: `${traces}invalidations`,
  };
}
