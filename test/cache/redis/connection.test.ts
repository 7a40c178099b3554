import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { traceKeyText } from '../../../src/call/key.js';
import { countListeners, cutListeners, startRedis, type RedisServer } from '../../support/redis.js';
import { createEstate, newKey, type Estate, type TestGateway } from './support/estate.js';
import { eventually } from './support/eventually.js';
import { startTcpSwitch, type TcpSwitch } from './support/tcp-switch.js';

describe('gateways that know Redis by one name', () => {
  let master: RedisServer;
  let replica: RedisServer;
  let tcpSwitch: TcpSwitch;
  let estate: Estate;
  const unhandled: unknown[] = [];
  const onUnhandled = (reason: unknown): void => void unhandled.push(reason);
  beforeEach(async () => {
    const settings = { 'repl-diskless-sync-delay': '0' };
    master = await startRedis({ settings });
    replica = await startRedis({ settings: { ...settings, replicaof: `${master.host} ${master.port}` } });
    tcpSwitch = await startTcpSwitch(master.port);
    estate = createEstate();
    unhandled.length = 0;
    process.on('unhandledRejection', onUnhandled);
  });
  afterEach(async () => {
    process.off('unhandledRejection', onUnhandled);
    await estate.close();
    await tcpSwitch.close();
    await Promise.all([master, replica].map((server) => server.close()));
  });

  async function openPair(): Promise<[TestGateway, TestGateway]> {
    const url = `redis://${master.host}:${tcpSwitch.port}`;
    const pair: [TestGateway, TestGateway] = [estate.open({ url }), estate.open({ url })];
    await eventually('both can use Redis', () => pair.every(({ redis }) => redis.state === 'up'));
    return pair;
  }

  it('find the new primary when the old one has become its replica, and their connections stayed there', async () => {
    const pair = await openPair();
    await estate.sharing(...pair);
    await replica.inside.replicaof('NO', 'ONE');
    await master.inside.replicaof(replica.host, replica.port);
    tcpSwitch.target = replica.port;
    await estate.sharing(...pair);
    await estate.sharing(pair[1], pair[0]);

    const key = newKey();
    estate.latencyMs = 300;
    await Promise.all(pair.map((gateway) => gateway.ask(key)));
    expect(estate.countOf(key)).toBe(1); // there are leases again
    await eventually('a call can be forgotten', async () => (await pair[0].forget(key)) === null);
    expect(pair.map(({ redis }) => redis.state)).toEqual(['up', 'up']);
    expect(unhandled).toEqual([]);
  });

  it('outlive it if the connection is cut on which they wait for messages, again and again', async () => {
    const [one, other] = await openPair();
    await eventually('both listen', async () => (await countListeners(master)) === 2);
    tcpSwitch.cutsOn = (chunk) => chunk.includes('xread');
    await cutListeners(master);
    await eventually('it was cut several times', () => tcpSwitch.cuts >= 6);
    tcpSwitch.cutsOn = () => false;
    await eventually('both listen again', async () => (await countListeners(master)) === 2);
    const key = newKey();
    await eventually('one hears what the other forgets', async () => {
      await other.forget(key);
      return one.invalidated.includes(traceKeyText(key));
    });
    expect(unhandled).toEqual([]);
  });
});
