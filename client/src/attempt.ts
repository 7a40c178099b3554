import { TransportError, type TransportErrorCode } from './errors.js';

/** The part of `fetch` that the client uses; that of Node, of browsers and of undici has it. */
export type Fetch = (url: string, init: FetchInit) => Promise<FetchResponse>;

/** What it gives to `fetch`. */
export interface FetchInit {
  readonly method: 'POST';
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly redirect: 'manual';
  readonly signal: AbortSignal;
}

/** What it reads of the response. */
export interface FetchResponse {
  readonly status: number;
  readonly type: string;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
}

/** A response, read to its end. */
export interface HttpAnswer {
  readonly status: number;
  /** The value of a header; null without it. */
  readonly header: (name: string) => string | null;
  readonly body: string;
}

/** One request as it is sent. */
export interface HttpRequest {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string;
  /** Unit: ms, until the end of the body. */
  readonly timeoutMs: number;
  /** Ends it. */
  readonly signal: AbortSignal | undefined;
}

/** Sends a request once. Rejects with a TransportError. */
export async function attempt(fetch: Fetch, request: HttpRequest): Promise<HttpAnswer> {
  const { url, headers, body, timeoutMs, signal } = request;
  const requestId = headers['x-request-id'] ?? null;
  const fail = (code: TransportErrorCode, why: string, retryable: boolean, cause?: unknown): TransportError =>
    new TransportError(
      code,
      `${url} ${why}`,
      { retryable, retryAfterMs: null, requestId, status: response?.status || null },
      { cause },
    );

  let response: FetchResponse | undefined;
  const controller = new AbortController();
  // Raced with the response, so that a `fetch` which knows no signal ends nobody's patience.
  const ended = new Promise<never>((_, reject) => {
    controller.signal.addEventListener('abort', () => reject(controller.signal.reason as Error));
  });
  const abort = (): void => controller.abort(fail('ABORTED', 'was not asked to the end', false, signal?.reason));
  const timer = setTimeout(
    () => controller.abort(fail('TIMEOUT', `did not answer within ${timeoutMs} ms`, true)),
    timeoutMs,
  );
  signal?.addEventListener('abort', abort);
  ended.catch(() => undefined);
  try {
    if (signal?.aborted) throw fail('ABORTED', 'was not asked', false, signal.reason);
    const init: FetchInit = { method: 'POST', headers, body, redirect: 'manual', signal: controller.signal };
    response = await Promise.race([fetch(url, init), ended]);
    const { status, type, headers: received } = response;
    // Browsers tell no more of a redirect than that it is one.
    if (type === 'opaqueredirect' || (status >= 300 && status < 400))
      throw fail('REDIRECTED', 'redirects to another address, which is not followed', false);
    const text = await Promise.race([response.text(), ended]);
    return { status, header: (name) => received.get(name), body: text };
  } catch (error) {
    if (error instanceof TransportError) throw error;
    if (controller.signal.aborted) throw controller.signal.reason;
    if (response !== undefined) throw fail('TRUNCATED', 'broke off within its answer', true, error);
    throw fail('UNREACHABLE', `cannot be reached (${reasonOf(error)})`, true, error);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}

/** Returns the code that Node gives to a failure of the network; the message where there is none. */
function reasonOf(error: unknown): string {
  const { cause, message } = error as { readonly cause?: { readonly code?: unknown }; readonly message?: unknown };
  return String(cause?.code ?? message);
}
