import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A way to a server on which all takes its time, in both directions. */
export interface SlowNetwork {
  readonly port: number;
  close(): Promise<void>;
}

/** Opens one before a port of this machine. Unit of the delay: ms, each way. */
export async function openSlowNetwork(targetPort: number, delayMs: number): Promise<SlowNetwork> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
    const far = connect({ port: targetPort, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    join(near, far);
    join(far, near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  /** What comes from one goes to the other, in its order; an end as an end, a reset as a reset. */
  function join(from: Socket, to: Socket): void {
    const later = (action: () => void): void => void setTimeout(action, delayMs);
    let isReset = false;
    sockets.add(from);
    from.on('data', (bytes: Buffer) => later(() => to.write(bytes)));
    from.on('end', () => later(() => to.end()));
    from.on('error', () => (isReset = true));
    from.on('close', () => {
      sockets.delete(from);
      later(() => (isReset ? to.resetAndDestroy() : to.end()));
    });
  }

  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
