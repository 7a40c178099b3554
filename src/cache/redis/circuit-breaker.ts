import { Cluster } from 'ioredis';
import type { RedisClient } from './connection.js';

/** How a command failed: `lost`, Redis was away or too slow; `refused`, it answered with an error. */
export type RedisFailure = 'lost' | 'refused';

/** What commands are for. Redis may refuse those of one kind and take the others. */
export const REDIS_COMMANDS = [
  'read',
  'write',
  'lease',
  'renew',
  'end',
  'tell',
  'listen',
  'forget',
  'read_persisted_query',
  'write_persisted_query',
  /** Of the rate limit. */
  'points',
] as const;

/** One of `REDIS_COMMANDS`. */
export type RedisCommand = (typeof REDIS_COMMANDS)[number];

/** What became of a command. */
export interface RedisOutcome<T> {
  readonly value?: T;
  readonly failure?: RedisFailure;
}

/** Stands between the gateway and Redis, so that Redis can delay one request once, and none while it is away. */
export type RedisCircuitBreaker = ReturnType<typeof createCircuitBreaker>;

/** Whom the circuit breaker tells. */
export interface RedisListeners {
  /** Gets one line at each change: Redis is away, answers again, refuses commands, takes them again. */
  readonly log: { info(text: string): void; warn(fields: object, text: string): void };
  /** Told of every command that failed. */
  readonly onFailure?: ((kind: RedisFailure) => void) | undefined;
  /** Told of every command that was sent, failed or not, once it is over. Unit: seconds. */
  readonly onCommand?: ((kind: RedisCommand, seconds: number) => void) | undefined;
}

/** Pauses between two probes. Unit: ms. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;
/** The address may be a replica's for good, and each reconnection takes it away for a moment. Unit: ms. */
const RECONNECT_PAUSE_MS = 5_000;

/** Error replies of a node that can serve nothing: as good as away. */
const AWAY = /^(CLUSTERDOWN|MASTERDOWN|LOADING)\b/;
/** A Cluster passes the key from one node to another, and ioredis has followed in vain. A miss, no more. */
const MOVING = /^(MOVED|ASK|TRYAGAIN)\b/;
/** The connection leads to a replica. Before Redis 7 the error of a script holds that of its command in the middle. */
const READ_ONLY = /\bREADONLY\b/;

/**
 * Returns the circuit breaker of a connection, which takes Redis for away, without a line, until it is connected.
 * `timeoutMs`: a command slower than this has failed.
 */
export function createCircuitBreaker(redis: RedisClient, timeoutMs: number, listeners: RedisListeners) {
  const { log, onFailure, onCommand } = listeners;
  let state: 'connecting' | 'up' | 'away' | 'closed' = 'connecting';
  const isUp = (): boolean => state === 'up';
  let mayReconnect = true;
  let probe: NodeJS.Timeout | undefined;
  /** The kinds of commands that Redis refuses. */
  const refused = new Set<RedisCommand>();
  redis.on('ready', up);
  redis.on('error', down);
  redis.on('close', () => {
    if (isUp()) down(new Error('the connection to Redis was closed'));
  });
  return {
    get state() {
      return isUp() ? ('up' as const) : ('down' as const);
    },
    attempt,
    /** What the command returns; undefined if it failed. The rest as with `attempt`. */
    run: async <T>(kind: RedisCommand, command: () => Promise<T>) => (await attempt(kind, command)).value,
    close() {
      state = 'closed';
      clearTimeout(probe);
    },
  };

  /** Runs a command, unless Redis is away. Never rejects. */
  async function attempt<T>(kind: RedisCommand, command: () => Promise<T>): Promise<RedisOutcome<T>> {
    if (!isUp()) return { failure: 'lost' };
    const sentAt = performance.now();
    try {
      const value = await inTime(command(), timeoutMs);
      if (refused.delete(kind) && refused.size === 0) log.info('Redis takes commands again');
      return { value };
    } catch (thrown) {
      const error = thrown as Error;
      const failure = error.name === 'ReplyError' && !AWAY.test(error.message) ? 'refused' : 'lost';
      onFailure?.(failure);
      if (failure === 'lost' && isUp()) down(error);
      if (failure === 'refused' && !MOVING.test(error.message)) refuse(kind, error);
      return { failure };
    } finally {
      onCommand?.(kind, (performance.now() - sentAt) / 1000);
    }
  }

  function refuse(kind: RedisCommand, error: Error): void {
    if (refused.size === 0) log.warn(describe(error), 'Redis refuses commands: what it refuses is done without it');
    refused.add(kind);
    if (!READ_ONLY.test(error.message) || !mayReconnect || !isUp()) return;
    mayReconnect = false;
    setTimeout(() => (mayReconnect = true), RECONNECT_PAUSE_MS).unref();
    state = 'connecting';
    redis.disconnect(true);
  }

  function up(): void {
    if (state === 'closed') return;
    if (state === 'away') log.info('Redis answers again');
    state = 'up';
    clearTimeout(probe);
  }

  function down(error: Error): void {
    if (state === 'away' || state === 'closed') return;
    state = 'away';
    log.warn(describe(error), 'Redis is away: answers come from memory and the contact centre');
    probeAfter(FIRST_PAUSE_MS);
  }

  function probeAfter(pauseMs: number): void {
    clearTimeout(probe);
    probe = setTimeout(() => {
      inTime(ping(redis), timeoutMs).then(up, () => {
        if (state === 'away') probeAfter(Math.min(LONGEST_PAUSE_MS, pauseMs * 2));
      });
    }, pauseMs).unref();
  }
}

/** A sign of life; of a Cluster, of every master that serves keys: without one of them it would fail again and again. */
async function ping(redis: RedisClient): Promise<unknown> {
  if (!(redis instanceof Cluster)) return redis.ping();
  const connected = new Map(redis.nodes('master').map((node) => [`${node.options.host}:${node.options.port}`, node]));
  const serving = new Set(redis.slots.map(([master = '']) => master));
  return Promise.all(
    [...serving].map((master) => {
      const node = connected.get(master);
      if (!node) throw new Error('a part of the Cluster is away');
      return node.ping();
    }),
  );
}

/**
 * What may be said of an error in the log. Errors of ioredis carry the command they are about, and Redis repeats one that
 * it does not know: passwords, and whole traces.
 */
function describe(error: Error): { err: { type: string; message: string } } {
  const { code } = error as NodeJS.ErrnoException; // stands alone where several addresses of a host were tried
  const [message] = error.message.split(', with args', 1);
  return { err: { type: error.name, message: message || (code ?? '') } };
}

/** A wait is counted in so many parts, each at least a turn of the event loop. */
const PARTS = 5;

/**
 * Rejects after the time, of which a turn that kept this process busy counts as one part at most: while it was busy,
 * commands were not sent, and replies not looked at.
 */
export function inTime<T>(reply: Promise<T>, timeoutMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout;
    const wait = (parts: number): void => {
      timer = setTimeout(() => {
        if (parts > 1) wait(parts - 1);
        else setImmediate(() => reject(new Error(`Redis did not answer within ${timeoutMs} ms`)));
      }, timeoutMs / PARTS);
    };
    wait(PARTS);
    reply.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
