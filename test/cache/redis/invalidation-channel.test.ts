import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { connectRedis, type RedisClient } from '../../../src/cache/redis/connection.js';
import { createInvalidationChannel, type InvalidationChannel } from '../../../src/cache/redis/invalidation-channel.js';
import { openSharedRedis, type SharedRedis } from '../../support/redis.js';
import { eventually } from './support/eventually.js';

/** Longer than a test may take. Unit: ms. */
const LONG_MS = 60_000;
/** Longer than any silence that is passed over. Unit: ms. */
const SILENCE_MS = 5_000;

interface Member {
  readonly channel: InvalidationChannel;
  /** What was invalidated in it: canonical texts of keys, or `all`. */
  readonly invalidated: string[];
  /** How often it has noticed that it hears nothing. */
  silences: number;
  /** Its messages are lost from now on, or no longer. */
  isMute: boolean;
  /** Redis says that it takes its messages, and nobody hears them. */
  isUnheard: boolean;
  /** Ends it without a goodbye. */
  die(): Promise<void>;
}

describe('createInvalidationChannel', () => {
  let redis: SharedRedis;
  let name: string;
  let monotonic: number;
  let clients: RedisClient[];
  let members: Member[];
  beforeAll(async () => {
    redis = await openSharedRedis();
    name = `${redis.keyPrefix}invalidations`;
  });
  beforeEach(() => {
    [clients, members, monotonic] = [[], [], 0];
  });
  afterEach(async () => {
    await Promise.all(members.map(({ channel }) => channel.close()));
    clients.forEach((client) => client.disconnect());
    await listeners(0);
  });
  afterAll(() => redis.close());

  const listeners = (count: number) =>
    eventually(`${count} gateways listen`, async () => {
      const [, listening] = (await redis.inside.pubsub('NUMSUB', name)) as [string, number];
      return listening === count;
    });
  const publish = (message: string) => redis.inside.publish(name, message);

  /** A gateway that listens. */
  async function join(): Promise<Member> {
    const client = connectRedis({ url: redis.url, protocol: 3 });
    clients.push(client);
    await eventually('it is connected', () => client.status === 'ready');
    const invalidated: string[] = [];
    const channel = createInvalidationChannel({
      channel: name,
      connect: () => connectRedis({ url: redis.url, protocol: 3 }),
      async publish(message) {
        if (member.isMute) return { failure: 'lost' };
        if (member.isUnheard) return { value: 1 };
        return { value: await client.publish(name, message).catch(() => 0) };
      },
      invalidations: {
        invalidate: (keyText) => void invalidated.push(keyText),
        invalidateAll: () => void invalidated.push('all'),
      },
      monotonic: () => monotonic,
      onSilence: () => void (member.silences += 1),
    });
    const member: Member = {
      channel,
      invalidated,
      silences: 0,
      isMute: false,
      isUnheard: false,
      async die() {
        member.isMute = true;
        await channel.close();
      },
    };
    members.push(member);
    await listeners(members.length);
    return member;
  }

  it('wakes everybody who waits for a key, whether it was invalidated or its lease has ended', async () => {
    const [one, other] = [await join(), await join()];
    for (const tell of ['invalidate', 'done'] as const) {
      const waits = [one, one, other].map(({ channel }) => channel.nextMessage('a', LONG_MS));
      await one.channel[tell]('a');
      await Promise.all(waits);
    }
  });

  it('wakes nobody who waits for another key, except when the time is over', async () => {
    const { channel } = await join();
    const woken: string[] = [];
    const waits = ['b', 'c', 'a'].map((key) =>
      channel.nextMessage(key, key === 'a' ? LONG_MS : 500).then(() => woken.push(key)),
    );
    await channel.done('a');
    await Promise.all(waits);
    expect(woken).toEqual(['a', 'b', 'c']);
  });

  it('invalidates a key in all gateways but the one that says so', async () => {
    const [one, other] = [await join(), await join()];
    for (const key of ['a', 'b']) await one.channel.invalidate(key);
    await eventually('the other has heard', () => other.invalidated.length === 2);
    const heard = one.channel.nextMessage('c', LONG_MS);
    await other.channel.done('c'); // comes behind whatever one had said
    await heard;
    expect([one.invalidated, other.invalidated]).toEqual([[], ['a', 'b']]);
  });

  it('passes over what it cannot read', async () => {
    const { channel, invalidated } = await join();
    for (const text of ['', 'hello', 'invalidate', 'invalidate me', 'invalidate me 1', 'alive me -1', 'alive me many'])
      await publish(text);
    const heard = channel.nextMessage('a', LONG_MS);
    await publish('invalidate somebody 1 a');
    await heard;
    expect(invalidated).toEqual(['a']);
  });

  it.each([
    ['in the numbers of a sender', ['invalidate x 1 a', 'invalidate x 3 c'], ['a', 'all', 'c']],
    ['before a heartbeat', ['alive x 0', 'alive x 1', 'alive x 1'], ['all']],
    ['before the first word of a sender', ['alive x 7', 'invalidate x 8 b'], ['all', 'b']],
    ['before a goodbye', ['alive x 0', 'bye x 1'], ['all']],
  ])('invalidates all, once, where there is a gap %s', async (_, messages, expected) => {
    const { channel, invalidated } = await join();
    const heard = channel.nextMessage('z', LONG_MS);
    for (const message of messages) await publish(message);
    await publish('done x z');
    await heard;
    expect(invalidated).toEqual(expected);
  });

  it('invalidates all in the other gateways where a message of one was lost', async () => {
    const [one, other] = [await join(), await join()];
    one.isMute = true;
    await one.channel.invalidate('a');
    one.isMute = false;
    await eventually('a heartbeat tells of it', () => other.invalidated.length > 0);
    expect(other.invalidated).toEqual(['all']);
  });

  it('invalidates all where a gateway has died, whose last words may have been lost', async () => {
    const [one, other] = [await join(), await join()];
    await one.channel.invalidate('a');
    await eventually('the other has heard', () => other.invalidated.length === 1);
    await one.die();
    await listeners(1);
    // Time passes, and only the other is heard.
    for (let ms = 0; ms < SILENCE_MS; ms += SILENCE_MS / 2) {
      monotonic += SILENCE_MS / 2;
      await eventuallyHeard(other);
    }
    await eventually('the silence is noticed', () => other.invalidated.length === 2);
    expect([other.invalidated, other.silences]).toEqual([['a', 'all'], 0]);
  });

  /** Fulfils when a member has heard its own heartbeat once more. */
  async function eventuallyHeard(member: Member): Promise<void> {
    const listener = redis.inside.duplicate();
    const heard = new Promise((resolve) => listener.on('message', resolve));
    await listener.subscribe(name);
    await heard;
    const woken = member.channel.nextMessage('heard', LONG_MS);
    await publish('done x heard'); // comes behind the heartbeat
    await woken;
    listener.disconnect();
  }

  it('invalidates nothing where a gateway has closed', async () => {
    const [one, other] = [await join(), await join()];
    await one.channel.invalidate('a');
    await one.channel.close();
    await listeners(1);
    for (let ms = 0; ms < 2 * SILENCE_MS; ms += SILENCE_MS / 2) {
      monotonic += SILENCE_MS / 2;
      await eventuallyHeard(other);
    }
    expect(other.invalidated).toEqual(['a']);
  });

  it('invalidates all once when Redis is away, and again when it hears itself', async () => {
    const one = await join();
    await eventuallyHeard(one);
    one.isMute = true;
    monotonic += SILENCE_MS;
    await eventually('the silence is noticed', () => one.silences === 1);
    expect(one.invalidated).toEqual(['all']);
    monotonic += SILENCE_MS;
    await listeners(1);
    expect(one.invalidated).toEqual(['all']);
    one.isMute = false;
    await eventually('it hears itself again', () => one.invalidated.length > 1);
    expect([new Set(one.invalidated), one.silences]).toEqual([new Set(['all']), 1]);
  });

  it('invalidates all every second while Redis takes its messages and it hears none', async () => {
    const one = await join();
    await eventuallyHeard(one);
    one.isUnheard = true;
    monotonic += SILENCE_MS;
    await eventually('nothing is kept for longer than a second', () => one.invalidated.length >= 3);
    expect([new Set(one.invalidated), one.silences]).toEqual([new Set(['all']), 1]);
  });

  it('listens again after its connection was cut, and misses nothing unnoticed', async () => {
    const [one, other] = [await join(), await join()];
    const ids = String(await redis.inside.call('CLIENT', 'LIST', 'TYPE', 'pubsub')).matchAll(/^id=(\d+).* sub=1 /gm);
    for (const [, id] of ids) await redis.inside.client('KILL', 'ID', Number(id));
    await one.channel.invalidate('lost'); // nobody listens
    await listeners(2);
    await eventually('the gap is noticed', () => other.invalidated.length > 0);
    await one.channel.invalidate('a');
    await eventually('messages come again', () => other.invalidated.includes('a'));
    expect(other.invalidated).toEqual(['all', 'a']);
  });
});
