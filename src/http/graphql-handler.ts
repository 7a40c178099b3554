import { setMaxListeners } from 'node:events';
import { HeaderMap, type ApolloServer } from '@apollo/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import type { AuthenticatedRequest } from '../access/authenticate-request.js';
import type { Clock } from '../call/clock.js';
import type { AskOptions } from '../call/fetch-traces.js';
import { isStorableRequest } from '../graphql/cache-headers.js';
import type { GraphContext } from '../graphql/context.js';
import type { DocumentPolicy } from '../graphql/document-policy.js';
import type { Pieces } from '../graphql/fast-path/answer.js';
import type { FastPath } from '../graphql/fast-path/fast-path.js';
import { createContext, type LoaderOf } from '../graphql/request-context.js';
import type { Exchange } from './exchange.js';
import { createSendConcatenated } from './pieces.js';
import { sendAnswer } from './send-answer.js';
import type { Send } from './send.js';
import { createSendBatch } from './send-batch.js';

/** What the handler of GraphQL requests needs. */
export interface GraphqlHandlerOptions {
  readonly apollo: Pick<ApolloServer<GraphContext>, 'executeHTTPGraphQLRequest'>;
  /** The fast path; null: Apollo Server answers every request. */
  readonly fastPath: Pick<FastPath, 'answer'> | null;
  readonly documents: Pick<DocumentPolicy, 'check'>;
  readonly createLoader: (ask: AskOptions) => GraphContext['traces'];
  /** The longest deadline of an operation. Unit: ms. */
  readonly deadlineMs: number;
  readonly clock: Pick<Clock, 'monotonic'>;
}

/** A parsed request body. */
export interface Body {
  readonly json: unknown;
  readonly bytes: number;
}

/** The body of a request without one. */
const NO_BODY: Body = { json: undefined, bytes: 0 };

/** Most `Accept` headers in the cache: browsers and libraries send few different ones. */
const MAX_ACCEPTS = 100;

type Handler = (request: FastifyRequest, reply: FastifyReply) => void;

/** Returns the handler of GraphQL requests: the fast path answers what it can, and Apollo Server everything else. */
export function createGraphqlHandler(
  { apollo, fastPath, documents, createLoader, deadlineMs, clock }: GraphqlHandlerOptions,
  send: Send,
): Handler {
  /** The content types of GraphQL answers, by `Accept` header. */
  const contentTypes = new LRUCache<string, string>({ max: MAX_ACCEPTS });
  const batch = createSendBatch();
  const sendConcatenated = createSendConcatenated();

  return (request, reply) => {
    const { exchange } = request;
    const { authenticated } = exchange;
    // The client has disconnected while its request was queued: no operation runs, and nothing is audited.
    if (!authenticated || exchange.isOver || request.raw.socket.destroyed) return;
    const body = (request.body as Body | undefined) ?? NO_BODY;
    const context = contextFor(exchange, authenticated);
    const begin = (): GraphContext => (exchange.context = context);
    const contentType = contentTypes.get(request.headers.accept ?? '');
    const failed = (error: unknown): void => {
      context.span?.fail('INTERNAL_SERVER_ERROR');
      endOperation(exchange, context);
      reply.send(error);
    };
    const answerByApollo = (): void => {
      exchange.span?.set({ 'calltrace.path': 'standard' });
      void execute(request, reply, body, begin)
        .then(() => endOperation(exchange, context))
        .catch(failed);
    };
    if (!fastPath || contentType === undefined) return answerByApollo();
    const finish = (pieces: Pieces | null): void => {
      if (!pieces) return answerByApollo();
      begin();
      endOperation(exchange, context);
      sendLater(reply, 200, { 'content-type': contentType }, pieces);
    };
    exchange.span?.set({ 'calltrace.path': 'fast' });
    const answer = fastPath.answer({ message: request.raw, body: body.json, bodyBytes: body.bytes, context });
    if (answer instanceof Promise) answer.then(finish).catch(failed);
    else finish(answer);
  };

  async function execute(
    request: FastifyRequest,
    reply: FastifyReply,
    body: Body,
    begin: () => GraphContext,
  ): Promise<void> {
    const { exchange } = request;
    const { httpGraphQLRequest, refusal } = documents.check({
      method: request.method,
      headers: headerMap(request),
      search: searchOf(request),
      body: body.json,
    });
    const answer = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest,
      // Rejecting here makes the GraphQL server reply as for its own refusals.
      context: () => (refusal ? Promise.reject(refusal) : Promise.resolve(begin())),
    });
    const status = answer.status ?? 200;
    const headers = Object.fromEntries(answer.headers);
    let text = '';
    if (answer.body.kind === 'complete') text = answer.body.string;
    else for await (const part of answer.body.asyncIterator) text += part;
    if (status >= 400) text = withRequestId(text, exchange);
    if (status === 200) contentTypes.set(request.headers.accept ?? '', headers['content-type'] ?? '');
    sendLater(reply, status, headers, status === 304 ? null : [Buffer.from(text)]);
  }

  /** Sends the answer at the end of this turn; behind pipelined requests, when these are answered: a client that does not read holds one answer. */
  function sendLater(reply: FastifyReply, status: number, headers: Record<string, string>, body: Pieces | null): void {
    const { exchange } = reply.request;
    const sendNow = (): number => {
      try {
        if (body)
          return sendConcatenated(body, (whole) => {
            sendAnswer(send, reply, status, headers, whole);
            return reply.raw.writableEnded && reply.raw.writableLength === 0;
          });
        sendAnswer(send, reply, status, headers, null);
      } catch (error) {
        reply.raw.destroy(error as Error);
      }
      return 0;
    };
    if (exchange.isNext) batch(sendNow);
    else exchange.onNext = () => batch(sendNow);
  }

  function contextFor(exchange: Exchange, authenticated: AuthenticatedRequest): GraphContext {
    const deadlineAt = clock.monotonic() + (exchange.deadlineMs ?? deadlineMs);
    let ask: AskOptions | undefined;
    const loaderOf: LoaderOf = (refresh) => {
      ask ??= { deadlineAt, signal: signalOf(exchange), span: context.span ?? undefined };
      return createLoader({ ...ask, refresh });
    };
    const isTooLate = (): boolean => exchange.isOver || clock.monotonic() > deadlineAt;
    const context = createContext(exchange.requestId, authenticated, loaderOf, isTooLate);
    context.isStorable = isStorableRequest(exchange.request.method, authenticated.caller);
    context.span = exchange.span?.child('GraphQL Operation') ?? null;
    context.traceparent = exchange.traceparent;
    return context;
  }
}

/** Ends the span of an operation, which the graph has described. */
function endOperation({ refusedCodes }: Exchange, context: GraphContext): void {
  if (!context.span) return;
  if (refusedCodes) context.span.set({ 'calltrace.error.codes': refusedCodes });
  context.span.end();
}

/** Returns a signal that aborts if the client disconnects before it has the response. */
function signalOf(exchange: Exchange): AbortSignal {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal); // each key of an operation listens
  exchange.onLeave = () => controller.abort();
  if (exchange.isOver) controller.abort();
  return controller.signal;
}

/** Adds the request ID to a refusal before an operation, such as by the CSRF check, which no plugin sees. */
function withRequestId(text: string, exchange: Exchange): string {
  const { errors = [], ...rest } = JSON.parse(text) as { errors?: { extensions?: Record<string, unknown> }[] };
  if (!exchange.context) exchange.refusedCodes = errors.map(({ extensions }) => String(extensions?.['code']));
  const { requestId } = exchange;
  return JSON.stringify({
    errors: errors.map((error) => ({ ...error, extensions: { ...error.extensions, requestId } })),
    ...rest,
  });
}

function headerMap({ headers }: FastifyRequest): HeaderMap {
  const map = new HeaderMap();
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) map.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return map;
}

function searchOf({ url }: FastifyRequest): string {
  const mark = url.indexOf('?');
  return mark < 0 ? '' : url.slice(mark);
}
