import { createApiKeys } from './api-keys.js';
import { createAnonymous, UnauthenticatedError, type Authenticate } from './caller.js';
import { ALL_GRANTS } from './grants.js';
import { createRemoteKeys, type RemoteKeysOptions } from './remote-keys.js';
import { createPemKeys } from './token-keys.js';
import { createTokens, type TokenRules } from './tokens.js';

/** Who may ask. */
export type AuthenticatorOptions =
  | {
      /** Everybody, for all calls. */
      readonly kind: 'none';
      readonly seesNumbers: boolean;
    }
  | {
      /** Whoever shows a token or an API key; null for the kind that is not taken. */
      readonly kind: 'credentials';
      readonly tokens: TokenOptions | null;
      readonly apiKeys: ApiKeysOptions | null;
    };

/** Tokens: JSON Web Tokens in `Authorization: Bearer …`. */
export interface TokenOptions extends TokenRules {
  /** Where the issuer publishes its keys, or the text of a file that holds them (PEM), which may change. */
  readonly keys: RemoteKeysOptions | { readonly pem: () => string };
}

/** API keys, in `x-api-key`. */
export interface ApiKeysOptions {
  /** The text of the file that lists them, which may change. */
  readonly text: () => string;
}

/** Tells who sends a request. */
export interface Authenticator {
  /**
   * Who sends a request: at once (no promise) for anonymous callers, API keys and tokens seen before. Throws or rejects
   * with UnauthenticatedError (401, with its `challenge` as `WWW-Authenticate`), or with AuthenticationUnavailableError
   * (503, with its `retryAfterMs`) while the issuer's keys cannot be fetched.
   */
  readonly authenticate: Authenticate;
  /** Lets go of a fetch of keys that is under way. */
  close(): Promise<void>;
}

/**
 * An authenticator: `createAuthenticator(config.authentication, (message) => log.warn(message))`. Neither the issuer nor
 * anything else needs to be there. `warn` is told, once for each change, that a file can no longer be read or that keys
 * cannot be fetched. Throws PublicKeysError or ApiKeysError for files that cannot be used from the start.
 */
export function createAuthenticator(
  options: AuthenticatorOptions,
  warn: (message: string) => void,
  now: () => number = Date.now,
): Authenticator {
  if (options.kind === 'none') {
    const anonymous = createAnonymous(ALL_GRANTS, options.seesNumbers);
    return { authenticate: () => anonymous, close: () => Promise.resolve() };
  }
  const source = options.tokens && createKeySource(options.tokens.keys, warn, now);
  const tokens = options.tokens && source && createTokens(options.tokens, source, now);
  const apiKeys = options.apiKeys && createApiKeys(options.apiKeys.text, warn, now);
  const missing = whatToSend(tokens !== null, apiKeys !== null);
  return {
    authenticate(headers) {
      // Only what is taken here counts: a proxy may have put the other header there for purposes of its own.
      const authorization = tokens ? headers['authorization'] : undefined;
      const apiKey = apiKeys ? headers['x-api-key'] : undefined;
      if (authorization !== undefined && apiKey !== undefined) {
        throw new UnauthenticatedError('Send a token or an API key, not both.', missing.challenge);
      }
      if (apiKeys && typeof apiKey === 'string') return apiKeys(apiKey);
      const token = typeof authorization === 'string' ? /^bearer +(\S+)$/i.exec(authorization)?.[1] : undefined;
      if (tokens && token !== undefined) return tokens(token);
      throw new UnauthenticatedError(missing.message, missing.challenge);
    },
    close() {
      source?.close();
      return Promise.resolve();
    },
  };
}

function createKeySource(keys: TokenOptions['keys'], warn: (message: string) => void, now: () => number) {
  return 'pem' in keys ? createPemKeys(keys.pem, warn) : createRemoteKeys(keys, warn, now);
}

function whatToSend(tokens: boolean, apiKeys: boolean): { message: string; challenge: string } {
  const ways = [
    ...(tokens ? ['a token as Authorization: Bearer <token>'] : []),
    ...(apiKeys ? ['an API key as x-api-key'] : []),
  ];
  const challenges = [...(tokens ? ['Bearer'] : []), ...(apiKeys ? ['ApiKey'] : [])];
  return {
    message: `This graph wants to know who asks: send ${ways.join(', or ')}.`,
    challenge: challenges.join(', '),
  };
}
