import ky from 'ky';
import { Agent, errors, ProxyAgent, type Dispatcher } from 'undici';
import { UpstreamMalformedError } from '../call/errors.js';
import { causeOf, isClosedConnection, ProxyConnectionError } from './failure.js';

/** The connections to a contact centre. */
export interface TransportOptions {
  /** Most connections open at once, for each address. */
  readonly connections: number;
  /** Limit for each of: connecting, waiting for the headers, the pause between two chunks of the body. Unit: ms. */
  readonly timeoutMs: number;
  /** Certificates (PEM) of a private authority, trusted instead of the public ones. */
  readonly ca?: string | undefined;
  /** Client certificate and key (PEM). */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** The name for SNI and for the check of the certificate; undefined: that of the address. */
  readonly serverName?: string | undefined;
  /** The HTTP proxy: `http://[user:password@]host:port`. */
  readonly proxyUrl?: string | undefined;
  /** A reply longer than this is refused. Unit: bytes. Default: 8 MiB. */
  readonly maxReplyBytes?: number | undefined;
}

/** One POST. */
export interface Posting {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Aborts the exchange once it has a connection; the promise rejects with its reason. */
  readonly signal: AbortSignal;
  /** Called when the request is written to a connection; called again if it is resent. */
  readonly onSending?: () => void;
  /** Called when status and headers have arrived, before the body. */
  readonly onHeaders?: (status: number, headers: Headers) => void;
  /** Whether the request may be resent once if its connection was closed before the reply began, as can happen with kept-alive connections. */
  readonly mayResend?: boolean;
}

/** Sends requests over kept-alive connections. */
export type Transport = ReturnType<typeof createTransport>;

const DEFAULT_MAX_REPLY_BYTES = 8 * 1024 * 1024;
/** A discarded body is received up to these limits, so that its connection stays open; beyond them the connection is closed. */
const DISCARDED = { bytes: 64 * 1024, ms: 1_000 };

/** Returns a transport over kept-alive connections, bounded in number. */
export function createTransport(options: TransportOptions) {
  const { maxReplyBytes = DEFAULT_MAX_REPLY_BYTES, proxyUrl } = options;
  const agent = createAgent(options);
  return {
    /**
     * Returns the reply to one POST. It follows no redirect, and does not wait for the body of a status other than 200,
     * which is discarded. Throws UpstreamMalformedError for a reply that is too long or not HTTP, ProxyConnectionError if the
     * proxy does not connect us, and the error of node or undici for a connection that failed.
     */
    post: (url: URL, posting: Posting): Promise<Response> =>
      ky.post(url, {
        body: posting.body,
        ...{ retry: 0, throwHttpErrors: false, timeout: false },
        // A hook instead of `fetch`: ky clones each request for `fetch`, and copies headers given as options five times.
        hooks: { beforeRequest: [(request) => send(request, url, posting)] },
      }),
    close: () => agent.destroy(),
  };

  /**
   * Sets the headers of the Request to those of the posting, and sends it. The body is the text that the Request was made
   * from: reading it back through a stream is slow. undici's fetch would send no Content-Length.
   */
  function send({ method, headers }: Request, url: URL, posting: Posting): Promise<Response> {
    headers.set('accept-encoding', 'identity');
    for (const [name, value] of Object.entries(posting.headers)) headers.set(name, value);
    const path = url.pathname + url.search;
    return exchange({ origin: url.origin, path, method, headers, body: posting.body }, posting);
  }

  /** Resolves when the body of a 200 is complete; for any other status when the headers have arrived. */
  function exchange(request: Dispatcher.DispatchOptions, posting: Posting): Promise<Response> {
    const { signal, onSending, onHeaders, mayResend = false } = posting;
    return new Promise((resolve, reject) => {
      let isConnected = false;
      let head: { readonly status: number; readonly headers: Headers } | null = null;
      let maxBytes = maxReplyBytes;
      let length = 0;
      const chunks: Buffer[] = [];
      // An error thrown in a handler ends the exchange with that error.
      agent.dispatch(request, {
        onRequestStart(controller) {
          isConnected = true;
          signal.throwIfAborted();
          signal.addEventListener('abort', () => controller.abort(signal.reason as Error));
          onSending?.();
        },
        onResponseStart(controller, status, fields) {
          if (status < 200) return; // an interim response
          // undici passes any three digits; a Response accepts 200 to 599.
          if (status > 599) throw new UpstreamMalformedError(`the reply has an invalid status (${status})`);
          head = { status, headers: new Headers(Object.entries(fields).map(([name, value]) => [name, String(value)])) };
          onHeaders?.(status, head.headers);
          if (status === 200) return;
          resolve(new Response(null, head));
          maxBytes = DISCARDED.bytes;
          setTimeout(() => controller.abort(new Error('the body is discarded')), DISCARDED.ms).unref();
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
          // After this callback undici no longer chooses the closed connection.
          if (isResent) queueMicrotask(() => resolve(exchange(request, { ...posting, mayResend: false })));
          else reject(failureOf(error, isConnected));
        },
      });
    });
  }

  function failureOf(error: Error, isConnected: boolean): Error {
    // The cause is dropped: it holds the bytes received, which may be anything.
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
