import type { ServerResponse } from 'node:http';

/** Answers with JSON. */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

/** Answers a request that never became an operation, in the form of a GraphQL error. */
export function sendError(response: ServerResponse, status: number, message: string, requestId: string): void {
  sendCoded(response, status, status >= 500 ? 'INTERNAL_SERVER_ERROR' : 'BAD_REQUEST', message, requestId);
}

/** Answers a request of somebody unknown. */
export function sendUnauthenticated(response: ServerResponse, message: string, requestId: string): void {
  response.setHeader('www-authenticate', 'Bearer');
  sendCoded(response, 401, 'UNAUTHENTICATED', message, requestId);
}

function sendCoded(response: ServerResponse, status: number, code: string, message: string, requestId: string): void {
  sendJson(response, status, { errors: [{ message, extensions: { code, retryable: false, requestId } }] });
}
