import { gzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { readReference } from '../graphql/sdl.js';
import { acceptsCoding } from './content-coding.js';
import { pageHeaders } from './security-headers.js';
import type { Send } from './send.js';

/** The path of the reference of the schema. */
export const REFERENCE_PATH = '/schema';

/** Adds the page that explains the schema, for everybody, at a path. It is read and compressed at the first request. */
export function addReferenceRoute(app: FastifyInstance, send: Send, path: string): void {
  let page: ReturnType<typeof readPage> | undefined;
  app.get(path, (request, reply) => {
    const { headers, plain, gzip } = (page ??= readPage());
    if (acceptsCoding(request.headers['accept-encoding'] ?? '', 'gzip'))
      send(reply, 200, { ...headers, 'content-encoding': 'gzip' }, gzip);
    else send(reply, 200, headers, plain);
  });
}

function readPage(): { headers: Record<string, string>; plain: Buffer; gzip: Buffer } {
  const html = readReference();
  const headers = { ...pageHeaders(html), 'content-type': 'text/html; charset=utf-8', vary: 'Accept-Encoding' };
  return { headers, plain: Buffer.from(html), gzip: gzipSync(html) };
}
