import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AuthenticatedRequest } from '../access/authenticate-request.js';
import type { GraphContext } from '../graphql/context.js';
import type { RefusalReason } from '../observability/refusals.js';
import type { Span } from '../tracing/span.js';

declare module 'fastify' {
  interface FastifyRequest {
    exchange: Exchange;
  }
}

/** One request and its response, from the end of the request's headers. */
export class Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The client's request ID, or a generated one. */
  readonly requestId: string;
  /** By the monotonic clock of the process. Unit: ms. */
  readonly startedAt = performance.now();
  /** Null until the request is authenticated, and for requests that need no authentication. */
  authenticated: AuthenticatedRequest | null = null;
  /** Null until an operation begins. */
  context: GraphContext | null = null;
  /** The deadline that the client set; null: that of the gateway. Unit: ms. */
  deadlineMs: number | null = null;
  /** The error codes with which the GraphQL server refused the request before an operation ran; null: it did not. */
  refusedCodes: readonly string[] | null = null;
  /** Its span; null: it is not traced. */
  span: Span | null = null;
  /** Why the request was refused; null if it was not. */
  refused: RefusalReason | null = null;
  /** A more precise reason for the log; null: none. */
  refusalDetail: string | null = null;
  /** Called if the client disconnects before it has the response. */
  onLeave: (() => void) | null = null;
  /** Whether the response is sent, or can no longer be sent. */
  isOver = false;
  /** Whether every earlier exchange of the connection is over. */
  isNext = true;
  /** Called once every earlier exchange of the connection is over. */
  onNext: (() => void) | null = null;

  constructor(request: IncomingMessage, response: ServerResponse, requestId: string) {
    this.request = request;
    this.response = response;
    this.requestId = requestId;
  }

  /** The header that names the span of the client, unchecked. */
  get traceparent(): string | readonly string[] | undefined {
    return this.request.headers['traceparent'];
  }

  /** The path of the request, without the query. */
  get path(): string {
    const { url = '/' } = this.request;
    const mark = url.indexOf('?');
    return mark < 0 ? url : url.slice(0, mark);
  }
}
