import fc from 'fast-check';

/** The IDs of calls that are asked for again and again, so that they come from caches, too. */
export const CALL_IDS = Array.from({ length: 9 }, (_, n) => `1736000000-${n + 1}`);

/** The ID of a call, or what looks like one. */
export const callKey: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...CALL_IDS) },
  fc.stringMatching(/^1736\d{6}-\d{1,9}$/),
  fc.constantFrom(
    '',
    ' ',
    '1736000000',
    '1736000000-',
    '9999999999-1',
    '0000000000-1',
    '-1',
    'x'.repeat(65),
    '1736000000-2\0',
    '1736000000-2\n',
    '../../etc',
    "' or 1=1 --",
    '${7*7}',
    '😀',
  ),
);

/** Texts that break programs. */
export const text: fc.Arbitrary<string> = fc.oneof(
  fc.string({ maxLength: 30 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    '\0',
    '\ud800',
    '\udfff',
    '\u2028',
    '\r\n',
    'null',
    'NaN',
    '2025-13',
    '2025-01',
    '0000-00',
    '275760-09-13',
    '2025-01-01T00:00:00Z',
    '+275760-09-13T00:00:00.001Z',
  ),
  fc.constantFrom(1, 1_000, 10_000).map((length) => 'x'.repeat(length)),
);

const number: fc.Arbitrary<number> = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true }),
  fc.constantFrom(
    0,
    -0,
    -1,
    170,
    5_000,
    5_001,
    65_535,
    65_536,
    2 ** 31,
    -(2 ** 31) - 1,
    2 ** 53,
    1e21,
    1e308,
    0.5,
    8.64e15 + 1,
    1_736_000_000_000,
  ),
);

/** Any value of JSON, odd ones above all. */
export const weird: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: fc.oneof(text, callKey, number, fc.boolean(), fc.constant(null)) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<unknown>(
      [],
      {},
      [[]],
      [null],
      { length: 1 },
      JSON.parse('{"__proto__":{"vdn":1}}'),
      { toString: 1 },
      { kind: 'Document' },
    ),
  },
);
