import { isAscii } from 'node:buffer';
import type { FastifyReply } from 'fastify';
import { cacheControlOf, NO_STORE } from '../graphql/cache-headers.js';
import { entityTagOf, matchesEntityTag } from './entity-tag.js';
import type { Send } from './send.js';

/**
 * Sends the answer to an operation, with `Cache-Control` and, if it may be stored, `ETag`. `headers`: the other headers. If
 * the client has the answer already, the reply is 304.
 */
export function sendAnswer(
  send: Send,
  reply: FastifyReply,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: Buffer | null,
): void {
  const { context, request } = reply.request.exchange;
  const cacheControl = status === 200 && body ? cacheControlOf(context) : NO_STORE;
  if (cacheControl === NO_STORE || !body) return send(reply, status, headers, body && asText(body));
  const etag = entityTagOf(headers['content-type'] ?? '', [body]);
  if (matchesEntityTag(request.headers['if-none-match'], etag))
    return send(reply, 304, { 'cache-control': cacheControl, etag }, null);
  send(reply, 200, { ...headers, 'cache-control': cacheControl, etag }, body);
}

/** Largest body sent as a string: node then writes headers and body at once, which costs a tenth less for short answers. Unit: bytes. */
const MAX_TEXT_BYTES = 16 * 1024;

function asText(body: Buffer): Buffer | string {
  return body.length <= MAX_TEXT_BYTES && isAscii(body) ? body.toString('latin1') : body;
}
