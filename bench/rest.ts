import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import pLimit from 'p-limit';
import { expectedCall, type Key } from './questions.js';

/** The contact centre as the peers see it: a REST service of ready calls, without signature and quirks. */
export interface RestService {
  readonly url: string;
  /** Calls asked for. */
  readonly total: number;
  /** Pause before every answer. Unit: ms. */
  latencyMs: number;
  close(): Promise<void>;
}

/**
 * Starts the service on a free port: `POST /call` with a key, `POST /calls` with `{keys}`. It works on so many requests
 * at once; the rest wait.
 */
export async function startRestService(capacity: number): Promise<RestService> {
  let total = 0;
  const slot = pLimit(capacity);
  const server = createServer((request, response) => {
    void (async () => {
      const asked = (await readJson(request)) as Key & { readonly keys?: readonly Key[] };
      total += asked.keys?.length ?? 1;
      if (service.latencyMs > 0) await slot(() => pause(service.latencyMs));
      const body = JSON.stringify(asked.keys ? asked.keys.map(expectedCall) : expectedCall(asked));
      response.writeHead(200, { 'content-type': 'application/json' }).end(body);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const service: RestService = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get total() {
      return total;
    },
    latencyMs: 0,
    close: () => close(server),
  };
  return service;
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString());
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
