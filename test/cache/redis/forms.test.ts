import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { traceKeyText } from '../../../src/call/key.js';
import { countListeners, startRedis, type RedisServer, type RedisServerOptions } from '../../support/redis.js';
import { createEstate, nameInRedis, newKey, type Estate, type TestGateway } from './support/estate.js';
import { eventually } from './support/eventually.js';

describe('gateways that share a Redis', () => {
  let estate: Estate;
  const servers: RedisServer[] = [];
  beforeEach(() => {
    estate = createEstate();
  });
  afterEach(async () => {
    await estate.close();
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });

  async function start(options?: RedisServerOptions): Promise<RedisServer> {
    const server = await startRedis(options);
    servers.push(server);
    return server;
  }

  /** Two gateways with these options. */
  function openPair(options: Parameters<Estate['open']>[0]): [TestGateway, TestGateway] {
    return [estate.open(options), estate.open(options)];
  }

  const bothAreUp = (pair: readonly TestGateway[]) =>
    eventually('both can use Redis', () => pair.every(({ redis }) => redis.state === 'up'));

  /** A trace goes from one gateway to the other, and what one forgets the other is told of. */
  async function expectShared([one, other]: [TestGateway, TestGateway]): Promise<void> {
    await estate.sharing(one, other);
    const key = newKey();
    expect(await estate.share(one, other, key)).toBe('SHARED_CACHE');
    await eventually('the other hears what one forgets', async () => {
      expect(await one.forget(key)).toBeNull();
      return other.invalidated.includes(traceKeyText(key));
    });
    expect((await other.ask(key)).source).toBe('UPSTREAM');
    expect([one, other].flatMap(({ lines, failures }) => [lines, failures])).toEqual([
      [],
      { lost: 0, refused: 0 },
      [],
      { lost: 0, refused: 0 },
    ]);
  }

  it.each([2, 3] as const)('speak RESP%s', async (protocol) => {
    const server = await start();
    const pair = openPair({ url: server.url(), protocol });
    await bothAreUp(pair);
    await eventually('both listen', async () => (await countListeners(server)) === 2);
    const connections = String(await server.inside.call('CLIENT', 'LIST')).matchAll(/ cmd=(\S+).* resp=(\d)/g);
    const theirs = [...connections].filter(([, command]) => command !== 'client|list').map(([, , resp]) => resp);
    expect(new Set(theirs)).toEqual(new Set([String(protocol)]));
    await expectShared(pair);
  });

  it('use the database that the address names', async () => {
    const server = await start();
    await expectShared(openPair({ url: `${server.url()}/7` }));
    expect(await server.inside.dbsize()).toBe(0);
    await server.inside.select(7);
    expect(await server.inside.dbsize()).toBeGreaterThan(0);
  });

  it('do without a Redis that has not the database of the address, and write into no other', async () => {
    const server = await start();
    const pair = openPair({ url: `${server.url()}/99` });
    await eventually('both say that Redis is away', () => pair.every(({ lines }) => lines.length > 0));
    for (let i = 0; i < 20; i += 1) expect(await estate.share(...pair)).toBe('UPSTREAM');
    expect(await pair[0].forget(newKey())).toBe('SHARED_CACHE_UNREACHABLE');
    expect(pair.map(({ redis, lines }) => [redis.state, lines.length])).toEqual([
      ['down', 1],
      ['down', 1],
    ]);
    expect(pair[0].fields).toMatchObject([{ err: { message: 'ERR DB index is out of range' } }]);
    expect(await server.inside.dbsize()).toBe(0);
  });

  it('put their prefix before every key, and share nothing with another prefix', async () => {
    const server = await start();
    const [one, other] = openPair({ url: server.url(), keyPrefix: 'team-a:' });
    const stranger = estate.open({ url: server.url(), keyPrefix: 'team-b:' });
    await bothAreUp([one, other, stranger]);
    const key = newKey();
    expect(await estate.share(one, stranger, key)).toBe('UPSTREAM');
    expect(await estate.share(one, other, key)).toBe('SHARED_CACHE');
    await stranger.forget(key);
    await expectShared([one, other]);
    expect((await one.ask(key)).source).toBe('SHARED_CACHE');
    expect([one.invalidated, other.invalidated].flat()).not.toContain(traceKeyText(key));
    const names = await server.inside.keys('*');
    expect(names.filter((name) => !/^team-[ab]:/.test(name))).toEqual([]);
    expect(names).toContain(`team-a:${nameInRedis(key)}`);
  });

  /** All that a gateway needs to share calls. */
  const RIGHTS = ['~gw:*', ...['get', 'set', 'del', 'pexpire', 'pttl', 'eval', 'time'].map((name) => `+${name}`)];
  const MESSAGES = ['+xadd', '+xread', '+xrange', '+xrevrange'];
  const CONNECTING = ['+hello', '+info', '+select', '+client', '+ping', '+quit'];

  it('sign in as a user who may do no more than they need', async () => {
    const server = await start();
    await server.inside.acl('SETUSER', 'gateway', 'on', '>p@ss:w/rd', ...RIGHTS, ...MESSAGES, ...CONNECTING);
    const options = { keyPrefix: 'gw:', url: server.url('gateway:p%40ss%3Aw%2Frd') };
    await expectShared(openPair(options));
    const pair = openPair({ ...options, protocol: 2 });
    await expectShared(pair);
    const key = newKey();
    estate.latencyMs = 300;
    await Promise.all(pair.map((gateway) => gateway.ask(key)));
    expect(estate.countOf(key)).toBe(1);
    expect(await server.inside.acl('LOG')).toEqual([]);
  });

  it('sign in with a password alone', async () => {
    const server = await start({ settings: { requirepass: 'secret' }, client: { password: 'secret' } });
    await expectShared(openPair({ url: server.url(':secret') }));
  });

  it('do without a Redis that turns them away', async () => {
    const server = await start({ settings: { requirepass: 'secret' }, client: { password: 'secret' } });
    const pair = openPair({ url: server.url(':guessed') });
    expect(await estate.share(...pair)).toBe('UPSTREAM');
    await eventually('both say so', () => pair.every(({ lines }) => lines.length > 0));
    for (let i = 0; i < 20; i += 1) expect(await estate.share(...pair)).toBe('UPSTREAM');
    expect(pair.map(({ lines }) => lines.length)).toEqual([1, 1]);
  });

  it('speak TLS with a Redis that a private authority vouches for', async () => {
    const server = await start({ tls: true });
    await expectShared(openPair({ url: server.url(), ca: server.ca }));
  });

  it('speak TLS with a Cluster whose nodes have certificates for their names', async () => {
    const settings = {
      'cluster-enabled': 'yes',
      'tls-cluster': 'yes',
      'cluster-announce-hostname': 'localhost',
      'cluster-preferred-endpoint-type': 'hostname',
    };
    const server = await start({ tls: 'localhost', settings });
    await server.inside.call('CLUSTER', 'ADDSLOTSRANGE', 0, 16_383);
    const pair = openPair({ url: `rediss+cluster://localhost:${server.port}`, ca: server.ca });
    await estate.sharing(...pair);
    await bothAreUp(pair);
  });

  it('trust no other authority', async () => {
    const [server, stranger] = [await start({ tls: true }), await start({ tls: true })];
    for (const pair of [openPair({ url: server.url() }), openPair({ url: server.url(), ca: stranger.ca })]) {
      await eventually('both say that Redis is away', () => pair.every(({ lines }) => lines.length > 0));
      expect(await estate.share(...pair)).toBe('UPSTREAM');
    }
    expect(await server.inside.dbsize()).toBe(0);
  });
});
