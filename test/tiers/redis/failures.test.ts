import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startRedis, type RedisServer } from '../../support/redis.js';
import { newCallId } from '../../support/gateway.js';
import { eventually } from './support/eventually.js';
import {
  COMMAND_TIMEOUT_MS,
  createPathBench,
  expectOneDelay,
  nameInRedis,
  OUTAGE,
  type PathBench,
  type TestPath,
} from './support/paths.js';

const REFUSES = 'Redis refuses commands: what it refuses is done without it';
const ACCEPTS = 'Redis takes commands again';

describe('the whole path', () => {
  let redis: RedisServer;
  let bench: PathBench;
  const others: RedisServer[] = [];
  beforeEach(async () => {
    redis = await startRedis({ settings: { 'repl-diskless-sync-delay': '0' } });
    bench = await createPathBench();
  });
  afterEach(async () => {
    redis.resume();
    await bench.close();
    await Promise.all([redis, ...others.splice(0)].map((server) => server.close()));
  });

  /** Two gateways that can use Redis. */
  async function openPair(url = redis.url()): Promise<[TestPath, TestPath]> {
    const pair: [TestPath, TestPath] = [bench.open({ REDIS_URL: url }), bench.open({ REDIS_URL: url })];
    await eventually('both can use Redis', () => pair.every(({ state }) => state === 'up'));
    return pair;
  }

  const bothAre = (pair: readonly TestPath[], state: TestPath['state']) =>
    eventually(`both find Redis ${state}`, () => pair.every((path) => path.state === state));
  const linesOf = (pair: readonly TestPath[]) => pair.map(({ lines }) => lines);
  const failuresOf = (pair: readonly TestPath[]) => pair.map(({ failures }) => ({ ...failures }));

  /** Both have said that Redis refuses, and then that it does not any more: it is known when a write has come back. */
  async function accepted(pair: readonly TestPath[]): Promise<void> {
    await eventually('both say more', () => pair.every(({ lines }) => lines.length > 1));
    expect(linesOf(pair)).toEqual([
      [REFUSES, ACCEPTS],
      [REFUSES, ACCEPTS],
    ]);
  }

  it('says nothing of a Redis that does what it is asked', async () => {
    const pair = await openPair();
    const { answers, shared } = await bench.underLoad(...pair, () => pause(500));
    expect(shared).toBe(answers / 2);
    expect(bench.simulator.total).toBe(shared);
    expect(linesOf(pair)).toEqual([[], []]);
    expect(failuresOf(pair)).toEqual([0, 0].map(() => ({ lost: 0, refused: 0 })));
  });

  it('does without a Redis that is not there at the start, and uses it once it is', async () => {
    await redis.kill();
    const pair: [TestPath, TestPath] = [bench.open({ REDIS_URL: redis.url() }), bench.open({ REDIS_URL: redis.url() })];
    const { shared } = await bench.underLoad(...pair, () =>
      eventually('both know', () => pair.every(({ lines }) => lines.length > 0)),
    );
    expect(shared).toBe(0);
    expect(failuresOf(pair)).toEqual([0, 0].map(() => ({ lost: 0, refused: 0 })));

    await redis.start();
    await bench.sharing(...pair);
    expect(linesOf(pair)).toEqual([OUTAGE, OUTAGE]);
  });

  it('does without a Redis that is killed under load, and uses it again once it is back', async () => {
    const pair = await openPair();
    const load = await bench.underLoad(...pair, async () => {
      await redis.kill();
      await bothAre(pair, 'down');
      const failures = failuresOf(pair);
      await pause(1_000);
      expect(failuresOf(pair)).toEqual(failures);
      await redis.start();
      await bothAre(pair, 'up');
      await bench.sharing(...pair);
    });
    expectOneDelay(load, pair);
    expect(linesOf(pair)).toEqual([OUTAGE, OUTAGE]);
  });

  it.each([
    ['for a moment', 1_500],
    ['until the connection is given up', 7_000],
  ])('does without a Redis that is paused under load %s, and uses it again once it goes on', async (_, forMs) => {
    const pair = await openPair();
    const load = await bench.underLoad(...pair, async () => {
      redis.pause();
      await bothAre(pair, 'down');
      await pause(2 * COMMAND_TIMEOUT_MS); // what was under way has failed as well
      const failures = failuresOf(pair);
      await pause(forMs);
      expect(failuresOf(pair)).toEqual(failures);
      redis.resume();
      await bothAre(pair, 'up');
      await bench.sharing(...pair);
    });
    expectOneDelay(load, pair);
    expect(linesOf(pair)).toEqual([OUTAGE, OUTAGE]);
  });

  it('closes in time while Redis is paused', async () => {
    const [one] = await openPair();
    redis.pause();
    const begun = Date.now();
    await one.close();
    expect(Date.now() - begun).toBeLessThan(4_000); // the connection itself would be given up after 5 s
  });

  it('does without the writes that a full Redis refuses, and goes on reading from it', async () => {
    const pair = await openPair();
    const known = Array.from({ length: 5 }, () => newCallId());
    for (const callId of known) await pair[0].ask(callId);
    await eventually('all lie in Redis', async () => (await redis.inside.exists(...known.map(nameInRedis))) === 5);
    await redis.inside.config('SET', 'maxmemory-policy', 'noeviction');
    await redis.inside.config('SET', 'maxmemory', '1');
    for (const callId of known) {
      expect(await bench.share(...pair)).toBe('UPSTREAM');
      expect((await pair[1].ask(callId)).source).toBe('REDIS');
    }
    expect(linesOf(pair)).toEqual([[REFUSES], [REFUSES]]);
    expect(pair.map(({ failures }) => [failures.lost, failures.refused > 0])).toEqual([
      [0, true],
      [0, true],
    ]);

    await redis.inside.config('SET', 'maxmemory', '0');
    await bench.sharing(...pair);
    await bench.sharing(pair[1], pair[0]);
    await accepted(pair);
  });

  it('does without the writes that a replica refuses, and writes once it is the master', async () => {
    const replica = await startRedis({ settings: { replicaof: `${redis.host} ${redis.port}` } });
    others.push(replica);
    const [writer] = await openPair();
    const pair = await openPair(replica.url());
    const known = Array.from({ length: 5 }, () => newCallId());
    for (const callId of known) await writer.ask(callId);
    await eventually('all have reached the replica', async () => {
      return (await replica.inside.exists(...known.map(nameInRedis))) === 5;
    });
    for (const callId of known) {
      expect(await bench.share(...pair)).toBe('UPSTREAM');
      expect((await pair[1].ask(callId)).source).toBe('REDIS');
    }
    expect(linesOf(pair)).toEqual([[REFUSES], [REFUSES]]);
    // None was lost: nobody waited for a command's timeout.
    expect(pair.map(({ failures }) => [failures.lost, failures.refused > 0])).toEqual([
      [0, true],
      [0, true],
    ]);
    expect(await pair[0].forget(newCallId())).toBe(false);

    await replica.inside.replicaof('NO', 'ONE');
    expect(await pair[0].forget(newCallId())).toBe(true);
    await bench.sharing(...pair);
    await bench.sharing(pair[1], pair[0]);
    await accepted(pair);
  });

  it('writes neither a trace nor a password into the log when it speaks of Redis', async () => {
    await redis.inside.config('SET', 'maxmemory', '1');
    const [one] = await openPair();
    const { records } = await one.ask(newCallId());
    const stranger = bench.open({ REDIS_URL: redis.url('somebody:pass-that-is-secret') });
    await eventually('it is turned away', () => stranger.lines.length > 0);
    await eventually('the full one has said so', () => one.lines.length > 0);
    const errors = `${one.log}${stranger.log}`
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { msg: string; err?: object })
      .filter(({ msg }) => msg.startsWith('Redis'))
      .map(({ err }) => err);
    const sayable = { type: expect.any(String), message: expect.any(String), stack: '' };
    expect(errors).toEqual([sayable, sayable]);
    expect(stranger.log).not.toContain('pass-that-is-secret');
    expect(records[0]?.callerNo).toMatch(/\d{6}/);
    expect(one.log).not.toContain(records[0]?.callerNo);
  });

  describe('takes for a miss, and overwrites,', () => {
    /** Changes what lies in Redis under a call's name. */
    type Change = (name: string) => Promise<unknown>;
    const put =
      (make: (bytes: Buffer) => Buffer | string): Change =>
      async (name) =>
        redis.inside.set(name, make((await redis.inside.getBuffer(name)) ?? Buffer.alloc(0)));
    const instead =
      (fill: (name: string) => Promise<unknown>): Change =>
      async (name) => {
        await redis.inside.del(name);
        await fill(name);
      };
    const older = (bytes: Buffer): string =>
      bytes.toString().replace(/^p\[(\d+),/, (_, version: string) => `p[${Number(version) - 1},`);

    it.each<[string, Change]>([
      ['a list', instead((name) => redis.inside.rpush(name, 'a'))],
      ['a hash', instead((name) => redis.inside.hset(name, 'a', '1'))],
      ['a stream', instead((name) => redis.inside.xadd(name, '*', 'a', '1'))],
      ['an empty value', put(() => '')],
      ['a truncated value', put((bytes) => bytes.subarray(0, bytes.length - 20))],
      ['a value of an older version', put(older)],
      ['a foreign value', put(() => '{"callId": "1"}')],
      ['noise', put(() => Buffer.from(Array.from({ length: 256 }, (_, i) => i)))],
      ['the trace of another call', put((bytes) => bytes.toString().replaceAll(/\d{10}-2/g, '1736000000-2'))],
    ])('%s', async (_, change) => {
      const [writer, pair] = [bench.open({ REDIS_URL: redis.url() }), await openPair()];
      await eventually('the writer can use Redis', () => writer.state === 'up');
      const callId = newCallId();
      await writer.ask(callId);
      await eventually('it lies in Redis', async () => (await redis.inside.exists(nameInRedis(callId))) === 1);
      const dump = await redis.inside.dump(nameInRedis(callId));
      await change(nameInRedis(callId));
      expect(await redis.inside.dump(nameInRedis(callId))).not.toBe(dump);

      const before = bench.simulator.countOf(callId);
      expect(await bench.share(...pair, callId)).toBe('REDIS');
      expect(bench.simulator.countOf(callId)).toBe(before + 1);
      expect(linesOf(pair)).toEqual([[], []]);
      expect(pair.map(({ failures }) => failures.lost)).toEqual([0, 0]); // nobody waited for a command's timeout
    });
  });
});
