import { isTimeout, SigningProxyError } from './failure.js';
import { createSigner, type KeyPair, type Secret, type SignableRequest, type SignatureOptions } from './signature.js';
import { withTimeLimit } from './time-limit.js';
import type { Transport } from './transport.js';
import { fieldsOf } from './wire-field.js';

export type { Secret } from './signature.js';

type SigningProxy = { readonly kind: 'proxy'; readonly url: string } & KeyPair;

/** How the contact centre is to know us. By signature: with one pair of keys, or two while they are being changed. */
export type AuthorisationOptions =
  | ({ readonly kind: 'signature'; readonly keys: readonly KeyPair[] } & Omit<SignatureOptions, keyof KeyPair | 'now'>)
  | SigningProxy
  | { readonly kind: 'bearer'; readonly token: Secret };

/** The value of the Authorization header for a request. Asked anew for each attempt; the signal ends the asking. */
export type Authorize = (request: SignableRequest, signal?: AbortSignal) => string | Promise<string>;

/** Through what a signing proxy is asked, and how long. Unit: ms. */
export interface SigningConnection {
  readonly transport: Transport;
  readonly timeoutMs: number;
}

/**
 * Returns how to be authorised: a signer for each pair of keys, and all secrets as one text. `now`: the wall clock, in ms
 * since 1970-01-01 UTC.
 */
export function createAuthorisation(
  given: AuthorisationOptions,
  now: () => number,
  connection: SigningConnection,
): { readonly signers: readonly Authorize[]; readonly credentials: () => string } {
  switch (given.kind) {
    case 'signature':
      return {
        signers: given.keys.map((pair) => createSigner({ ...given, ...pair, now })),
        credentials: () => secretsOf(given.keys),
      };
    case 'proxy':
      return { signers: [createSigningProxy(given, connection)], credentials: () => secretsOf([given]) };
    case 'bearer':
      return { signers: [() => `Bearer ${given.token()}`], credentials: given.token };
  }
}

function secretsOf(pairs: readonly KeyPair[]): string {
  return JSON.stringify(pairs.map(({ accessKey, secretKey }) => [accessKey(), secretKey()]));
}

/**
 * A service that the vendor runs makes the signature, where a tenant is given nothing else. It is sent what is to be
 * signed and answers the header's value: as plain text, or as JSON with `authorization` in any letter case.
 */
function createSigningProxy(proxy: SigningProxy, { transport, timeoutMs }: SigningConnection): Authorize {
  const headers = { 'content-type': 'application/json; charset=UTF-8' };
  return async (request, signal) => {
    const body = JSON.stringify({ ak: proxy.accessKey(), sk: proxy.secretKey(), ...request });
    const ask = async (cut: AbortSignal): Promise<string> => {
      const response = await transport.post(new URL(proxy.url), { headers, body, signal: cut });
      return response.text(); // empty if the status is not 200
    };
    const text = await withTimeLimit(timeoutMs, signal, ask).catch((error: unknown) => {
      if (signal?.aborted && !isTimeout(signal.reason)) throw error; // nobody waits any more
      throw new SigningProxyError('the signing proxy could not be asked', { cause: error });
    });
    const value = text.trimStart().startsWith('{') ? authorizationIn(text) : text.trim();
    // A header's value has no line breaks.
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
