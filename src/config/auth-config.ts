import type { AccessFile, AuthenticatorOptions, TokenOptions } from '../access/credentials.js';
import { crossesNetworkInPlain } from './plain-http.js';
import { AUTH_MODES } from './settings/access.js';
import type { Settings } from './settings.js';

/** Limit of a fetch of keys: a key set is small, and tokens may wait for it. Unit: ms. */
const JWKS_TIMEOUT_MS = 3_000;

/** Returns a sentence for each variable of the authentication that is missing or contradicts another. */
export function authContradictions(
  variables: Readonly<Record<string, string>>,
  required: (name: string, what: string) => string[],
): string[] {
  const mode = variables['AUTH_MODE'];
  const production = (variables['NODE_ENV'] ?? 'production') === 'production';
  const jwksUrl = variables['AUTH_JWKS_URL'];
  const keys = ['AUTH_JWKS_URL', 'AUTH_PUBLIC_KEY_FILE'].filter((name) => variables[name] !== undefined);
  const jwt = [
    ...(keys.length === 0 ? required('AUTH_JWKS_URL', 'where the issuer of tokens publishes its keys') : []),
    ...(keys.length === 2 ? ['AUTH_JWKS_URL and AUTH_PUBLIC_KEY_FILE exclude each other; give one of them'] : []),
    ...(production && jwksUrl !== undefined && crossesNetworkInPlain(jwksUrl)
      ? ['AUTH_JWKS_URL must be https in production, for whoever changes the keys on the way makes tokens']
      : []),
    ...required('AUTH_ISSUER', 'what `iss` of a token must be'),
    ...required('AUTH_AUDIENCE', 'what `aud` of a token must be'),
  ];
  const apiKey = required('API_KEYS_FILE', 'the list of API keys; npm run api-key prints an entry');
  return [
    ...(production ? required('AUTH_MODE', `who may ask; one of ${AUTH_MODES.join(', ')}`) : []),
    ...(mode === 'jwt' || mode === 'both' ? jwt : []),
    ...(mode === 'api-key' || mode === 'both' ? apiKey : []),
  ];
}

/** Returns the options of the authenticator. `readerOf` returns a function that reads the file of a variable. */
export function authenticationOf(env: Settings, readerOf: (name: string) => () => string): AuthenticatorOptions {
  const mode = env.AUTH_MODE ?? 'none';
  if (mode === 'none') return { kind: 'none', seesNumbers: env.ANONYMOUS_SCOPES !== undefined };
  const fileOf = (name: string): AccessFile => ({
    read: readerOf(name),
    maxStaleMs: env.AUTH_FILES_MAX_STALE * 1000,
  });
  const tokens: TokenOptions = {
    keys:
      env.AUTH_JWKS_URL === undefined
        ? fileOf('AUTH_PUBLIC_KEY_FILE')
        : { url: env.AUTH_JWKS_URL, timeoutMs: JWKS_TIMEOUT_MS, maxStaleMs: env.AUTH_JWKS_MAX_STALE * 1000 },
    issuer: env.AUTH_ISSUER ?? '',
    audience: env.AUTH_AUDIENCE ?? '',
    algorithms: env.AUTH_ALGORITHMS,
    clockToleranceSeconds: env.AUTH_CLOCK_TOLERANCE_SECONDS,
    vdnsClaim: env.AUTH_VDNS_CLAIM,
    numbersScope: env.AUTH_NUMBERS_SCOPE,
  };
  return {
    kind: 'credentials',
    tokens: mode === 'api-key' ? null : tokens,
    apiKeys: mode === 'jwt' ? null : fileOf('API_KEYS_FILE'),
  };
}
