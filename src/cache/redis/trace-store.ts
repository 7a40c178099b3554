import { randomUUID } from 'node:crypto';
import { traceKeyText, type TraceKey } from '../../call/key.js';
import type { CallTrace } from '../../call/trace.js';
import type { RedisContext } from './context.js';
import { decodeTrace, encodeTrace } from './value.js';
import { REDIS_NOW, WRITE } from './write-script.js';

/** Traces in Redis, and the leases by which gateways agree who asks the upstream. Whatever Redis does, nothing rejects. */
export type TraceStore = ReturnType<typeof createTraceStore>;

/** No lease is renewed for longer, whatever its holder waits for. Unit: ms. */
const MAX_LEASE_MS = 30_000;

/** A lease that lapses later than ours do, or never, is not believed: from now on it lapses like ours. */
const TAKE = `${REDIS_NOW}
if redis.call('set', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return {1, redis_now} end
local left = redis.call('pttl', KEYS[1])
if left < 0 or left > tonumber(ARGV[2]) then redis.call('pexpire', KEYS[1], ARGV[2]) end
return {0, redis_now}`;
/** Renews a lease, or ends it: in 0 ms. Only the holder may: it may have lapsed and be another's by now. */
const RENEW = `if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('pexpire', KEYS[1], ARGV[2]) end`;

/** ioredis has it, but not in its types; `callBuffer`, which is typed, loses the command where commands are pipelined (6.0.0). */
interface WithEvalBuffer {
  evalBuffer(script: string, keys: number, ...args: readonly (string | Buffer | number)[]): Promise<Buffer | null>;
}

/** Returns the store. */
export function createTraceStore(context: RedisContext) {
  const { redis, breaker, channel, encryption, names, lifeOf, now, clock, leaseMs } = context;
  return {
    /** The trace held under a key, fresh or not; null if there is none, none that can be read, or Redis is away. */
    read: async (key: TraceKey) => decode(key, await breaker.run('read', () => readValue(key))),
    write,
    lease,
    /** A lease whose holder has died lapses within this. Unit: ms. */
    leaseMs,
    /** Resolves when something may have changed about a key, or after the time. */
    nextMessage: (key: TraceKey, timeoutMs: number) => channel.nextMessage(traceKeyText(key), timeoutMs),
    /** Tells the other gateways that a newer trace lies in Redis than they may hold. */
    announceRefresh: (key: TraceKey) => channel.invalidate(traceKeyText(key)),
  };

  /**
   * Writes a trace, unless the one that lies there counts for more; that is what it returns. Null: it was written, or
   * could not be, or the key was forgotten after `begunAt`: when it began to be asked for, by the clock of Redis; 0 if that
   * is not known.
   */
  async function write(trace: CallTrace, begunAt = 0): Promise<CallTrace | null> {
    const { key } = trace;
    const life = lifeOf(trace);
    const ttlMs = Math.ceil(life.keepUntil - now());
    if (ttlMs <= 0) return null;
    const name = names.trace(key);
    const value = encodeTrace(trace, life, name, encryption);
    const writeOver = (unreadable: Buffer | string): Promise<Buffer | null | undefined> =>
      breaker.run('write', () => {
        const args = [value, ttlMs, now(), begunAt, unreadable];
        return (redis as unknown as WithEvalBuffer).evalBuffer(WRITE, 1, name, ...args);
      });
    const held = await writeOver('');
    // Its head may be sound although it cannot be read.
    return held ? (decode(key, held) ?? decode(key, await writeOver(held))) : null;
  }

  /**
   * Tries to get the right to ask for a key while the others wait, renewed until it is released, for 30 s at most; it
   * lapses with its holder. `release` gives it back and wakes whoever waits; null: another gateway has it. `held` is what
   * is read in the same round trip, `at` when that was, by the clock of Redis. Undefined: Redis is away.
   */
  async function lease(key: TraceKey) {
    const name = names.lease(key);
    const token = randomUUID();
    let taking: Promise<[taken: number, at: number]> | undefined;
    // In this order: a trace that was written before the lease was free is seen.
    const replies = await breaker.run('lease', () => {
      taking = redis.eval(TAKE, 1, name, token, leaseMs) as Promise<[number, number]>;
      return Promise.all([taking, readValue(key)]);
    });
    if (replies) {
      const [[taken, at], value] = replies;
      return { release: taken === 1 ? hold(key, name, token) : null, held: decode(key, value), at };
    }
    // It may still be taken, too late: nobody would hold it, and everybody wait for it.
    taking?.then(() => redis.eval(RENEW, 1, name, token, 0)).catch(() => undefined);
    return undefined;
  }

  /** Renews a lease, and returns what ends it. */
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

  /** Something else than a string is nothing: it is overwritten, whatever it is. */
  function readValue(key: TraceKey): Promise<Buffer | null> {
    return redis.getBuffer(names.trace(key)).catch((error: unknown) => {
      if (error instanceof Error && error.message.startsWith('WRONGTYPE')) return null;
      throw error;
    });
  }

  /** Null for what is no trace of this key. */
  function decode(key: TraceKey, value: Buffer | null | undefined): CallTrace | null {
    try {
      return value ? decodeTrace(value, key, names.trace(key), encryption, now()) : null;
    } catch {
      return null;
    }
  }
}
