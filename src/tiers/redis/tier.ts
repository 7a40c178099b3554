import { circuitBreaker, ConsecutiveBreaker, ExponentialBackoff, handleAll } from 'cockatiel';
import type { Redis } from 'ioredis';
import { freshUntil, type FreshnessRules } from '../../call/freshness.js';
import { traceKeyText, type TraceKey } from '../../call/key.js';
import type { CallTrace, FetchTraces } from '../../call/trace.js';
import { decodeTrace, encodeTrace } from './value.js';

export interface RedisTierOptions {
  readonly redis: Pick<Redis, 'get' | 'set'>;
  /** Before every key. Default: none. */
  readonly keyPrefix?: string | undefined;
  readonly freshness: FreshnessRules;
  /** Unit: ms since 1970-01-01 UTC. */
  readonly now: () => number;
  /** Told when commands begin to fail, once until they succeed again: Redis is then left alone for a while. */
  readonly onFailing: (error: Error) => void;
  /** Told when they succeed again. */
  readonly onRecovered: () => void;
}

/**
 * Returns a stage that shares traces with the other gateways through Redis. Keys of a batch are read in one round trip
 * (GETs that ioredis sends together, for keys of several slots too). Redis is a convenience: whatever it does, an answer
 * comes, and one failure spares the requests after it the same wait.
 */
export function withRedis(next: FetchTraces, options: RedisTierOptions): FetchTraces {
  const { redis, keyPrefix = '', freshness, now, onFailing, onRecovered } = options;
  const breaker = circuitBreaker(handleAll, {
    breaker: new ConsecutiveBreaker(1),
    halfOpenAfter: new ExponentialBackoff({ initialDelay: 250, maxDelay: 5_000 }),
  });
  breaker.onBreak((reason) => onFailing('error' in reason ? reason.error : new Error('Redis is kept out of use')));
  breaker.onReset(onRecovered);

  return async (keys, ask) => {
    const held = ask?.refresh ? keys.map(() => null) : await Promise.all(keys.map(read));
    const missing = keys.filter((_, index) => held[index] === null);
    if (missing.length === 0) return held as CallTrace[];
    const fetched = (await next(missing, ask)).values();
    return keys.map((_, index) => held[index] ?? keep(fetched.next().value ?? new Error('no answer for the key')));
  };

  async function read(key: TraceKey): Promise<CallTrace | null> {
    const text = await attempt(() => redis.get(nameOf(key)));
    const trace = typeof text === 'string' ? decodeTrace(text, key) : null;
    return trace && freshUntil(trace, freshness) > now() ? trace : null;
  }

  function keep(trace: CallTrace | Error): CallTrace | Error {
    if (trace instanceof Error) return trace;
    const ttlMs = freshUntil(trace, freshness) - now();
    if (ttlMs > 0) void attempt(() => redis.set(nameOf(trace.key), encodeTrace(trace), 'PX', ttlMs));
    return trace;
  }

  /** What the command returns, or null if it failed or Redis is being left alone. */
  async function attempt<T>(command: () => Promise<T>): Promise<T | null> {
    try {
      return await breaker.execute(command);
    } catch {
      return null;
    }
  }

  function nameOf(key: TraceKey): string {
    return `${keyPrefix}calltrace:v1:${traceKeyText(key)}`;
  }
}
