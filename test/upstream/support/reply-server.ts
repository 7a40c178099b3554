import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as it came. */
export interface CameIn {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** An HTTP server that answers as a test says, and keeps what it was sent. */
export interface ReplyServer {
  readonly url: string;
  readonly requests: readonly CameIn[];
  close(): Promise<void>;
}

/** Starts one on a free port of loopback. */
export async function startReplyServer(
  answer: (response: ServerResponse, request: CameIn) => void,
): Promise<ReplyServer> {
  const requests: CameIn[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method, url: path, headers } = request;
      const cameIn = { method, path, headers, body: Buffer.concat(chunks).toString() };
      requests.push(cameIn);
      answer(response, cameIn);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
