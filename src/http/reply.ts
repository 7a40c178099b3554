import type { ServerResponse } from 'node:http';
import { AuthenticationUnavailableError, UnauthenticatedError } from '../access/caller.js';
import { RateLimitedError } from '../access/rate-limit.js';
import type { Outbox, Pieces } from './outbox.js';
import { SECURITY_HEADERS } from './security-headers.js';

const SECURITY_HEADER_LIST: readonly string[] = Object.entries(SECURITY_HEADERS).flat();

/** One reply on its way: what all replies have in common is in it from the start. */
export class Reply {
  readonly response: ServerResponse;
  readonly requestId: string;
  /** Name, value, name, value …: node writes such a list sooner than an object, and far sooner than single headers. */
  readonly #headers: string[];
  readonly #outbox: Outbox;

  constructor(response: ServerResponse, requestId: string, outbox: Outbox) {
    this.response = response;
    this.requestId = requestId;
    this.#headers = ['x-request-id', requestId, ...SECURITY_HEADER_LIST];
    this.#outbox = outbox;
  }

  /** Puts a header in, or in the place of one of its name (in lower case). */
  set(name: string, value: string): void {
    const headers = this.#headers;
    for (let index = 0; index < headers.length; index += 2) {
      if (headers[index] !== name) continue;
      headers[index + 1] = value;
      return;
    }
    headers.push(name, value);
  }

  /** Sends all of it; nothing if the client has left. */
  send(status: number, headers: Readonly<Record<string, string>>, body: string | Pieces): void {
    const pieces = typeof body === 'string' ? [Buffer.from(body)] : body;
    let length = 0;
    for (const piece of pieces) length += piece.length;
    this.#setAll(headers);
    this.set('content-length', String(length));
    this.#outbox.put({ response: this.response, status, headers: this.#headers, pieces, length });
  }

  /** Sends what comes, as it comes. */
  async stream(status: number, headers: Readonly<Record<string, string>>, parts: AsyncIterable<string>): Promise<void> {
    this.#setAll(headers);
    this.response.writeHead(status, this.#headers);
    for await (const part of parts) this.response.write(part);
    this.response.end();
  }

  /** Hands the response, with the headers it has so far, to a library that may end it by itself. */
  handOver(): ServerResponse {
    for (let index = 0; index < this.#headers.length; index += 2) {
      this.response.setHeader(this.#headers[index] ?? '', this.#headers[index + 1] ?? '');
    }
    return this.response;
  }

  #setAll(headers: Readonly<Record<string, string>>): void {
    for (const name in headers) this.set(name, headers[name] ?? '');
  }
}

/** Answers with JSON. */
export function sendJson(reply: Reply, status: number, body: unknown): void {
  const headers = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' };
  reply.send(status, headers, JSON.stringify(body));
}

/** Answers a request that never became an operation, in the form of a GraphQL error. */
export function sendError(reply: Reply, status: number, message: string): void {
  sendCoded(reply, status, status >= 500 ? 'INTERNAL_SERVER_ERROR' : 'BAD_REQUEST', message);
}

/** Answers a request that was not let in; false if the error means something else. */
export function sentAway(reply: Reply, error: unknown): boolean {
  if (error instanceof UnauthenticatedError) {
    reply.set('www-authenticate', error.challenge);
    sendCoded(reply, 401, 'UNAUTHENTICATED', error.message);
    return true;
  }
  if (!(error instanceof RateLimitedError || error instanceof AuthenticationUnavailableError)) return false;
  const [status, code] =
    error instanceof RateLimitedError
      ? ([429, 'RATE_LIMITED'] as const)
      : ([503, 'AUTHENTICATION_UNAVAILABLE'] as const);
  reply.set('retry-after', retryAfterSeconds(error.retryAfterMs));
  sendCoded(reply, status, code, error.message, error.retryAfterMs);
  return true;
}

/** What a `Retry-After` header says. */
export function retryAfterSeconds(ms: number): string {
  return String(Math.ceil(ms / 1000));
}

function sendCoded(reply: Reply, status: number, code: string, message: string, retryAfterMs?: number): void {
  const retry = retryAfterMs === undefined ? { retryable: false } : { retryable: true, retryAfterMs };
  sendJson(reply, status, { errors: [{ message, extensions: { code, ...retry, requestId: reply.requestId } }] });
}
