import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AuthenticatedRequest } from '../access/authentication.js';
import type { GraphContext } from '../graphql/context.js';
import type { RefusalReason } from '../observability/refusals.js';

declare module 'fastify' {
  interface FastifyRequest {
    exchange: Exchange;
  }
}

/** One request and its response, from the end of the request's headers on. */
export class Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Given by the client, or made here. */
  readonly requestId: string;
  /** By the monotonic clock of the process. Unit: ms. */
  readonly startedAt = performance.now();
  /** Null until the caller is known, and for requests that need none. */
  authenticated: AuthenticatedRequest | null = null;
  /** Null until an operation was begun. */
  context: GraphContext | null = null;
  /** What the client allows the operation; null: as long as the gateway does. Unit: ms. */
  deadlineMs: number | null = null;
  /** Codes of the errors with which the GraphQL server refused the request before it was an operation; null: it did not. */
  refusedCodes: readonly string[] | null = null;
  /** Why the request was refused; null: it was not. */
  refused: RefusalReason | null = null;
  /** The same more precisely, for the log; null: nothing to add. */
  refusalDetail: string | null = null;
  /** Called when the client has left before it was answered. */
  onLeave: (() => void) | null = null;
  /** Whether the response is sent, or can no longer be. */
  isOver = false;

  constructor(request: IncomingMessage, response: ServerResponse, requestId: string) {
    this.request = request;
    this.response = response;
    this.requestId = requestId;
  }

  /** The path that was asked for, without the query. */
  get path(): string {
    const { url = '/' } = this.request;
    const mark = url.indexOf('?');
    return mark < 0 ? url : url.slice(0, mark);
  }
}
