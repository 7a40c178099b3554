import { createApiKeys, describeApiKeys, parseApiKeys } from './api-keys.js';
import { createAnonymous, UnauthenticatedError, type Authenticate } from './caller.js';
import { ALL_GRANTS } from './grants.js';
import { createRemoteKeys, type RemoteKeysOptions } from './remote-keys.js';
import { createPemKeys, describePem, parsePem, type KeySource } from './token-keys.js';
import type { TokenRules } from './token-verification.js';
import { createTokens } from './tokens.js';
import { createWatchedFile, type AccessLog } from './watched-file.js';

/** Who may ask. */
export type AuthenticatorOptions =
  | {
      /** Everybody, for all calls. */
      readonly kind: 'none';
      readonly seesNumbers: boolean;
    }
  | {
      /** Whoever sends a token or an API key; null for the kind that is not taken. */
      readonly kind: 'credentials';
      readonly tokens: TokenOptions | null;
      readonly apiKeys: AccessFile | null;
    };

/** Tokens: JSON Web Tokens in `Authorization: Bearer …`. */
export interface TokenOptions extends TokenRules {
  /** Where the issuer publishes its keys, or a file that holds them (PEM). */
  readonly keys: RemoteKeysOptions | AccessFile;
}

/** A file of keys, which may change while the gateway runs. */
export interface AccessFile {
  /** Returns the text of the file; throws if it cannot be read. */
  readonly read: () => string;
  /** Keys of a file that could not be used for so long are not believed any more. Unit: ms. */
  readonly maxStaleMs: number;
}

/** Where keys come from, for the metric `calltrace_access_file_age_seconds`. */
export interface KeysAge {
  /** The setting that names the place: `API_KEYS_FILE`, `AUTH_PUBLIC_KEY_FILE` or `AUTH_JWKS_URL`. */
  readonly file: string;
  /**
   * Time since keys were last read there: at most 10 s for a file and 5 min for a URL where nothing is wrong, infinite if
   * the URL was never read. Unit: ms.
   */
  readonly ageMs: () => number;
}

/** Tells who sends a request. */
export interface Authenticator {
  /**
   * Who sends a request: at once (no promise) for anonymous callers, API keys and tokens seen before. Throws or rejects
   * with UnauthenticatedError (401, with its `challenge` as `WWW-Authenticate`), or with AuthenticationUnavailableError
   * (503, with its `retryAfterMs`) while the keys that credentials are checked with cannot be had.
   */
  readonly authenticate: Authenticate;
  /** The places that keys come from; none where everybody may ask. */
  readonly keys: readonly KeysAge[];
  /** Ends a fetch of keys that is under way. */
  close(): Promise<void>;
}

/**
 * Returns an authenticator. Neither the issuer nor anything else needs to be there. `log` is told, once for each change,
 * that keys are others, or cannot be had. Throws PublicKeysError or ApiKeysError for files that cannot be used from the
 * start.
 */
export function createAuthenticator(
  options: AuthenticatorOptions,
  log: AccessLog,
  now: () => number = Date.now,
): Authenticator {
  if (options.kind === 'none') {
    const anonymous = createAnonymous(ALL_GRANTS, options.seesNumbers);
    return { authenticate: () => anonymous, keys: [], close: () => Promise.resolve() };
  }
  const keyFile = options.apiKeys && apiKeysFile(options.apiKeys, log, now);
  const apiKeys = keyFile && createApiKeys(keyFile, now);
  const source = options.tokens && tokenKeys(options.tokens.keys, log, now);
  const tokens = options.tokens && source && createTokens(options.tokens, source.keys, now);
  const ways = waysToAuthenticate(tokens !== null, apiKeys !== null);
  return {
    authenticate(headers) {
      // Only what is taken here counts: a proxy may have put another header there for purposes of its own.
      const token = tokens ? bearerTokenIn(headers['authorization']) : undefined;
      const apiKey = apiKeys ? headers['x-api-key'] : undefined;
      if (token !== undefined && apiKey !== undefined) {
        throw new UnauthenticatedError('two_credentials', 'Send a token or an API key, not both.', ways.challenge);
      }
      if (apiKeys && typeof apiKey === 'string') return apiKeys(apiKey);
      if (tokens && token !== undefined) return tokens(token);
      throw new UnauthenticatedError('no_credential', ways.message, ways.challenge);
    },
    keys: [...(keyFile ? [{ file: keyFile.name, ageMs: keyFile.ageMs }] : []), ...(source ? [source.age] : [])],
    close() {
      source?.keys.close();
      return Promise.resolve();
    },
  };
}

function apiKeysFile({ read, maxStaleMs }: AccessFile, log: AccessLog, now: () => number) {
  const rules = { parse: parseApiKeys, describe: describeApiKeys };
  return createWatchedFile({ name: 'API_KEYS_FILE', read, ...rules, maxStaleMs, log, now });
}

function tokenKeys(
  options: TokenOptions['keys'],
  log: AccessLog,
  now: () => number,
): { readonly keys: KeySource; readonly age: KeysAge } {
  if ('url' in options) {
    const keys = createRemoteKeys(options, log, now);
    return { keys, age: { file: 'AUTH_JWKS_URL', ageMs: keys.ageMs } };
  }
  const rules = { parse: parsePem, describe: describePem };
  const file = createWatchedFile({ name: 'AUTH_PUBLIC_KEY_FILE', ...options, ...rules, log, now });
  return { keys: createPemKeys(file), age: { file: file.name, ageMs: file.ageMs } };
}

function bearerTokenIn(authorization: string | string[] | undefined): string | undefined {
  return typeof authorization === 'string' ? /^bearer +(\S+)$/i.exec(authorization)?.[1] : undefined;
}

function waysToAuthenticate(tokens: boolean, apiKeys: boolean): { message: string; challenge: string } {
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
