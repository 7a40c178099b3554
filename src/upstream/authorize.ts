import { isTimeout, SigningProxyError } from './failure.js';
import { createSigner, type SignableRequest } from './signature.js';
import { withTimeLimit } from './time-limit.js';
import type { Transport } from './transport.js';

/** A secret, asked for each time it is used: the file it stands in may have changed. */
export type Secret = () => string;

/** A pair of keys. */
export interface KeyPair {
  readonly accessKey: Secret;
  readonly secretKey: Secret;
}

/** How the contact centre is to know us. */
export type AuthorisationOptions =
  | {
      readonly kind: 'signature';
      /** One pair of keys, or two while they are being changed. */
      readonly keys: readonly KeyPair[];
      readonly timestamp: 'seconds' | 'milliseconds';
      readonly signedHeaders: readonly string[];
      readonly emptyQueryLine: boolean;
    }
  | ({ readonly kind: 'proxy'; readonly url: string } & KeyPair)
  | { readonly kind: 'bearer'; readonly token: Secret };

/** The value of the Authorization header for a request. Asked anew for each attempt; the signal ends the asking. */
export type Authorize = (request: SignableRequest, signal?: AbortSignal) => string | Promise<string>;

/** What a signing proxy is asked with. */
export interface SigningProxyDependencies {
  readonly transport: Transport;
  /** Unit: ms. */
  readonly timeoutMs: number;
}

/** How we are known to the contact centre. */
export interface Authorisation {
  /** One way for each pair of keys. */
  readonly ways: readonly Authorize[];
  /** All secrets as one text. */
  readonly credentials: () => string;
}

/** Returns how to be authorised. `now`: the wall clock, in ms since 1970-01-01 UTC. */
export function createAuthorisation(
  given: AuthorisationOptions,
  now: () => number,
  proxy: SigningProxyDependencies,
): Authorisation {
  switch (given.kind) {
    case 'signature':
      return {
        ways: given.keys.map((key) => createSigner({ ...given, ...key, now })),
        credentials: () => JSON.stringify(given.keys.map(({ accessKey, secretKey }) => [accessKey(), secretKey()])),
      };
    case 'proxy':
      return {
        ways: [createSigningProxy(new URL(given.url), given, proxy)],
        credentials: () => JSON.stringify([given.accessKey(), given.secretKey()]),
      };
    case 'bearer':
      return { ways: [() => `Bearer ${given.token()}`], credentials: given.token };
  }
}

/**
 * Returns a way that has a signing proxy (a service that the vendor runs) make the signature, where a tenant is given
 * nothing else. The proxy is sent what is to be signed and answers the header's value: as plain text, or as JSON with
 * `authorization` in any letter case.
 */
export function createSigningProxy(
  proxyUrl: URL,
  { accessKey, secretKey }: KeyPair,
  { transport, timeoutMs }: SigningProxyDependencies,
): Authorize {
  return async ({ method, url, headers, body }, signal) => {
    const question = JSON.stringify({ ak: accessKey(), sk: secretKey(), url: url.href, method, headers, body });
    const text = await withTimeLimit(timeoutMs, signal, (cut) => ask(question, cut)).catch((error: unknown) => {
      if (signal?.aborted && !isTimeout(signal.reason)) throw error; // nobody waits any more
      throw new SigningProxyError('the signing proxy could not be asked', { cause: error });
    });
    const value = headerValueIn(text);
    if (value === undefined) throw new SigningProxyError('the signing proxy gave no signature');
    return value;
  };

  /** The text of its answer; empty if its status is not 200. */
  async function ask(body: string, signal: AbortSignal): Promise<string> {
    const headers = { 'content-type': 'application/json; charset=UTF-8' };
    const response = await transport.post(proxyUrl, { headers, body, signal });
    return response.text();
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
