import fc from 'fast-check';
import { document, ODD_DOCUMENTS, SOUP, VALID_DOCUMENTS } from './documents.js';
import { CALL_IDS, callKey, text, weird } from './values.js';

/** One HTTP request, to be sent as it stands. */
export interface FuzzedRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer | null;
}

/** Well below what the gateway takes as request line and headers. Unit: bytes. */
const MAX_TARGET = 8 * 1024;

const JSON_TYPE = ['content-type', 'application/json'] as const;

/** Now and then something else. */
const mostly = (usual: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 12, arbitrary: usual }, { weight: 1, arbitrary: weird });

const vdn = mostly(fc.constantFrom(170, 170, 170, 171));
const callId = mostly(callKey);
const id = mostly(
  fc.constantFrom(...CALL_IDS).map((one) => Buffer.from(`Call:1:170:2025-01:${one}`).toString('base64url')),
);
const reference = fc.oneof(
  fc.record({ __typename: mostly(fc.constant('Call')), id }),
  fc.record({
    __typename: mostly(fc.constant('Call')),
    ccId: mostly(fc.constant(1)),
    vdn,
    callId,
    month: mostly(fc.constant('2025-01')),
  }),
);

/** Bodies that are, or nearly are, what a client sends. */
const sensible = fc.record(
  {
    query: fc.oneof(
      { weight: 10, arbitrary: fc.constantFrom(...VALID_DOCUMENTS) },
      { weight: 3, arbitrary: document },
      { weight: 1, arbitrary: fc.constantFrom(...ODD_DOCUMENTS) },
      { weight: 1, arbitrary: SOUP },
    ),
    variables: fc.record(
      {
        vdn,
        callId,
        id,
        refresh: mostly(fc.boolean()),
        keys: mostly(fc.array(fc.record({ vdn, callId }), { minLength: 1, maxLength: 5 })),
        representations: mostly(fc.array(reference, { minLength: 1, maxLength: 3 })),
        month: weird,
        logDate: weird,
        ccId: weird,
      },
      { requiredKeys: ['vdn', 'callId', 'id', 'keys', 'representations'] },
    ),
    operationName: mostly(fc.constantFrom(null, 'A')),
  },
  { requiredKeys: ['query', 'variables'] },
);

/** Bodies with any type anywhere. */
const mistyped = fc.dictionary(
  fc.constantFrom(
    'query',
    'variables',
    'operationName',
    'extensions',
    'documentId',
    '__proto__',
    'constructor',
    'toJSON',
  ),
  fc.oneof(
    weird,
    fc.constantFrom(...VALID_DOCUMENTS),
    fc.record({
      persistedQuery: fc.oneof(
        weird,
        fc.record({
          version: fc.oneof(fc.constant(1), weird),
          sha256Hash: fc.oneof(fc.stringMatching(/^[0-9a-f]{64}$/), weird),
        }),
      ),
    }),
  ),
);

/** Texts that only look like JSON, or are JSON that no program would write. */
const crooked = fc.oneof(
  fc.constantFrom(
    '{"query":"{ __typename }","query":"{ nothing }"}',
    '{"query":"{ __typename }","variables":{"a":1e400,"b":-1e400,"c":1e-400,"d":123456789012345678901234567890,"e":-0}}',
    '{"query":"{ call(vdn: 170, callId: \\"\\ud800\\") { id } }"}',
    '{"query":"query ($callId: ID!) { call(vdn: 170, callId: $callId) { id } }","variables":{"callId":"\\udfff\\ud800"}}',
    '{"query":"{ __typename }\\u0000"}',
    '{"query":"{ __typename }"}\0',
    '\ufeff{"query":"{ __typename }"}',
    '{"__proto__":{"query":"{ __typename }"}}',
    '{"query":"{ __typename }","variables":{"__proto__":{"x":1},"constructor":{"prototype":{"x":1}}}}',
    "{'query':'{ __typename }'}",
    '{"query":"{ __typename }",}',
    'NaN',
    '',
  ),
  fc
    .tuple(
      fc.constantFrom('[', '{"a":', '{"query":', '{"query":"{ __typename }","variables":{"a":[', '{"query":"{ a(b:'),
      fc.constantFrom(10, 1_000, 20_000),
    )
    .map(([opening, levels]) => opening.repeat(levels)),
  fc
    .constantFrom(10, 1_000, 20_000)
    .map((levels) => `{"query":"{ __typename }","variables":{"a":${'['.repeat(levels)}${']'.repeat(levels)}}}`),
  fc
    .constantFrom(10, 500, 5_000)
    .map((levels) => JSON.stringify({ query: `${'{ a '.repeat(levels)}${'}'.repeat(levels)}` })),
  fc
    .constantFrom(10, 500, 5_000)
    .map((levels) =>
      JSON.stringify({ query: `{ call(vdn: ${'['.repeat(levels)}${']'.repeat(levels)}, callId: 1) { id } }` }),
    ),
);

/** Whole bodies of which a few characters were lost, doubled or replaced. */
const damaged = fc
  .tuple(
    fc.oneof(
      sensible.map((body) => JSON.stringify(body)),
      crooked,
    ),
    fc.array(
      fc.tuple(fc.nat(), fc.constantFrom('', '"', '{', '}', '[', ']', ',', ':', '\\', '\0', '\n', 'é', '\u2028', '9')),
      { minLength: 1, maxLength: 4 },
    ),
  )
  .map(([whole, changes]) =>
    changes.reduce((left, [place, put]) => {
      const at = place % (left.length + 1);
      return left.slice(0, at) + put + left.slice(at + (place % 3));
    }, whole),
  );

const body: fc.Arbitrary<Buffer> = fc.oneof(
  { weight: 14, arbitrary: sensible.map((value) => Buffer.from(JSON.stringify(value))) },
  { weight: 2, arbitrary: mistyped.map((value) => Buffer.from(JSON.stringify(value))) },
  { weight: 2, arbitrary: damaged.map((value) => Buffer.from(value)) },
  { weight: 1, arbitrary: crooked.map((value) => Buffer.from(value)) },
  { weight: 1, arbitrary: weird.map((value) => Buffer.from(JSON.stringify(value))) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 2_000 }).map((bytes) => Buffer.from(bytes)) },
);

/** What HTTP lets stand in a header. */
const headerText = fc.string({
  unit: fc
    .integer({ min: 0x20, max: 0xff })
    .filter((code) => code !== 0x7f)
    .map((code) => String.fromCharCode(code)),
  maxLength: 60,
});
const absurd: fc.Arbitrary<readonly [string, string]> = fc.oneof(
  fc.tuple(
    fc.constantFrom(
      'accept',
      'content-type',
      'accept-encoding',
      'content-encoding',
      'origin',
      'x-forwarded-for',
      'x-forwarded-proto',
      'x-request-id',
      'x-api-key',
      'authorization',
      'cookie',
      'apollo-require-preflight',
      'x-apollo-operation-name',
      'access-control-request-headers',
      'access-control-request-method',
      'traceparent',
      'te',
      'range',
      'if-none-match',
      '__proto__',
      'constructor',
    ),
    headerText,
  ),
  fc.tuple(fc.stringMatching(/^x-[a-z0-9-]{1,20}$/), headerText),
  fc.tuple(
    fc.constant('accept'),
    fc.constantFrom(
      '*/*',
      'text/html',
      'application/graphql-response+json',
      'multipart/mixed;deferSpec=20220824',
      'application/json;q=0',
      ';;;,,,',
      'a/b;c="',
    ),
  ),
  fc.tuple(
    fc.constant('content-type'),
    fc.constantFrom(
      'application/json; charset=utf-16',
      'application/json;;;',
      'APPLICATION/JSON',
      'application/jsonx',
      'text/plain',
      'multipart/form-data',
      'application/graphql',
    ),
  ),
  fc.tuple(
    fc.constant('authorization'),
    fc.oneof(
      fc.constantFrom('Bearer', 'Bearer a.b.c', 'Bearer eyJhbGciOiJub25lIn0.e30.', 'Basic YTpi', 'bearer '),
      headerText,
    ),
  ),
  fc.tuple(
    fc.constant('x-forwarded-for'),
    fc.constantFrom('::1', '[::ffff:1.2.3.4]:80', '1.2.3.4, , ,', 'unknown', '999.999.999.999'),
  ),
);

const get: fc.Arbitrary<string> = fc
  .array(
    fc.tuple(
      fc.oneof(
        fc.constantFrom('query', 'variables', 'extensions', 'operationName', 'documentId', 'query[]', '__proto__'),
        text,
      ),
      fc.oneof(
        fc.constantFrom(...VALID_DOCUMENTS, '{__typename}', '{', '[]', 'null'),
        document,
        weird.map((value) => JSON.stringify(value)),
        text,
      ),
    ),
    { maxLength: 4 },
  )
  .map((pairs) => new URLSearchParams(pairs).toString());
const rawQuery = fc.stringMatching(/^[!-~]{0,60}$/);

/** Requests of every kind, most of them to the graph. */
export const requests: fc.Arbitrary<FuzzedRequest> = fc
  .record({
    method: fc.oneof(
      { weight: 8, arbitrary: fc.constant('POST') },
      { weight: 3, arbitrary: fc.constant('GET') },
      fc.constantFrom('PUT', 'DELETE', 'OPTIONS', 'PATCH', 'HEAD', 'TRACE', 'PROPFIND', 'SEARCH', 'QUERY'),
    ),
    path: fc.oneof(
      { weight: 12, arbitrary: fc.constant('/graphql') },
      fc.constantFrom('/', '/healthz', '/readyz', '/metrics', '/graphql/', '//graphql', '/%00'),
      rawQuery.map((tail) => `/${tail}`),
    ),
    query: fc.oneof(
      { weight: 4, arbitrary: fc.constant('') },
      { weight: 3, arbitrary: get },
      rawQuery,
      fc.constantFrom('%', 'query=%zz', 'query=%ff', '&&&', '?', 'query={__typename}&query={__typename}'),
    ),
    headers: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.array(absurd, { maxLength: 6 })),
    body,
    plain: fc.nat(9).map((luck) => luck < 8),
  })
  .map(({ method, path, query, headers, body: sent, plain }) => ({
    method,
    target: query === '' ? path : `${path}?${query}`,
    headers: [
      ...(plain ? [JSON_TYPE] : []),
      ...(method === 'GET' && plain ? [['apollo-require-preflight', '1'] as const] : []),
      ...headers,
    ],
    body: method === 'GET' || method === 'HEAD' || method === 'TRACE' ? null : sent,
  }))
  // Longer ones are refused with 431, and cut off in the middle: test/http/edge.test.ts.
  .filter(({ target }) => target.length < MAX_TARGET);
