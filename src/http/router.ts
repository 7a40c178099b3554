import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener } from 'node:http';
import type { Logger } from 'pino';
import { letGo } from './body.js';
import { createLineWriter } from '../observability/line-writer.js';
import { createOutbox } from './outbox.js';
import { Reply, sendError } from './reply.js';
import { HSTS } from './security-headers.js';

/** Answers what is asked at one path. */
export type Route = (request: IncomingMessage, reply: Reply) => Promise<void> | void;

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
  const writeInfo = createLineWriter(log, 'info', 'request');
  const writeDebug = createLineWriter(log, 'debug', 'request');
  const outbox = createOutbox((error) => log.error({ err: error }, 'a reply could not be written'));
  return (request, response) => {
    const startedAt = performance.now();
    const requestId = requestIdOf(request);
    const reply = new Reply(response, requestId, outbox);
    if (trustedProxies > 0 && request.headers['x-forwarded-proto'] === 'https') reply.set(HSTS.name, HSTS.value);
    const path = pathOf(request);
    response.once('close', () => {
      if (!request.complete) letGo(request);
      const ms = Math.round(performance.now() - startedAt);
      const { method = '' } = request;
      const gone = response.writableFinished ? '' : ',"clientGone":true';
      const write = path === GRAPHQL_PATH ? writeInfo : writeDebug;
      write?.(
        `,"requestId":"${requestId}","method":"${method}","path":${pathText(path)},"status":${response.statusCode},"ms":${ms}${gone}`,
      );
    });
    const failed = (error: unknown): void => {
      log.error({ err: error, requestId }, 'unexpected error while answering');
      if (response.headersSent) response.destroy();
      else sendError(reply, 500, 'Internal server error');
    };
    try {
      answer(path, request, reply)?.catch(failed);
    } catch (error) {
      failed(error);
    }
  };

  function answer(path: string, request: IncomingMessage, reply: Reply): Promise<void> | void {
    const route = routes.get(path);
    if (!route) return sendError(reply, 404, `nothing is served at this path; ${whatThereIs}`);
    if (path !== GRAPHQL_PATH && request.method !== 'GET' && request.method !== 'HEAD') {
      reply.set('allow', 'GET, HEAD');
      return sendError(reply, 405, 'this path is only read, by GET');
    }
    return route(request, reply);
  }
}

function pathOf({ url = '/' }: IncomingMessage): string {
  const mark = url.indexOf('?');
  return mark < 0 ? url : url.slice(0, mark);
}

/** As JSON, and no longer than the log shows it. */
function pathText(path: string): string {
  return path === GRAPHQL_PATH ? GRAPHQL_PATH_TEXT : JSON.stringify(path.slice(0, MAX_LOGGED_PATH));
}

const GRAPHQL_PATH_TEXT = JSON.stringify(GRAPHQL_PATH);

function requestIdOf(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}
