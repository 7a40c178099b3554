import { eventually } from '../cache/redis/support/eventually.js';
import { startRedis, type RedisServer } from './redis.js';

/** A master with a replica, and three sentinels that put the replica in its place if it dies. */
export interface RedisTrio {
  /** Its address for a gateway: the sentinels, and the name under which they know the master. */
  readonly url: string;
  readonly master: RedisServer;
  readonly replica: RedisServer;
  /** Has the replica take the place of a master that is well; fulfils once that follows it, in its turn. */
  stepDown(): Promise<void>;
  close(): Promise<void>;
}

const NAME = 'traces';
const SENTINELS = 3;

/** Starts them all; fulfils once every sentinel knows the replica and the other sentinels. */
export async function startRedisTrio(): Promise<RedisTrio> {
  const open: RedisServer[] = [];
  const start = async (...options: Parameters<typeof startRedis>): Promise<RedisServer> => {
    const server = await startRedis(...options);
    open.push(server);
    return server;
  };
  const close = async (): Promise<void> => {
    await Promise.all(open.map((server) => server.close()));
  };
  try {
    const settings = { 'repl-diskless-sync-delay': '0' };
    const master = await start({ settings });
    const replica = await start({ settings: { ...settings, replicaof: `${master.host} ${master.port}` } });
    await eventually('the replica is in touch', async () =>
      (await replica.inside.info('replication')).includes('master_link_status:up'),
    );
    const sentinels = await Promise.all(
      Array.from({ length: SENTINELS }, () =>
        start({
          sentinel: true,
          settings: {
            'sentinel monitor': `${NAME} ${master.host} ${master.port} 2`,
            'sentinel down-after-milliseconds': `${NAME} 500`,
            'sentinel failover-timeout': `${NAME} 3000`,
          },
        }),
      ),
    );
    await eventually('every sentinel knows the replica and the other sentinels', async () =>
      (await Promise.all(sentinels.map(({ inside }) => inside.info('sentinel')))).every((text) =>
        text.includes(`slaves=1,sentinels=${SENTINELS}`),
      ),
    );
    return {
      url: `redis+sentinel://${sentinels.map(({ host, port }) => `${host}:${port}`).join(',')}/${NAME}`,
      master,
      replica,
      async stepDown() {
        await sentinels[0]?.inside.call('SENTINEL', 'FAILOVER', NAME);
        await eventually('the master follows its replica', async () =>
          (await master.inside.info('replication')).includes('role:slave'),
        );
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
