import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface HttpOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Requests still running so long after the stop are cut. Unit: ms. */
  readonly stopTimeoutMs: number;
  /** Connections beyond so many are closed as they come. */
  readonly maxConnections: number;
  /** A client that takes longer to send a request, or its first byte, is cut off with 408. Unit: ms. */
  readonly receiveTimeoutMs: number;
  /** A connection is kept so long after its last answer. Unit: ms. */
  readonly keepAliveTimeoutMs: number;
  readonly log: { warn(fields: object, text: string): void };
}

/** A server that listens. */
export interface HttpServer {
  /** `http://host:port`, as a browser on this machine would write it. */
  readonly url: string;
  /** Takes no new connection and resolves when the last running request has been answered. */
  stop(): Promise<void>;
}

/** Headers and request line come in one go from any honest client. Unit: ms. */
const MAX_HEADERS_TIMEOUT_MS = 10_000;
/** Whether clients are too slow is looked at so often. Unit: ms. */
const SLOWNESS_CHECK_MS = 1_000;
/** Longest request line and headers together, the query of a GET included; more is answered with 431. Unit: bytes. */
const MAX_HEADER_BYTES = 16 * 1024;
/** That connections are refused is said so often at most. Unit: ms. */
const FULL_LINE_EVERY_MS = 60_000;

/** Listens, and resolves when it does. Errors: those of `listen`, such as EADDRINUSE. */
export async function serve(listener: RequestListener, options: HttpOptions): Promise<HttpServer> {
  const { host, port, stopTimeoutMs, maxConnections, receiveTimeoutMs, keepAliveTimeoutMs, log } = options;
  const server = createServer(
    {
      requestTimeout: receiveTimeoutMs,
      headersTimeout: Math.min(receiveTimeoutMs, MAX_HEADERS_TIMEOUT_MS),
      connectionsCheckingInterval: Math.min(receiveTimeoutMs, SLOWNESS_CHECK_MS),
      keepAliveTimeout: keepAliveTimeoutMs,
      maxHeaderSize: MAX_HEADER_BYTES,
    },
    (request, response) => {
      silent.delete(request.socket);
      listener(request, response);
    },
  );
  // Nothing moved for longer than an operation may take: this client does not read its answer.
  server.setTimeout(stopTimeoutMs + receiveTimeoutMs);
  server.maxConnections = maxConnections;
  tellWhenFull(server, log);
  const silent = trackSilent(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return { url: urlOf(server, host), stop: () => stop(server, silent, stopTimeoutMs) };
}

function tellWhenFull(server: Server, log: HttpOptions['log']): void {
  let toldAt = -Infinity;
  server.on('drop', () => {
    if (performance.now() - toldAt < FULL_LINE_EVERY_MS) return;
    toldAt = performance.now();
    log.warn({ maxConnections: server.maxConnections }, 'too many connections: those beyond are refused');
  });
}

/** The connections that have asked nothing yet, such as a browser's in advance: node takes them for busy ones. */
function trackSilent(server: Server): Set<Socket> {
  const silent = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });
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
