import { Agent, errors, ProxyAgent, request as sendRequest, type Dispatcher } from 'undici';
import { UpstreamMalformedError } from '../call/errors.js';
import { causeOf, isClosedConnection } from './failure-cause.js';
import { ProxyConnectionError } from './failure.js';
import { ACCEPTED_ENCODINGS, readBody } from './reply-body.js';

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

/** What happens to one request. */
export interface ExchangeOptions {
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
   * As `fetch`: method, URL, headers and bytes of the Request go out as they are, and the reply comes back as a Response.
   * Differences: no redirect is followed, and of a status other than 200 the body is dropped, without waiting for it.
   * Throws UpstreamMalformedError for a reply that is too long or not HTTP, ProxyConnectionError if the proxy does not
   * connect us, and what node or undici throws for a connection that failed.
   */
  fetch(request: Request, exchange: ExchangeOptions): Promise<Response>;
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
    async fetch(request, exchange) {
      const body = Buffer.from(await request.arrayBuffer());
      const { reply, headers } = await sendOnce(request, body, exchange).catch((error: unknown) => {
        if (exchange.mayResend !== true || exchange.signal.aborted || !isClosedConnection(error)) throw error;
        return sendOnce(request, body, exchange);
      });
      const init = { status: reply.statusCode, headers };
      if (init.status === 200) {
        const bytes = await readBody(reply.body, headers.get('content-encoding'), maxReplyBytes);
        return new Response(new Uint8Array(bytes), init);
      }
      drop(reply.body);
      return new Response(null, init);
    },
    close: () => agent.destroy(),
  };

  /** Ends when the headers are there. Not undici's fetch: on Node 20 that can lose its signal while a body stalls. */
  async function sendOnce(
    request: Request,
    body: Buffer,
    { signal, onSending, onHeaders }: ExchangeOptions,
  ): Promise<{ reply: Dispatcher.ResponseData; headers: Headers }> {
    const sending = { hasBegun: false };
    const dispatcher = watchStart(agent, () => {
      sending.hasBegun = true;
      onSending?.();
    });
    const requestHeaders = { 'accept-encoding': ACCEPTED_ENCODINGS, ...Object.fromEntries(request.headers) };
    try {
      const reply = await sendRequest(request.url, {
        ...{ method: request.method, headers: requestHeaders, body, signal, dispatcher },
      });
      const headers = headersOf(reply.headers);
      checkStatus(reply);
      onHeaders?.(reply.statusCode, headers);
      return { reply, headers };
    } catch (error) {
      // Without its cause, which holds what came: that may be anything.
      if (error instanceof errors.HTTPParserError) throw new UpstreamMalformedError('the reply is not HTTP');
      const isOfProxy = proxyUrl !== undefined && !sending.hasBegun && !signal.aborted;
      if (!isOfProxy || causeOf(error).outcome === 'tls') throw error;
      throw new ProxyConnectionError('the HTTP proxy did not connect us', { cause: error });
    }
  }
}

/** The same dispatcher, telling when the bytes of a request begin to go out: from then on they may have arrived. */
function watchStart(dispatcher: Dispatcher, onStart: () => void): Dispatcher {
  return dispatcher.compose((dispatch) => (options, handler) => {
    const watching: Dispatcher.DispatchHandler = {
      onRequestStart(controller, context) {
        onStart();
        handler.onRequestStart?.(controller, context);
      },
      onRequestUpgrade: (...args) => handler.onRequestUpgrade?.(...args),
      onResponseStart: (...args) => handler.onResponseStart?.(...args),
      onResponseData: (...args) => handler.onResponseData?.(...args),
      onResponseEnd: (...args) => handler.onResponseEnd?.(...args),
      onResponseError: (...args) => handler.onResponseError?.(...args),
    };
    return dispatch(options, watching);
  });
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

/** Three digits of any kind come through; a Response takes 200 to 599. */
function checkStatus({ statusCode, body }: Dispatcher.ResponseData): void {
  if (statusCode >= 200 && statusCode <= 599) return;
  drop(body);
  throw new UpstreamMalformedError(`the reply has a status that is none (${statusCode})`);
}

function headersOf(fields: Dispatcher.ResponseData['headers']): Headers {
  const headers = new Headers();
  for (const [name, values] of Object.entries(fields))
    for (const value of [values ?? []].flat()) headers.append(name, value);
  return headers;
}

function drop(body: Dispatcher.ResponseData['body']): void {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), DROPPED.ms);
  body
    .dump({ limit: DROPPED.bytes, signal: controller.signal })
    .catch(() => undefined)
    .finally(() => clearTimeout(timer));
}
