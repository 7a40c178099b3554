import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { letGo } from './body.js';
import { sendError } from './reply.js';
import { HSTS, SECURITY_HEADERS } from './security-headers.js';

/** Answers what is asked at one path. */
export type Route = (request: IncomingMessage, response: ServerResponse, requestId: string) => Promise<void> | void;

/** Where the graph is. It is asked by any method, and each request for it has a line in the log. */
export const GRAPHQL_PATH = '/graphql';

/** An id from outside is kept if it can do no harm in a log or a header. */
const REQUEST_ID = /^[\w.:/+=-]{1,128}$/;
/** As much of a path as the log shows. What stands in it is printable ASCII: node refuses any other. */
const MAX_LOGGED_PATH = 100;

/**
 * Returns the function that answers every request by its path, with what all have in common: an ID, a line in the log,
 * headers against misuse, an end whatever happens. `whatThereIs` is told to whoever asks at any other path;
 * `trustedProxies` is how many stand before this server: what they say of TLS is believed.
 */
export function createRouter(
  routes: ReadonlyMap<string, Route>,
  whatThereIs: string,
  trustedProxies: number,
  log: Logger,
): RequestListener {
  // What stands in these lines is known: looking for personal data would take longer than writing them.
  const lines = log.child({}, { redact: [] });
  return (request, response) => {
    const startedAt = performance.now();
    const requestId = requestIdOf(request);
    response.setHeader('x-request-id', requestId);
    for (const name in SECURITY_HEADERS) response.setHeader(name, SECURITY_HEADERS[name] ?? '');
    if (trustedProxies > 0 && request.headers['x-forwarded-proto'] === 'https')
      response.setHeader(HSTS.name, HSTS.value);
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    response.once('close', () => {
      if (!request.complete) letGo(request);
      const ms = Math.round(performance.now() - startedAt);
      const line = {
        requestId,
        method: request.method,
        path: path.slice(0, MAX_LOGGED_PATH),
        status: response.statusCode,
        ms,
        clientGone: response.writableFinished ? undefined : true, // undefined leaves it out of the line
      };
      if (path === GRAPHQL_PATH) lines.info(line, 'request');
      else lines.debug(line, 'request');
    });
    answer(path, request, response, requestId).catch((error: unknown) => {
      log.error({ err: error, requestId }, 'unexpected error while answering');
      if (response.headersSent) response.destroy();
      else sendError(response, 500, 'Internal server error', requestId);
    });
  };

  async function answer(
    path: string,
    request: IncomingMessage,
    response: ServerResponse,
    requestId: string,
  ): Promise<void> {
    const route = routes.get(path);
    if (!route) return sendError(response, 404, `nothing is served at this path; ${whatThereIs}`, requestId);
    if (path !== GRAPHQL_PATH && request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      return sendError(response, 405, 'this path is only read, by GET', requestId);
    }
    return route(request, response, requestId);
  }
}

function requestIdOf(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}
