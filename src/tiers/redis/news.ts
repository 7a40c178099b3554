import { randomUUID } from 'node:crypto';
import { Cluster } from 'ioredis';
import type { RedisClient } from './connection.js';

/** What one gateway tells the others about a key: its trace is in Redis, was renewed on demand, could not be had, or is to be forgotten. */
export type NewsKind = 'landed' | 'renewed' | 'failed' | 'forgot';

/** What this gateway has to do about what the others say. */
export interface NewsEvents {
  /** Another gateway has renewed or forgotten a key: what is held of it here is out of date. */
  readonly onGone: (keyText: string) => void;
  /** The news were not heard for a while: anything held here may be out of date. */
  readonly onMissed: () => void;
}

/** What gateways of one Redis tell each other. News can be lost: nobody may depend on them, only be quicker by them. */
export interface News {
  publish(kind: NewsKind, keyText: string): Promise<unknown>;
  /** Resolves at the next news of a key, or after the time. */
  next(keyText: string, timeoutMs: number): Promise<void>;
  close(): void;
}

/** How often the connection is to show that it is alive: it only listens, and would miss nothing. Unit: ms. */
const BEAT_MS = 2_000;

/**
 * Returns the news of a channel, over a connection of its own, for one that subscribes can do nothing else.
 */
export function createNews(redis: RedisClient, channel: string, events: NewsEvents): News {
  const sender = randomUUID();
  const waiting = new Map<string, Set<() => void>>();
  // Twice the same to look at, but the two forms have a `duplicate` each that TypeScript cannot call as one.
  const subscriber = redis instanceof Cluster ? redis.duplicate() : redis.duplicate();
  subscriber.on('error', () => undefined); // the guard of the main connection speaks of it
  let lost = false;
  subscriber.on('close', () => (lost = true));
  subscriber.on('ready', () => {
    subscriber.subscribe(channel).then(
      () => {
        if (lost) events.onMissed();
        lost = false;
      },
      () => undefined, // lost again: the next connection subscribes anew
    );
  });
  const beat = setInterval(() => void subscriber.ping().catch(() => undefined), BEAT_MS).unref();
  subscriber.on('message', (_channel: string, message: string) => {
    const [kind, from, keyText] = message.split(' ');
    if (keyText === undefined) return;
    if (from !== sender && (kind === 'renewed' || kind === 'forgot')) events.onGone(keyText);
    waiting.get(keyText)?.forEach((wake) => wake());
  });

  return {
    publish: (kind, keyText) => redis.publish(channel, `${kind} ${sender} ${keyText}`),
    next: (keyText, timeoutMs) =>
      new Promise((resolve) => {
        const wakers = waiting.get(keyText) ?? new Set();
        waiting.set(keyText, wakers);
        const wake = (): void => {
          clearTimeout(timer);
          wakers.delete(wake);
          if (wakers.size === 0) waiting.delete(keyText);
          resolve();
        };
        const timer = setTimeout(wake, timeoutMs);
        wakers.add(wake);
      }),
    close() {
      clearInterval(beat);
      subscriber.disconnect();
    },
  };
}
