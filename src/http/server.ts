import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import fastify, { type FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { createBrokenRequestHandler } from './broken-requests.js';
import { addCommonHandling } from './common-handling.js';
import { trackConnections, type Connections } from './connections.js';
import { MAX_HEADERS } from './framing.js';
import type { HttpOptions } from './http-options.js';
import { createRequestLine } from './request-line.js';
import { endRequestSpan } from './request-span.js';
import { createSend, type Send } from './send.js';

/** Adds the routes of a server. Routes reply through `send`. */
export type AddRoutes = (app: FastifyInstance, send: Send) => void;

/** A listening server. */
export interface HttpServer {
  /** `http://host:port`, for a browser on this machine. */
  readonly url: string;
  /** The number of open connections. */
  readonly connections: number;
  /** Drains, stops listening, and resolves when the last running request has been answered. */
  stop(): Promise<void>;
}

/** Longest time for receiving request line and headers. Unit: ms. */
const MAX_HEADERS_TIMEOUT_MS = 10_000;
/** Pause between two checks of these timeouts. Unit: ms. */
const TIMEOUT_CHECK_MS = 1_000;
/** Most bytes of request line and headers, the query of a GET included; beyond it the reply is 431. Unit: bytes. */
const MAX_HEADER_BYTES = 16 * 1024;
/** Shortest pause between two warnings about refused connections. Unit: ms. */
const FULL_WARNING_PAUSE_MS = 60_000;
/** After draining, a connection is closed when it has been idle for this long. Unit: ms. */
const MAX_IDLE_MS = 1_000;

/** Starts a server, and resolves when it listens. Rejects with the errors of `listen`, such as EADDRINUSE. */
export async function serve(addRoutes: AddRoutes, options: HttpOptions): Promise<HttpServer> {
  const { host, port, drainMs, stopTimeoutMs, maxConnections, log } = options;
  const app = createApp(options, () => connections);
  const logRequest = createRequestLine({
    ...options,
    log: options.requestLog,
    clientAddress: options.logClientAddress,
  });
  const connections = trackConnections(app.server, (exchange, answered) => {
    logRequest(exchange, answered);
    if (exchange.span) endRequestSpan(exchange.span, exchange, answered);
  });
  app.server.maxConnections = maxConnections;
  app.server.maxHeadersCount = MAX_HEADERS + 1; // node hides those beyond, so one too many must show
  warnWhenFull(app, log);
  const send = createSend(connections);
  addCommonHandling(app, options, connections, send);
  addRoutes(app, send);
  try {
    await app.listen({ host, port });
  } catch (error) {
    await app.close();
    throw error;
  }
  return {
    url: urlOf(app, host),
    get connections() {
      return connections.count;
    },
    async stop() {
      connections.drain();
      if (drainMs > 0) await delay(drainMs);
      await connections.close({ idleMs: Math.min(drainMs, MAX_IDLE_MS), timeoutMs: stopTimeoutMs });
      await app.close();
    },
  };
}

function createApp(options: HttpOptions, connections: () => Connections): FastifyInstance {
  const { receiveTimeoutMs, keepAliveTimeoutMs, stopTimeoutMs, maxBodyBytes } = options;
  return fastify({
    requestTimeout: receiveTimeoutMs,
    keepAliveTimeout: keepAliveTimeoutMs,
    // No bytes moved for longer than an operation may take: the client does not read its answer.
    connectionTimeout: stopTimeoutMs + receiveTimeoutMs,
    http: {
      headersTimeout: Math.min(receiveTimeoutMs, MAX_HEADERS_TIMEOUT_MS),
      connectionsCheckingInterval: Math.min(receiveTimeoutMs, TIMEOUT_CHECK_MS),
      maxHeaderSize: MAX_HEADER_BYTES,
      requireHostHeader: false, // framing.ts checks it, and replies as for any other refusal
    },
    bodyLimit: maxBodyBytes,
    return503OnClosing: false,
    forceCloseConnections: false,
    genReqId: requestIdOf,
    rewriteUrl: ({ url = '/' }) => originForm(url),
    routerOptions: { querystringParser: () => NO_QUERY },
    clientErrorHandler: createBrokenRequestHandler(options, connections),
  });
}

/** The query is parsed from the URL where it is needed, so Fastify parses none. */
const NO_QUERY = {};
/** The form of client-supplied request IDs that are safe in logs and headers. */
const REQUEST_ID = /^[\w.:/+=-]{1,128}$/;

function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const requestId = headers['x-request-id'];
  return typeof requestId === 'string' && REQUEST_ID.test(requestId) ? requestId : randomUUID();
}

/**
 * Returns the path and query of a request target, which may be an absolute URL. Source: RFC 9112, section 3.2. The router
 * decodes paths; percent signs are escaped, so that it matches paths as received, as a proxy before it does.
 */
function originForm(target: string): string {
  const withoutAuthority = target.startsWith('/') ? target : (/^https?:\/\/[^/?]*(.*)$/i.exec(target)?.[1] ?? target);
  const path = withoutAuthority.startsWith('/') ? withoutAuthority : `/${withoutAuthority}`;
  return path.includes('%') ? path.replace(/^[^?]*/, (encoded) => encoded.replaceAll('%', '%25')) : path;
}

function warnWhenFull({ server }: FastifyInstance, log: Pick<Logger, 'warn'>): void {
  let warnedAt = -Infinity;
  server.on('drop', () => {
    if (performance.now() - warnedAt < FULL_WARNING_PAUSE_MS) return;
    warnedAt = performance.now();
    log.warn({ maxConnections: server.maxConnections }, 'too many connections: those beyond are refused');
  });
}

function urlOf({ server }: FastifyInstance, host: string): string {
  const { port } = server.address() as AddressInfo;
  if (host === '0.0.0.0' || host === '::') return `http://localhost:${port}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
