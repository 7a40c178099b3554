import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { createAuthority } from '../upstream/support/certificates.js';
import { eventually } from '../cache/redis/support/eventually.js';

/** A Redis server in a process of its own, on loopback, that keeps nothing on disk. */
export interface RedisServer {
  readonly host: string;
  readonly port: number;
  /** Its address for a gateway; with `user:password@` if given. */
  url(credentials?: string): string;
  /** Looks inside, past the gateway. Connects anew after every fault. */
  readonly inside: Redis;
  /** Certificate (PEM) of the authority that signed its own; undefined without TLS. */
  readonly ca: string | undefined;
  /** Ends the process at once, as a crash does. */
  kill(): Promise<void>;
  /** Starts it again on the same port, empty, with the settings it began with; nothing to do while it runs. */
  start(): Promise<void>;
  /** Stops the process in the middle of whatever it does (SIGSTOP): it is there, and does not answer. */
  pause(): void;
  resume(): void;
  close(): Promise<void>;
}

export interface RedisServerOptions {
  /** Lines of redis.conf: name and value. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Speaks TLS alone, with a certificate made for the occasion: for its address, or for this name. */
  readonly tls?: boolean | string;
  /** Watches over others instead of keeping anything. */
  readonly sentinel?: boolean;
  /** How `inside` connects. */
  readonly client?: { readonly username?: string; readonly password: string };
}

/** A Redis as the gateways of a test share it: all that they write there lies under the prefix. */
export interface SharedRedis {
  readonly url: string;
  /** Before every key and channel of this user. */
  readonly keyPrefix: string;
  readonly inside: Redis;
  close(): Promise<void>;
}

export const LOOPBACK = '127.0.0.1';

/** Starts a server; fulfils once it answers. Rejects with what it printed if it does not. */
export async function startRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  const program = process.env['TEST_REDIS_SERVER'];
  if (!program) {
    throw new Error('TEST_REDIS_SERVER is to be the path of a redis-server: run the tests by `npm test`');
  }
  const folder = mkdtempSync(join(tmpdir(), 'call-trace-redis-'));
  const port = await portForServer();
  const name = typeof options.tls === 'string' ? options.tls : undefined;
  const authority = options.tls ? createAuthority('authority of the test', name) : undefined;
  const settings: Record<string, string> = {
    bind: LOOPBACK,
    dir: folder,
    port: authority ? '0' : String(port),
    ...(authority ? { 'tls-port': String(port), ...tlsSettings(folder, authority) } : {}),
    ...(options.sentinel ? {} : { save: '""', appendonly: 'no' }),
    ...options.settings,
  };
  const file = join(folder, 'redis.conf');
  const lines = Object.entries(settings).map(([name, value]) => `${name} ${value}\n`);
  const inside = new Redis({
    host: LOOPBACK,
    port,
    lazyConnect: true,
    retryStrategy: () => 50,
    maxRetriesPerRequest: null,
    ...(authority ? { tls: { ca: authority.ca, ...(name ? { servername: name } : {}) } } : {}),
    ...options.client,
  });
  inside.on('error', () => undefined); // it is looked into while it is away, too
  let child: ChildProcess | undefined;

  const server: RedisServer = {
    host: LOOPBACK,
    port,
    url: (credentials) => `redis${authority ? 's' : ''}://${credentials ? `${credentials}@` : ''}${LOOPBACK}:${port}`,
    inside,
    ca: authority?.ca,
    async start() {
      if (child && child.exitCode === null && child.signalCode === null) return;
      writeFileSync(file, lines.join('')); // a sentinel and a node of a cluster write into theirs
      const started = spawn(program, [file, ...(options.sentinel ? ['--sentinel'] : [])], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      child = started;
      const printed: string[] = [];
      started.stdout.on('data', (chunk: Buffer) => printed.push(chunk.toString()));
      started.stderr.on('data', (chunk: Buffer) => printed.push(chunk.toString()));
      if (inside.status === 'wait') inside.connect().catch(() => undefined);
      await eventually('the server answers', () => {
        if (started.exitCode !== null) throw new Error(`Redis did not start:\n${printed.join('')}`);
        return inside.status === 'ready';
      });
    },
    async kill() {
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
    pause: () => void child?.kill('SIGSTOP'),
    resume: () => void child?.kill('SIGCONT'),
    async close() {
      inside.disconnect();
      await server.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  try {
    await server.start();
  } catch (error) {
    await server.close();
    throw error;
  }
  return server;
}

/** Starts a server to be shared by the gateways of a test. */
export async function openSharedRedis(): Promise<SharedRedis> {
  const server = await startRedis();
  const keyPrefix = `test-${randomBytes(6).toString('hex')}:`;
  return { url: server.url(), keyPrefix, inside: server.inside, close: () => server.close() };
}

/** How many gateways wait at a server for what the others tell them: nothing else that uses it may wait for anything. */
export async function countListeners({ inside }: Pick<RedisServer, 'inside'>): Promise<number> {
  return Number(/blocked_clients:(\d+)/.exec(await inside.info('clients'))?.[1]);
}

/** Ends the connections on which gateways wait for what the others tell them. */
export async function cutListeners({ inside }: Pick<RedisServer, 'inside'>): Promise<void> {
  const ids = String(await inside.call('CLIENT', 'LIST')).matchAll(/^id=(\d+).* cmd=xread /gm);
  for (const [, id] of ids) await inside.client('KILL', 'ID', Number(id));
}

/**
 * A port on which nothing listens, and neither ten thousand above it, where a node of a cluster meets the others.
 * Below those that the system gives to outgoing connections, so that it stays free while a server is down.
 */
async function portForServer(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const port = randomInt(12_000, 22_000);
    if ((await isFree(port)) && (await isFree(port + 10_000))) return port;
  }
  throw new Error('no port is free');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, LOOPBACK, () => server.close(() => resolve(true)));
  });
}

function tlsSettings(folder: string, { ca, server }: ReturnType<typeof createAuthority>): Record<string, string> {
  const files = { 'tls-ca-cert-file': ca, 'tls-cert-file': server.cert, 'tls-key-file': server.key };
  const paths = Object.entries(files).map(([name, text]) => {
    const path = join(folder, `${name}.pem`);
    writeFileSync(path, text, { mode: 0o600 });
    return [name, path];
  });
  return { ...(Object.fromEntries(paths) as Record<string, string>), 'tls-auth-clients': 'no' };
}
