import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { Invalidations } from '../invalidations.js';
import type { RedisOutcome } from './circuit-breaker.js';
import type { RedisClient } from './connection.js';
import type { RedisContext } from './context.js';

/**
 * What gateways of one Redis tell each other, in a stream: each entry has a `kind`, a `key` and whom it is `by`.
 * `invalidate`: a key was forgotten, or refreshed on demand. `done`: a lease has ended, whoever waits for it looks again.
 */
export type InvalidationChannel = ReturnType<typeof createInvalidationChannel>;

/** Reads are so far apart at most. Unit: ms. */
const POLL_MS = 1_000;
/** A gateway that has read nothing for so long keeps nothing in memory. Unit: ms. */
const MAX_SILENCE_MS = 5_000;
/** About so many entries are kept. */
const MAX_ENTRIES = 10_000;
/** So many are read at a time: a backlog comes in pages, none of which takes long. */
const PAGE = 100;
/** The place before the first entry. */
const START = '0-0';

/**
 * Reads from a place: a server and the last entry that was read there, which must still be there. If it is gone, or
 * another server has taken over, which may lack some entry, any may have been missed: 1, and the newest entry. What is
 * too long to be ours is left out.
 */
const READ = `
local server = string.match(redis.call('info', 'replication'), 'master_replid:(%w+)') or ''
local entries = redis.call('xrange', KEYS[1], ARGV[2], '+', 'COUNT', ${PAGE})
for _, entry in ipairs(entries) do if #table.concat(entry[2]) > 1000 then entry[2] = {} end end
local is_there = ARGV[2] == '${START}' or entries[1] and entries[1][1] == ARGV[2]
if server == ARGV[1] and is_there then return {server, 0, entries} end
return {server, 1, redis.call('xrevrange', KEYS[1], '+', '-', 'COUNT', 1)}`;

type ReadReply = [server: string, mayHaveMissed: 0 | 1, entries: [id: string, fields: string[]][]];

/**
 * Returns a gateway's end of the channel. `connect` opens a connection for a command that waits, and holds up whatever is
 * sent behind it. `monotonic` in ms.
 */
export function createInvalidationChannel(
  { redis, breaker, names }: Pick<RedisContext, 'redis' | 'breaker' | 'names'>,
  connect: () => RedisClient,
  invalidations: Pick<Invalidations, 'invalidate' | 'invalidateAll'>,
  monotonic: () => number,
) {
  const stream = names.invalidations;
  const self = randomUUID();
  /** Emits an event at each entry about a key. None may mean something to the emitter, such as `error`. */
  const messages = new EventEmitter().setMaxListeners(0);
  const eventOf = (keyText: string): string => `key ${keyText}`;
  let place = { server: 'none yet', id: START };
  let readAt = monotonic();
  /** Whether memory was emptied because nothing is read. */
  let isEmptied = false;
  let isClosed = false;
  /** Ends the wait for something to read. */
  let wake = (): void => undefined;
  let listener: RedisClient | undefined;
  redis.on('ready', () => {
    listener?.disconnect(); // wherever the main connection leads, this one shall
    listener = connect();
    wake();
  });
  const poll = setInterval(() => wake(), POLL_MS).unref();
  void listen();

  return {
    /** Tells the other gateways that what they hold of a key is out of date. Never rejects. */
    invalidate: (keyText: string) => tell('invalidate', keyText),
    /** Wakes whoever waits for a key. Never rejects. */
    done: (keyText: string) => tell('done', keyText),
    /** Resolves at the next entry about a key, or after the time. */
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

  function tell(kind: string, keyText: string): Promise<RedisOutcome<unknown>> {
    const entry = ['kind', kind, 'key', keyText, 'by', self];
    return breaker.attempt('tell', () => redis.xadd(stream, 'MAXLEN', '~', MAX_ENTRIES, '*', ...entry));
  }

  async function listen(): Promise<void> {
    while (!isClosed) {
      const reply = await breaker.run('listen', () => redis.eval(READ, 1, stream, place.server, place.id));
      if (reply && take(reply as ReadReply)) continue;
      if (!reply) heardNothing();
      await new Promise<void>((resolve) => {
        wake = resolve;
        // Only says that there is something to read. Where it fails, the next poll comes soon enough.
        if (reply)
          listener?.xread('COUNT', 1, 'BLOCK', POLL_MS, 'STREAMS', stream, place.id).then(wake, () => undefined);
      });
    }
  }

  /** Returns whether there may be more to read at once. */
  function take([server, mayHaveMissed, entries]: ReadReply): boolean {
    const { id: lastId } = place;
    place = { server, id: entries.at(-1)?.[0] ?? START };
    readAt = monotonic();
    isEmptied = false;
    if (mayHaveMissed) invalidations.invalidateAll();
    else for (const [id, fields] of entries) if (id !== lastId) receive(fields);
    return entries.length === PAGE;
  }

  /** Where Redis is there, others may be told to forget: memory is emptied again and again. */
  function heardNothing(): void {
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
