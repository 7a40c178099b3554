import { randomUUID } from 'node:crypto';
import { keptUntil, type FreshnessRules } from '../../call/freshness.js';
import { traceKeyText, type TraceKey } from '../../call/key.js';
import type { CallTrace } from '../../call/trace.js';
import type { FoundView, ReadyView, WantedView } from '../../call/ready-view.js';
import type { RedisClient } from './connection.js';
import type { RedisGuard } from './guard.js';
import type { News, NewsKind } from './news.js';
import { createReader, readOne } from './reader.js';
import { addView, findView } from './ready-value.js';
import type { Seal } from './seal.js';
import { decodeTrace, encodeTrace } from './value.js';

/** Traces in Redis, and the leases by which gateways agree who asks the upstream. */
export interface TraceStore {
  /** The trace held under a key, fresh or not; null if there is none, or none that can be read. */
  read(key: TraceKey): Promise<CallTrace | null>;
  /** The views that lie beside traces, by the canonical text of the trace's key and their id; each null if there is none. */
  findViews(wanted: readonly WantedView[]): Promise<(FoundView | null)[]>;
  /**
   * Lays a view beside a trace that `read` or `lease` gave, unless another trace lies there by now. It is kept as long
   * as the trace.
   */
  addView(trace: CallTrace, id: string, view: ReadyView): void;
  /** Tries to become the one who asks for a key, and looks what is held by then. Undefined: Redis is away. */
  lease(key: TraceKey): Promise<LeaseReply | undefined>;
  /** Resolves when something may have changed about a key, or after the time. */
  change(key: TraceKey, timeoutMs: number): Promise<void>;
  write(trace: CallTrace): void;
  /** Tells the other gateways that a newer trace lies in Redis than they may hold. */
  announce(key: TraceKey): void;
  /** Takes a trace away, and tells the other gateways. False if Redis could not be told. */
  forget(key: TraceKey): Promise<boolean>;
}

export interface LeaseReply {
  readonly held: CallTrace | null;
  /** Null if another gateway has the lease. */
  readonly lease: Lease | null;
}

/** The right to ask for a key while the others wait. It is kept up until it is returned, and lapses with its holder. */
export interface Lease {
  /** Gives it back and says how it went. */
  end(outcome: NewsKind): void;
}

export interface TraceStoreOptions {
  readonly redis: RedisClient;
  readonly guard: RedisGuard;
  readonly news: News;
  readonly seal: Seal;
  readonly keyPrefix: string;
  readonly freshness: FreshnessRules;
  /** A holder that dies holds up the others no longer than this. Unit: ms. */
  readonly leaseMs: number;
  /** Unit: ms since 1970-01-01 UTC. */
  readonly now: () => number;
}

/** A lease that never lapses is not one of ours: from now on it does, so that nobody waits for it longer than for ours. */
const TAKE = `if redis.call('set', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return 1 end
if redis.call('pttl', KEYS[1]) == -1 then redis.call('pexpire', KEYS[1], ARGV[2]) end
return 0`;
/** Only the holder may renew or end a lease: it may have lapsed and be another's by now. */
const RENEW = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) end return 0`;
const END = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0`;

/** What lies there may have been renewed or forgotten meanwhile: then it stays as it is. */
const REPLACE = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('set', KEYS[1], ARGV[2], 'PX', ARGV[3]) end return 0`;

/** Returns the store. Whatever Redis does, its promises resolve. */
export function createTraceStore(options: TraceStoreOptions): TraceStore {
  const { redis, guard, news, seal, keyPrefix, freshness, leaseMs, now } = options;

  const readValues = createReader(redis, guard);
  /** The values that traces were read from. */
  const readFrom = new WeakMap<CallTrace, Buffer>();

  return {
    async read(key) {
      const bytes = await guard.run('read', () => readOne(redis, nameOf(key)));
      return bytes ? unpack(bytes, key) : null;
    },

    async findViews(wanted) {
      const names = wanted.map(({ keyText }) => nameOfText(keyText));
      const values = await readValues(names);
      return wanted.map(({ keyText, id }, index) => {
        const bytes = values[index];
        const opened = bytes && seal.open(bytes, names[index] ?? '');
        return opened ? findView(opened, keyText, id) : null;
      });
    },

    addView(trace, id, view) {
      const name = nameOf(trace.key);
      const held = readFrom.get(trace);
      const opened = held && seal.open(held, name);
      const ttlMs = keptUntil(trace, freshness) - now();
      if (!opened || ttlMs <= 0) return;
      const { key, fetchedAt } = trace;
      const value = addView(opened, { keyText: traceKeyText(key), fetchedAt }, id, view);
      if (value) void guard.run('add', () => redis.eval(REPLACE, 1, name, held, seal.close(value, name), ttlMs));
    },

    async lease(key) {
      const name = leaseNameOf(key);
      const token = randomUUID();
      // One round trip, in this order: a trace written before the lease was free is seen.
      let taking: Promise<unknown> | undefined;
      const replies = await guard.run('lease', () => {
        taking = redis.eval(TAKE, 1, name, token, leaseMs);
        return Promise.all([taking, readOne(redis, nameOf(key))]);
      });
      if (!replies) {
        // It may still be taken, too late: nobody would hold it, and everybody wait for it.
        taking?.then(() => redis.eval(END, 1, name, token)).catch(() => undefined);
        return undefined;
      }
      const [taken, bytes] = replies;
      return { held: bytes && unpack(bytes, key), lease: taken === 1 ? holdLease(key, name, token) : null };
    },

    change: (key, timeoutMs) => news.next(traceKeyText(key), timeoutMs),

    write(trace) {
      const ttlMs = keptUntil(trace, freshness) - now();
      if (ttlMs <= 0) return;
      const name = nameOf(trace.key);
      void guard.run('write', () => redis.set(name, seal.close(encodeTrace(trace), name), 'PX', ttlMs));
    },

    announce: (key) => void guard.run('announce', () => news.publish('renewed', traceKeyText(key))),

    async forget(key) {
      const done = await guard.run('forget', () =>
        Promise.all([redis.del(nameOf(key)), news.publish('forgot', traceKeyText(key))]),
      );
      return done !== undefined;
    },
  };

  function holdLease(key: TraceKey, name: string, token: string): Lease {
    const renew = (): Promise<unknown> => redis.eval(RENEW, 1, name, token, leaseMs);
    const renewal = setInterval(() => void guard.run('renew', renew), leaseMs / 3);
    renewal.unref();
    return {
      end(outcome) {
        clearInterval(renewal);
        void guard.run('end', () =>
          Promise.all([redis.eval(END, 1, name, token), news.publish(outcome, traceKeyText(key))]),
        );
      },
    };
  }

  function unpack(bytes: Buffer, key: TraceKey): CallTrace | null {
    const opened = seal.open(bytes, nameOf(key));
    const trace = opened && decodeTrace(opened, key);
    if (trace) readFrom.set(trace, bytes);
    return trace;
  }

  function nameOf(key: TraceKey): string {
    return nameOfText(traceKeyText(key));
  }

  function nameOfText(keyText: string): string {
    return `${keyPrefix}calltrace:v1:${keyText}`;
  }

  /** In a cluster a key's lease lies in the slot of the key: the braces hold all that its own slot is made from. */
  function leaseNameOf(key: TraceKey): string {
    return `${keyPrefix}calltrace:lease:{${nameOf(key)}}`;
  }
}
