import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ConfigError, loadConfig } from '../../src/config/config.js';
import type { Config } from '../../src/config/gateway-config.js';
import { SETTINGS } from '../../src/config/settings.js';
import { createAuthority } from '../upstream/support/certificates.js';

const NEEDED = {
  AUTH_MODE: 'none',
  CMS_BASE_URL: 'https://10.0.0.1:28443',
  CMS_ACCESS_KEY: 'ak',
  CMS_SECRET_KEY: 'sk',
};

const DAY_MS = 86_400_000;

/** Reads from files given by path; any other is not there. */
const readFrom =
  (files: Readonly<Record<string, string>> = {}) =>
  (path: string) => {
    const text = files[path];
    if (text === undefined) throw Object.assign(new Error(`no such file ${path}`), { code: 'ENOENT' });
    return text;
  };

const load = (env: Readonly<Record<string, string>> = {}, files?: Readonly<Record<string, string>>): Config =>
  loadConfig({ ...NEEDED, ...env }, readFrom(files));

/** What is wrong with an environment, one line each. */
function problemsOf(env: Readonly<Record<string, string>>, files?: Readonly<Record<string, string>>): string[] {
  try {
    loadConfig(env, readFrom(files));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const [head, ...lines] = error.message.split('\n');
    expect(head).toBe('The configuration cannot be used:');
    return lines.map((line) => line.replace(/^ {2}- /, ''));
  }
  throw new Error('the configuration was taken');
}

describe('the configuration', () => {
  it('needs the address and the two keys of the contact centre, to know who may ask, and nothing else', () => {
    expect(problemsOf({})).toEqual([
      'CMS_BASE_URL is missing: https://ip:port of the contact centre',
      'CMS_ACCESS_KEY is missing: the access key (AK) for the contact centre',
      'CMS_SECRET_KEY is missing: the secret key (SK) for the contact centre',
      'AUTH_MODE is missing: who may ask; one of none, jwt, api-key, both',
    ]);
    expect(load().upstream.baseUrls).toEqual(['https://10.0.0.1:28443']);
  });

  it('has the defaults that the design names', () => {
    expect(load()).toMatchObject({
      server: { host: '0.0.0.0', port: 4000, maxBodyBytes: 262_144, deadlineMs: 10_000 },
      logLevel: 'info',
      maxOperationNames: 100,
      auditLogFile: null,
      auditRequired: true,
      upstream: {
        attemptTimeoutMs: 4000,
        maxRetries: 2,
        maxConcurrency: 20,
        maxQueue: 1000,
        numberStyle: 'numbers',
        authorisation: { kind: 'signature', timestamp: 'seconds', signedHeaders: ['host'], emptyQueryLine: false },
      },
      redis: null,
      lifeRules: {
        settledMs: 7 * DAY_MS,
        keepSettledMs: 30 * DAY_MS,
        settleMs: 300_000,
        openMs: 10_000,
        keepOpenMs: 3_600_000,
        quietAfterMs: DAY_MS,
        quietMs: 600_000,
        quietPastMonthMs: DAY_MS,
        notFoundMs: 30_000,
        maxNotFoundMs: 600_000,
        edgeMs: 43_200_000,
      },
      memoryBytes: 67_108_864,
      defaultCcId: 1,
      readings: { ackBegin: 'ring', callBegin: 'talk' },
    });
    expect(load({ REDIS_URL: 'redis://localhost' }).redis).toMatchObject({ commandTimeoutMs: 100 });
  });

  it('has a port of its own for operators only if one is named', () => {
    expect(load().server.adminPort).toBeNull();
    expect(load({ ADMIN_PORT: '9090' }).server.adminPort).toBe(9090);
  });

  it.each([
    ['production', false, []],
    ['development', true, ['*']],
    ['test', true, ['*']],
  ])('is open to tools and pages by NODE_ENV (%s: %s)', (NODE_ENV, open, corsOrigins) => {
    expect(load({ NODE_ENV }).server).toMatchObject({ ide: open, introspection: open, corsOrigins });
  });

  it('is closed like production where NODE_ENV says nothing', () => {
    expect(load().server).toMatchObject({ ide: false, introspection: false, corsOrigins: [] });
  });

  it.each(['true', 'false'])('follows INTROSPECTION and IDE (%s) whatever NODE_ENV says', (flag) => {
    for (const NODE_ENV of ['production', 'development']) {
      const { server } = load({ NODE_ENV, INTROSPECTION: flag, IDE: flag });
      expect(server).toMatchObject({ ide: flag === 'true', introspection: flag === 'true' });
    }
  });

  it('takes an empty value, or one of spaces, for none', () => {
    const { server, redis, upstream } = load({ PORT: '', REDIS_URL: '  ', CMS_CA_FILE: '', HOST: ' ', LOG_LEVEL: '' });
    expect(server).toMatchObject({ port: 4000, host: '0.0.0.0' });
    expect(redis).toBeNull();
    expect(upstream.tls.ca).toBeUndefined();
    expect(problemsOf({ ...NEEDED, CMS_BASE_URL: '' })).toEqual([expect.stringMatching(/^CMS_BASE_URL is missing/)]);
  });

  it('names every bad variable at once', () => {
    const bad = {
      PORT: '65536',
      NODE_ENV: 'staging',
      LOG_LEVEL: 'loud',
      REVISION: 'two words',
      CORS_ORIGINS: 'https://a.example/path',
      INTROSPECTION: 'yes',
      IDE: '1',
      MAX_BODY_KIB: '0',
      MAX_CONNECTIONS: '0',
      RECEIVE_TIMEOUT_MS: '-1',
      KEEP_ALIVE_TIMEOUT_MS: '1m',
      ADMIN_PORT: '65536',
      TRUSTED_PROXIES: '11',
      DRAIN_MS: 'soon',
      LOG_CLIENT_ADDRESS: 'some',
      RATE_LIMIT_POINTS_PER_MINUTE: 'all',
      RATE_LIMIT_FAILED_LOGINS_PER_MINUTE: '-1',
      AUTH_MODE: 'nobody',
      ANONYMOUS_SCOPES: 'everything',
      AUTH_JWKS_URL: 'keys',
      AUTH_PUBLIC_KEY_FILE: '/nowhere',
      AUTH_ALGORITHMS: 'RS256,HS256',
      AUTH_CLOCK_TOLERANCE_SECONDS: '601',
      AUTH_NUMBERS_SCOPE: 'two scopes',
      API_KEYS_FILE: '/codes',
      LIMIT_DOCUMENT_KIB: '0',
      LIMIT_TOKENS: '0',
      LIMIT_DEPTH: '101',
      LIMIT_ALIASES: '-1',
      LIMIT_ROOT_FIELDS: '0',
      LIMIT_REPETITIONS: '0',
      LIMIT_FRAGMENTS: '101',
      LIMIT_DIRECTIVES: 'few',
      LIMIT_VARIABLES_KIB: '0',
      LIMIT_VARIABLES_DEPTH: '101',
      LIMIT_COST: '0',
      TRUSTED_DOCUMENTS: 'on',
      TRUSTED_DOCUMENTS_FILE: '/codes',
      CMS_BASE_URL: 'ftp://10.0.0.1',
      CMS_ALLOW_PLAIN_HTTP: '1',
      CMS_CC_ID: '65536',
      CMS_ACCESS_KEY: ' ak',
      CMS_SIGNATURE_TIMESTAMP: 'minutes',
      CMS_SIGNED_HEADERS: 'content-type',
      CMS_SIGNATURE_EMPTY_QUERY_LINE: 'no',
      CMS_NUMBER_STYLE: 'words',
      CMS_SUB_MEDIA_EDITION: 'old',
      CMS_ACK_BEGIN: 'talk',
      CMS_CALL_BEGIN: 'ring',
      CMS_TIME_ZONE: 'Mars/Olympus',
      CMS_CA_FILE: '/nowhere',
      CMS_ATTEMPT_TIMEOUT_MS: '1.5',
      CMS_MAX_RETRIES: '11',
      CMS_MAX_CONCURRENCY: '-1',
      CMS_MAX_QUEUE: 'many',
      REQUEST_DEADLINE_MS: '1e4',
      CODES_FILE: '/codes',
      REDIS_URL: 'http://localhost',
      REDIS_COMMAND_TIMEOUT_MS: '0',
      CACHE_FINAL_TTL_SECONDS: '-5',
      CACHE_OPEN_TTL_SECONDS: '86401',
      CACHE_QUIET_AFTER_SECONDS: '0',
      CACHE_QUIET_TTL_SECONDS: '86401',
      CACHE_QUIET_PAST_TTL_SECONDS: '1d',
      CACHE_EMPTY_TTL_SECONDS: '0x10',
      CACHE_SETTLE_SECONDS: 'PT5M',
      CACHE_MEMORY_MIB: '65537',
      MONTH_EDGE_HOURS: '73',
    };
    const problems = problemsOf(bad, { '/codes': '{"moods": {"1": "sad"}}' });
    const named = problems.map((problem) => problem.split(' ', 1)[0]);
    expect(named.sort()).toEqual([...Object.keys(bad), 'CMS_SECRET_KEY'].sort());
  });

  it('never repeats a value', () => {
    const secret = 'hunter2-é';
    const names = Object.keys(SETTINGS.shape);
    const env = Object.fromEntries(names.map((name) => [name, ` ${secret} `]));
    const problems = problemsOf(env, { [` ${secret} `]: `${secret}: not JSON` });
    expect(problems.length).toBeGreaterThan(30);
    expect(problems.join('\n')).not.toContain('hunter2');
  });

  it('does not change', () => {
    const config = load({ REDIS_URL: 'redis://localhost' });
    expect(() => Object.assign(config.server, { port: 1 })).toThrow(TypeError);
    expect(() => Object.assign(config.redis ?? {}, { url: '' })).toThrow(TypeError);
    expect(() => (config.server.corsOrigins as string[]).push('*')).toThrow(TypeError);
    expect(() => Object.assign(config, { logLevel: 'silent' })).toThrow(TypeError);
  });
});

describe('a secret', () => {
  const keysOf = ({ upstream: { authorisation } }: Config) =>
    authorisation.kind === 'signature'
      ? authorisation.keys.map(({ accessKey, secretKey }) => [accessKey(), secretKey()])
      : null;
  const KEYS = { CMS_ACCESS_KEY: '', CMS_SECRET_KEY: '' };
  const PATHS = { CMS_ACCESS_KEY_FILE: '/run/ak', CMS_SECRET_KEY_FILE: '/run/sk' };

  it('is read from the environment', () => {
    expect(keysOf(load())).toEqual([['ak', 'sk']]);
    expect(keysOf(load({ CMS_ACCESS_KEY_2: 'ak2', CMS_SECRET_KEY_2: 'sk2' }))).toEqual([
      ['ak', 'sk'],
      ['ak2', 'sk2'],
    ]);
  });

  it('may lie in a file, and the line break at its end is not part of it', () => {
    const config = load({ ...KEYS, ...PATHS }, { '/run/ak': 'file-ak\n', '/run/sk': 'file-sk\r\n' });
    expect(keysOf(config)).toEqual([['file-ak', 'file-sk']]);
    expect(load({ REDIS_URL_FILE: '/run/redis' }, { '/run/redis': 'redis://cache:6379\n' }).redis).toMatchObject({
      url: 'redis://cache:6379',
    });
  });

  it('in a file that cannot be read is named once, with the reason', () => {
    expect(problemsOf({ ...NEEDED, ...KEYS, ...PATHS }, { '/run/sk': 'file-sk' })).toEqual([
      'CMS_ACCESS_KEY_FILE names a file that cannot be read (ENOENT)',
    ]);
  });

  it('in a file that is empty is missing', () => {
    expect(problemsOf({ ...NEEDED, ...KEYS, ...PATHS }, { '/run/ak': '\n', '/run/sk': 'file-sk' })).toEqual([
      expect.stringMatching(/^CMS_ACCESS_KEY is missing/),
    ]);
  });

  it('may not be given twice', () => {
    expect(problemsOf({ ...NEEDED, ...PATHS }, { '/run/ak': 'file-ak', '/run/sk': 'file-sk' })).toEqual([
      'CMS_ACCESS_KEY and CMS_ACCESS_KEY_FILE exclude each other; give one of them',
      'CMS_SECRET_KEY and CMS_SECRET_KEY_FILE exclude each other; give one of them',
    ]);
  });
});

describe('a key or a token', () => {
  it.each(['two\nlines', 'schlüssel', 'tab\there', ' ak', 'sk '])('may not be %j, which cannot be sent', (text) => {
    expect(problemsOf({ ...NEEDED, CMS_SECRET_KEY: text, CMS_AUTH: 'bearer', CMS_BEARER_TOKEN: text })).toEqual([
      expect.stringMatching(/^CMS_SECRET_KEY must be printable ASCII without a line break/),
      expect.stringMatching(/^CMS_BEARER_TOKEN must be printable ASCII/),
    ]);
  });
});

describe('CMS_AUTH_FAILURES_MAX', () => {
  it('may not be 1 where there are two pairs of keys, for the second would never be tried', () => {
    const second = { CMS_ACCESS_KEY_2: 'ak2', CMS_SECRET_KEY_2: 'sk2' };
    expect(problemsOf({ ...NEEDED, ...second, CMS_AUTH_FAILURES_MAX: '1' })).toEqual([
      expect.stringMatching(/^CMS_AUTH_FAILURES_MAX must be at least 2 /),
    ]);
    expect(load({ ...second, CMS_AUTH_FAILURES_MAX: '2' }).upstream.maxAuthFailures).toBe(2);
    expect(load({ CMS_AUTH_FAILURES_MAX: '1' }).upstream.maxAuthFailures).toBe(1);
  });
});

describe('CMS_BASE_URL', () => {
  it.each(['https://10.0.0.1:28443/', 'https://[fd00::1]:28443', 'HTTPS://cms.example'])(
    'may be %s',
    (CMS_BASE_URL) => {
      expect(load({ CMS_BASE_URL }).upstream.baseUrls).toEqual([CMS_BASE_URL.replace(/\/$/, '').toLowerCase()]);
    },
  );

  it('gives way to CMS_BASE_URLS, a list in the order of preference', () => {
    const { upstream } = load({ CMS_BASE_URL: '', CMS_BASE_URLS: 'https://10.0.0.1:28443, https://10.0.0.2:28443' });
    expect(upstream.baseUrls).toEqual(['https://10.0.0.1:28443', 'https://10.0.0.2:28443']);
    expect(problemsOf({ ...NEEDED, CMS_BASE_URLS: 'https://10.0.0.2:28443' })).toEqual([
      'CMS_BASE_URL and CMS_BASE_URLS exclude each other; give one of them',
    ]);
  });

  it.each([
    '10.0.0.1:28443',
    'https://10.0.0.1:28443/rest',
    'https://10.0.0.1:28443/?a=b',
    'https://10.0.0.1:28443/#a',
    'https://user@10.0.0.1:28443',
    'https://:password@10.0.0.1:28443',
    'https://10.0.0.1:99999',
  ])('may not be %s', (CMS_BASE_URL) => {
    expect(problemsOf({ ...NEEDED, CMS_BASE_URL })).toEqual([
      expect.stringMatching(/^CMS_BASE_URL must be https:\/\/ip:port,? with nothing behind the port/),
    ]);
  });
});

describe('http', () => {
  const SIGNED = { CMS_AUTH: 'proxy', CMS_SIGNING_PROXY_URL: 'http://signer.example' };
  const ASKED: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    ['CMS_BASE_URL', { CMS_BASE_URL: 'http://10.0.0.1:28080' }],
    ['CMS_BASE_URL', { CMS_BASE_URL: 'HTTP://localhost.example:28080' }],
    ['CMS_BASE_URLS', { CMS_BASE_URL: '', CMS_BASE_URLS: 'https://10.0.0.1, http://10.0.0.2' }],
    ['CMS_SIGNING_PROXY_URL', SIGNED],
  ];

  it.each(ASKED)('is refused, in production and outside: %s of %j', (name, env) => {
    for (const more of [{}, { NODE_ENV: 'development' }, { CMS_ALLOW_PLAIN_HTTP: 'false' }]) {
      expect(problemsOf({ ...NEEDED, ...env, ...more })).toEqual([
        `${name} must be https; where the network can be trusted, give CMS_ALLOW_PLAIN_HTTP=true`,
      ]);
    }
  });

  it.each(ASKED)('is taken if that is said: %s of %j', (_, env) => {
    expect(load({ ...env, CMS_ALLOW_PLAIN_HTTP: 'true' }).upstream.baseUrls).not.toEqual([]);
  });

  it.each(['http://127.0.0.1:28080', 'http://localhost:28080', 'http://[::1]:28080', 'http://127.8.8.8'])(
    'is taken where it does not leave the machine: %s',
    (CMS_BASE_URL) => {
      expect(load({ CMS_BASE_URL }).upstream.baseUrls).toEqual([CMS_BASE_URL]);
      expect(load({ ...SIGNED, CMS_SIGNING_PROXY_URL: CMS_BASE_URL }).upstream.authorisation.kind).toBe('proxy');
    },
  );

  it('does no harm at a signing proxy that is not asked', () => {
    expect(load({ ...SIGNED, CMS_AUTH: 'signature' }).upstream.authorisation.kind).toBe('signature');
  });
});

describe('a variable that begins like a setting', () => {
  it.each([
    ['CACHE_ENCRYPTION_KEY', 'CACHE_ENCRYPTION_KEYS'],
    ['CMS_SECRET_KEY2', 'CMS_SECRET_KEY_2'],
    ['CMS_BEARER_TOKEN_FIEL', 'CMS_BEARER_TOKEN_FILE'],
    ['API_KEY_FILE', 'API_KEYS_FILE'],
    ['REDIS_URLS', 'REDIS_URL'],
    ['AUTH_AUDIENC', 'AUTH_AUDIENCE'],
    ['RATE_LIMIT_POINTS_PER_MINUT', 'RATE_LIMIT_POINTS_PER_MINUTE'],
    ['TRUSTED_PROXY', 'TRUSTED_PROXIES'],
    ['MONTH_EDGE_HOUR', 'MONTH_EDGE_HOURS'],
    ['MASK_KEEP_DIGIT', 'MASK_KEEP_DIGITS'],
    ['NUMBER_HASH_KEYS', 'NUMBER_HASH_KEY'],
    ['LIMIT_COST_FILE', 'LIMIT_COST'],
    ['METRICS_NAMES', 'METRICS_OPERATION_NAMES'],
    ['AUDIT_LOG', 'AUDIT_LOG_FILE'],
    ['AUDIT_REQUIRE', 'AUDIT_REQUIRED'],
    ['CODES_PATH', null],
    ['CMS_ALLOW_HTTP', 'CMS_ALLOW_PLAIN_HTTP'],
    ['FAST_LANE', 'FAST_PATH'],
    ['ANONYMOUS_SCOPE', 'ANONYMOUS_SCOPES'],
    ['CMS_ADAPTIVE_CONCURRENCY', null],
  ])('and is none is an error: %s, meant for %s', (name, meant) => {
    expect(problemsOf({ ...NEEDED, [name]: 'hunter2' })).toEqual([
      `${name} is no setting${meant === null ? '' : `; did you mean ${meant}?`}`,
    ]);
  });

  it.each([
    ['ADMIN_PROT', 'ADMIN_PORT'],
    ['INTROSPECTON', 'INTROSPECTION'],
    ['LOG_LEVLE', 'LOG_LEVEL'],
  ])('but for a slip of the keys is an error, too: %s, meant for %s', (name, meant) => {
    expect(problemsOf({ ...NEEDED, [name]: '1' })).toEqual([`${name} is no setting; did you mean ${meant}?`]);
  });

  it('and is empty is none, for it says nothing', () => {
    expect(load({ CACHE_ENCRYPTION_KEY: ' ' }).redis).toBeNull();
  });

  it.each(['redis', 'auth', 'cms', 'cache', 'admin', 'cms-gateway'])(
    'is no error where Kubernetes puts it there for a service named %s',
    (service) => {
      const prefix = service.toUpperCase().replace('-', '_');
      const address = 'tcp://10.96.0.7:6379';
      const links = {
        SERVICE_HOST: '10.96.0.7',
        SERVICE_PORT: '6379',
        SERVICE_PORT_HTTP_ADMIN: '9090',
        PORT: address,
        PORT_6379_TCP: address,
        PORT_6379_TCP_PROTO: 'tcp',
        PORT_6379_TCP_PORT: '6379',
        PORT_6379_TCP_ADDR: '10.96.0.7',
        PORT_53_UDP: 'udp://10.96.0.7:53',
      };
      const named = Object.entries(links).map(([name, value]): [string, string] => [`${prefix}_${name}`, value]);
      expect(load(Object.fromEntries(named)).server.adminPort).toBeNull();
    },
  );

  it('is no error where Docker puts it there for a linked container', () => {
    expect(load({ REDIS_NAME: '/gateway/redis', REDIS_ENV_REDIS_VERSION: '7.4.1' }).redis).toBeNull();
  });

  it.each([
    'PATH',
    'NUMBER_OF_PROCESSORS',
    'NODE_OPTIONS',
    'LOG_FORMAT',
    'HOSTNAME',
    'OTEL_SERVICE_NAME',
    'MAX_HEAP',
    'SORT',
    'GHOST',
    'LOG_LEVELS_BY_MODULE',
  ])('is not what others set: %s', (name) => {
    expect(load({ [name]: 'x' }).defaultCcId).toBe(1);
  });
});

describe('CMS_ACK_BEGIN and CMS_CALL_BEGIN', () => {
  it('are how the two doubtful times are read', () => {
    const { readings } = load({ CMS_ACK_BEGIN: 'answer', CMS_CALL_BEGIN: 'call' });
    expect(readings).toEqual({ ackBegin: 'answer', callBegin: 'call' });
  });
});

describe('CMS_TIME_ZONE', () => {
  it('is the zone of all call centres, but for those that have their own', () => {
    const { timeZoneOf } = load({ CMS_TIME_ZONE: 'UTC, 2=Asia/Shanghai,65535=America/New_York' });
    expect([1, 2, 3, 65_535].map(timeZoneOf)).toEqual(['UTC', 'Asia/Shanghai', 'UTC', 'America/New_York']);
  });

  it.each(['2=Asia/Shanghai', 'UTC,Asia/Shanghai', 'UTC,2=Mars/Olympus', 'UTC,', 'UTC,0=UTC', 'UTC,65536=UTC'])(
    'may not be %s',
    (CMS_TIME_ZONE) => {
      expect(problemsOf({ ...NEEDED, CMS_TIME_ZONE })).toEqual([expect.stringMatching(/^CMS_TIME_ZONE must be/)]);
    },
  );
});

describe('files named by the environment', () => {
  it('are read: certificates as they are', () => {
    const { ca } = createAuthority('an authority');
    expect(load({ CMS_CA_FILE: '/ca.pem' }, { '/ca.pem': ca }).upstream.tls.ca).toBe(ca);
  });

  it('are read: meanings of codes as JSON', () => {
    const meanings = {
      releaseCause: { '9001': 'Bridge closed for the night', '9002': { en: 'Bridge full', zh: '会议桥已满' } },
      leaveReason: { '77': { en: 'Left by the dialler' } },
    };
    expect(load({ CODES_FILE: '/codes' }, { '/codes': JSON.stringify(meanings) }).codes.meanings).toEqual(meanings);
  });

  it.each([
    'not JSON',
    '[]',
    '{"moods": {}}',
    '{"releaseCause": {"x": "y"}}',
    '{"releaseCause": {"1": ""}}',
    '{"releaseCause": {"1": {"zh": "\u7a7a"}}}',
  ])('must hold meanings in their form: %s', (text) => {
    expect(problemsOf({ ...NEEDED, CODES_FILE: '/codes' }, { '/codes': text })).toEqual([
      expect.stringMatching(/^CODES_FILE must hold JSON such as .*releaseCause/),
    ]);
  });

  const ofApollo = (operations: unknown, rest: object = { format: 'apollo-persisted-query-manifest', version: 1 }) =>
    JSON.stringify({ ...rest, operations });

  it.each([
    ['Apollo', ofApollo([{ id: 'a', name: 'One', type: 'query', body: '{ __typename }' }])],
    ['graphql-codegen', '{"a": "{ __typename }"}'],
  ])('are read: a manifest of documents of %s', (_, text) => {
    expect(
      load({ TRUSTED_DOCUMENTS: 'enforce', TRUSTED_DOCUMENTS_FILE: '/manifest' }, { '/manifest': text })
        .trustedDocuments,
    ).toEqual({ mode: 'enforce', manifest: [{ id: 'a', text: '{ __typename }' }] });
  });

  it.each([
    'not JSON',
    '{}',
    '[]',
    '{"a": 1}',
    '{"a": ""}',
    ofApollo([]),
    ofApollo([{ id: 'a' }]),
    ofApollo([{ id: 'a', body: 'b' }], { format: 'another', version: 1 }),
    ofApollo([{ id: 'a', body: 'b' }], { format: 'apollo-persisted-query-manifest', version: 2 }),
  ])('must hold a manifest in one of its forms: %s', (text) => {
    expect(problemsOf({ ...NEEDED, TRUSTED_DOCUMENTS_FILE: '/manifest' }, { '/manifest': text })).toEqual([
      expect.stringMatching(/^TRUSTED_DOCUMENTS_FILE must hold at least one document, as JSON/),
    ]);
  });
});

describe('who may ask', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const privatePem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const keys = JSON.stringify([{ name: 'dashboard', sha256: 'ab'.repeat(32), vdns: ['1/170'] }]);
  const FILES = { '/pem': pem, '/private': privatePem, '/keys': keys, '/bad': '[{"name": "dashboard"}]' };
  const JWT = { AUTH_MODE: 'jwt', AUTH_ISSUER: 'https://id.example', AUTH_AUDIENCE: 'traces' };
  const URL_OF_KEYS = 'https://id.example/keys';

  it('is everybody outside production, unless it is said', () => {
    for (const NODE_ENV of ['development', 'test']) {
      expect(load({ NODE_ENV, AUTH_MODE: '' }).authentication).toEqual({ kind: 'none', seesNumbers: false });
    }
    expect(problemsOf({ ...NEEDED, NODE_ENV: 'production', AUTH_MODE: '' })).toEqual([
      'AUTH_MODE is missing: who may ask; one of none, jwt, api-key, both',
    ]);
  });

  it('may be everybody in production, and see phone numbers, if both are said', () => {
    expect(load({ ANONYMOUS_SCOPES: 'numbers' }).authentication).toEqual({ kind: 'none', seesNumbers: true });
  });

  it('may be whoever has a token, by keys that the issuer publishes or keys in a file', () => {
    expect(load({ ...JWT, AUTH_JWKS_URL: URL_OF_KEYS }).authentication).toEqual({
      kind: 'credentials',
      tokens: {
        keys: { url: URL_OF_KEYS, timeoutMs: 3000, maxStaleMs: DAY_MS },
        issuer: 'https://id.example',
        audience: 'traces',
        algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
        clockToleranceSeconds: 30,
        vdnsClaim: 'vdns',
        numbersScope: 'numbers',
      },
      apiKeys: null,
    });
    const { authentication } = load({ ...JWT, AUTH_PUBLIC_KEY_FILE: '/pem' }, FILES);
    const source = authentication.kind === 'credentials' ? authentication.tokens?.keys : null;
    expect(source && 'read' in source && source.read()).toBe(pem);
  });

  it('may be whoever has an API key, or either', () => {
    const texts = ['api-key', 'both'].map((AUTH_MODE) => {
      const { authentication } = load({ ...JWT, AUTH_JWKS_URL: URL_OF_KEYS, API_KEYS_FILE: '/keys', AUTH_MODE }, FILES);
      if (authentication.kind === 'none') throw new Error('everybody');
      return [authentication.tokens !== null, authentication.apiKeys?.read()];
    });
    expect(texts).toEqual([
      [false, keys],
      [true, keys],
    ]);
  });

  it.each([
    [{ AUTH_MODE: 'jwt' }, ['AUTH_JWKS_URL', 'AUTH_ISSUER', 'AUTH_AUDIENCE']],
    [{ AUTH_MODE: 'api-key' }, ['API_KEYS_FILE']],
    [{ AUTH_MODE: 'both' }, ['AUTH_JWKS_URL', 'AUTH_ISSUER', 'AUTH_AUDIENCE', 'API_KEYS_FILE']],
  ])('needs what %j needs', (env, missing) => {
    expect(problemsOf({ ...NEEDED, ...env })).toEqual(
      missing.map((name): unknown => expect.stringMatching(new RegExp(`^${name} is missing: `))),
    );
  });

  it.each([
    [{ AUTH_JWKS_URL: URL_OF_KEYS, AUTH_PUBLIC_KEY_FILE: '/pem' }, /^AUTH_JWKS_URL and AUTH_PUBLIC_KEY_FILE exclude/],
    [{ AUTH_JWKS_URL: 'http://id.example/keys' }, /^AUTH_JWKS_URL must be https in production/],
    [{ AUTH_PUBLIC_KEY_FILE: '/private' }, /^AUTH_PUBLIC_KEY_FILE must hold public keys alone/],
    [{ AUTH_PUBLIC_KEY_FILE: '/keys' }, /^AUTH_PUBLIC_KEY_FILE must hold a public key or certificate/],
    [
      { AUTH_JWKS_URL: URL_OF_KEYS, API_KEYS_FILE: '/bad' },
      /^API_KEYS_FILE must be corrected at entry 0: sha256 must be/,
    ],
    [{ AUTH_JWKS_URL: URL_OF_KEYS, AUTH_ALGORITHMS: 'none' }, /^AUTH_ALGORITHMS must list RS256/],
  ])('cannot be %j', (env, problem) => {
    expect(problemsOf({ ...NEEDED, ...JWT, ...env }, FILES)).toEqual([expect.stringMatching(problem)]);
  });

  it('may be told by keys fetched without TLS where nobody can change them on the way', () => {
    for (const [NODE_ENV, AUTH_JWKS_URL] of [
      ['production', 'http://127.0.0.1:8080/keys'],
      ['development', 'http://id.example/keys'],
    ] as const) {
      expect(load({ ...JWT, NODE_ENV, AUTH_JWKS_URL }).authentication.kind).toBe('credentials');
    }
  });
});

describe('settings that belong together', () => {
  it.each([
    [{ CMS_ATTEMPT_TIMEOUT_MS: '10001' }, 'CMS_ATTEMPT_TIMEOUT_MS must not be more than REQUEST_DEADLINE_MS'],
    [{ CMS_ACCESS_KEY_2: 'ak2' }, 'CMS_ACCESS_KEY_2 and CMS_SECRET_KEY_2 go together; give both, or neither'],
    [{ CMS_CERT_FILE: '/pem' }, 'CMS_CERT_FILE and CMS_KEY_FILE go together; give both, or neither'],
    [
      { TRUSTED_DOCUMENTS: 'log' },
      'TRUSTED_DOCUMENTS_FILE is missing: the documents that TRUSTED_DOCUMENTS tells from others',
    ],
    [{ CMS_AUTH: 'bearer' }, 'CMS_BEARER_TOKEN is missing: the token that CMS_AUTH=bearer sends'],
    [{ CMS_AUTH: 'proxy' }, 'CMS_SIGNING_PROXY_URL is missing: the service that signs where CMS_AUTH=proxy'],
  ])('must fit: %j', (env, problem) => {
    expect(problemsOf({ ...NEEDED, ...env }, { '/pem': createAuthority('an authority').client.cert })).toEqual([
      problem,
    ]);
  });

  it('are named together with bad ones', () => {
    expect(problemsOf({ ...NEEDED, CMS_ATTEMPT_TIMEOUT_MS: '10001', PORT: 'x' })).toEqual([
      expect.stringMatching(/^PORT must be/),
      expect.stringMatching(/^CMS_ATTEMPT_TIMEOUT_MS must not be/),
    ]);
  });

  it('need no keys where a token is sent in their place', () => {
    const { upstream } = loadConfig(
      { AUTH_MODE: 'none', CMS_BASE_URL: NEEDED.CMS_BASE_URL, CMS_AUTH: 'bearer', CMS_BEARER_TOKEN: 'token' },
      readFrom(),
    );
    expect(upstream.authorisation.kind).toBe('bearer');
  });
});

describe('.env.example', () => {
  const text = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
  const entries = [...text.matchAll(/^(#?)([A-Z][A-Z0-9_]*)=(.*)$/gm)].map(([, mark, name = '', value = '']) => ({
    name,
    value,
    needed: mark === '',
  }));
  const valueOf = new Map(entries.map(({ name, value }) => [name, value]));
  const names = Object.keys(SETTINGS.shape) as (keyof typeof SETTINGS.shape)[];

  /** The variables whose value may lie in a file: those the configuration complains of when that file is not there. */
  const secrets = names.filter((name) => {
    if (`${name}_FILE` in SETTINGS.shape) return false; // a setting of its own
    try {
      loadConfig({ ...NEEDED, [name]: '', [`${name}_FILE`]: '/nowhere' }, readFrom());
      return false;
    } catch (error) {
      return (error as Error).message.includes(`${name}_FILE names a file`);
    }
  });

  it('lists every setting once, and none that does not exist', () => {
    const files = secrets.map((name) => `${name}_FILE`);
    expect(secrets).toEqual(expect.arrayContaining(['CMS_ACCESS_KEY', 'CMS_SECRET_KEY', 'REDIS_URL']));
    expect(entries.map(({ name }) => name).sort()).toEqual([...names, ...files].sort());
  });

  it.each(names)('shows the default of %s', (name) => {
    const setting = SETTINGS.shape[name];
    const byDefault = setting.safeParse(undefined);
    const shown = valueOf.get(name) ?? '';
    if (!byDefault.success || byDefault.data === undefined || byDefault.data === '') return expect(shown).toBe('');
    const asShown = setting.parse(shown);
    if (typeof byDefault.data === 'function' && typeof asShown === 'function') {
      return expect([1, 2].map(asShown)).toEqual([1, 2].map(byDefault.data));
    }
    expect(asShown).toEqual(byDefault.data);
  });

  it('has a comment above each setting, or above the one before it', () => {
    const lines = text.split('\n');
    const bare = lines.filter((line, index) => {
      const isSetting = (one: string | undefined) => /^#?[A-Z][A-Z0-9_]*=/.test(one ?? '');
      const above = lines[index - 1];
      return isSetting(line) && !isSetting(above) && !/^# \S/.test(above ?? '');
    });
    expect(bare).toEqual([]);
  });

  it('leaves without a # what has no default and must be given', () => {
    const needed = entries.filter((entry) => entry.needed).map(({ name }) => name);
    expect(needed.sort()).toEqual(Object.keys(NEEDED).sort());
  });
});
