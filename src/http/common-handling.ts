import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Connections } from './connections.js';
import { Exchange } from './exchange.js';
import { framingProblem } from './framing.js';
import { INTERNAL, refusalBody, refusalOf, RequestError } from './refusals.js';
import { HSTS, SECURITY_HEADERS } from './security-headers.js';
import type { Send } from './send.js';
import type { HttpOptions } from './server.js';

type CommonOptions = Pick<HttpOptions, 'trustedProxies' | 'maxBodyBytes' | 'notFoundHint' | 'log' | 'onRefused'>;

/** Adds what all requests have in common: an ID, headers against misuse, a refusal of unknown paths and methods, an end whatever happens. */
export function addCommonHandling(
  app: FastifyInstance,
  options: CommonOptions,
  connections: Connections,
  send: Send,
): void {
  const { trustedProxies, maxBodyBytes, notFoundHint, log, onRefused } = options;
  const methods = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ url, method }) => {
    const known = methods.get(url) ?? new Set<string>();
    for (const one of [method].flat()) known.add(one);
    methods.set(url, known);
  });
  app.decorateRequest('exchange');
  // Without these node answers by itself: 100 before anybody has looked at the request, and a bare 417.
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
    if (request.is404) return done(notServed(exchange.path));
    done();
  });
  app.setErrorHandler((error, request, reply) => {
    const { exchange } = request;
    if (exchange.isOver) return; // nobody is left to be told
    const refusal = refusalOf(error, maxBodyBytes) ?? INTERNAL;
    if (refusal === INTERNAL) log.error({ err: error, requestId: request.id }, 'unexpected error while answering');
    exchange.refused = refusal.reason;
    exchange.refusalDetail = refusal.detail;
    onRefused(refusal.reason);
    reply.removeHeader('connection'); // Fastify's: the body may have been read all the same
    const headers = { ...refusal.headers, 'content-type': 'application/json; charset=utf-8' };
    send(reply, refusal.status, headers, refusalBody(refusal, request.id));
  });

  function answerOptions(request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void {
    const allowed = allowedAt(request.exchange.path);
    if (allowed === null) return done(notServed(request.exchange.path));
    reply.header('allow', allowed);
    if (connections.isDraining) reply.header('connection', 'close'); // a preflight is answered by its plugin
    if (request.is404) return send(reply, 204, {}, null);
    done();
  }

  function notServed(path: string): RequestError {
    const allow = allowedAt(path);
    return allow === null
      ? new RequestError(404, 'not_found', `nothing is served at this path; ${notFoundHint}`)
      : new RequestError(405, 'method_not_allowed', `this path is asked by ${allow}`, { allow });
  }

  /** The methods with which a path may be asked; null if nothing is there. */
  function allowedAt(path: string): string | null {
    const known = methods.get(path);
    return known ? [...new Set([...known, 'OPTIONS'])].join(', ') : null;
  }
}
