import { Cluster, Redis, type RedisOptions } from 'ioredis';

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

/** A Redis address, taken apart. */
export interface RedisAddress {
  readonly form: 'single' | 'cluster' | 'sentinel';
  readonly tls: boolean;
  readonly nodes: readonly { readonly host: string; readonly port: number }[];
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** Name under which the sentinels know the master; empty in the other forms. */
  readonly master: string;
  readonly db: number;
}

const DEFAULT_PORT = { single: 6379, cluster: 6379, sentinel: 26379 };

/**
 * Takes a Redis address apart, or returns null if it is none. The forms, each with `rediss` for TLS:
 * `redis://[user:password@]host[:port][/db]`, `redis+cluster://[user:password@]host:port,host:port,…`,
 * `redis+sentinel://[user:password@]host:port,host:port,…/master[/db]`.
 */
export function parseRedisUrl(url: string): RedisAddress | null {
  const parts = /^redis(s?)(?:\+(cluster|sentinel))?:\/\/(?:([^@/]*)@)?([^/@]+)(?:\/(.*))?$/.exec(url);
  const user = credentials(parts?.[3]);
  if (!parts || !user) return null;
  const form = (parts[2] ?? 'single') as RedisAddress['form'];
  const nodes = (parts[4] ?? '').split(',').map((text) => nodeOf(text, DEFAULT_PORT[form]));
  const path = parts[5] ? parts[5].split('/') : [];
  const master = form === 'sentinel' ? (path.shift() ?? '') : '';
  const [db = '0', ...rest] = path;
  const fits =
    nodes.every((node) => node !== null) &&
    (form !== 'single' || nodes.length === 1) &&
    (form !== 'sentinel' || master !== '') &&
    (form === 'cluster' ? path.length === 0 : /^\d{1,4}$/.test(db) && rest.length === 0);
  return fits ? { form, tls: parts[1] === 's', nodes, ...user, master, db: Number(db) } : null;
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
      enableAutoPipelining: true,
      enableOfflineQueue: false,
      clusterRetryStrategy: pause,
      retryDelayOnFailover: 50,
      slotsRefreshTimeout: MAX_RECONNECT_PAUSE_MS,
      slotsRefreshInterval: 5_000,
    });
  }
  if (form === 'sentinel') {
    const sentinelUser = credentials(sentinelAuth);
    return new Redis({
      ...common,
      enableOfflineQueue: false,
      retryStrategy: pause,
      sentinels: [...nodes],
      name: master,
      sentinelRetryStrategy: pause,
      sentinelCommandTimeout: MAX_RECONNECT_PAUSE_MS,
      failoverDetector: true,
      ...(sentinelUser?.username ? { sentinelUsername: sentinelUser.username } : {}),
      ...(sentinelUser?.password ? { sentinelPassword: sentinelUser.password } : {}),
      ...(address.tls ? { sentinelTLS: tls.tls ?? {}, enableTLSForSentinelMode: true } : {}),
    });
  }
  const [node] = nodes;
  return new Redis({ ...common, enableOfflineQueue: false, retryStrategy: pause, ...node });
}

function nodeOf(text: string, defaultPort: number): { host: string; port: number } | null {
  const parts = /^(\[[\da-f:.]+\]|[\w.-]+)(?::(\d{1,5}))?$/i.exec(text);
  const port = Number(parts?.[2] ?? defaultPort);
  return parts?.[1] && port >= 1 && port <= 65_535 ? { host: parts[1].replace(/^\[|\]$/g, ''), port } : null;
}

/** `user:password`, `:password`, or a user alone, percent-encoded; null if the encoding is none. */
function credentials(text = ''): Pick<RedisAddress, 'username' | 'password'> | null {
  const [username = '', ...password] = text.split(':');
  try {
    return {
      username: decodeURIComponent(username) || undefined,
      password: decodeURIComponent(password.join(':')) || undefined,
    };
  } catch {
    return null;
  }
}
