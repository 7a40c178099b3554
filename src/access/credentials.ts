import { createApiKeys, describeApiKeys, parseApiKeys } from './api-keys.js';
import { createAnonymous, UnauthenticatedError, type Authenticate } from './caller.js';
import { ALL_GRANTS } from './grants.js';
import { createRemoteKeys, type RemoteKeysOptions } from './remote-keys.js';
import { createPemKeys, describePem, parsePem, type KeySource } from './token-keys.js';
import type { TokenRules } from './token-verification.js';
import { createTokens } from './tokens.js';
import { createWatchedFile, type AccessLog } from './watched-file.js';

/** Who may send requests. */
export type AuthenticatorOptions =
  | {
      /** Everybody, without a credential, for all calls. */
      readonly kind: 'none';
      readonly seesNumbers: boolean;
    }
  | {
      /** Senders of a token or an API key; null for a kind that is not accepted. */
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
  /** Keys expire when their file could not be read for this long. Unit: ms. */
  readonly maxStaleMs: number;
}

/** The age of the keys from one place, for the metric `calltrace_access_file_age_seconds`. */
export interface KeysAge {
  /** The setting that names the place: `API_KEYS_FILE`, `AUTH_PUBLIC_KEY_FILE` or `AUTH_JWKS_URL`. */
  readonly file: string;
  /**
   * Time since keys were last read there: normally at most 10 s for a file and 5 min for a URL; infinite if the URL was
   * never read. Unit: ms.
   */
  readonly ageMs: () => number;
}

/** Authenticates requests. */
export interface Authenticator {
  /**
   * Returns the caller of a request: at once (no promise) for anonymous callers, API keys and tokens verified before. Throws
   * or rejects with UnauthenticatedError (401, with its `challenge` as `WWW-Authenticate`), or with
   * AuthenticationUnavailableError (503, with its `retryAfterMs`) while the keys for checking credentials are unavailable.
   */
  readonly authenticate: Authenticate;
  /** The places that keys come from; none if everybody may send requests. */
  readonly keys: readonly KeysAge[];
  /** Aborts a fetch of keys that is in flight. */
  close(): Promise<void>;
}

/**
 * Returns an authenticator. The issuer need not be reachable yet. Each time keys change or become unavailable, one line is
 * logged. Throws PublicKeysError or ApiKeysError for files that are invalid at the start.
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
  const accepted = acceptedCredentials(tokens !== null, apiKeys !== null);
  return {
    authenticate(headers) {
      // Headers of a kind that is not accepted are ignored: a proxy may have set them for purposes of its own.
      const token = tokens ? bearerTokenIn(headers['authorization']) : undefined;
      const apiKey = apiKeys ? headers['x-api-key'] : undefined;
      if (token !== undefined && apiKey !== undefined) {
        throw new UnauthenticatedError('two_credentials', 'Send a token or an API key, not both.', accepted.challenge);
      }
      if (apiKeys && typeof apiKey === 'string') return apiKeys(apiKey);
      if (tokens && token !== undefined) return tokens(token);
      throw new UnauthenticatedError('no_credential', accepted.message, accepted.challenge);
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

function acceptedCredentials(tokens: boolean, apiKeys: boolean): { message: string; challenge: string } {
  const accepted = [
    ...(tokens ? ['a token as Authorization: Bearer <token>'] : []),
    ...(apiKeys ? ['an API key as x-api-key'] : []),
  ];
  const challenges = [...(tokens ? ['Bearer'] : []), ...(apiKeys ? ['ApiKey'] : [])];
  return {
    message: `Authentication is required: send ${accepted.join(', or ')}.`,
    challenge: challenges.join(', '),
  };
}
