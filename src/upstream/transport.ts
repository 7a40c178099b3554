import { Agent, request, type Dispatcher } from 'undici';
import { UpstreamMalformedError } from '../call/errors.js';

/** The connections to a contact centre. */
export interface TransportOptions {
  /** Most connections open at once. */
  readonly connections: number;
  /** Nothing may take longer than this: to connect, to the headers, between two pieces of the body. Unit: ms. */
  readonly timeoutMs: number;
  /** Certificates (PEM) of a private authority, trusted in place of the public ones. */
  readonly ca?: string | undefined;
  /** A reply longer than this is refused. Unit: bytes. Default: 8 MiB. */
  readonly maxReplyBytes?: number | undefined;
}

/** One request as it goes out. */
export interface OutgoingRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent byte for byte. */
  readonly body: string;
  readonly signal: AbortSignal;
}

/** One POST and its whole reply. Follows no redirect, for that would lose the signature. */
export interface Transport {
  /** Throws UpstreamMalformedError for a reply that is too long, and what undici throws for a connection that failed. */
  post(request: OutgoingRequest): Promise<Response>;
  close(): Promise<void>;
}

const DEFAULT_MAX_REPLY_BYTES = 8 * 1024 * 1024;

/** Returns a transport over kept-alive connections, bounded in number. */
export function createTransport(options: TransportOptions): Transport {
  const { connections, timeoutMs, ca, maxReplyBytes = DEFAULT_MAX_REPLY_BYTES } = options;
  const agent = new Agent({
    connections,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    connect: { timeout: timeoutMs, ...(ca === undefined ? {} : { ca }) },
  });
  return {
    async post({ url, headers, body, signal }) {
      // Not fetch: on Node 20 its abort signal can be collected while a body stalls, which then nothing would end.
      const reply = await request(url, { method: 'POST', dispatcher: agent, headers, body, signal });
      const text = await readText(reply.body, maxReplyBytes);
      return new Response(text, { status: reply.statusCode, headers: headerPairs(reply.headers) });
    },
    close: () => agent.destroy(),
  };
}

async function readText(body: Dispatcher.ResponseData['body'], maxBytes: number): Promise<string | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes) throw new UpstreamMalformedError(`the reply is longer than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return length === 0 ? null : Buffer.concat(chunks).toString('utf8');
}

function headerPairs(headers: Dispatcher.ResponseData['headers']): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((one): [string, string] => [name, one]),
  );
}
