import type { IncomingMessage, RequestListener } from 'node:http';
import cors from 'cors';
import type { Logger } from 'pino';
import type { GraphqlEndpoint } from './graphql-endpoint.js';
import { renderIde } from './ide.js';
import { sendJson, type Reply } from './reply.js';
import { createRouter, GRAPHQL_PATH, type Route } from './router.js';
import { pageHeaders } from './security-headers.js';

/** What /readyz tells. */
export interface Readiness {
  readonly ready: boolean;
  readonly [part: string]: unknown;
}

export interface AdminOptions {
  readonly readiness: () => Readiness;
  /** What /metrics tells. */
  readonly metrics: () => Promise<{ contentType: string; body: string }>;
  readonly log: Logger;
}

export interface ListenerOptions extends AdminOptions {
  readonly graphql: GraphqlEndpoint;
  /** Origins whose pages may ask; `*` for any; empty for none. */
  readonly corsOrigins: readonly string[];
  /** Whether `/` serves the IDE. */
  readonly ide: boolean;
  /** Where /readyz and /metrics are served instead; null: here. */
  readonly adminPort: number | null;
  /** How many proxies stand before this gateway: what they say of TLS is believed. */
  readonly trustedProxies: number;
}

/** Returns the function that answers every request: the graph, health, readiness, metrics, the IDE, and 404 for the rest. */
export function createListener(options: ListenerOptions): RequestListener {
  const { graphql, corsOrigins, ide, adminPort, trustedProxies, log } = options;
  const allowCors = cors({
    origin: corsOrigins.includes('*') ? '*' : [...corsOrigins],
    exposedHeaders: ['x-request-id', 'retry-after'],
    maxAge: 600,
  });
  let idePage: Promise<{ html: string; headers: Record<string, string> }> | undefined;

  const routes = new Map<string, Route>(adminPort === null ? adminRoutes(options) : [HEALTHZ]);
  routes.set(GRAPHQL_PATH, (request, reply) => {
    if (request.headers.origin === undefined || corsOrigins.length === 0) return graphql(request, reply);
    return answeredByCors(request, reply).then((answered) => (answered ? undefined : graphql(request, reply)));
  });
  if (ide) {
    routes.set('/', async (_, reply) => {
      const { html, headers } = await (idePage ??= openIde());
      sendText(reply, 'text/html; charset=utf-8', html, headers);
    });
  }
  return createRouter(routes, `the graph is at ${GRAPHQL_PATH}`, trustedProxies, log);

  /** Sets the CORS headers; true if the request was a preflight and is done. */
  function answeredByCors(request: IncomingMessage, reply: Reply): Promise<boolean> {
    const response = reply.handOver();
    return new Promise((resolve) => {
      response.once('finish', () => resolve(true));
      allowCors(request, response, () => resolve(false));
    });
  }
}

/** Returns the function that answers at the port for operators: health, readiness and metrics alone. */
export function createAdminListener(options: AdminOptions): RequestListener {
  return createRouter(new Map(adminRoutes(options)), 'there are /healthz, /readyz and /metrics', 0, options.log);
}

const HEALTHZ: [string, Route] = ['/healthz', (_, reply) => sendJson(reply, 200, { status: 'ok' })];

function adminRoutes({ readiness, metrics }: AdminOptions): [string, Route][] {
  return [
    HEALTHZ,
    [
      '/readyz',
      (_, reply) => {
        const state = readiness();
        sendJson(reply, state.ready ? 200 : 503, state);
      },
    ],
    [
      '/metrics',
      async (_, reply) => {
        const { contentType, body } = await metrics();
        sendText(reply, contentType, body);
      },
    ],
  ];
}

async function openIde(): Promise<{ html: string; headers: Record<string, string> }> {
  const html = await renderIde(GRAPHQL_PATH);
  return { html, headers: pageHeaders(html) };
}

function sendText(
  reply: Reply,
  contentType: string,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  reply.send(200, { ...headers, 'content-type': contentType, 'cache-control': 'no-store' }, text);
}
