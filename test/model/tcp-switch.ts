import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A port that passes bytes on to another one, until it is told not to. */
export interface TcpSwitch {
  readonly port: number;
  /** Ends all connections and refuses new ones. */
  cut(): void;
  /** Connections can be made again. */
  mend(): void;
  close(): void;
}

const LOOPBACK = '127.0.0.1';

/** Opens a switch before a port of this machine. `onBytes` is told of every piece that goes through, either way. */
export async function openTcpSwitch(targetPort: number, onBytes: () => void): Promise<TcpSwitch> {
  const sockets = new Set<Socket>();
  let isCut = false;
  const destroyAll = (): void => sockets.forEach((socket) => void socket.destroy());
  const server = createServer((near) => {
    if (isCut) return void near.destroy();
    const far = connect(targetPort, LOOPBACK);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.setNoDelay(true);
      from.on('error', () => undefined);
      from.on('data', (bytes: Buffer) => {
        onBytes();
        to.write(bytes);
      });
      from.on('close', () => {
        onBytes();
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  server.listen(0, LOOPBACK);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      isCut = true;
      destroyAll();
    },
    mend() {
      isCut = false;
    },
    close() {
      isCut = true;
      destroyAll();
      server.close();
    },
  };
}
