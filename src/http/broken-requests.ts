import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import type { RefusalReason } from '../observability/refusals.js';
import type { Connections } from './connections.js';
import { refusalBody, type Refusal } from './refusals.js';
import { SECURITY_HEADERS } from './security-headers.js';

/** Replies to an invalid or late request, and closes its connection. */
export type BrokenRequestHandler = (error: Error & { readonly code?: string }, socket: Socket) => void;

/**
 * Returns the handler for errors of node's HTTP parser. Requests received whole before the error are answered first, for
 * they run. Source: RFC 9112, section 9.3.2.
 */
export function createBrokenRequestHandler(
  { log, onRefused }: { readonly log: Logger; readonly onRefused: (reason: RefusalReason) => void },
  connections: () => Connections,
): BrokenRequestHandler {
  return (error, socket) => {
    const isSilent = socket.bytesRead === 0; // such as a browser's preconnect
    if (!socket.writable || isSilent) return void socket.destroy();
    // Bytes after `Connection: close` are ignored: the answer before them closes the connection. Source: RFC 9112, section 9.6.
    if (error.code === 'HPE_CLOSED_CONNECTION') {
      if (!connections().oldestOn(socket)) socket.destroySoon();
      return;
    }
    connections().afterAnswers(socket, () => refuse(socket, error.code ?? ''));
  };

  function refuse(socket: Socket, code: string): void {
    if (!socket.writable) return void socket.destroy();
    const exchange = connections().oldestOn(socket); // a request of which only the head was received
    if (exchange?.response.headersSent === true) return socket.destroySoon(); // bytes already written are still sent
    const refusal = refusalFor(code);
    onRefused(refusal.reason);
    if (exchange) {
      exchange.response.statusCode = refusal.status;
      exchange.refused = refusal.reason;
    } else log.debug({ status: refusal.status, refused: refusal.reason, detail: code }, 'request');
    socket.write(replyText(refusal, exchange?.requestId ?? randomUUID()));
    socket.destroySoon();
  }
}

function refusalFor(code: string): Refusal {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return refusal(408, 'too_slow', 'the request was not received in time');
    case 'HPE_HEADER_OVERFLOW':
      return refusal(431, 'too_large', 'the request line and the headers are too long');
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return refusal(413, 'too_large', 'the extensions of a chunk are too long');
    default:
      return refusal(400, 'bad_request', 'this is not an HTTP request');
  }
}

function refusal(status: number, reason: RefusalReason, message: string): Refusal {
  return { status, code: 'BAD_REQUEST', message, reason, detail: null, headers: {}, retryAfterMs: null };
}

function replyText(refused: Refusal, requestId: string): string {
  const body = refusalBody(refused, requestId);
  const headers = Object.entries({
    ...SECURITY_HEADERS,
    'x-request-id': requestId,
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  });
  const head = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return `HTTP/1.1 ${refused.status} ${STATUS_CODES[refused.status] ?? ''}\r\n${head}\r\n${body}`;
}
