import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

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
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return { url: urlOf(server, host), stop: () => stop(server, stopTimeoutMs) };
}

/** Kept-alive connections are closed as soon as they fall idle, which node does not do once it is stopping. Unit: ms. */
const IDLE_CHECK_MS = 50;

function stop(server: Server, timeoutMs: number): Promise<void> {
  return new Promise((resolve) => {
    const sweep = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
    const cut = setTimeout(() => server.closeAllConnections(), timeoutMs);
    server.close(() => {
      clearInterval(sweep);
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}

function urlOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  return `http://${host === '0.0.0.0' || host === '::' ? 'localhost' : host}:${port}`;
}
