import { Redis } from 'ioredis';
import { eventually } from '../cache/redis/support/eventually.js';
import { LOOPBACK, startRedis, type RedisServer } from './redis.js';

/** Three masters, each with a replica, that share the keys between them. */
export interface RedisCluster {
  /** Its address for a gateway: all its nodes. */
  readonly url: string;
  readonly nodes: readonly RedisServer[];
  /** The node that is master of a key now, by the word of the nodes that are alive. */
  masterOf(key: string): Promise<RedisServer>;
  close(): Promise<void>;
}

const MASTERS = 3;
const SLOTS = 16_384;

/** Starts the cluster; fulfils once all its nodes say that it is whole. */
export async function startRedisCluster(): Promise<RedisCluster> {
  const started = await Promise.allSettled(Array.from({ length: 2 * MASTERS }, startNode));
  const nodes = started.flatMap((node) => (node.status === 'fulfilled' ? [node.value] : []));
  const close = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => node.close()));
  };
  try {
    for (const node of started) if (node.status === 'rejected') throw node.reason;
    await join(nodes);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    url: `redis+cluster://${nodes.map((node) => `${node.host}:${node.port}`).join(',')}`,
    nodes,
    close,
    async masterOf(key) {
      for (const node of nodes.filter(({ inside }) => inside.status === 'ready')) {
        const slot = Number(await node.inside.call('CLUSTER', 'KEYSLOT', key));
        const ranges = (await node.inside.call('CLUSTER', 'SLOTS')) as [number, number, [string, number]][];
        const port = ranges.find(([from, to]) => from <= slot && slot <= to)?.[2][1];
        const master = nodes.find((candidate) => candidate.port === port);
        if (master) return master;
      }
      throw new Error('no node knows whose key this is');
    },
  };
}

function startNode(): Promise<RedisServer> {
  return startRedis({
    settings: {
      'cluster-enabled': 'yes',
      'cluster-config-file': 'nodes.conf',
      'cluster-node-timeout': '1000',
      'cluster-replica-validity-factor': '0', // a replica takes over however long it has not heard of its master
      'repl-diskless-sync-delay': '0',
      'repl-ping-replica-period': '1', // a replica that has heard nothing yet is not counted
    },
  });
}

async function join(nodes: readonly RedisServer[]): Promise<void> {
  const [first] = nodes;
  if (!first) throw new Error('a cluster needs nodes');
  const masters = nodes.slice(0, MASTERS);
  await Promise.all(masters.map(({ inside }, i) => inside.call('CLUSTER', 'ADDSLOTSRANGE', ...slotsOf(i))));
  await Promise.all(nodes.map(({ inside }, i) => inside.call('CLUSTER', 'SET-CONFIG-EPOCH', i + 1)));
  for (const { port } of nodes.slice(1)) await first.inside.call('CLUSTER', 'MEET', LOOPBACK, port);
  await eventually('all nodes know each other', async () =>
    (await Promise.all(nodes.map(({ inside }) => knownTo(inside)))).every((known) => known === nodes.length),
  );
  await Promise.all(
    nodes.slice(MASTERS).map(async ({ inside }, i) => {
      const id = await (masters[i] ?? first).inside.call('CLUSTER', 'MYID');
      await inside.call('CLUSTER', 'REPLICATE', String(id));
    }),
  );
  await eventually('the cluster is whole', async () =>
    (await Promise.all(nodes.map(({ inside }) => isWhole(inside)))).every(Boolean),
  );
}

function slotsOf(index: number): [first: number, last: number] {
  const first = (i: number): number => Math.floor((i * SLOTS) / MASTERS);
  return [first(index), first(index + 1) - 1];
}

async function knownTo(inside: Redis): Promise<number> {
  return String(await inside.call('CLUSTER', 'NODES'))
    .trim()
    .split('\n').length;
}

/** The node sees all slots served and a replica that is in touch behind each master. */
async function isWhole(inside: Redis): Promise<boolean> {
  const state = String(await inside.call('CLUSTER', 'INFO'));
  const slots = (await inside.call('CLUSTER', 'SLOTS')) as unknown[][];
  const role = await inside.info('replication');
  return (
    state.includes('cluster_state:ok') &&
    slots.length === MASTERS &&
    slots.every((range) => range.length === 4) &&
    (role.includes('role:master') ? role.includes('state=online') : role.includes('master_link_status:up'))
  );
}
