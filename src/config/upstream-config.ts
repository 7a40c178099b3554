import { crossesNetworkInPlain } from './plain-http.js';
import { SETTINGS, type Settings } from './settings.js';
import type { AuthorisationOptions } from '../upstream/signers.js';
import type { UpstreamOptions } from '../upstream/open.js';
import type { Secret } from '../upstream/signature.js';

/** The options of the upstream that the environment sets. */
export type UpstreamConfig = Omit<UpstreamOptions, 'timeZoneOf'>;

type NumberSetting = 'CMS_AUTH_FAILURES_MAX' | 'CMS_ATTEMPT_TIMEOUT_MS' | 'REQUEST_DEADLINE_MS';

/** Returns a sentence for each variable of the contact centre that is missing or contradicts another. */
export function upstreamContradictions(
  variables: Readonly<Record<string, string>>,
  has: (name: string) => boolean,
  required: (name: string, what: string) => string[],
): string[] {
  const together = (a: string, b: string): string[] =>
    has(a) === has(b) ? [] : [`${a} and ${b} go together; give both, or neither`];
  // The value or the default; NaN, which contradicts nothing, if the value itself is refused.
  const number = (name: NumberSetting): number => SETTINGS.shape[name].safeParse(variables[name]).data ?? NaN;
  const keys = [
    ...required('CMS_ACCESS_KEY', 'the access key (AK) for the contact centre'),
    ...required('CMS_SECRET_KEY', 'the secret key (SK) for the contact centre'),
  ];
  const auth = variables['CMS_AUTH'] ?? 'signature';
  return [
    ...(has('CMS_BASE_URLS') ? [] : required('CMS_BASE_URL', 'https://ip:port of the contact centre')),
    ...(has('CMS_BASE_URLS') && has('CMS_BASE_URL')
      ? ['CMS_BASE_URL and CMS_BASE_URLS exclude each other; give one of them']
      : []),
    ...plainHttp(variables, auth),
    ...(auth === 'bearer' ? required('CMS_BEARER_TOKEN', 'the token that CMS_AUTH=bearer sends') : keys),
    ...(auth === 'proxy' ? required('CMS_SIGNING_PROXY_URL', 'the service that signs where CMS_AUTH=proxy') : []),
    ...together('CMS_ACCESS_KEY_2', 'CMS_SECRET_KEY_2'),
    ...(has('CMS_ACCESS_KEY_2') && number('CMS_AUTH_FAILURES_MAX') < 2
      ? ['CMS_AUTH_FAILURES_MAX must be at least 2 where there are two pairs of keys: at 1 the second is never tried']
      : []),
    ...together('CMS_CERT_FILE', 'CMS_KEY_FILE'),
    ...(number('CMS_ATTEMPT_TIMEOUT_MS') > number('REQUEST_DEADLINE_MS')
      ? ['CMS_ATTEMPT_TIMEOUT_MS must not be more than REQUEST_DEADLINE_MS']
      : []),
  ];
}

/** Returns a sentence for each URL that would send phone numbers, or the secret key to a signing proxy, unencrypted across a network. */
function plainHttp(variables: Readonly<Record<string, string>>, auth: string): string[] {
  if (variables['CMS_ALLOW_PLAIN_HTTP'] === 'true') return [];
  const used = ['CMS_BASE_URL', 'CMS_BASE_URLS', ...(auth === 'proxy' ? ['CMS_SIGNING_PROXY_URL'] : [])];
  return used
    .filter((name) => (variables[name] ?? '').split(',').some((url) => crossesNetworkInPlain(url.trim())))
    .map((name) => `${name} must be https; where the network can be trusted, give CMS_ALLOW_PLAIN_HTTP=true`);
}

/** Returns the options of the upstream. `files`: the contents of the files that the settings name. `secretOf` returns the current secret of a variable. */
export function upstreamOf(
  env: Settings,
  files: Readonly<Record<'cmsCa' | 'cmsCert' | 'cmsKey', string | undefined>>,
  secretOf: (name: string) => Secret,
): UpstreamConfig {
  return {
    baseUrls: env.CMS_BASE_URLS ?? env.CMS_BASE_URL ?? [],
    authorisation: authorisationOf(env, secretOf),
    tls: { ca: files.cmsCa, cert: files.cmsCert, key: files.cmsKey },
    host: env.CMS_HOST,
    proxyUrl: env.CMS_PROXY_URL,
    numberStyle: env.CMS_NUMBER_STYLE,
    attemptTimeoutMs: env.CMS_ATTEMPT_TIMEOUT_MS,
    maxRetries: env.CMS_MAX_RETRIES,
    maxConcurrency: env.CMS_MAX_CONCURRENCY,
    maxQueue: env.CMS_MAX_QUEUE,
    maxAuthFailures: env.CMS_AUTH_FAILURES_MAX,
    sendsTraceparent: env.CMS_TRACEPARENT,
  };
}

function authorisationOf(env: Settings, secretOf: (name: string) => Secret): AuthorisationOptions {
  const keyPair = (suffix: string): { accessKey: Secret; secretKey: Secret } => ({
    accessKey: secretOf(`CMS_ACCESS_KEY${suffix}`),
    secretKey: secretOf(`CMS_SECRET_KEY${suffix}`),
  });
  switch (env.CMS_AUTH) {
    case 'bearer':
      return { kind: 'bearer', token: secretOf('CMS_BEARER_TOKEN') };
    case 'proxy':
      return { kind: 'proxy', url: env.CMS_SIGNING_PROXY_URL ?? '', ...keyPair('') };
    case 'signature':
      return {
        kind: 'signature',
        keys: env.CMS_ACCESS_KEY_2 === undefined ? [keyPair('')] : [keyPair(''), keyPair('_2')],
        timestamp: env.CMS_SIGNATURE_TIMESTAMP,
        signedHeaders: env.CMS_SIGNED_HEADERS,
        emptyQueryLine: env.CMS_SIGNATURE_EMPTY_QUERY_LINE,
      };
  }
}
