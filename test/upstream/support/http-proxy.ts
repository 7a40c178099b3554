import { createServer, type IncomingHttpHeaders } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

/** An HTTP proxy as stands at the edge of many a network: it makes tunnels (CONNECT), and does nothing else. */
export interface HttpProxy {
  readonly url: string;
  /** The tunnels that were asked for: `host:port`, and the headers of the request. */
  readonly tunnels: readonly { readonly to: string; readonly headers: IncomingHttpHeaders }[];
  /** From now on it refuses with this status; null: it does not. */
  refuseWith(status: number | null): void;
  close(): Promise<void>;
}

/** Starts one on a free port of loopback. */
export async function startHttpProxy(): Promise<HttpProxy> {
  const tunnels: { to: string; headers: IncomingHttpHeaders }[] = [];
  const sockets = new Set<Socket>();
  let refusal: number | null = null;
  const server = createServer((_request, response) => response.writeHead(405).end());
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('connect', (request, client: Socket, head: Buffer) => {
    tunnels.push({ to: request.url ?? '', headers: request.headers });
    client.on('error', () => undefined);
    if (refusal !== null) return void client.end(`HTTP/1.1 ${refusal} No\r\ncontent-length: 0\r\n\r\n`);
    const { hostname, port } = new URL(`http://${request.url ?? ''}`);
    const far = connect(Number(port), hostname, () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      far.write(head);
      far.pipe(client).pipe(far);
    });
    far.on('error', () => client.destroy());
    client.on('close', () => far.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tunnels,
    refuseWith: (status) => void (refusal = status),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
