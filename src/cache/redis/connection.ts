import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { parseCredentials, parseRedisUrl } from './address.js';

/** A connection to Redis in any of its forms. */
export type RedisClient = Redis | Cluster;

/** How to connect to Redis. */
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

/** Longest pause between two connection attempts, and longest attempt. Unit: ms. */
const CONNECT_MS = 2_000;
/** A connection without replies for this long is closed. Unit: ms. */
const SILENCE_MS = 5_000;

/**
 * Returns a connection that fails commands at once while disconnected, and reconnects until it is closed. Commands of one
 * tick share a round trip. `onDemand`: it connects at its first command, which waits for the connection.
 */
export function connectRedis(options: RedisConnectionOptions, onDemand = false): RedisClient {
  const client = createClient(options, onDemand);
  client.on('error', (error: Error & { command?: { name?: string } }) => {
    // ioredis would continue in database 0, which other programs may use.
    if (error.command?.name === 'select') client.disconnect(true);
  });
  return client;
}

function createClient({ url, ca, sentinelAuth, protocol }: RedisConnectionOptions, onDemand: boolean): RedisClient {
  const address = parseRedisUrl(url);
  if (!address) throw new TypeError('not a Redis address');
  const nodes = [...address.nodes];
  const tls = address.tls ? { ca } : undefined;
  const pause = (attempts: number): number => Math.min(CONNECT_MS, 50 * 2 ** Math.min(attempts, 6));
  const ofClient = { lazyConnect: onDemand, enableOfflineQueue: onDemand };
  const ofConnection = {
    username: address.username,
    password: address.password,
    tls,
    db: address.db,
    protocol,
    connectTimeout: CONNECT_MS,
    socketTimeout: SILENCE_MS,
    keepAlive: SILENCE_MS,
    enableAutoPipelining: true,
    maxRetriesPerRequest: 0,
  } satisfies RedisOptions;
  if (address.form === 'cluster') {
    return new Cluster(nodes, {
      ...ofClient,
      redisOptions: ofConnection,
      enableAutoPipelining: true,
      // The name is not resolved: certificates are for names, and ioredis would check the address.
      dnsLookup: (host, done) => done(null, host),
      clusterRetryStrategy: pause,
      retryDelayOnFailover: 50,
      slotsRefreshTimeout: CONNECT_MS,
      // ioredis (6.0.0) never clears the interval of a connection that is closed while it connects.
      slotsRefreshInterval: onDemand ? 0 : 5_000,
    });
  }
  const common = { ...ofConnection, ...ofClient, retryStrategy: pause };
  if (address.form === 'single') return new Redis({ ...common, ...nodes[0] });
  const sentinelUser = parseCredentials(sentinelAuth);
  return new Redis({
    ...common,
    // Without ioredis's failoverDetector: a failover while it connects would end the connection for good (6.0.0).
    sentinels: nodes,
    name: address.master,
    sentinelRetryStrategy: pause,
    sentinelCommandTimeout: CONNECT_MS,
    sentinelUsername: sentinelUser?.username,
    sentinelPassword: sentinelUser?.password,
    sentinelTLS: tls,
    enableTLSForSentinelMode: address.tls,
  });
}
