import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { connectRedis, type RedisClient } from '../../../src/tiers/redis/connection.js';
import { createNews, type News, type NewsKind } from '../../../src/tiers/redis/news.js';
import { openSharedRedis, type SharedRedis } from '../../support/redis.js';
import { eventually } from './support/eventually.js';

/** Longer than a test may take. Unit: ms. */
const LONG_MS = 60_000;

describe('createNews', () => {
  let redis: SharedRedis;
  let channel: string;
  let clients: RedisClient[];
  let all: News[];
  beforeAll(async () => {
    redis = await openSharedRedis();
    channel = `${redis.keyPrefix}news`;
  });
  beforeEach(() => {
    [clients, all] = [[], []];
  });
  afterEach(async () => {
    all.forEach((news) => news.close());
    clients.forEach((client) => client.disconnect());
    await listeners(0);
  });
  afterAll(() => redis.close());

  const listeners = (count: number) =>
    eventually(`${count} gateways listen`, async () => {
      const [, listening] = (await redis.inside.pubsub('NUMSUB', channel)) as [string, number];
      return listening === count;
    });

  /** A gateway that listens, and what it was told to take out of its memory. */
  async function join(): Promise<{ news: News; client: RedisClient; gone: string[] }> {
    const client = connectRedis({ url: redis.url, protocol: 3 });
    client.on('error', () => undefined);
    const gone: string[] = [];
    const news = createNews(client, channel, {
      onGone: (keyText) => gone.push(keyText),
      onMissed: () => gone.push('all'),
    });
    clients.push(client);
    all.push(news);
    await listeners(all.length);
    return { news, client, gone };
  }

  it.each<NewsKind>(['landed', 'renewed', 'failed', 'forgot'])(
    'wakes everybody who waits for a key: %s',
    async (kind) => {
      const [one, other] = [await join(), await join()];
      const waits = [one.news.next('a', LONG_MS), one.news.next('a', LONG_MS), other.news.next('a', LONG_MS)];
      await one.news.publish(kind, 'a');
      await Promise.all(waits);
    },
  );

  it('wakes nobody who waits for another key, except when the time is over', async () => {
    const { news } = await join();
    const woken: string[] = [];
    const waits = ['b', 'c', 'a'].map((key) => news.next(key, key === 'a' ? LONG_MS : 500).then(() => woken.push(key)));
    await news.publish('landed', 'a');
    await Promise.all(waits);
    expect(woken).toEqual(['a', 'b', 'c']);
  });

  it('tells of renewed and forgotten keys those who did not say it themselves', async () => {
    const [one, other] = [await join(), await join()];
    for (const kind of ['landed', 'failed', 'renewed', 'forgot'] as const) await one.news.publish(kind, kind);
    await eventually('the last of the news has come', () => other.gone.includes('forgot'));
    const heard = one.news.next('d', LONG_MS);
    await other.news.publish('landed', 'd'); // comes behind whatever one had said
    await heard;
    expect(other.gone).toEqual(['renewed', 'forgot']);
    expect(one.gone).toEqual([]);
  });

  it('passes over what it cannot read', async () => {
    const { news, gone } = await join();
    for (const text of ['', 'hello', 'forgot', 'forgot me']) await redis.inside.publish(channel, text);
    const heard = news.next('a', LONG_MS);
    await redis.inside.publish(channel, 'forgot somebody a');
    await heard;
    expect(gone).toEqual(['a']);
  });

  it('listens again after its connection was cut', async () => {
    const [one, other] = [await join(), await join()];
    const ids = String(await redis.inside.call('CLIENT', 'LIST', 'TYPE', 'pubsub')).matchAll(/^id=(\d+).* sub=1 /gm);
    for (const [, id] of ids) await redis.inside.client('KILL', 'ID', Number(id));
    await listeners(2);
    await one.news.publish('forgot', 'a');
    await eventually('the news come', () => other.gone.includes('a'));
    expect(other.gone).toEqual(['all', 'a']);
  });
});
