import { setMaxListeners } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { HeaderMap, type ApolloServer } from '@apollo/server';
import { LRUCache } from 'lru-cache';
import type { GraphContext } from '../graphql/context.js';
import { createLoader } from '../loader.js';
import type { Clock } from '../call/clock.js';
import type { FetchTraces } from '../call/fetch-traces.js';
import type { DocumentPolicy } from '../graphql/document-policy.js';
import { BodyError, NO_BODY, readJson, type Body } from './body.js';
import type { FastPath } from '../graphql/fast-path/fast-path.js';
import type { AuthenticateRequest, AuthenticatedRequest } from '../access/authentication.js';
import { createJsonReader } from './json-reader.js';
import { sendError, sentAway, type Reply } from './reply.js';

export interface GraphqlEndpointOptions {
  readonly apollo: ApolloServer<GraphContext>;
  readonly gate: AuthenticateRequest;
  /** Answers what it can; null: all goes the plain way. */
  readonly fastPath: FastPath | null;
  readonly admission: DocumentPolicy;
  readonly fetchTraces: FetchTraces;
  /** How long a client waits for an operation. Unit: ms. */
  readonly deadlineMs: number;
  /** Unit: bytes. */
  readonly maxBodyBytes: number;
  readonly clock: Clock;
}

/** Answers one request to the graph. */
export type GraphqlEndpoint = (request: IncomingMessage, reply: Reply) => Promise<void>;

/** Returns the bridge between node's HTTP and the GraphQL server: GraphQL over HTTP, by POST and by GET. */
export function createGraphqlEndpoint({
  apollo,
  gate,
  fastPath,
  admission,
  fetchTraces,
  deadlineMs,
  maxBodyBytes,
  clock,
}: GraphqlEndpointOptions): GraphqlEndpoint {
  /** What the GraphQL server answers with, by what a client accepts. */
  const contentTypes = new LRUCache<string, string>({ max: MAX_ACCEPTS });
  const readBody = createJsonReader();

  return async (request, reply) => {
    const { requestId, response } = reply;
    let visitor: AuthenticatedRequest;
    let body: Body;
    try {
      const known = gate(request);
      visitor = known instanceof Promise ? await known : known;
      body = request.method === 'POST' ? await readJson(request, maxBodyBytes, readBody) : NO_BODY;
    } catch (error) {
      request.resume(); // the rest of a long body is let go, or it would block the connection
      if (sentAway(reply, error)) return;
      if (error instanceof BodyError) return sendError(reply, error.status, error.message);
      throw error;
    }
    let made: GraphContext | undefined;
    const context = (): GraphContext => (made ??= contextFor(requestId, visitor, response));
    const accept = request.headers.accept ?? '';
    const contentType = contentTypes.get(accept);
    if (fastPath && contentType !== undefined) {
      const answer = fastPath.answer({ body: body.json, bodyBytes: body.bytes, requestId, visitor, context });
      const parts = answer instanceof Promise ? await answer : answer;
      if (parts) return reply.send(200, { 'cache-control': 'no-store', 'content-type': contentType }, parts);
    }
    const { httpGraphQLRequest, refusal } = admission.admit({
      method: request.method ?? '',
      headers: headerMap(request),
      search: searchOf(request),
      body: body.json,
    });
    const answer = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest,
      // Refused here, a request is answered as the GraphQL server answers its own refusals.
      context: () => (refusal ? Promise.reject(refusal) : Promise.resolve(context())),
    });
    if (response.destroyed) return;
    const status = answer.status ?? 200;
    const headers = Object.fromEntries(answer.headers);
    if (answer.body.kind === 'complete') {
      const text = status < 400 ? answer.body.string : withRequestId(answer.body.string, requestId);
      if (status === 200) contentTypes.set(accept, headers['content-type'] ?? '');
      return reply.send(status, headers, text);
    }
    return reply.stream(status, headers, answer.body.asyncIterator);
  };

  function contextFor(requestId: string, visitor: AuthenticatedRequest, response: ServerResponse): GraphContext {
    const gone = new AbortController();
    setMaxListeners(0, gone.signal); // each key of an operation listens
    response.once('close', () => {
      if (!response.writableFinished) gone.abort(); // whoever has the whole answer waits for nothing
    });
    const ask = { deadlineAt: clock.monotonic() + deadlineMs, signal: gone.signal };
    return {
      requestId,
      ...visitor,
      traces: createLoader(fetchTraces, ask),
      refreshedTraces: createLoader(fetchTraces, { ...ask, refresh: true }),
      answers: [],
      cost: 0,
      numbersShown: new Set(),
    };
  }
}

/** `Accept` headers that are remembered: browsers and libraries send but a few. */
const MAX_ACCEPTS = 100;

/** A request refused before it is an operation, such as by the CSRF check, reaches no plugin that would name it. */
function withRequestId(body: string, requestId: string): string {
  const { errors = [], ...rest } = JSON.parse(body) as { errors?: { extensions?: object }[] };
  return JSON.stringify({
    errors: errors.map((error) => ({ ...error, extensions: { ...error.extensions, requestId } })),
    ...rest,
  });
}

function headerMap(request: IncomingMessage): HeaderMap {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return headers;
}

function searchOf(request: IncomingMessage): string {
  const url = request.url ?? '';
  const mark = url.indexOf('?');
  return mark < 0 ? '' : url.slice(mark);
}
