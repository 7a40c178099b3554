import { Cluster } from 'ioredis';
import type { RedisClient } from './connection.js';

/** How a command failed. `lost`: Redis was unreachable or too slow. `refused`: it answered with an error. */
export type RedisFailure = 'lost' | 'refused';

/** The purposes of commands. Redis may refuse those of one kind and accept the others. */
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
  /** For rate limits. */
  'points',
] as const;

/** One of `REDIS_COMMANDS`. */
export type RedisCommand = (typeof REDIS_COMMANDS)[number];

/** The outcome of a command. */
export interface RedisOutcome<T> {
  readonly value?: T;
  readonly failure?: RedisFailure;
}

/** The circuit breaker of Redis: an outage delays requests once, and none while the breaker is open. */
export type RedisCircuitBreaker = ReturnType<typeof createCircuitBreaker>;

/** The listeners of the circuit breaker. */
export interface RedisListeners {
  /** The log: one line at each change (unreachable, reachable again, refuses commands, accepts them again). */
  readonly log: { info(text: string): void; warn(fields: object, text: string): void };
  /** Called for every command that failed. */
  readonly onFailure?: ((kind: RedisFailure) => void) | undefined;
  /** Called for every command that was sent, failed or not, when it ends. Unit: seconds. */
  readonly onCommand?: ((kind: RedisCommand, seconds: number) => void) | undefined;
}

/** Pauses between two probes. Unit: ms. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;
/** Pause between reconnections to leave a replica: each one interrupts the connection, and the address may always be a replica's. Unit: ms. */
const RECONNECT_PAUSE_MS = 5_000;

/** Error replies of a node that can serve nothing: it counts as unreachable. */
const UNAVAILABLE = /^(CLUSTERDOWN|MASTERDOWN|LOADING)\b/;
/** A Cluster is moving the key to another node, and ioredis has given up following. It counts as a miss only. */
const RESHARDING = /^(MOVED|ASK|TRYAGAIN)\b/;
/** The connection leads to a replica. Before Redis 7 the error of a script contains the error of its command. */
const READ_ONLY = /\bREADONLY\b/;

/**
 * Returns the circuit breaker of a connection. Until the first connection it fails commands without a log line.
 * `timeoutMs`: a slower command has failed.
 */
export function createCircuitBreaker(redis: RedisClient, timeoutMs: number, listeners: RedisListeners) {
  const { log, onFailure, onCommand } = listeners;
  /** `leaving`: reconnecting, because the connection leads to a replica. */
  let state: 'connecting' | 'up' | 'leaving' | 'down' | 'stopped' = 'connecting';
  const isUp = (): boolean => state === 'up';
  const isLeaving = (): boolean => state === 'leaving';
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
    /** Runs a command as `attempt` does. Undefined if it failed. */
    run: async <T>(kind: RedisCommand, command: () => Promise<T>) => (await attempt(kind, command)).value,
    close() {
      state = 'stopped';
      clearTimeout(probe);
    },
  };

  /** Runs a command, unless the circuit is open. Never rejects. */
  async function attempt<T>(kind: RedisCommand, command: () => Promise<T>): Promise<RedisOutcome<T>> {
    if (!isUp()) return { failure: isLeaving() ? 'refused' : 'lost' };
    const sentAt = performance.now();
    try {
      const value = await inTime(command(), timeoutMs);
      if (refused.delete(kind) && refused.size === 0) log.info('Redis accepts commands again');
      return { value };
    } catch (thrown) {
      const error = thrown as Error;
      const isRefused = error.name === 'ReplyError' && !UNAVAILABLE.test(error.message);
      // While the connection of a replica is left, what it would have refused is lost with it.
      const failure = isRefused || isLeaving() ? 'refused' : 'lost';
      onFailure?.(failure);
      if (failure === 'lost' && isUp()) down(error);
      if (isRefused && !RESHARDING.test(error.message)) refuse(kind, error);
      return { failure };
    } finally {
      onCommand?.(kind, (performance.now() - sentAt) / 1000);
    }
  }

  function refuse(kind: RedisCommand, error: Error): void {
    if (refused.size === 0) log.warn(describe(error), 'Redis refuses commands: the gateway works without them');
    refused.add(kind);
    if (!READ_ONLY.test(error.message) || !mayReconnect || !isUp()) return;
    mayReconnect = false;
    setTimeout(() => (mayReconnect = true), RECONNECT_PAUSE_MS).unref();
    state = 'leaving';
    redis.disconnect(true);
  }

  function up(): void {
    if (state === 'stopped') return;
    if (state === 'down') log.info('Redis answers again');
    state = 'up';
    clearTimeout(probe);
  }

  function down(error: Error): void {
    if (state === 'down' || state === 'stopped') return;
    state = 'down';
    log.warn(describe(error), 'Redis is unreachable: answers come from memory and the contact centre');
    probeAfter(FIRST_PAUSE_MS);
  }

  function probeAfter(pauseMs: number): void {
    clearTimeout(probe);
    probe = setTimeout(() => {
      inTime(ping(redis), timeoutMs).then(up, () => {
        if (state === 'down') probeAfter(Math.min(LONGEST_PAUSE_MS, pauseMs * 2));
      });
    }, pauseMs).unref();
  }
}

/** Pings Redis; in a Cluster every master that serves keys, since commands would go on failing without one of them. */
async function ping(redis: RedisClient): Promise<unknown> {
  if (!(redis instanceof Cluster)) return redis.ping();
  const connected = new Map(redis.nodes('master').map((node) => [`${node.options.host}:${node.options.port}`, node]));
  const serving = new Set(redis.slots.map(([master = '']) => master));
  return Promise.all(
    [...serving].map((master) => {
      const node = connected.get(master);
      if (!node) throw new Error('a part of the Cluster is unreachable');
      return node.ping();
    }),
  );
}

/**
 * Returns the loggable part of an error. Errors of ioredis hold their command, and Redis repeats unknown commands: that
 * could log passwords and traces.
 */
function describe(error: Error): { err: { type: string; message: string } } {
  const { code } = error as NodeJS.ErrnoException; // the only text if several addresses of a host were tried
  const [message] = error.message.split(', with args', 1);
  return { err: { type: error.name, message: message || (code ?? '') } };
}

/** A timeout is measured in this many parts, each at least one turn of the event loop. */
const PARTS = 5;

/**
 * Rejects after the timeout. A turn of the event loop that blocked this process counts as one part at most, because blocked
 * processes neither send commands nor read replies.
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
