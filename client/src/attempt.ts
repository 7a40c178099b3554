import { TransportError, type TransportErrorCode } from './errors.js';
import type { Address } from './options.js';
import { LONGEST_TIMER_MS } from './timer.js';

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
  readonly address: Address;
  /** Called once; what it rejects with is passed on. */
  readonly headers: () => Promise<Record<string, string>>;
  readonly body: string;
  /** Unit: ms, from before the headers until the end of the body. */
  readonly timeoutMs: number;
  readonly requestId: string | null;
  /** Ends it. */
  readonly signal: AbortSignal | undefined;
}

/** Sends a request once. Rejects with a TransportError, or as its headers do. */
export async function attempt(fetch: Fetch, request: HttpRequest): Promise<HttpAnswer> {
  const { address, body, timeoutMs, requestId, signal } = request;
  const { url, name } = address;
  const fail = (code: TransportErrorCode, why: string, retryable: boolean, cause?: unknown): TransportError =>
    new TransportError(
      code,
      `${name} ${why}`,
      { retryable, retryAfterMs: null, requestId, status: response?.status || null },
      { cause },
    );

  let headers: Record<string, string> | undefined;
  let response: FetchResponse | undefined;
  const controller = new AbortController();
  // Raced with the response, so that a `fetch` which knows no signal ends nobody's patience.
  const ended = new Promise<never>((_, reject) => {
    controller.signal.addEventListener('abort', () => reject(controller.signal.reason as Error));
  });
  const abort = (): void => controller.abort(fail('ABORTED', 'was not asked to the end', false, signal?.reason));
  const timer = setTimeout(
    () =>
      controller.abort(
        headers === undefined
          ? fail('NO_CREDENTIAL', `was not asked: no credential came within ${timeoutMs} ms`, false)
          : fail('TIMEOUT', `did not answer within ${timeoutMs} ms`, true),
      ),
    Math.min(timeoutMs, LONGEST_TIMER_MS),
  );
  signal?.addEventListener('abort', abort);
  ended.catch(() => undefined);
  try {
    if (signal?.aborted) throw fail('ABORTED', 'was not asked', false, signal.reason);
    headers = await Promise.race([request.headers(), ended]);
    const init: FetchInit = { method: 'POST', headers, body, redirect: 'manual', signal: controller.signal };
    response = await Promise.race([fetch(url, init), ended]);
    const { status, type, headers: received } = response;
    // Browsers tell no more of a redirect than that it is one.
    if (type === 'opaqueredirect' || (status >= 300 && status < 400))
      throw fail('REDIRECTED', 'redirects to another address, which is not followed', false);
    const text = await Promise.race([response.text(), ended]);
    return { status, header: (header) => received.get(header), body: text };
  } catch (error) {
    const failure = failureOf(error);
    controller.abort(failure); // a body that is not read would keep its connection
    throw failure;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }

  function failureOf(error: unknown): unknown {
    if (error instanceof TransportError || headers === undefined) return error;
    if (controller.signal.aborted) return controller.signal.reason;
    if (response !== undefined) return fail('TRUNCATED', 'broke off within its answer', true, error);
    return fail('UNREACHABLE', `cannot be reached (${reasonOf(error)})`, true, error);
  }
}

/** Returns the code that Node gives to a failure of the network; the message where there is none. */
function reasonOf(error: unknown): string {
  const { cause, message } = error as { readonly cause?: { readonly code?: unknown }; readonly message?: unknown };
  return String(cause?.code ?? message);
}
