import { randomUUID } from 'node:crypto';
import { traceKeyText, type TraceKey } from '../../call/key.js';
import { rankOf, type Dated, type Life } from '../../call/life.js';
import type { CallTrace } from '../../call/trace.js';
import type { RedisContext } from './context.js';
import { decodeTrace, encodeTrace, isTombstone } from './value.js';
import { REDIS_NOW, WRITE, writeArguments } from './write-script.js';

export type { ForgetProblem } from './tombstones.js';

/** Traces in Redis, and the leases by which gateways agree who asks the upstream. Whatever Redis does, nothing rejects. */
export type TraceStore = ReturnType<typeof createTraceStore>;

/** The right to ask for a key while the others wait: renewed until it is ended, for 30 s at most. It lapses with its holder. */
export interface Lease {
  /** Gives it back and wakes whoever waits for it. */
  end(): void;
}

/** No lease is renewed for longer, whatever its holder waits for. Unit: ms. */
const MAX_LEASE_MS = 30_000;

/** A lease that lapses later than ours do, or never, is not believed: from now on it lapses like ours. */
const TAKE = `${REDIS_NOW}
if redis.call('set', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return {1, redis_now} end
local left = redis.call('pttl', KEYS[1])
if left < 0 or left > tonumber(ARGV[2]) then redis.call('pexpire', KEYS[1], ARGV[2]) end
return {0, redis_now}`;
/** Only the holder may renew or end a lease: it may have lapsed and be another's by now. */
const RENEW = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) end return 0`;
const END = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0`;

/** ioredis has it, but not in its types; `callBuffer`, which is typed, loses the command where commands are pipelined (6.0.0). */
interface WithEvalBuffer {
  evalBuffer(script: string, keys: number, ...args: readonly (string | Buffer | number)[]): Promise<Buffer | null>;
}

/** Returns the store. `lifeOf`: how long a trace holds. `monotonic` in ms. */
export function createTraceStore(context: RedisContext, lifeOf: (trace: Dated) => Life, monotonic: () => number) {
  const { redis, breaker, channel, encryption, names, now, leaseMs } = context;
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
  async function write(written: CallTrace, begunAt = 0): Promise<CallTrace | null> {
    const trace = { ...written, askedAt: Math.floor(written.askedAt) }; // values hold whole milliseconds
    const life = lifeOf(trace);
    const ttlMs = life.keepUntil - now();
    if (ttlMs <= 0) return null;
    const rank = rankOf(trace, life);
    const name = names.trace(traceKeyText(trace.key));
    const value = encodeTrace(trace, rank, name, encryption);
    const writeOver = (unreadable: Buffer): Promise<Buffer | null | undefined> =>
      breaker.run('write', () => {
        const args = writeArguments({ value, rank, ttlMs, now: now(), begunAt, unreadable });
        return (redis as unknown as WithEvalBuffer).evalBuffer(WRITE, 1, name, ...args);
      });
    const held = await writeOver(Buffer.alloc(0));
    if (!held || isTombstone(held)) return null;
    // Its head may be sound although it cannot be read.
    return decode(trace.key, held) ?? decode(trace.key, await writeOver(held));
  }

  /**
   * Tries to become the one who asks for a key (`lease` is null: another gateway is), and reads in the same round trip
   * what is held by then. `at`: when that was, by the clock of Redis. Undefined: Redis is away.
   */
  async function lease(
    key: TraceKey,
  ): Promise<{ lease: Lease | null; read: CallTrace | null; at: number } | undefined> {
    const name = names.lease(traceKeyText(key));
    const token = randomUUID();
    let taking: Promise<[taken: number, at: number]> | undefined;
    // In this order: a trace that was written before the lease was free is seen.
    const replies = await breaker.run('lease', () => {
      taking = redis.eval(TAKE, 1, name, token, leaseMs) as Promise<[number, number]>;
      return Promise.all([taking, readValue(key)]);
    });
    if (replies) {
      const [[taken, at], value] = replies;
      return { lease: taken === 1 ? hold(key, name, token) : null, read: decode(key, value), at };
    }
    // It may still be taken, too late: nobody would hold it, and everybody wait for it.
    taking?.then(() => redis.eval(END, 1, name, token)).catch(() => undefined);
    return undefined;
  }

  function hold(key: TraceKey, name: string, token: string): Lease {
    const takenAt = monotonic();
    const renewal = setInterval(() => {
      if (monotonic() - takenAt >= MAX_LEASE_MS) return clearInterval(renewal);
      void breaker.run('renew', () => redis.eval(RENEW, 1, name, token, leaseMs));
    }, leaseMs / 3).unref();
    return {
      end() {
        clearInterval(renewal);
        void breaker.run('end', () => redis.eval(END, 1, name, token)).then(() => channel.done(traceKeyText(key)));
      },
    };
  }

  /** Something else than a string is nothing: it is overwritten, whatever it is. */
  function readValue(key: TraceKey): Promise<Buffer | null> {
    return redis.getBuffer(names.trace(traceKeyText(key))).catch((error: unknown) => {
      if (error instanceof Error && error.message.startsWith('WRONGTYPE')) return null;
      throw error;
    });
  }

  function decode(key: TraceKey, value: Buffer | null | undefined): CallTrace | null {
    return value ? decodeTrace(value, { key, name: names.trace(traceKeyText(key)), encryption, now: now() }) : null;
  }
}
