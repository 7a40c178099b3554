import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { traceIdsOf } from '../tracing/trace-ids.js';
import type { Connections } from './connections.js';
import { Exchange } from './exchange.js';
import { framingProblem } from './framing.js';
import type { HttpOptions } from './http-options.js';
import { INTERNAL, refusalBody, refusalOf, RequestError } from './refusals.js';
import { HSTS, SECURITY_HEADERS } from './security-headers.js';
import type { Send } from './send.js';

type CommonOptions = Pick<HttpOptions, 'trustedProxies' | 'maxBodyBytes' | 'notFoundHint' | 'log' | 'onRefused'>;

/** Adds the handling of all requests: request ID, security headers, refusal of unknown paths and methods, error replies. */
export function addCommonHandling(
  app: FastifyInstance,
  options: CommonOptions,
  connections: Connections,
  send: Send,
): void {
  const { trustedProxies, maxBodyBytes, notFoundHint, log, onRefused } = options;
  const methods = new Map<string, Set<string>>();
  const patterns = new Map<string, RegExp>();
  app.addHook('onRoute', ({ url, method }) => {
    const allowed = methods.get(url) ?? new Set<string>();
    for (const one of [method].flat()) allowed.add(one);
    methods.set(url, allowed);
    if (url.includes('/:')) patterns.set(url, new RegExp(`^${url.replaceAll(/:\w+/g, '[^/]+')}$`));
  });
  app.decorateRequest('exchange');
  // Without these listeners node replies itself: 100 before any check of the request, or a 417 without a body.
  for (const event of ['checkContinue', 'checkExpectation'])
    app.server.on(event, (request, response) => app.server.emit('request', request, response));
  app.addHook('onRequest', (request, reply, done) => {
    const exchange = new Exchange(request.raw, reply.raw, request.id);
    request.exchange = exchange;
    connections.begin(exchange);
    reply.headers(SECURITY_HEADERS);
    reply.header('x-request-id', request.id);
    if (trustedProxies > 0 && request.headers['x-forwarded-proto'] === 'https') reply.header(HSTS.name, HSTS.value);
    const problem = framingProblem(request.raw);
    if (problem) return done(problem);
    if (request.method === 'OPTIONS') return answerOptions(request, reply, done);
    if (request.is404) return done(notFoundError(exchange.path));
    done();
  });
  app.setErrorHandler((error, request, reply) => {
    const { exchange } = request;
    if (exchange.isOver) return; // the client has left
    const refusal = refusalOf(error, maxBodyBytes) ?? INTERNAL;
    if (refusal === INTERNAL)
      log.error({ err: error, requestId: request.id, ...traceIdsOf(exchange) }, 'unexpected error while answering');
    exchange.refused = refusal.reason;
    exchange.refusalDetail = refusal.detail;
    onRefused(refusal.reason);
    reply.removeHeader('connection'); // set by Fastify, although the body may have been read
    const headers = { ...refusal.headers, 'content-type': 'application/json; charset=utf-8' };
    send(reply, refusal.status, headers, refusalBody(refusal, request.id));
  });

  function answerOptions(request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void {
    const allowed = allowHeaderOf(request.exchange.path);
    if (allowed === null) return done(notFoundError(request.exchange.path));
    reply.header('allow', allowed);
    if (connections.isDraining) reply.header('connection', 'close'); // the CORS plugin replies to a preflight
    if (request.is404) return send(reply, 204, {}, null);
    done();
  }

  function notFoundError(path: string): RequestError {
    const allow = allowHeaderOf(path);
    return allow === null
      ? new RequestError(404, 'not_found', `nothing is served at this path; ${notFoundHint}`)
      : new RequestError(405, 'method_not_allowed', `this path allows ${allow}`, { allow });
  }

  /** Returns the methods of a path, for `Allow`; null for an unknown path. */
  function allowHeaderOf(path: string): string | null {
    const route = methods.has(path) ? path : [...patterns].find(([, pattern]) => pattern.test(path))?.[0];
    const allowed = methods.get(route ?? '');
    return allowed ? [...new Set([...allowed, 'OPTIONS'])].join(', ') : null;
  }
}
