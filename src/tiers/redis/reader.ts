import { Cluster } from 'ioredis';
import type { RedisClient } from './connection.js';
import type { RedisGuard } from './guard.js';

/** Reads the values under names, each null if there is none, it is no text, or Redis is away. Never rejects. */
export type ReadValues = (names: readonly string[]) => Promise<readonly (Buffer | null)[]>;

/** Names of one command: more would keep Redis from others for too long. */
const MAX_NAMES = 100;

/** One who waits for some of the values that are read together. */
interface Waiting {
  readonly from: number;
  readonly count: number;
  readonly resolve: (values: readonly (Buffer | null)[]) => void;
}

/**
 * Returns what reads values. All that are asked for in one turn of the event loop, by whatever requests, come in one
 * command (MGET) for each hundred, for a command costs this process more than a value does. In a Cluster, where one
 * command cannot ask for names of several parts, each has its own.
 */
export function createReader(redis: RedisClient, guard: RedisGuard): ReadValues {
  const inParts = redis instanceof Cluster;
  let names: string[] = [];
  let waiting: Waiting[] = [];

  return (asked) =>
    new Promise((resolve) => {
      if (waiting.push({ from: names.length, count: asked.length, resolve }) === 1) setImmediate(() => void readAll());
      names.push(...asked);
    });

  async function readAll(): Promise<void> {
    const [due, dueNames] = [waiting, names];
    waiting = [];
    names = [];
    const reads: Promise<readonly (Buffer | null)[]>[] = [];
    for (let start = 0; start < dueNames.length; start += MAX_NAMES)
      reads.push(readSome(dueNames.slice(start, start + MAX_NAMES)));
    const values = reads.length === 1 ? await (reads[0] as (typeof reads)[0]) : (await Promise.all(reads)).flat();
    for (const { from, count, resolve } of due) resolve(values.slice(from, from + count));
  }

  async function readSome(some: readonly string[]): Promise<readonly (Buffer | null)[]> {
    const values = await guard.run('read many', () => (inParts ? readEach(some) : redis.mgetBuffer(...some)));
    return values ?? some.map(() => null);
  }

  function readEach(some: readonly string[]): Promise<(Buffer | null)[]> {
    return Promise.all(some.map((name) => readOne(redis, name)));
  }
}

/** The value under one name. Something else than a value of ours is none: it is overwritten, whatever it is. */
export function readOne(redis: RedisClient, name: string): Promise<Buffer | null> {
  return redis.getBuffer(name).catch((error: unknown) => {
    if (error instanceof Error && error.message.startsWith('WRONGTYPE')) return null;
    throw error;
  });
}
