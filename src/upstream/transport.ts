import ky from 'ky';
import { Agent, errors, ProxyAgent, type Dispatcher } from 'undici';
import { UpstreamMalformedError } from '../call/errors.js';
import { causeOf, isClosedConnection, ProxyConnectionError } from './failure.js';
import { ACCEPTED_ENCODINGS, bytesOf, tooLong, unpack } from './reply-body.js';

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

/** What is posted. */
export interface Posting {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Ends the exchange; its reason is what the promise rejects with. */
  readonly signal: AbortSignal;
  /** Called when there is a connection and the bytes go out; again if they go out again. */
  readonly onSending?: () => void;
  /** Called when status and headers are there, before any of the body. */
  readonly onHeaders?: (status: number, headers: Headers) => void;
  /** Whether the request may go out once more if its connection was closed before a reply began, as one kept alive may be. */
  readonly mayResend?: boolean;
}

/** Sends requests over kept-alive connections. */
export interface Transport {
  /**
   * Returns the reply to one POST. No redirect is followed, and of a status other than 200 the body is dropped, without
   * waiting for it. Throws UpstreamMalformedError for a reply that is too long or not HTTP, ProxyConnectionError if the
   * proxy does not connect us, and what node or undici throws for a connection that failed.
   */
  post(url: URL, posting: Posting): Promise<Response>;
  close(): Promise<void>;
}

const DEFAULT_MAX_REPLY_BYTES = 8 * 1024 * 1024;
/** A body that nobody reads is let in up to here, so that its connection stays open; then the connection is closed. */
const DROPPED = { bytes: 64 * 1024, ms: 1_000 };

/** Returns a transport over kept-alive connections, bounded in number. */
export function createTransport(options: TransportOptions): Transport {
  const { maxReplyBytes = DEFAULT_MAX_REPLY_BYTES, proxyUrl } = options;
  const agent = createAgent(options);
  return {
    post: (url, posting) =>
      ky.post(url, {
        headers: { 'accept-encoding': ACCEPTED_ENCODINGS, ...posting.headers },
        body: posting.body,
        ...{ retry: 0, throwHttpErrors: false, timeout: false },
        // A hook in place of `fetch`, for which ky clones each request in case of a retry.
        hooks: { beforeRequest: [(request) => send(request, posting)] },
      }),
    close: () => agent.destroy(),
  };

  /** Sends method, URL, headers and bytes of the Request as they are. Not by undici's fetch: that sends no Content-Length. */
  async function send({ url, method, headers, body }: Request, posting: Posting): Promise<Response> {
    const { origin, pathname, search } = new URL(url);
    const fields = Object.fromEntries(headers);
    const request = { origin, path: pathname + search, method, headers: fields, body: await bytesOf(body) };
    const reply = await exchange(request, posting);
    const bytes = reply.body && (await unpack(reply.body, reply.headers.get('content-encoding'), maxReplyBytes));
    return new Response(bytes && new Uint8Array(bytes), reply);
  }

  function exchange(request: Dispatcher.DispatchOptions, posting: Posting): Promise<Reply> {
    const { signal, onSending, onHeaders, mayResend = false } = posting;
    return new Promise((resolve, reject) => {
      let sending: Dispatcher.DispatchController | null = null;
      let reply: Reply | null = null;
      const chunks: Buffer[] = [];
      let length = 0;
      let dropTimer: NodeJS.Timeout | undefined;
      const cut = (): void => {
        reject(signal.reason as Error);
        sending?.abort(signal.reason as Error);
      };
      signal.addEventListener('abort', cut, { once: true });
      agent.dispatch(request, {
        onRequestStart(controller) {
          sending = controller;
          if (signal.aborted) cut();
          else onSending?.();
        },
        onResponseStart(controller, status, fields) {
          if (status < 200) return; // the reply is still to come
          // Three digits of any kind come through; a Response takes 200 to 599.
          if (status > 599) {
            controller.abort(new UpstreamMalformedError(`the reply has a status that is none (${status})`));
            return;
          }
          reply = { status, headers: headersOf(fields), body: null };
          onHeaders?.(status, reply.headers);
          if (status === 200) return;
          resolve(reply);
          dropTimer = setTimeout(() => controller.abort(new Error('nobody reads it')), DROPPED.ms);
        },
        onResponseData(controller, chunk) {
          const isRead = reply?.status === 200;
          const maxBytes = isRead ? maxReplyBytes : DROPPED.bytes;
          length += chunk.length;
          if (length > maxBytes) controller.abort(tooLong(maxBytes));
          else if (isRead) chunks.push(chunk);
        },
        onResponseEnd() {
          finish();
          if (reply) resolve({ ...reply, body: Buffer.concat(chunks) });
        },
        onResponseError(_, error) {
          finish();
          const isResent = mayResend && reply === null && !signal.aborted && isClosedConnection(error);
          // Once this callback is over, the closed connection is no longer among those to choose from.
          if (isResent) queueMicrotask(() => resolve(exchange(request, { ...posting, mayResend: false })));
          else reject(failureOf(error, sending !== null || signal.aborted));
        },
      });

      function finish(): void {
        clearTimeout(dropTimer);
        signal.removeEventListener('abort', cut);
      }
    });
  }

  function failureOf(error: Error, hasConnected: boolean): Error {
    // Without its cause, which holds what came: that may be anything.
    if (error instanceof errors.HTTPParserError) return new UpstreamMalformedError('the reply is not HTTP');
    if (proxyUrl === undefined || hasConnected || causeOf(error).outcome === 'tls') return error;
    return new ProxyConnectionError('the HTTP proxy did not connect us', { cause: error });
  }
}

/** A reply; its body is null if it is not read. */
type Reply = { readonly status: number; readonly headers: Headers; readonly body: Buffer | null };

function createAgent({ connections, timeoutMs, ca, cert, key, serverName, proxyUrl }: TransportOptions): Dispatcher {
  const tls = { timeout: timeoutMs, ...definedOf({ ca, cert, key, servername: serverName }) };
  const common = { connections, headersTimeout: timeoutMs, bodyTimeout: timeoutMs };
  return proxyUrl === undefined
    ? new Agent({ ...common, connect: tls })
    : new ProxyAgent({ ...common, uri: proxyUrl, connectTimeout: timeoutMs, requestTls: tls });
}

function definedOf(options: object): object {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function headersOf(fields: Dispatcher.ResponseData['headers']): Headers {
  const headers = new Headers();
  for (const [name, values] of Object.entries(fields))
    for (const value of [values ?? []].flat()) headers.append(name, value);
  return headers;
}
