import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EARLIEST_AT } from '../../../src/call/instant.js';
import type { TraceKey } from '../../../src/call/key.js';
import { MAX_RECORDS, type CallDetailRecord, type CallTrace } from '../../../src/call/trace.js';
import { NO_ENCRYPTION } from '../../../src/cache/redis/encryption.js';
import { decodeTrace, encodeTrace } from '../../../src/cache/redis/value.js';
import { createKey, createRecord, createTrace } from '../../fixtures/records.js';
import { ASKED_AT, DAY_MS, lifeByDefault } from '../../support/traces.js';

const NAME = 'calltrace:v2:name';
const NOW = ASKED_AT;
const MAX_INT_32 = 2_147_483_647;

const encode = (trace: CallTrace) => encodeTrace(trace, lifeByDefault(trace), NAME, NO_ENCRYPTION);
/** Null where it throws. */
function decode(value: Buffer, key: TraceKey = createKey()): CallTrace | null {
  try {
    return decodeTrace(value, key, NAME, NO_ENCRYPTION, NOW);
  } catch {
    return null;
  }
}

const integers = fc.integer({ min: -MAX_INT_32 - 1, max: MAX_INT_32 });
const number = fc.option(integers);
const askedAt = fc.integer({ min: EARLIEST_AT, max: NOW + DAY_MS });
const instant = fc.option(fc.integer({ min: EARLIEST_AT, max: EARLIEST_AT + DAY_MS }));
const text = fc.option(fc.string({ unit: 'binary', maxLength: 40 }));
const record: fc.Arbitrary<CallDetailRecord> = fc.record({
  callIdNum: integers,
  mediaType: number,
  subMediaType: number,
  callerNo: text,
  calleeNo: text,
  waitBegin: instant,
  ackBegin: instant,
  callBegin: instant,
  callEnd: instant,
  subCcNo: number,
  deviceType: number,
  deviceNo: text,
  deviceIn: text,
  callType: number,
  releaseCause: number,
  enterReason: number,
  leaveReason: number,
  currentSkillId: text,
});
const trace: fc.Arbitrary<CallTrace> = fc.record({
  key: fc.constant(createKey()),
  records: fc.array(record, { maxLength: 40 }),
  askedAt,
  timesNotFound: fc.nat(),
  notes: fc.record(
    { duplicateRecords: fc.nat(), oddValues: fc.nat(), neighbourLegsMissing: fc.constant(1) },
    { requiredKeys: [] },
  ),
  stale: fc.constant(false),
  source: fc.constant('SHARED_CACHE' as const),
});
/** The same, with the numbers of the legs that came more than once. */
const repeatingTrace = fc
  .tuple(trace, fc.uniqueArray(integers, { minLength: 1, maxLength: 5 }))
  .map(([one, repeatedNumbers]): CallTrace => ({ ...one, repeatedNumbers }));

const SHORT = createTrace([createRecord({ callIdNum: 1, callerNo: '5550100001' }), createRecord({ callIdNum: -1 })]);
const LONG = createTrace(Array.from({ length: 40 }, (_, i) => createRecord({ callIdNum: i + 1, deviceNo: `10${i}` })));

/** The parts of a plain value, to be changed. */
function partsOf(one: CallTrace): { head: string; content: unknown[] } {
  const value = encode(one).toString();
  const headEnd = value.indexOf('\n') + 1;
  return { head: value.slice(0, headEnd), content: JSON.parse(value.slice(headEnd + 1)) as unknown[] };
}
const plain = ({ head, content }: { head: string; content: unknown }) =>
  Buffer.from(`${head}p${JSON.stringify(content)}`);

/** The value of the short trace with something else in one place of its body. */
const changed = (at: number, value: unknown) => {
  const { head, content } = partsOf(SHORT);
  return plain({ head, content: content.with(at, value) });
};

describe('encodeTrace and decodeTrace', () => {
  it('give back any trace as it was', () => {
    fc.assert(fc.property(fc.oneof(trace, repeatingTrace), (one) => expect(decode(encode(one))).toEqual(one)));
  });

  it('tell in clear text what decides which of two traces counts', () => {
    const settled = createTrace([createRecord({ callIdNum: -1, callEnd: NOW - DAY_MS })]);
    expect(encode(settled).toString('latin1')).toMatch(new RegExp(`^trace ${ASKED_AT} 1000003 1\\n`));
    expect(encode(createTrace([])).toString('latin1')).toMatch(new RegExp(`^trace ${ASKED_AT} 0 0\\n`));
  });

  it('deflate a long trace, and leave a short one readable', () => {
    expect(encode(SHORT).toString('latin1')).toContain('\np[');
    const bytes = encode(LONG);
    expect(bytes.toString('latin1')).toContain('\nd');
    expect(bytes.length).toBeLessThan(JSON.stringify(LONG).length / 10);
  });

  it('read what is neither stale nor from this process', () => {
    const written = createTrace(SHORT.records, { stale: true, source: 'UPSTREAM' });
    expect(decode(encode(written))).toMatchObject({ stale: false, source: 'SHARED_CACHE' });
  });

  it('pass over the notes of another version', () => {
    expect(decode(changed(3, { oddValues: 2, newNote: 1, __proto__x: {} }))?.notes).toEqual({ oddValues: 2 });
  });
});

describe('decodeTrace', () => {
  it.each([
    ['short', SHORT],
    ['long', LONG],
  ])('is null for a %s value cut anywhere', (_, one) => {
    const bytes = encode(one);
    for (let length = 0; length < bytes.length; length += 1) expect(decode(bytes.subarray(0, length))).toBeNull();
  });

  it('is null for any bytes of others', () => {
    const { head } = partsOf(SHORT);
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.constantFrom('', 'p', 'd', 's', 'trace ', `${head}p`, `${head}d`, `${head}s`),
        (bytes, start) => {
          expect(decode(Buffer.concat([Buffer.from(start), bytes]))).toBeNull();
        },
      ),
    );
    fc.assert(fc.property(fc.jsonValue(), (content) => expect(decode(plain({ head, content }))).toBeNull()));
  });

  it.each([
    ['text', '1'],
    ['an object', {}],
    ['no list of numbers', ['1']],
    ['a fraction', [1.5]],
    ['null', null],
  ])('is null where the numbers of repeated legs are %s', (_, repeated) => {
    const { head, content } = partsOf(SHORT);
    expect(decode(plain({ head, content: [...content, [2]] }))?.repeatedNumbers).toEqual([2]);
    expect(decode(plain({ head, content: [...content, repeated] }))).toBeNull();
  });

  it('is null for a tombstone', () => {
    expect(decode(Buffer.from(`tombstone ${ASKED_AT} 0 0\n`))).toBeNull();
  });

  it.each([{ ccId: 2 }, { vdn: 171 }, { month: '2025-07' }, { callId: '1749974400-3' }])(
    'is null for the value of another key: %j',
    (other) => expect(decode(encode(SHORT), createKey(other))).toBeNull(),
  );

  it.each([
    ['another time', `trace ${ASKED_AT + 1} 1000004 0\n`],
    ['another completeness', `trace ${ASKED_AT} 9000000000 0\n`],
    ['no completeness', `trace ${ASKED_AT} 0\n`],
    ['a kind that is not known', `copy ${ASKED_AT} 1000004 0\n`],
  ])('is null where the head tells %s', (_, head) => {
    const { head: right, content } = partsOf(SHORT);
    expect(right).toBe(`trace ${ASKED_AT} 1000004 0\n`);
    expect(decode(plain({ head, content }))).toBeNull();
  });

  it.each([
    ['before 2000', EARLIEST_AT - 1],
    ['more than a day ahead', NOW + DAY_MS + 1],
  ])('is null for a trace dated %s', (_, when) => {
    expect(decode(encode(createTrace([], { askedAt: when })))).toBeNull();
  });

  /** Where a thing stands in the body, and what may not stand there. */
  const WRONG: readonly (readonly [where: string, at: number, value: unknown])[] = [
    ['askedAt', 1, null],
    ['askedAt', 1, String(ASKED_AT)],
    ['askedAt', 1, 1.5],
    ['timesNotFound', 2, null],
    ['timesNotFound', 2, -1],
    ['timesNotFound', 2, 1.5],
    ['notes', 3, null],
    ['notes', 3, []],
    ['notes', 3, { oddValues: '1' }],
    ['notes', 3, { oddValues: -1 }],
    ['rows', 4, null],
    ['rows', 4, {}],
    ['rows', 4, [null]],
    ['rows', 4, [{}]],
    ['rows', 4, [[]]],
  ];
  it.each(WRONG)('is null where %s (at %i) holds %j', (_, at, value) => {
    expect(decode(changed(at, value))).toBeNull();
  });

  it.each([
    ['a number as text', 1, '5'],
    ['a text as number', 3, 5550100001],
    ['a fraction', 1, 0.5],
    ['no CDR number', 0, null],
    ['a number beyond 32 bits', 1, MAX_INT_32 + 1],
    ['an absurd end', 8, 9e15],
    ['an end a day and a moment after it was asked for', 8, ASKED_AT + DAY_MS + 1],
    ['a begin before 2000', 7, 65_535],
  ])('is null where one record of many holds %s', (_, at, value) => {
    const rows = partsOf(SHORT).content[4] as unknown[][];
    expect(decode(changed(4, rows))).not.toBeNull();
    expect(decode(changed(4, [rows[0], rows[1]?.with(at, value)]))).toBeNull();
  });

  it.each([17, 19])('is null where a record has %i columns', (length) => {
    const [row, other] = partsOf(SHORT).content[4] as unknown[][];
    expect(decode(changed(4, [Array.from({ length }, (_, i) => row?.[i] ?? null), other]))).toBeNull();
  });

  it('is null for more records than a reply may have', () => {
    const recordsOf = (count: number) => Array.from({ length: count }, (_, i) => createRecord({ callIdNum: i + 1 }));
    expect(decode(encode(createTrace(recordsOf(MAX_RECORDS))))).not.toBeNull();
    expect(decode(encode(createTrace(recordsOf(MAX_RECORDS + 1))))).toBeNull();
  });

  it('does not unpack a bomb', () => {
    // JSON bears spaces: unpacked whole, this would be a valid value.
    const { head, content } = partsOf(SHORT);
    const packed = (spaces: number) => {
      const body = Buffer.concat([Buffer.from(JSON.stringify(content)), Buffer.alloc(spaces, ' ')]);
      return Buffer.concat([Buffer.from(`${head}d`), deflateRawSync(body)]);
    };
    expect(decode(packed(1024 * 1024))).not.toBeNull();
    const bomb = packed(17 * 1024 * 1024);
    expect(bomb.length).toBeLessThan(100 * 1024);
    expect(decode(bomb)).toBeNull();
  });
});
