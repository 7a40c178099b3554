import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { LOOPBACK } from '../../../support/redis.js';

/** One name for several servers: a port that leads to one of them. Connections that are there stay where they lead. */
export interface TcpSwitch {
  readonly port: number;
  /** Where connections lead from now on. */
  target: number;
  /** Looks at what clients send; if it returns true, that connection is cut before it arrives. */
  cutsOn: (chunk: Buffer) => boolean;
  /** How many connections were cut. */
  readonly cuts: number;
  close(): Promise<void>;
}

/** Starts the switch, leading to a port. */
export async function startTcpSwitch(target: number): Promise<TcpSwitch> {
  const sockets = new Set<Socket>();
  let cuts = 0;
  const server = createServer((client) => {
    const upstream = connect(tcpSwitch.target, LOOPBACK);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    upstream.pipe(client);
    client.on('data', (chunk: Buffer) => {
      if (tcpSwitch.cutsOn(chunk)) {
        cuts += 1;
        client.resetAndDestroy();
      } else upstream.write(chunk);
    });
  });
  server.listen(0, LOOPBACK);
  await once(server, 'listening');
  const tcpSwitch: TcpSwitch = {
    port: (server.address() as AddressInfo).port,
    target,
    cutsOn: () => false,
    get cuts() {
      return cuts;
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      sockets.forEach((socket) => socket.destroy());
      await closed;
    },
  };
  return tcpSwitch;
}
