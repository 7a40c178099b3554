import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import fastify, { type FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { RefusalReason } from '../observability/refusals.js';
import { createBrokenRequestHandler } from './broken-requests.js';
import { addCommonHandling } from './common-handling.js';
import { trackConnections, type Connections } from './connections.js';
import { createRequestLine, type ShownAddress } from './request-line.js';
import { createSend, type Send } from './send.js';

export interface HttpOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** How long the server goes on as before once it is to stop, but with `Connection: close` on each reply. Unit: ms. */
  readonly drainMs: number;
  /** Requests that still run so long after that are cut off. Unit: ms. */
  readonly stopTimeoutMs: number;
  /** Connections beyond so many are closed as they come. */
  readonly maxConnections: number;
  /** A client that takes longer to send a request, or its first byte, is cut off with 408. Unit: ms. */
  readonly receiveTimeoutMs: number;
  /** A connection is kept so long after its last answer. Unit: ms. */
  readonly keepAliveTimeoutMs: number;
  /** Longest body. Unit: bytes. */
  readonly maxBodyBytes: number;
  /** How many proxies stand before this server: what they say of addresses and TLS is believed. */
  readonly trustedProxies: number;
  /** Told to whoever asks at a path where nothing is. */
  readonly notFoundHint: string;
  /** The path whose requests have a line in the log at level `info`. */
  readonly graphqlPath: string;
  /** How much of the address of a refused client the log shows. */
  readonly logClientAddress: ShownAddress;
  readonly log: Logger;
  /** For the lines of requests: they hold nothing personal, so need not be searched for it. */
  readonly requestLog: Logger;
  /** Told of each refusal. */
  readonly onRefused: (reason: RefusalReason) => void;
}

/** Adds the routes of a server. `send`: what each of them replies with. */
export type AddRoutes = (app: FastifyInstance, send: Send) => void;

/** A server that listens. */
export interface HttpServer {
  /** `http://host:port`, as a browser on this machine would write it. */
  readonly url: string;
  /** Connections that are open. */
  readonly connections: number;
  /** Drains, stops listening, and resolves when the last running request has been answered. */
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
/** Once a server has drained, a new connection is given so long to ask something. Unit: ms. */
const MAX_QUIET_MS = 1_000;

/** Listens, and resolves when it does. Errors: those of `listen`, such as EADDRINUSE. */
export async function serve(addRoutes: AddRoutes, options: HttpOptions): Promise<HttpServer> {
  const { host, port, drainMs, stopTimeoutMs, maxConnections, log } = options;
  const app = createApp(options, () => connections);
  const connections = trackConnections(
    app.server,
    createRequestLine({ ...options, log: options.requestLog, clientAddress: options.logClientAddress }),
  );
  app.server.maxConnections = maxConnections;
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
      await connections.close({ quietMs: Math.min(drainMs, MAX_QUIET_MS), timeoutMs: stopTimeoutMs });
      await app.close();
    },
  };
}

function createApp(options: HttpOptions, connections: () => Connections): FastifyInstance {
  const { receiveTimeoutMs, keepAliveTimeoutMs, stopTimeoutMs, maxBodyBytes } = options;
  return fastify({
    requestTimeout: receiveTimeoutMs,
    keepAliveTimeout: keepAliveTimeoutMs,
    // Nothing moved for longer than an operation may take: this client does not read its answer.
    connectionTimeout: stopTimeoutMs + receiveTimeoutMs,
    http: {
      headersTimeout: Math.min(receiveTimeoutMs, MAX_HEADERS_TIMEOUT_MS),
      connectionsCheckingInterval: Math.min(receiveTimeoutMs, SLOWNESS_CHECK_MS),
      maxHeaderSize: MAX_HEADER_BYTES,
      requireHostHeader: false, // it is required in framing.ts, with an answer like any other
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

/** What a query holds is read where it is needed, from the URL. */
const NO_QUERY = {};
/** An id from outside is kept if it can do no harm in a log or a header. */
const REQUEST_ID = /^[\w.:/+=-]{1,128}$/;

function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}

/**
 * The path and query of a request target, which may be a whole URL. Source: RFC 9112, section 3.2. The router decodes
 * paths: those with a percent sign are written so that it finds them as they came, for a proxy may go by that.
 */
function originForm(target: string): string {
  const rest = target.startsWith('/') ? target : (/^https?:\/\/[^/?]*(.*)$/i.exec(target)?.[1] ?? target);
  const path = rest.startsWith('/') ? rest : `/${rest}`;
  return path.includes('%') ? path.replace(/^[^?]*/, (encoded) => encoded.replaceAll('%', '%25')) : path;
}

function warnWhenFull({ server }: FastifyInstance, log: Pick<Logger, 'warn'>): void {
  let warnedAt = -Infinity;
  server.on('drop', () => {
    if (performance.now() - warnedAt < FULL_LINE_EVERY_MS) return;
    warnedAt = performance.now();
    log.warn({ maxConnections: server.maxConnections }, 'too many connections: those beyond are refused');
  });
}

function urlOf({ server }: FastifyInstance, host: string): string {
  const { port } = server.address() as AddressInfo;
  if (host === '0.0.0.0' || host === '::') return `http://localhost:${port}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
