import { Redis } from 'ioredis';

export interface RedisConnectionOptions {
  /** `redis://[user[:password]@]host[:port][/database]`, or `rediss://` for TLS. */
  readonly url: string;
  /** A command that takes longer has failed. Unit: ms. */
  readonly commandTimeoutMs: number;
  /** Told when the connection is lost, once until it is back. */
  readonly onDown: (error: Error) => void;
  /** Told when the connection is there, the first time included. */
  readonly onUp: () => void;
}

/** Longest pause between two tries to connect. Unit: ms. */
const MAX_RECONNECT_PAUSE_MS = 2_000;

/**
 * Returns a connection that never makes anybody wait for a Redis that is away: commands fail at once while there is no
 * connection, and after the timeout while there is no reply. It reconnects by itself for as long as it lives.
 */
export function connectRedis({ url, commandTimeoutMs, onDown, onUp }: RedisConnectionOptions): Redis {
  const redis = new Redis(url, {
    commandTimeout: commandTimeoutMs,
    connectTimeout: MAX_RECONNECT_PAUSE_MS,
    enableAutoPipelining: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempts) => Math.min(MAX_RECONNECT_PAUSE_MS, 50 * 2 ** Math.min(attempts, 10)),
  });
  let down = false;
  const lost = (error: Error): void => {
    if (!down) onDown(error);
    down = true;
  };
  redis.on('error', lost);
  redis.on('close', () => lost(new Error('the connection to Redis was closed')));
  redis.on('ready', () => {
    down = false;
    onUp();
  });
  return redis;
}
