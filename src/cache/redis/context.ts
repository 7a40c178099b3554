import type { StageDependencies } from '../dependencies.js';
import type { CommandSpans } from './command-spans.js';
import type { RedisCircuitBreaker } from './circuit-breaker.js';
import type { RedisClient } from './connection.js';
import type { Encryption } from './encryption.js';
import type { InvalidationChannel } from './invalidation-channel.js';
import type { RedisNames } from './names.js';

/** What every part that stores something in Redis needs. */
export interface RedisContext extends Omit<StageDependencies, 'invalidations'> {
  readonly redis: RedisClient;
  /** Every command goes through it. */
  readonly breaker: RedisCircuitBreaker;
  readonly commandSpans: CommandSpans;
  readonly channel: InvalidationChannel;
  readonly encryption: Encryption;
  readonly names: RedisNames;
  /** The duration of a lease: how long a gateway that dies delays the others at most. Unit: ms. */
  readonly leaseMs: number;
}
