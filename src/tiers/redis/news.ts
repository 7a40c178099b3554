import { randomUUID } from 'node:crypto';
import { Cluster } from 'ioredis';
import type { RedisClient } from './connection.js';

/** What one gateway tells the others about a key: its trace is in Redis, was renewed on demand, could not be had, or is to be forgotten. */
export type NewsKind = 'landed' | 'renewed' | 'failed' | 'forgot';

/** What gateways of one Redis tell each other. News can be lost: nobody may depend on them, only be quicker by them. */
export interface News {
  publish(kind: NewsKind, keyText: string): Promise<unknown>;
  /** Resolves at the next news of a key, or after the time. */
  next(keyText: string, timeoutMs: number): Promise<void>;
  close(): void;
}

/**
 * Returns the news of a channel, over a connection of its own, for one that subscribes can do nothing else.
 * `onGone` is told the keys whose traces another gateway has renewed or forgotten.
 */
export function createNews(redis: RedisClient, channel: string, onGone: (keyText: string) => void): News {
  const sender = randomUUID();
  const waiting = new Map<string, Set<() => void>>();
  const subscriber = redis instanceof Cluster ? redis.duplicate() : redis.duplicate();
  subscriber.on('error', () => undefined); // the guard of the main connection speaks of it
  subscriber.on('ready', () => void subscriber.subscribe(channel).catch(() => undefined));
  subscriber.on('message', (_channel: string, message: string) => {
    const [kind, from, keyText] = message.split(' ');
    if (keyText === undefined) return;
    if (from !== sender && (kind === 'renewed' || kind === 'forgot')) onGone(keyText);
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
    close: () => subscriber.disconnect(),
  };
}
