import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { Invalidations } from '../invalidations.js';
import type { RedisOutcome } from './circuit-breaker.js';
import type { RedisClient } from './connection.js';
import { createSenderTable } from './senders.js';

/**
 * What gateways of one Redis tell each other. Messages can be lost, and their loss is noticed: every gateway numbers its
 * invalidations 1, 2, …, and repeats the last number each second.
 *
 * | message | when |
 * |---|---|
 * | `invalidate <sender> <number> <key>` | a key was forgotten, or refreshed on demand |
 * | `done <sender> <key>` | a lease has ended: whoever waits for the key looks again |
 * | `alive <sender> <number>` | each second |
 * | `bye <sender> <number>` | the sender closes |
 */
export type InvalidationChannel = ReturnType<typeof createInvalidationChannel>;

interface InvalidationChannelOptions {
  readonly channel: string;
  /** Opens a connection that only listens; it is replaced when nothing is heard on it. */
  readonly connect: () => RedisClient;
  /** Publishes a message. Never rejects. */
  readonly publish: (message: string) => Promise<RedisOutcome<unknown>>;
  readonly invalidations: Pick<Invalidations, 'invalidate' | 'invalidateAll'>;
  /** Unit: ms. */
  readonly monotonic: () => number;
  /** Told when not even the own messages have been heard for 5 s: once, until they are heard again. */
  readonly onSilence: () => void;
}

/** Unit: ms. */
const HEARTBEAT_MS = 1_000;
/** Messages of a sender that is not heard for so long may have been missed. Unit: ms. */
const MAX_SILENCE_MS = 5 * HEARTBEAT_MS;

/** Returns a gateway's end of the channel. */
export function createInvalidationChannel(options: InvalidationChannelOptions) {
  const { channel, connect, publish, invalidations, monotonic, onSilence } = options;
  const self = randomUUID();
  const senders = createSenderTable(MAX_SILENCE_MS, monotonic);
  /** Emits an event named after the key (see `eventOf`) at each message about it. */
  const messages = new EventEmitter().setMaxListeners(0);
  let published = 0;
  /** True from when the own messages are missed until they are heard again. */
  let isSilent = false;
  let subscriber = subscribe();
  const heartbeat = setInterval(beat, HEARTBEAT_MS).unref();

  return {
    /** Tells the other gateways that what they hold of a key is out of date. Never rejects. */
    invalidate(keyText: string): Promise<RedisOutcome<unknown>> {
      published += 1; // whatever becomes of the message: if it is lost, the next heartbeat tells that it was
      return publish(`invalidate ${self} ${published} ${keyText}`);
    },
    /** Wakes whoever waits for a key. Never rejects. */
    done: (keyText: string) => publish(`done ${self} ${keyText}`),
    /** Resolves at the next message about a key, or after the time. */
    nextMessage: (keyText: string, timeoutMs: number) =>
      new Promise<void>((resolve) => {
        const wake = (): void => {
          clearTimeout(timer);
          messages.off(eventOf(keyText), wake);
          resolve();
        };
        const timer = setTimeout(wake, timeoutMs);
        messages.on(eventOf(keyText), wake);
      }),
    /** Says goodbye. Never rejects. */
    async close(): Promise<void> {
      clearInterval(heartbeat);
      subscriber.disconnect();
      await publish(`bye ${self} ${published}`);
    },
  };

  function subscribe(): RedisClient {
    const connection = connect();
    connection.on('error', () => undefined); // the circuit breaker of the main connection reports it
    connection.on('ready', () => {
      // If that fails, the connection is lost again or replaced for its silence.
      connection.subscribe(channel).then(alive, () => undefined);
    });
    connection.on('message', (_channel: string, message: string) => receive(message));
    senders.heard(self, 0, 0); // its silence begins now
    return connection;
  }

  /** While Redis takes what is said here and nothing is heard, others may be told to forget: memory keeps nothing. */
  function alive(): void {
    void publish(`alive ${self} ${published}`).then(({ failure }) => {
      if (isSilent && !failure) invalidations.invalidateAll();
    });
  }

  function beat(): void {
    const silent = senders.dropSilent();
    if (silent.includes(self)) resubscribe();
    else if (silent.length > 0) invalidations.invalidateAll();
    alive();
  }

  /** A connection that hangs, and in a Cluster one whose node has left, is not told from one on which nothing is said. */
  function resubscribe(): void {
    subscriber.disconnect();
    subscriber = subscribe();
    if (isSilent) return;
    isSilent = true;
    onSilence();
    invalidations.invalidateAll();
  }

  function receive(message: string): void {
    const [kind, sender = '', first = '', second = ''] = message.split(' ');
    if (kind === 'done') messages.emit(eventOf(first));
    if (!/^\d{1,15}$/.test(first)) return;
    if (kind === 'alive' || kind === 'bye') hear(sender, Number(first), Number(first));
    if (kind === 'bye') senders.left(sender);
    if (kind !== 'invalidate' || second === '') return;
    hear(sender, Number(first) - 1, Number(first));
    if (sender !== self) invalidations.invalidate(second);
    messages.emit(eventOf(second));
  }

  function hear(sender: string, before: number, count: number): void {
    const isBack = isSilent && sender === self;
    if (isBack) isSilent = false;
    if (senders.heard(sender, before, count) || isBack) invalidations.invalidateAll();
  }
}

/** No key may name an event that means something to the emitter, such as `error`. */
function eventOf(keyText: string): string {
  return `key ${keyText}`;
}
