import fc from 'fast-check';
import { callKey, text } from './values.js';

/** Documents that are good, with the variables that `requests.ts` draws. */
export const VALID_DOCUMENTS = [
  'query A($vdn: Int!, $callId: ID!) { call(vdn: $vdn, callId: $callId) { id callerNo legs { calleeNo deviceType } freshness { ageMs } } }',
  'query A($keys: [CallKeyInput!]!, $refresh: Boolean) { calls(keys: $keys, refresh: $refresh) { callId complete } }',
  'query A($vdn: Int!, $callId: ID!, $month: CallMonth, $logDate: DateTime, $ccId: Int) { call(vdn: $vdn, callId: $callId, month: $month, logDate: $logDate, ccId: $ccId) { startedAt } }',
  'query A($id: ID!) { node(id: $id) { __typename id ... on Call { callerNo } } }',
  'query A($representations: [_Any!]!) { _entities(representations: $representations) { ... on Call { callId } } }',
  'mutation A($vdn: Int!, $callId: ID!) { forgetCall(vdn: $vdn, callId: $callId) { forgotten problem } }',
  '{ callCodes(table: MEDIA_TYPE) { name } callRateLimit { remaining } _service { sdl } }',
] as const;

const times = (count: number, make: (index: number) => string): string =>
  Array.from({ length: count }, (_, n) => make(n)).join(' ');

/** Documents that have brought GraphQL servers down, or nearly. */
export const ODD_DOCUMENTS = [
  'subscription A { __typename }',
  '# nothing',
  'query A query B { __typename }',
  'fragment F on Query { ...F } query A { ...F }',
  `query A { ...F0 } ${times(300, (n) => `fragment F${n} on Query { ...F${(n + 1) % 300} ...F${(n + 2) % 300} }`)}`,
  `query A { ${times(300, (n) => `a${n}: __typename`)} }`,
  `query A { __typename ${'@skip(if: false) '.repeat(300)} }`,
  `query A { call(vdn: ${'['.repeat(2_000)}${']'.repeat(2_000)}, callId: "1") { id } }`,
  `query A ${'{ a '.repeat(2_000)}${'}'.repeat(2_000)}`,
  `query A($vdn: ${'['.repeat(2_000)}Int${']'.repeat(2_000)}) { call(vdn: $vdn, callId: "1") { id } }`,
  `query A { __schema { types { ${'ofType { '.repeat(30)}name${' }'.repeat(30)} } } }`,
  `query A { call(vdn: 170, callId: "1736000000-2") { ${'legs { position } '.repeat(300)} } }`,
  'query A { _entities(representations: [{}]) { __typename } }',
  'query A { node(id: "Q2FsbDo") { id } }',
  'query A { callCodes(table: __proto__) { name } }',
] as const;

const name = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.constantFrom(
      'call',
      'calls',
      'node',
      'callCodes',
      'callRateLimit',
      '_entities',
      '_service',
      '__schema',
      '__type',
      '__typename',
      'id',
      'callerNo',
      'calleeNo',
      'callerNoHash',
      'legs',
      'freshness',
      'startedAt',
      'durationMs',
      'deviceType',
      'ageMs',
      'forgetCall',
    ),
  },
  fc.constantFrom('__proto__', 'constructor', 'toString', 'nothing'),
  fc.stringMatching(/^[_A-Za-z]\w{0,8}$/),
);
const literal: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    '170',
    '-1',
    '1e400',
    '99999999999999999999',
    '0.5',
    'true',
    'null',
    'MEDIA_TYPE',
    '$vdn',
    '$callId',
    '$nothing',
    '[]',
    '{}',
    '[[1]]',
    '{vdn: 170, callId: "1736000000-2"}',
    '[{vdn: 170, callId: "1736000000-3"}]',
    '"""block"""',
    '"\\u{110000}"',
    '"\\ud800"',
  ),
  callKey.map((id) => JSON.stringify(id)),
  text.map((one) => JSON.stringify(one)),
);
const given = fc
  .array(
    fc.tuple(
      fc.constantFrom(
        'vdn',
        'callId',
        'keys',
        'id',
        'month',
        'logDate',
        'ccId',
        'refresh',
        'table',
        'if',
        'representations',
        '__proto__',
      ),
      literal,
    ),
    { maxLength: 4 },
  )
  .map((pairs) => (pairs.length === 0 ? '' : `(${pairs.map(([key, value]) => `${key}: ${value}`).join(', ')})`));
const directive = fc.oneof(
  { weight: 6, arbitrary: fc.constant('') },
  fc
    .tuple(fc.constantFrom('@skip', '@include', '@personal', '@key', '@nothing'), given)
    .map((parts) => ` ${parts.join('')}`),
);

const { selection } = fc.letrec<{ selection: string; field: string }>((tie) => ({
  selection: fc
    .array(tie('field'), { minLength: 1, maxLength: 4, depthIdentifier: 'document' })
    .map((fields) => `{ ${fields.join(' ')} }`),
  field: fc.oneof(
    { depthIdentifier: 'document', maxDepth: 4, withCrossShrink: true },
    fc.tuple(fc.constantFrom('', '', '', 'a: ', 'b: '), name, given, directive).map((parts) => parts.join('')),
    fc.tuple(fc.constantFrom('', 'a: '), name, given, directive, tie('selection')).map((parts) => parts.join('')),
    fc
      .tuple(fc.constantFrom('...', '... on Call', '... on Query', '... on Nothing'), directive, tie('selection'))
      .map((parts) => parts.join(' ')),
    fc.constantFrom('...F', '...G', '...Nothing'),
  ),
}));

/** Documents that the grammar allows, and the schema now and then. */
export const document: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom(
      '',
      'query A',
      'query A($vdn: Int!, $callId: ID!)',
      'query A($callId: [[ID!]!] = 1)',
      'mutation A',
      'subscription A',
      'query __proto__',
    ),
    selection,
    fc.array(
      fc.tuple(
        fc.constantFrom(
          'fragment F on Call',
          'fragment G on Query',
          'fragment F on Nothing',
          'query A',
          'query B',
          'type Call',
          'schema',
          'extend type Query',
        ),
        selection,
      ),
      { maxLength: 2 },
    ),
  )
  .map(([head, first, others]) => [`${head} ${first}`, ...others.map((parts) => parts.join(' '))].join('\n'));

/** Tokens in any order. */
export const SOUP: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '{',
        '}',
        '(',
        ')',
        '[',
        ']',
        ':',
        '...',
        '@',
        '$',
        '!',
        '=',
        '|',
        '&',
        '"',
        '"""',
        '#',
        '\n',
        ',',
        'query',
        'mutation',
        'fragment',
        'on',
        'F',
        '{ __typename }',
      ),
      name,
      literal,
    ),
    { maxLength: 40 },
  )
  .map((tokens) => tokens.join(' '));
