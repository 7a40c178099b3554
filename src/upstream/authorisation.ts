import { createBearer, createSigningProxy, type Authorize, type SigningProxyOptions } from './authorize.js';
import { createSigner } from './signature.js';

/** A secret, asked for each time it is used: the file it stands in may have changed. */
export type Secret = () => string;

/** How the contact centre is to know us. */
export type AuthorisationOptions =
  | {
      readonly kind: 'signature';
      /** One pair of keys, or two while they are being changed. */
      readonly keys: readonly { readonly accessKey: Secret; readonly secretKey: Secret }[];
      readonly timestamp: 'seconds' | 'milliseconds';
      readonly signedHeaders: readonly string[];
      readonly emptyQueryLine: boolean;
    }
  | { readonly kind: 'proxy'; readonly url: string; readonly accessKey: Secret; readonly secretKey: Secret }
  | { readonly kind: 'bearer'; readonly token: Secret };

/** What the ways of being authorised need besides. */
export interface AuthorizerDependencies extends Pick<SigningProxyOptions, 'timeoutMs' | 'transport'> {
  /** The wall clock, for signatures. Unit: ms since 1970-01-01 UTC. */
  readonly now: () => number;
}

/** How to be authorised, for each pair of keys. */
export function createAuthorizers(
  given: AuthorisationOptions,
  { now, ...proxy }: AuthorizerDependencies,
): readonly Authorize[] {
  switch (given.kind) {
    case 'signature':
      return given.keys.map((key) => createSigner({ ...given, ...key, now }));
    case 'proxy':
      return [createSigningProxy({ ...given, ...proxy, url: new URL(given.url) })];
    case 'bearer':
      return [createBearer(given.token)];
  }
}

/** All that is signed with, as one text. */
export function credentialsOf(authorisation: AuthorisationOptions): string {
  switch (authorisation.kind) {
    case 'signature':
      return JSON.stringify(authorisation.keys.map(({ accessKey, secretKey }) => [accessKey(), secretKey()]));
    case 'proxy':
      return JSON.stringify([authorisation.accessKey(), authorisation.secretKey()]);
    case 'bearer':
      return authorisation.token();
  }
}
