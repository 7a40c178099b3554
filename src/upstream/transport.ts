import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { Readable } from 'node:stream';
import { Agent, errors, ProxyAgent, request, type Dispatcher } from 'undici';
import { UpstreamMalformedError } from '../call/errors.js';

/** The connections to a contact centre. */
export interface TransportOptions {
  /** Most connections open at once, for each address. */
  readonly connections: number;
  /** Nothing may take longer than this: to connect, to the headers, between two pieces of the body. Unit: ms. */
  readonly timeoutMs: number;
  /** Certificates (PEM) of a private authority, trusted in place of the public ones. */
  readonly ca?: string | undefined;
  /** Certificate and key (PEM) by which the contact centre knows us. */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** The name asked for and expected in the certificate, where the address is not it. */
  readonly serverName?: string | undefined;
  /** HTTP proxy to go through: `http://[user:password@]host:port`. */
  readonly proxyUrl?: string | undefined;
  /** A reply longer than this, unpacked, is refused. Unit: bytes. Default: 8 MiB. */
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

/** A reply as it came. A Response would say the same, with a stream for its text and an object for each header. */
export interface UpstreamReply {
  /** From 200 to 599. */
  readonly status: number;
  /** The value of a header, by its name in lower case; several of one name with ", " between them; null if there is none. */
  readonly header: (name: string) => string | null;
  /** Unpacked; empty if there is none. */
  readonly text: string;
}

/** One POST and its whole reply. Follows no redirect, for that would lose the signature. */
export interface Transport {
  /**
   * Throws UpstreamMalformedError for a reply that is too long or not of HTTP, and what undici throws for a connection
   * that failed.
   */
  post(request: OutgoingRequest): Promise<UpstreamReply>;
  close(): Promise<void>;
}

/** As a Response reads its text: without a byte order mark. */
const UTF8 = new TextDecoder();
const DEFAULT_MAX_REPLY_BYTES = 8 * 1024 * 1024;
const UNPACKERS = new Map([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
]);

/** Returns a transport over kept-alive connections, bounded in number. */
export function createTransport(options: TransportOptions): Transport {
  const { maxReplyBytes = DEFAULT_MAX_REPLY_BYTES } = options;
  const agent = createAgent(options);
  return {
    async post({ url, headers, body, signal }) {
      try {
        // Not fetch: on Node 20 its abort signal can be collected while a body stalls, which then nothing would end.
        const reply = await request(url, {
          method: 'POST',
          dispatcher: agent,
          headers: { ...headers, 'accept-encoding': 'gzip, deflate, br' },
          body,
          signal,
        });
        return toReply(reply, await readText(unpacked(reply), maxReplyBytes));
      } catch (error) {
        // Without its cause, which holds what came: that may be anything.
        throw error instanceof errors.HTTPParserError ? new UpstreamMalformedError('the reply is not HTTP') : error;
      }
    },
    close: () => agent.destroy(),
  };
}

function createAgent(options: TransportOptions): Dispatcher {
  const { connections, timeoutMs, ca, cert, key, serverName, proxyUrl } = options;
  const tls = Object.fromEntries(
    Object.entries({ ca, cert, key, servername: serverName }).filter(([, value]) => value !== undefined),
  );
  const common = { connections, headersTimeout: timeoutMs, bodyTimeout: timeoutMs };
  return proxyUrl === undefined
    ? new Agent({ ...common, connect: { timeout: timeoutMs, ...tls } })
    : new ProxyAgent({
        ...common,
        uri: proxyUrl,
        connectTimeout: timeoutMs,
        requestTls: { timeout: timeoutMs, ...tls },
      });
}

/** The reply's body as it was before it was packed for the way. */
function unpacked({ headers, body }: Dispatcher.ResponseData): Readable {
  const encoding = [headers['content-encoding'] ?? 'identity'].flat().join(',').trim().toLowerCase();
  if (encoding === 'identity' || encoding === '') return body;
  const create = UNPACKERS.get(encoding);
  if (!create) {
    // A body that nobody reads would keep its connection for ever.
    body.on('error', () => undefined).destroy();
    throw new UpstreamMalformedError('the reply is packed in a way that was not asked for');
  }
  const unpacker = create();
  body.on('error', (error: Error) => unpacker.destroy(error));
  unpacker.on('close', () => body.destroy());
  return body.pipe(unpacker);
}

async function readText(body: Readable, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > maxBytes) throw new UpstreamMalformedError(`the reply is longer than ${maxBytes} bytes`);
      chunks.push(chunk);
    }
  } catch (error) {
    throw isUnpackError(error) ? new UpstreamMalformedError('the reply cannot be unpacked', { cause: error }) : error;
  }
  return UTF8.decode(Buffer.concat(chunks));
}

/** zlib names its errors Z_…, brotli ERR__ERROR_… with two underscores, or ERR_BROTLI_…. */
function isUnpackError(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && /^(Z_|ERR__ERROR_|ERR_BROTLI_)/.test(code);
}

function toReply({ statusCode: status, headers }: Dispatcher.ResponseData, text: string): UpstreamReply {
  // Three digits of any kind come through.
  if (status < 200 || status > 599) throw new UpstreamMalformedError(`the reply has a status that is none (${status})`);
  const header = (name: string): string | null => {
    const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
    return value === undefined ? null : [value].flat().join(', ').trim();
  };
  return { status, header, text };
}
