import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** Content type of every JSON answer; the documents' sample writes it without a space. */
const JSON_TYPE = 'application/json;charset=UTF-8';

/** One HTTP request and the answer to it. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: string;
  /** Aborted once the answer is sent or the connection is cut. */
  readonly gone: AbortSignal;
  /** Called with the HTTP status as soon as a whole answer is handed over. */
  onAnswered: (status: number) => void;
  /** Called when the client leaves before that. */
  onLeft: () => void;
  readBody(): Promise<string>;
  send(status: number, contentType: string, body: string, headers?: Record<string, string>): void;
  sendJson(status: number, value: unknown, headers?: Record<string, string>): void;
  /** The error form of a Java server: `timestamp`, `status`, `error`, `message`, `path`; no result code. */
  sendError(status: number, message: string, headers?: Record<string, string>): void;
  /** Waits, but not longer than the client does: rejects once the exchange is gone. */
  wait(ms: number): Promise<void>;
  /** Cuts the connection from this side, with a reset where the transport has one. */
  cut(): void;
}

/** Wraps what Node's server hands over. */
export function createExchange(request: IncomingMessage, response: ServerResponse, now: () => number): Exchange {
  const leaving = new AbortController();
  const path = (request.url ?? '/').split('?', 1).join();
  let settled = false;

  const exchange: Exchange = {
    request,
    response,
    path,
    gone: leaving.signal,
    onAnswered: () => {},
    onLeft: () => {},
    readBody: () => readBody(request),
    send(status, contentType, body, headers = {}) {
      const length = Buffer.byteLength(body);
      response.writeHead(status, { 'content-type': contentType, 'content-length': length, ...headers });
      settled = true;
      exchange.onAnswered(status);
      response.end(body);
    },
    sendJson(status, value, headers) {
      exchange.send(status, JSON_TYPE, JSON.stringify(value), headers);
    },
    sendError(status, message, headers) {
      exchange.sendJson(status, { timestamp: now(), status, error: STATUS_CODES[status], message, path }, headers);
    },
    async wait(ms) {
      leaving.signal.throwIfAborted();
      if (ms > 0) await sleep(ms, undefined, { signal: leaving.signal });
    },
    cut() {
      settled = true;
      // A TLS socket cannot send a reset; it is closed without a farewell instead.
      if ('encrypted' in request.socket) request.socket.destroy();
      else request.socket.resetAndDestroy();
    },
  };

  response.once('close', () => {
    if (!settled && !response.writableEnded) exchange.onLeft();
    leaving.abort();
  });
  return exchange;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
