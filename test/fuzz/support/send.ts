import { Agent, request } from 'node:http';
import type { FuzzedRequest } from './requests.js';

/** What came back. */
export interface RawReply {
  readonly status: number;
  /** Names and values, one after the other, as they came. */
  readonly headers: readonly string[];
  readonly text: string;
}

/** Connections that are kept between requests. */
export const agent = new Agent({ keepAlive: true, maxSockets: 4 });

/** A reply takes no longer, however busy the machine is. Unit: ms. */
const PATIENCE_MS = 20_000;

function lengthOf(body: Buffer | null): string[] {
  return body ? ['content-length', String(body.length)] : [];
}

/** Sends a request as it stands, but for its length. Rejects if the connection ends before the reply does. */
export function sendFuzzed(url: string, { method, target, headers, body }: FuzzedRequest): Promise<RawReply> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        agent,
        hostname,
        port,
        method,
        path: target,
        headers: ['host', 'gateway.example', ...lengthOf(body), ...headers.flat()],
        timeout: PATIENCE_MS,
      },
      (reply) => {
        const chunks: Buffer[] = [];
        reply.on('data', (chunk: Buffer) => chunks.push(chunk));
        reply.once('end', () =>
          resolve({ status: reply.statusCode ?? 0, headers: reply.rawHeaders, text: Buffer.concat(chunks).toString() }),
        );
        reply.once('error', reject);
      },
    );
    sent.once('error', reject);
    sent.once('timeout', () => sent.destroy(new Error(`no reply within ${PATIENCE_MS} ms`)));
    sent.end(body ?? undefined);
  });
}
