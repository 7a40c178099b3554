import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import cors from 'cors';
import type { Logger } from 'pino';
import type { GraphqlEndpoint } from './graphql-endpoint.js';
import { renderIde } from './ide.js';
import { sendError, sendJson } from './reply.js';

/** What /readyz tells. */
export interface Readiness {
  readonly ready: boolean;
  readonly [part: string]: unknown;
}

export interface ListenerOptions {
  readonly graphql: GraphqlEndpoint;
  readonly readiness: () => Readiness;
  /** What /metrics tells. */
  readonly metrics: () => Promise<{ contentType: string; body: string }>;
  /** Origins whose pages may ask; `*` for any; empty for none. */
  readonly corsOrigins: readonly string[];
  /** Whether `/` serves the IDE. */
  readonly ide: boolean;
  readonly log: Logger;
}

const GRAPHQL_PATH = '/graphql';
/** An id from outside is kept if it can do no harm in a log or a header. */
const REQUEST_ID = /^[\w.:/+=-]{1,128}$/;

/** Returns the function that answers every request: the graph, health, readiness, metrics, the IDE, and 404 for the rest. */
export function createListener(options: ListenerOptions): RequestListener {
  const { graphql, readiness, metrics, corsOrigins, ide, log } = options;
  const allowCors = cors({
    origin: corsOrigins.includes('*') ? '*' : [...corsOrigins],
    exposedHeaders: ['x-request-id'],
    maxAge: 600,
  });
  let idePage: Promise<string> | undefined;

  return (request, response) => {
    const startedAt = performance.now();
    const requestId = requestIdOf(request);
    response.setHeader('x-request-id', requestId);
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    response.once('close', () => {
      const ms = Math.round(performance.now() - startedAt);
      const line = {
        requestId,
        method: request.method,
        path,
        status: response.statusCode,
        ms,
        ...(response.writableFinished ? {} : { clientGone: true }),
      };
      if (path === GRAPHQL_PATH) log.info(line, 'request');
      else log.debug(line, 'request');
    });
    route(path, request, response, requestId).catch((error: unknown) => {
      log.error({ err: error, requestId }, 'unexpected error while answering');
      if (response.headersSent) response.destroy();
      else sendError(response, 500, 'Internal server error', requestId);
    });
  };

  async function route(
    path: string,
    request: IncomingMessage,
    response: ServerResponse,
    requestId: string,
  ): Promise<void> {
    switch (path) {
      case GRAPHQL_PATH:
        if (await answeredByCors(request, response)) return;
        return graphql(request, response, requestId);
      case '/healthz':
        return sendJson(response, 200, { status: 'ok' });
      case '/readyz': {
        const state = readiness();
        return sendJson(response, state.ready ? 200 : 503, state);
      }
      case '/metrics': {
        const { contentType, body } = await metrics();
        return sendText(response, contentType, body);
      }
      case '/':
        if (ide) return sendText(response, 'text/html; charset=utf-8', await (idePage ??= renderIde(GRAPHQL_PATH)));
    }
    sendError(response, 404, `nothing is served at this path; the graph is at ${GRAPHQL_PATH}`, requestId);
  }

  /** Sets the CORS headers; true if the request was a preflight and is done. */
  function answeredByCors(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    if (request.headers.origin === undefined || corsOrigins.length === 0) return Promise.resolve(false);
    return new Promise((resolve) => {
      response.once('finish', () => resolve(true));
      allowCors(request, response, () => resolve(false));
    });
  }
}

function requestIdOf(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}

function sendText(response: ServerResponse, contentType: string, text: string): void {
  response.writeHead(200, { 'content-type': contentType, 'cache-control': 'no-store' });
  response.end(text);
}
