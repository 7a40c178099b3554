import { randomUUID } from 'node:crypto';
import { traceKeyText, type TraceKey } from '../../call/key.js';
import type { CallTrace } from '../../call/trace.js';
import type { Span } from '../../tracing/span.js';
import type { TracedCommand } from './command-spans.js';
import type { RedisContext } from './context.js';
import { decodeTrace, encodeTrace } from './value.js';
import { REDIS_NOW, WRITE } from './write-script.js';

/** The traces in Redis, and the leases that choose the gateway that asks the upstream. No function rejects. */
export type TraceStore = ReturnType<typeof createTraceStore>;

/** Longest time for which a lease is renewed. Unit: ms. */
const MAX_LEASE_MS = 30_000;

/** Acquires a lease. A lease that expires later than ours do, or never, is shortened to the duration of ours. */
const TAKE = `${REDIS_NOW}
if redis.call('set', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return {1, redis_now} end
local left = redis.call('pttl', KEYS[1])
if left < 0 or left > tonumber(ARGV[2]) then redis.call('pexpire', KEYS[1], ARGV[2]) end
return {0, redis_now}`;
/** Renews a lease, or ends it (0 ms), if the caller still holds it. */
const RENEW = `if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('pexpire', KEYS[1], ARGV[2]) end`;

/** ioredis has it, but not in its types; `callBuffer`, which is typed, loses the command where commands are pipelined (6.0.0). */
interface WithEvalBuffer {
  evalBuffer(script: string, keys: number, ...args: readonly (string | Buffer | number)[]): Promise<Buffer | null>;
}

/** Returns the store. */
export function createTraceStore(context: RedisContext) {
  const { redis, breaker, commandSpans, channel, encryption, names, lifeOf, now, clock, leaseMs } = context;
  return {
    /** Returns the trace of a key, fresh or not; null if there is none, it cannot be read, or Redis is unreachable. */
    read: async (key: TraceKey, span?: Span) => decode(key, await run('read', () => readValue(key), span)),
    write,
    lease,
    /** A lease whose holder has died expires within this time. Unit: ms. */
    leaseMs,
    /** Resolves at the next message about a key, or after the timeout. */
    nextMessage: (key: TraceKey, timeoutMs: number) => channel.nextMessage(traceKeyText(key), timeoutMs),
    /** Tells the other gateways that Redis has a newer trace. */
    announceRefresh: (key: TraceKey) => channel.invalidate(traceKeyText(key)),
  };

  /** Runs a command, within a span of its own if its request is traced. Undefined if it failed. */
  async function run<T>(kind: TracedCommand, command: () => Promise<T>, span?: Span): Promise<T | undefined> {
    if (!span) return breaker.run(kind, command);
    return (await commandSpans(kind, span, () => breaker.attempt(kind, command))).value;
  }

  /**
   * Writes a trace, unless the one in Redis is newer: then that is returned. Null: it was written, or the write failed, or
   * the key was forgotten after `beganAt`, when the request for the trace began by the clock of Redis (0: unknown).
   */
  async function write(trace: CallTrace, beganAt = 0, span?: Span): Promise<CallTrace | null> {
    const { key } = trace;
    const life = lifeOf(trace);
    const ttlMs = Math.ceil(life.keepUntil - now());
    if (ttlMs <= 0) return null;
    const name = names.trace(key);
    const value = encodeTrace(trace, life, name, encryption);
    const writeOver = (unreadable: Buffer | string): Promise<Buffer | null | undefined> =>
      run(
        'write',
        () => {
          const args = [value, ttlMs, now(), beganAt, unreadable];
          return (redis as unknown as WithEvalBuffer).evalBuffer(WRITE, 1, name, ...args);
        },
        span,
      );
    const cached = await writeOver('');
    // An unreadable value may have a valid head: it is overwritten explicitly.
    return cached ? (decode(key, cached) ?? decode(key, await writeOver(cached))) : null;
  }

  /**
   * Tries to acquire the lease of a key. It is renewed until its release, for 30 s at most, and expires if its holder dies.
   * `release` ends it and wakes the waiting gateways; null: another gateway has it. `cached` is the trace read in the same
   * round trip, and `at` the time of that by the clock of Redis. Undefined: Redis is unreachable.
   */
  async function lease(key: TraceKey, span?: Span) {
    const name = names.lease(key);
    const token = randomUUID();
    let taking: Promise<[taken: number, at: number]> | undefined;
    // In this order, so that a trace written before the lease became free is read.
    const replies = await run(
      'lease',
      () => {
        taking = redis.eval(TAKE, 1, name, token, leaseMs) as Promise<[number, number]>;
        return Promise.all([taking, readValue(key)]);
      },
      span,
    );
    if (replies) {
      const [[taken, at], value] = replies;
      return { release: taken === 1 ? hold(key, name, token) : null, cached: decode(key, value), at };
    }
    // The command may still succeed later: then nobody would hold the lease, and all would wait for it.
    taking?.then(() => redis.eval(RENEW, 1, name, token, 0)).catch(() => undefined);
    return undefined;
  }

  /** Keeps renewing a lease. Returns the function that ends it. */
  function hold(key: TraceKey, name: string, token: string): () => void {
    const takenAt = clock.monotonic();
    const renewal = setInterval(() => {
      if (clock.monotonic() - takenAt >= MAX_LEASE_MS) return clearInterval(renewal);
      void breaker.run('renew', () => redis.eval(RENEW, 1, name, token, leaseMs));
    }, leaseMs / 3).unref();
    return () => {
      clearInterval(renewal);
      void breaker.run('end', () => redis.eval(RENEW, 1, name, token, 0)).then(() => channel.done(traceKeyText(key)));
    };
  }

  /** Reads the value of a key. A value of another type counts as none and is overwritten. */
  function readValue(key: TraceKey): Promise<Buffer | null> {
    return redis.getBuffer(names.trace(key)).catch((error: unknown) => {
      if (error instanceof Error && error.message.startsWith('WRONGTYPE')) return null;
      throw error;
    });
  }

  /** Returns the trace in a value; null if it is no trace of this key. */
  function decode(key: TraceKey, value: Buffer | null | undefined): CallTrace | null {
    try {
      return value ? decodeTrace(value, key, names.trace(key), encryption, now()) : null;
    } catch {
      return null;
    }
  }
}
