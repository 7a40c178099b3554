import ky from 'ky';
import { Agent, errors, ProxyAgent, type Dispatcher } from 'undici';
import { UpstreamMalformedError } from '../call/errors.js';
import { causeOf, isClosedConnection, ProxyConnectionError } from './failure.js';

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
  /** A reply longer than this is refused. Unit: bytes. Default: 8 MiB. */
  readonly maxReplyBytes?: number | undefined;
}

/** What is posted. */
export interface Posting {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Ends the exchange, once it has a connection; its reason is what the promise rejects with. */
  readonly signal: AbortSignal;
  /** Called when there is a connection and the bytes go out; again if they go out again. */
  readonly onSending?: () => void;
  /** Called when status and headers are there, before any of the body. */
  readonly onHeaders?: (status: number, headers: Headers) => void;
  /** Whether the request may go out once more if its connection was closed before a reply began, as one kept alive may be. */
  readonly mayResend?: boolean;
}

/** Sends requests over kept-alive connections. */
export type Transport = ReturnType<typeof createTransport>;

const DEFAULT_MAX_REPLY_BYTES = 8 * 1024 * 1024;
/** A body that nobody reads is let in up to here, so that its connection stays open; then the connection is closed. */
const DROPPED = { bytes: 64 * 1024, ms: 1_000 };

/** Returns a transport over kept-alive connections, bounded in number. */
export function createTransport(options: TransportOptions) {
  const { maxReplyBytes = DEFAULT_MAX_REPLY_BYTES, proxyUrl } = options;
  const agent = createAgent(options);
  return {
    /**
     * Returns the reply to one POST. No redirect is followed, and of a status other than 200 the body is dropped, without
     * waiting for it. Throws UpstreamMalformedError for a reply that is too long or not HTTP, ProxyConnectionError if the
     * proxy does not connect us, and what node or undici throws for a connection that failed.
     */
    post: (url: URL, posting: Posting): Promise<Response> =>
      ky.post(url, {
        body: posting.body,
        ...{ retry: 0, throwHttpErrors: false, timeout: false },
        // In place of `fetch`, for which ky clones each request; and headers that are options are copied five times.
        hooks: { beforeRequest: [(request) => send(request, url, posting)] },
      }),
    close: () => agent.destroy(),
  };

  /**
   * Makes the headers of the Request those of the posting, and sends it. What is sent is the text of which the Request was
   * made: reading it back through a stream is dear. Not by undici's fetch: that sends no Content-Length.
   */
  function send({ method, headers }: Request, url: URL, posting: Posting): Promise<Response> {
    headers.set('accept-encoding', 'identity');
    for (const [name, value] of Object.entries(posting.headers)) headers.set(name, value);
    const path = url.pathname + url.search;
    return exchange({ origin: url.origin, path, method, headers, body: posting.body }, posting);
  }

  /** Resolves when the body of a 200 is there, and with any other status when the headers are. */
  function exchange(request: Dispatcher.DispatchOptions, posting: Posting): Promise<Response> {
    const { signal, onSending, onHeaders, mayResend = false } = posting;
    return new Promise((resolve, reject) => {
      let isConnected = false;
      let head: { readonly status: number; readonly headers: Headers } | null = null;
      let maxBytes = maxReplyBytes;
      let length = 0;
      const chunks: Buffer[] = [];
      // What these throw ends the exchange with that error.
      agent.dispatch(request, {
        onRequestStart(controller) {
          isConnected = true;
          signal.throwIfAborted();
          signal.addEventListener('abort', () => controller.abort(signal.reason as Error));
          onSending?.();
        },
        onResponseStart(controller, status, fields) {
          if (status < 200) return; // the reply is still to come
          // Three digits of any kind come through; a Response takes 200 to 599.
          if (status > 599) throw new UpstreamMalformedError(`the reply has a status that is none (${status})`);
          head = { status, headers: new Headers(Object.entries(fields).map(([name, value]) => [name, String(value)])) };
          onHeaders?.(status, head.headers);
          if (status === 200) return;
          resolve(new Response(null, head));
          maxBytes = DROPPED.bytes;
          setTimeout(() => controller.abort(new Error('nobody reads it')), DROPPED.ms).unref();
        },
        onResponseData(_, chunk) {
          length += chunk.length;
          if (length > maxBytes) throw new UpstreamMalformedError(`the reply is longer than ${maxBytes} bytes`);
          if (head?.status === 200) chunks.push(chunk);
        },
        onResponseEnd() {
          if (head?.status === 200) resolve(new Response(Buffer.concat(chunks), head));
        },
        onResponseError(_, error) {
          const isResent = mayResend && head === null && !signal.aborted && isClosedConnection(error);
          // Once this callback is over, the closed connection is no longer among those to choose from.
          if (isResent) queueMicrotask(() => resolve(exchange(request, { ...posting, mayResend: false })));
          else reject(failureOf(error, isConnected));
        },
      });
    });
  }

  function failureOf(error: Error, isConnected: boolean): Error {
    // Without its cause, which holds what came: that may be anything.
    if (error instanceof errors.HTTPParserError) return new UpstreamMalformedError('the reply is not HTTP');
    if (proxyUrl === undefined || isConnected || causeOf(error).outcome === 'tls') return error;
    return new ProxyConnectionError('the HTTP proxy did not connect us', { cause: error });
  }
}

function createAgent({ connections, timeoutMs, ca, cert, key, serverName, proxyUrl }: TransportOptions): Dispatcher {
  const tls: object = { timeout: timeoutMs, ca, cert, key, servername: serverName };
  const common = { connections, headersTimeout: timeoutMs, bodyTimeout: timeoutMs };
  return proxyUrl === undefined
    ? new Agent({ ...common, connect: tls })
    : new ProxyAgent({ ...common, uri: proxyUrl, connectTimeout: timeoutMs, requestTls: tls });
}
