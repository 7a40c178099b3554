import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { acceptsCoding } from './content-coding.js';
import { RequestError } from './refusals.js';
import type { Send } from './send.js';
import { VIEWER_ASSETS_PATH, type Viewer, type ViewerReply } from './viewer.js';

/** Adds the page: at /calls to name a call, at /calls/{vdn}/{callId} to see one. Both are the same shell, for everybody. */
export function addViewerRoutes(app: FastifyInstance, send: Send, { shell, assets }: Viewer): void {
  const sendShell = (request: FastifyRequest, reply: FastifyReply) => sendFile(send, request, reply, shell);
  app.get('/calls', sendShell);
  app.get('/calls/:vdn/:callId', sendShell);
  app.get<{ Params: { name: string } }>(`${VIEWER_ASSETS_PATH}:name`, (request, reply) => {
    const asset = assets.get(request.params.name);
    if (!asset) throw new RequestError(404, 'not_found', 'the page has no such file: load it again');
    sendFile(send, request, reply, asset);
  });
}

function sendFile(send: Send, request: FastifyRequest, reply: FastifyReply, file: ViewerReply): void {
  const accepted = request.headers['accept-encoding'] ?? '';
  const coding = acceptsCoding(accepted, 'br') ? 'br' : acceptsCoding(accepted, 'gzip') ? 'gzip' : null;
  if (coding === null) send(reply, 200, file.headers, file.plain);
  else send(reply, 200, { ...file.headers, 'content-encoding': coding }, file[coding]);
}
