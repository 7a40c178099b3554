import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { parseCredentials, parseRedisUrl } from './address.js';

/** A connection to Redis in any of its forms. */
export type RedisClient = Redis | Cluster;

export interface RedisConnectionOptions {
  /** See `parseRedisUrl`. */
  readonly url: string;
  /** Certificates (PEM) of a private authority, for TLS. */
  readonly ca?: string | undefined;
  /** User and password of the sentinels, where they differ from those of Redis: `user:password`. */
  readonly sentinelAuth?: string | undefined;
  /** RESP version: 3, or 2 for proxies that know no other. */
  readonly protocol: 2 | 3;
}

/** Longest pause between two tries to connect. Unit: ms. */
const MAX_RECONNECT_PAUSE_MS = 2_000;
/** A connection on which nothing has come for so long although something was asked is given up. Unit: ms. */
const SILENCE_MS = 5_000;

/**
 * Returns a connection that fails commands at once while there is none, and reconnects by itself for as long as it
 * lives. Commands of one tick go out together.
 */
export function connectRedis({ url, ca, sentinelAuth, protocol }: RedisConnectionOptions): RedisClient {
  const address = parseRedisUrl(url);
  if (!address) throw new TypeError('not a Redis address');
  const { form, nodes, username, password, master, db } = address;
  const tls = address.tls ? { tls: ca === undefined ? {} : { ca } } : {};
  const pause = (attempts: number): number => Math.min(MAX_RECONNECT_PAUSE_MS, 50 * 2 ** Math.min(attempts, 6));
  const common = {
    ...(username ? { username } : {}),
    ...(password ? { password } : {}),
    ...tls,
    db,
    protocol,
    connectTimeout: MAX_RECONNECT_PAUSE_MS,
    socketTimeout: SILENCE_MS,
    keepAlive: SILENCE_MS,
    enableAutoPipelining: true,
    maxRetriesPerRequest: 0,
  } satisfies RedisOptions;
  if (form === 'cluster') {
    return new Cluster([...nodes], {
      redisOptions: common,
      // A name stays a name: certificates are for names, and ioredis would ask for that of the address.
      dnsLookup: (host, done) => done(null, host),
      enableAutoPipelining: true,
      enableOfflineQueue: false,
      clusterRetryStrategy: pause,
      retryDelayOnFailover: 50,
      slotsRefreshTimeout: MAX_RECONNECT_PAUSE_MS,
      slotsRefreshInterval: 5_000,
    });
  }
  if (form === 'sentinel') {
    const sentinelUser = parseCredentials(sentinelAuth);
    return new Redis({
      ...common,
      enableOfflineQueue: false,
      retryStrategy: pause,
      sentinels: [...nodes],
      name: master,
      sentinelRetryStrategy: pause,
      sentinelCommandTimeout: MAX_RECONNECT_PAUSE_MS,
      // Without ioredis's failoverDetector: told of a failover while it connects, it ends the connection for good (6.0.0).
      ...(sentinelUser?.username ? { sentinelUsername: sentinelUser.username } : {}),
      ...(sentinelUser?.password ? { sentinelPassword: sentinelUser.password } : {}),
      ...(address.tls ? { sentinelTLS: tls.tls ?? {}, enableTLSForSentinelMode: true } : {}),
    });
  }
  const [node] = nodes;
  return new Redis({ ...common, enableOfflineQueue: false, retryStrategy: pause, ...node });
}
