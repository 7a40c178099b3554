import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { LOOPBACK } from '../../support/redis.js';

/** One name behind which Redis servers change, as behind a virtual address or a name service. */
export interface RedisFront {
  readonly url: string;
  /** New connections lead to this port; those that are open stay where they are. */
  pointTo(port: number): void;
  /** From now on connections are cut when they wait for messages, or no more. Those that have waited are cut at once. */
  cutListeners(cut: boolean): void;
  /** How many connections were cut because they waited for messages. */
  readonly cuts: number;
  close(): Promise<void>;
}

/** Opens a front before a port of this machine. */
export async function openRedisFront(target: number): Promise<RedisFront> {
  const sockets = new Set<Socket>();
  const listeners = new Set<Socket>();
  let isCutting = false;
  let cuts = 0;
  const server = createServer((near) => {
    const far = connect(target, LOOPBACK);
    near.on('data', (bytes: Buffer) => {
      if (/\r\nxread\r\n/i.test(bytes.toString('latin1'))) {
        listeners.add(near);
        if (isCutting) {
          cuts += 1;
          return void near.destroy();
        }
      }
      far.write(bytes);
    });
    far.on('data', (bytes) => near.write(bytes));
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on('error', () => undefined);
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  });
  server.listen(0, LOOPBACK);
  await once(server, 'listening');
  return {
    url: `redis://${LOOPBACK}:${(server.address() as AddressInfo).port}`,
    pointTo(port) {
      target = port;
    },
    cutListeners(cut) {
      isCutting = cut;
      if (cut) listeners.forEach((socket) => socket.destroy());
    },
    get cuts() {
      return cuts;
    },
    async close() {
      sockets.forEach((socket) => socket.destroy());
      server.close();
      await once(server, 'close');
    },
  };
}
