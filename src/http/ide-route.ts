import type { FastifyInstance } from 'fastify';
import { renderIde, type IdeOptions } from './ide.js';
import { pageHeaders } from './security-headers.js';
import type { Send } from './send.js';

/** Adds the page of the IDE at `/`. It is rendered at the first request. */
export function addIdeRoute(app: FastifyInstance, send: Send, options: IdeOptions): void {
  let page: Promise<{ html: string; headers: Record<string, string> }> | undefined;
  app.get('/', (_, reply) => {
    page ??= renderPage(options);
    page.then(
      ({ html, headers }) => send(reply, 200, { ...headers, 'content-type': 'text/html; charset=utf-8' }, html),
      (error: unknown) => reply.send(error),
    );
  });
}

async function renderPage(options: IdeOptions): Promise<{ html: string; headers: Record<string, string> }> {
  const html = await renderIde(options);
  return { html, headers: pageHeaders(html) };
}
