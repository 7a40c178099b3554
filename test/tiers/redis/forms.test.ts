import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newCallId } from '../../support/gateway.js';
import { startRedis, type RedisServer, type RedisServerOptions } from '../../support/redis.js';
import { eventually } from './support/eventually.js';
import { createPathBench, nameInRedis, type PathBench, type TestPath } from './support/paths.js';

describe('the whole path', () => {
  let bench: PathBench;
  const servers: RedisServer[] = [];
  beforeEach(async () => {
    bench = await createPathBench();
  });
  afterEach(async () => {
    await bench.close();
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });

  async function start(options?: RedisServerOptions): Promise<RedisServer> {
    const server = await startRedis(options);
    servers.push(server);
    return server;
  }

  /** Two gateways with these settings. */
  function openPair(...settings: Parameters<PathBench['open']>): [TestPath, TestPath] {
    return [bench.open(...settings), bench.open(...settings)];
  }

  /** A trace goes from one gateway to the other, and what one forgets the other does too. */
  async function expectShared([one, other]: [TestPath, TestPath]): Promise<void> {
    await bench.sharing(one, other);
    const callId = newCallId();
    expect(await bench.share(one, other, callId)).toBe('REDIS');
    expect((await other.ask(callId)).source).toBe('MEMORY');
    await eventually('what one forgets, the other forgets', async () => {
      expect(await one.forget(callId)).toBe(true);
      return (await other.ask(callId)).source === 'UPSTREAM';
    });
    expect([one, other].flatMap(({ lines, failures }) => [lines, failures])).toEqual([
      [],
      { lost: 0, refused: 0 },
      [],
      { lost: 0, refused: 0 },
    ]);
  }

  it.each(['2', '3'])('speaks RESP%s', async (protocol) => {
    const server = await start();
    const pair = openPair({ REDIS_URL: server.url(), REDIS_PROTOCOL: protocol });
    await eventually('both can use Redis', () => pair.every(({ state }) => state === 'up'));
    const connections = String(await server.inside.call('CLIENT', 'LIST')).matchAll(/ cmd=(\S+).* resp=(\d)/g);
    const theirs = [...connections].filter(([, command]) => command !== 'client|list').map(([, , resp]) => resp);
    expect(new Set(theirs)).toEqual(new Set([protocol]));
    await expectShared(pair);
  });

  it('uses the database that the address names', async () => {
    const server = await start();
    const pair = openPair({ REDIS_URL: `${server.url()}/7` });
    await expectShared(pair);
    expect(await server.inside.dbsize()).toBe(0);
    await server.inside.select(7);
    expect(await server.inside.dbsize()).toBeGreaterThan(0);
  });

  it('puts its prefix before every key, and shares nothing with another prefix', async () => {
    const server = await start();
    const [one, other] = openPair({ REDIS_URL: server.url(), REDIS_KEY_PREFIX: 'team-a:' });
    const stranger = bench.open({ REDIS_URL: server.url(), REDIS_KEY_PREFIX: 'team-b:' });
    await eventually('all can use Redis', () => [one, other, stranger].every(({ state }) => state === 'up'));
    const callId = newCallId();
    expect(await bench.share(one, stranger, callId)).toBe('UPSTREAM');
    expect(await bench.share(one, other, callId)).toBe('REDIS');
    await stranger.forget(callId);
    await expectShared([one, other]);
    expect((await one.ask(callId)).source).toBe('MEMORY');
    const names = await server.inside.keys('*');
    expect(names.filter((name) => !name.startsWith('team-a:'))).toEqual([]);
    expect(names).toContain(`team-a:${nameInRedis(callId)}`);
  });

  /** All that a gateway needs to share calls. */
  const RIGHTS = ['~gw:*', '&gw:*', ...['get', 'set', 'del', 'pexpire', 'pttl', 'eval'].map((name) => `+${name}`)];
  const NEWS = ['+publish', '+subscribe', '+ping'];
  const CONNECTING = ['+hello', '+info', '+select', '+client', '+quit'];

  it('signs in as a user who may do no more than it needs', async () => {
    const server = await start();
    await server.inside.acl('SETUSER', 'gateway', 'on', '>p@ss:w/rd', ...RIGHTS, ...NEWS, ...CONNECTING);
    const settings = { REDIS_KEY_PREFIX: 'gw:', REDIS_URL: server.url('gateway:p%40ss%3Aw%2Frd') };
    await expectShared(openPair(settings));
    const pair = openPair({ ...settings, REDIS_PROTOCOL: '2' });
    await expectShared(pair);
    const callId = newCallId();
    bench.simulator.configure({ latencyMs: 300 });
    await Promise.all(pair.map((path) => path.ask(callId)));
    expect(bench.simulator.countOf(callId)).toBe(1);
    expect(await server.inside.acl('LOG')).toEqual([]);
  });

  it('signs in with a password alone', async () => {
    const server = await start({ settings: { requirepass: 'secret' }, client: { password: 'secret' } });
    await expectShared(openPair({ REDIS_URL: server.url(':secret') }));
  });

  it('does without a Redis that turns it away', async () => {
    const server = await start({ settings: { requirepass: 'secret' }, client: { password: 'secret' } });
    const pair = openPair({ REDIS_URL: server.url(':guessed') });
    expect(await bench.share(...pair)).toBe('UPSTREAM');
    await eventually('both say so', () => pair.every(({ lines }) => lines.length > 0));
    for (let i = 0; i < 20; i += 1) expect(await bench.share(...pair)).toBe('UPSTREAM');
    expect(pair.map(({ lines }) => lines.length)).toEqual([1, 1]);
  });

  it('speaks TLS with a Redis that a private authority vouches for', async () => {
    const server = await start({ tls: true });
    const files = { '/ca.pem': server.ca ?? '' };
    await expectShared(openPair({ REDIS_URL: server.url(), REDIS_CA_FILE: '/ca.pem' }, files));
  });

  it('speaks TLS with a Cluster whose nodes have certificates for their names', async () => {
    const settings = {
      'cluster-enabled': 'yes',
      'tls-cluster': 'yes',
      'cluster-announce-hostname': 'localhost',
      'cluster-preferred-endpoint-type': 'hostname',
    };
    const server = await start({ tls: 'localhost', settings });
    await server.inside.call('CLUSTER', 'ADDSLOTSRANGE', 0, 16_383);
    const REDIS_URL = `rediss+cluster://localhost:${server.port}`;
    const pair = openPair({ REDIS_URL, REDIS_CA_FILE: '/ca.pem' }, { '/ca.pem': server.ca ?? '' });
    await bench.sharing(...pair);
    expect(pair.map(({ state }) => state)).toEqual(['up', 'up']);
  });

  it('trusts no other authority', async () => {
    const [server, stranger] = [await start({ tls: true }), await start({ tls: true })];
    const files = { '/ca.pem': stranger.ca ?? '' };
    for (const pair of [
      openPair({ REDIS_URL: server.url() }),
      openPair({ REDIS_URL: server.url(), REDIS_CA_FILE: '/ca.pem' }, files),
    ]) {
      await eventually('both say that Redis is away', () => pair.every(({ lines }) => lines.length > 0));
      expect(await bench.share(...pair)).toBe('UPSTREAM');
    }
    expect(await server.inside.dbsize()).toBe(0);
  });
});
