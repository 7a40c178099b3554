import type { IncomingMessage } from 'node:http';
import type { FastifyReply } from 'fastify';
import type { Connections } from './connections.js';

/** Headers by lower-case name. */
export type ReplyHeaders = Readonly<Record<string, string>>;

/** Sends a reply; `body: null`: none. Sends nothing if the client has disconnected. */
export type Send = (reply: FastifyReply, status: number, headers: ReplyHeaders, body: string | Buffer | null) => void;

/** How long the server reads the rest of an answered request, so that the client can read the answer. Unit: ms. */
const LINGER_MS = 500;
/** … and how much of it. Unit: bytes. */
const LINGER_BYTES = 4 * 1024 * 1024;

/** Returns the function that sends replies, with `Connection: close` on the last reply of a connection. */
export function createSend(connections: Connections): Send {
  return (reply, status, headers, body) => {
    const { exchange } = reply.request;
    if (exchange.isOver) return;
    reply.code(status);
    reply.headers(headers);
    if (hasUnreadBody(exchange.request)) return sendAndClose(reply, body ?? '');
    if (connections.isLast(exchange)) reply.header('connection', 'close');
    reply.send(body ?? undefined);
  };
}

function hasUnreadBody({ complete, headers }: IncomingMessage): boolean {
  if (complete) return false;
  const length = headers['content-length'];
  return headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}

/**
 * Sends a reply to a request whose body has not been read, and closes the connection. Closing it while the client still
 * sends would reset the connection and lose the reply, so it stays open until the client has sent everything, within bounds.
 */
function sendAndClose(reply: FastifyReply, body: string | Buffer): void {
  const { request, response } = reply.request.exchange;
  reply.headers({ connection: 'close', 'content-length': Buffer.byteLength(body) });
  const headers = Object.entries(reply.getHeaders()).flatMap(([name, value]) => [name, String(value)]);
  reply.hijack();
  response.writeHead(reply.statusCode, headers);
  response.write(body);
  let left = LINGER_BYTES;
  const count = (chunk: Buffer): void => {
    left -= chunk.length;
    if (left < 0) end();
  };
  const end = (): void => {
    clearTimeout(timer);
    request.off('data', count);
    response.end();
  };
  const timer = setTimeout(end, LINGER_MS);
  request.once('close', end);
  request.on('data', count);
}
