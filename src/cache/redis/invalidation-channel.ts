import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { Invalidations } from '../invalidations.js';
import type { RedisCircuitBreaker, RedisOutcome } from './circuit-breaker.js';
import type { RedisClient } from './connection.js';
import type { RedisNames } from './names.js';

/**
 * The messages between the gateways of one Redis, in a stream: each entry has a `kind`, a `key` and its sender (`by`).
 * `invalidate`: a key was forgotten or refreshed. `done`: a lease has ended, so gateways that wait for it read again.
 */
export type InvalidationChannel = ReturnType<typeof createInvalidationChannel>;

/** Longest pause between two reads. Unit: ms. */
const POLL_MS = 1_000;
/** A gateway that could not read for this long (subscription lost) empties its memory. Unit: ms. */
const MAX_SILENCE_MS = 5_000;
/** Approximate length of the stream. */
const MAX_ENTRIES = 10_000;
/**
 * Entries per read, so that a backlog is read in several short commands: Redis copies what it reads, and a read that takes
 * longer than a command may would be repeated forever.
 */
const READ_COUNT = 20;
/** The position before the first entry. */
const START = '0-0';

/**
 * Reads from a position: a server, and the last entry read from it, which must still exist. If it does not, or another
 * server has taken over, which may lack entries, messages may have been missed: the reply is 1 and the newest entry. Entries
 * that are too long to be ours are emptied.
 */
const READ = `
local server = string.match(redis.call('info', 'replication'), 'master_replid:(%w+)') or ''
local entries = redis.call('xrange', KEYS[1], ARGV[2], '+', 'COUNT', ${READ_COUNT})
for _, entry in ipairs(entries) do if #table.concat(entry[2]) > 1000 then entry[2] = {} end end
local is_there = ARGV[2] == '${START}' or entries[1] and entries[1][1] == ARGV[2]
if server == ARGV[1] and is_there then return {server, 0, entries} end
return {server, 1, redis.call('xrevrange', KEYS[1], '+', '-', 'COUNT', 1)}`;

type ReadReply = [server: string, mayHaveMissed: 0 | 1, entries: [id: string, fields: string[]][]];

/** What the channel sends its commands with. */
interface ChannelDependencies {
  readonly redis: RedisClient;
  readonly breaker: RedisCircuitBreaker;
  readonly names: RedisNames;
}

/**
 * Returns this gateway's end of the channel. `connect` opens a separate connection for a blocking command. `monotonic` in
 * ms.
 */
export function createInvalidationChannel(
  { redis, breaker, names }: ChannelDependencies,
  connect: () => RedisClient,
  invalidations: Pick<Invalidations, 'invalidate' | 'invalidateAll'>,
  monotonic: () => number,
) {
  const stream = names.invalidations;
  const self = randomUUID();
  /** Emits an event for each entry about a key. The prefix prevents names that the emitter reserves, such as `error`. */
  const messages = new EventEmitter().setMaxListeners(0);
  const eventOf = (keyText: string): string => `key ${keyText}`;
  let place = { server: 'none yet', id: START };
  let readAt = monotonic();
  /** Whether memory was emptied because the subscription is lost. */
  let isEmptied = false;
  let isClosed = false;
  /** Ends the wait for the next read. */
  let wake = (): void => undefined;
  let listener: RedisClient | undefined;
  redis.on('ready', () => {
    listener?.disconnect(); // so that it connects to the same server as the main connection
    listener = connect();
    wake();
  });
  const poll = setInterval(() => wake(), POLL_MS).unref();
  void listen();

  return {
    /** Tells the other gateways to drop a key from memory. Never rejects. */
    invalidate: (keyText: string) => send('invalidate', keyText),
    /** Wakes the gateways that wait for a key. Never rejects. */
    done: (keyText: string) => send('done', keyText),
    /** Resolves at the next entry about a key, or after the timeout. */
    nextMessage: (keyText: string, timeoutMs: number) =>
      new Promise<void>((resolve) => {
        const end = (): void => {
          clearTimeout(timer);
          messages.off(eventOf(keyText), end);
          resolve();
        };
        const timer = setTimeout(end, timeoutMs);
        messages.on(eventOf(keyText), end);
      }),
    close(): void {
      isClosed = true;
      clearInterval(poll);
      listener?.disconnect();
      wake();
    },
  };

  function send(kind: string, keyText: string): Promise<RedisOutcome<unknown>> {
    const entry = ['kind', kind, 'key', keyText, 'by', self];
    return breaker.attempt('tell', () => redis.xadd(stream, 'MAXLEN', '~', MAX_ENTRIES, '*', ...entry));
  }

  async function listen(): Promise<void> {
    while (!isClosed) {
      const reply = await breaker.run('listen', () => redis.eval(READ, 1, stream, place.server, place.id));
      if (reply && apply(reply as ReadReply)) continue;
      if (!reply) checkSilence();
      await new Promise<void>((resolve) => {
        wake = resolve;
        // A blocking read that only signals new entries. If it fails, the next poll reads them.
        if (reply)
          listener?.xread('COUNT', 1, 'BLOCK', POLL_MS, 'STREAMS', stream, place.id).then(wake, () => undefined);
      });
    }
  }

  /** Applies a reply. Returns whether there may be more entries to read at once. */
  function apply([server, mayHaveMissed, entries]: ReadReply): boolean {
    const { id: lastId } = place;
    place = { server, id: entries.at(-1)?.[0] ?? START };
    readAt = monotonic();
    isEmptied = false;
    if (mayHaveMissed) invalidations.invalidateAll();
    else for (const [id, fields] of entries) if (id !== lastId) receive(fields);
    return entries.length === READ_COUNT;
  }

  /** Empties the memory if nothing was read for too long; again and again while Redis is up, because messages may pass unread. */
  function checkSilence(): void {
    if (monotonic() - readAt < MAX_SILENCE_MS || (isEmptied && breaker.state === 'down')) return;
    isEmptied = true;
    invalidations.invalidateAll();
  }

  function receive([, kind, , keyText, , sender]: string[]): void {
    if (keyText === undefined) return;
    if (kind === 'invalidate' && sender !== self) invalidations.invalidate(keyText);
    messages.emit(eventOf(keyText));
  }
}
