import ky from 'ky';
import { isTimeout } from './failure-cause.js';
import { SigningProxyError } from './failure.js';
import type { SignableRequest } from './signature.js';
import type { Transport } from './transport.js';
import { withTimeLimit } from './time-limit.js';

/** The value of the Authorization header for a request. Asked anew for each attempt; the signal ends the asking. */
export type Authorize = (request: SignableRequest, signal?: AbortSignal) => string | Promise<string>;

/** Returns a way that sends the same token each time. `token` is asked each time, so that it may be changed meanwhile. */
export function createBearer(token: () => string): Authorize {
  return () => `Bearer ${token()}`;
}

/** A service that signs for us. */
export interface SigningProxyOptions {
  /** The vendor-run service that signs. */
  readonly url: URL;
  readonly accessKey: () => string;
  readonly secretKey: () => string;
  /** Unit: ms. */
  readonly timeoutMs: number;
  readonly transport: Transport;
}

/**
 * Returns a way that has a signing proxy make the signature, where a tenant is given nothing else. The proxy is sent what
 * is to be signed and answers the header's value: as plain text, or as JSON with `authorization` in any letter case.
 */
export function createSigningProxy(options: SigningProxyOptions): Authorize {
  const { url, accessKey, secretKey, timeoutMs, transport } = options;
  return async ({ method, url: signed, headers, body }, signal) => {
    const question = JSON.stringify({ ak: accessKey(), sk: secretKey(), url: signed.href, method, headers, body });
    const text = await withTimeLimit(timeoutMs, signal, (cut) => ask(question, cut)).catch((error: unknown) => {
      if (signal?.aborted && !isTimeout(signal.reason)) throw error; // nobody waits any more
      throw new SigningProxyError('the signing proxy could not be asked', { cause: error });
    });
    const value = text === null ? undefined : headerValueIn(text);
    if (value === undefined) throw new SigningProxyError('the signing proxy gave no signature');
    return value;
  };

  /** The text of its answer; null if its status is not 200. */
  async function ask(question: string, signal: AbortSignal): Promise<string | null> {
    const response = await ky(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=UTF-8' },
      body: question,
      fetch: (request) => transport.fetch(request as Request, { signal }),
      retry: 0,
      throwHttpErrors: false,
      timeout: false,
    });
    return response.status === 200 ? response.text() : null;
  }
}

/** A header's value has no line breaks; the proxy's text may end in one. */
function headerValueIn(text: string): string | undefined {
  const value = text.trimStart().startsWith('{') ? authorizationIn(text) : text.trim();
  return value && /^[\x20-\x7e]+$/.test(value) ? value : undefined;
}

function authorizationIn(text: string): string | undefined {
  try {
    const fields = Object.entries(JSON.parse(text) as object);
    const value: unknown = fields.find(([name]) => name.toLowerCase() === 'authorization')?.[1];
    return typeof value === 'string' ? value.trim() : undefined;
  } catch {
    return undefined;
  }
}
