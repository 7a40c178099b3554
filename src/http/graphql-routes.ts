import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';
import type { AuthenticateRequest, AuthenticatedRequest } from '../access/authenticate-request.js';
import type { Tracing } from '../tracing/span.js';
import { deadlineFor } from './deadline.js';
import { isContinueExpected } from './framing.js';
import { createGraphqlHandler, type Body, type GraphqlHandlerOptions } from './graphql-handler.js';
import { checkJsonHeaders, parseJson } from './json-body.js';
import { bodyTooLong } from './refusals.js';
import { beginRequestSpan } from './request-span.js';
import type { Send } from './send.js';

export interface GraphqlOptions extends GraphqlHandlerOptions {
  readonly authenticate: AuthenticateRequest;
  /** Null: requests are not traced. */
  readonly tracing: Tracing | null;
  /** Origins that CORS allows; `*` for any; empty for none. */
  readonly corsOrigins: readonly string[];
  /** Unit: bytes. */
  readonly maxBodyBytes: number;
}

/** The path of the graph. */
export const GRAPHQL_PATH = '/graphql';

/** Adds the routes of the graph: GraphQL over HTTP, by POST and by GET. */
export function addGraphqlRoutes(app: FastifyInstance, send: Send, options: GraphqlOptions): void {
  const { authenticate, tracing, corsOrigins, deadlineMs, maxBodyBytes } = options;
  const handle = createGraphqlHandler(options, send);
  app.register(
    (scope, _, done) => {
      if (corsOrigins.length > 0) {
        scope.register(cors, {
          origin: corsOrigins.includes('*') ? '*' : [...corsOrigins],
          exposedHeaders: 'x-request-id, retry-after',
          maxAge: 600,
          strictPreflight: false,
        });
      }
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, parsed) => {
        const parsedBody: Body = { json: parseJson(body as Buffer), bytes: body.length };
        parsed(null, parsedBody);
      });
      scope.addHook('onRequest', (request, reply, next) => {
        if (tracing) request.exchange.span = beginRequestSpan(tracing, request.exchange);
        const begin = (authenticated: AuthenticatedRequest): void => {
          request.exchange.authenticated = authenticated;
          request.exchange.deadlineMs = deadlineFor(request.headers['x-deadline-ms'], deadlineMs);
          if (request.method === 'POST') checkJsonHeaders(request.headers);
          if (isContinueExpected(request.raw)) {
            if (Number(request.headers['content-length']) > maxBodyBytes) throw bodyTooLong(maxBodyBytes);
            reply.raw.writeContinue();
          }
          next();
        };
        const authenticated = authenticate(request.raw);
        if (authenticated instanceof Promise) authenticated.then(begin).catch(next);
        else begin(authenticated);
      });
      scope.post('', handle);
      scope.get('', { exposeHeadRoute: false }, handle);
      // A HEAD runs no operation: its answer would be discarded.
      scope.head('', (_request, reply) => send(reply, 200, {}, null));
      done();
    },
    { prefix: GRAPHQL_PATH },
  );
}
