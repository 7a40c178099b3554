import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface HttpOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Requests still running so long after the stop are cut. Unit: ms. */
  readonly stopTimeoutMs: number;
}

/** A server that listens. */
export interface HttpServer {
  /** `http://host:port`, as a browser on this machine would write it. */
  readonly url: string;
  /** Takes no new connection and resolves when the last running request has been answered. */
  stop(): Promise<void>;
}

/** Listens, and resolves when it does. Errors: those of `listen`, such as EADDRINUSE. */
export async function serve(
  listener: RequestListener,
  { host, port, stopTimeoutMs }: HttpOptions,
): Promise<HttpServer> {
  const server = createServer(listener);
  const silent = trackSilent(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return { url: urlOf(server, host), stop: () => stop(server, silent, stopTimeoutMs) };
}

/** The connections that have asked nothing yet, such as a browser's in advance: node takes them for busy ones. */
function trackSilent(server: Server): ReadonlySet<Socket> {
  const silent = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });
  server.on('request', ({ socket }) => silent.delete(socket));
  return silent;
}

/** Kept-alive connections are closed as soon as they fall idle, which node does not do once it is stopping. Unit: ms. */
const IDLE_CHECK_MS = 50;

function stop(server: Server, silent: ReadonlySet<Socket>, timeoutMs: number): Promise<void> {
  return new Promise((resolve) => {
    const sweep = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
    const cut = setTimeout(() => server.closeAllConnections(), timeoutMs);
    server.close(() => {
      clearInterval(sweep);
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
    for (const socket of silent) socket.destroy();
  });
}

function urlOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  if (host === '0.0.0.0' || host === '::') return `http://localhost:${port}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
