import { isTimeout, SigningProxyError } from './failure.js';
import { createSigner, type KeyPair, type Secret, type SignableRequest, type SignatureOptions } from './signature.js';
import { withTimeLimit } from './time-limit.js';
import type { Transport } from './transport.js';
import { fieldsOf } from './wire-field.js';

type SigningProxy = { readonly kind: 'proxy'; readonly url: string } & KeyPair;

/** How requests are authorised. By signature: with one pair of keys, or with two during a rotation. */
export type AuthorisationOptions =
  | ({ readonly kind: 'signature'; readonly keys: readonly KeyPair[] } & Omit<SignatureOptions, keyof KeyPair | 'now'>)
  | SigningProxy
  | { readonly kind: 'bearer'; readonly token: Secret };

/** Returns the value of the Authorization header for one attempt. The signal aborts a request to the signing proxy. */
export type Authorize = (request: SignableRequest, signal?: AbortSignal) => string | Promise<string>;

/** The connection to a signing proxy. `timeoutMs`: limit of one request. Unit: ms. */
export interface SigningConnection {
  readonly transport: Transport;
  readonly timeoutMs: number;
}

/**
 * Returns a signer for each pair of keys, and all secrets as one text. `now`: the wall clock, in ms since 1970-01-01 UTC.
 */
export function createAuthorisation(
  options: AuthorisationOptions,
  now: () => number,
  connection: SigningConnection,
): { readonly signers: readonly Authorize[]; readonly credentials: () => string } {
  switch (options.kind) {
    case 'signature':
      return {
        signers: options.keys.map((pair) => createSigner({ ...options, ...pair, now })),
        credentials: () => secretsOf(options.keys),
      };
    case 'proxy':
      return { signers: [createSigningProxy(options, connection)], credentials: () => secretsOf([options]) };
    case 'bearer':
      return { signers: [() => `Bearer ${options.token()}`], credentials: options.token };
  }
}

function secretsOf(pairs: readonly KeyPair[]): string {
  return JSON.stringify(pairs.map(({ accessKey, secretKey }) => [accessKey(), secretKey()]));
}

/**
 * Returns the signer that calls a signing proxy, a service of the vendor for customers without keys of their own. The
 * proxy receives the request to sign and returns the value of the header: as plain text, or as JSON with `authorization`
 * in any letter case.
 */
function createSigningProxy(proxy: SigningProxy, { transport, timeoutMs }: SigningConnection): Authorize {
  const headers = { 'content-type': 'application/json; charset=UTF-8' };
  return async (request, signal) => {
    const body = JSON.stringify({ ak: proxy.accessKey(), sk: proxy.secretKey(), ...request });
    const ask = async (attemptSignal: AbortSignal): Promise<string> => {
      const response = await transport.post(new URL(proxy.url), { headers, body, signal: attemptSignal });
      return response.text(); // empty if the status is not 200
    };
    const text = await withTimeLimit(timeoutMs, signal, ask).catch((error: unknown) => {
      if (signal?.aborted && !isTimeout(signal.reason)) throw error; // the client has left
      throw new SigningProxyError('the signing proxy could not be reached', { cause: error });
    });
    const value = text.trimStart().startsWith('{') ? authorizationIn(text) : text.trim();
    // A header value has no line breaks.
    if (typeof value === 'string' && /^[\x20-\x7e]+$/.test(value)) return value;
    throw new SigningProxyError('the signing proxy gave no signature');
  };
}

function authorizationIn(json: string): unknown {
  try {
    return fieldsOf(JSON.parse(json))?.get('authorization');
  } catch {
    return null;
  }
}
