import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CallDetailRecord, CallTrace } from '../../../src/call/trace.js';
import { decodeTrace, encodeTrace } from '../../../src/tiers/redis/value.js';
import { createKey, createRecord, createTrace } from '../../fixtures/records.js';

const integers = fc.maxSafeInteger().map((value) => value + 0); // JSON knows no -0
const number = fc.option(integers);
const text = fc.option(fc.string({ unit: 'binary', maxLength: 40 }));
const record: fc.Arbitrary<CallDetailRecord> = fc.record({
  callIdNum: integers,
  mediaType: number,
  subMediaType: number,
  callerNo: text,
  calleeNo: text,
  waitBegin: number,
  ackBegin: number,
  callBegin: number,
  callEnd: number,
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
  fetchedAt: integers,
  final: fc.boolean(),
  emptyStreak: fc.nat(),
  stale: fc.constant(false),
  source: fc.constant('REDIS' as const),
});

const SHORT = createTrace([createRecord({ callIdNum: 1, callerNo: '5550100001' }), createRecord({ callIdNum: -1 })]);
const LONG = createTrace(Array.from({ length: 40 }, (_, i) => createRecord({ callIdNum: i + 1, deviceNo: `10${i}` })));

/** The content of a plain value, to be changed. */
const contentOf = (one: CallTrace) => JSON.parse(encodeTrace(one).toString().slice(1)) as unknown[];
const plain = (content: unknown) => Buffer.from(`p${JSON.stringify(content)}`);

describe('encodeTrace and decodeTrace', () => {
  it('give back any trace as it was', () => {
    fc.assert(fc.property(trace, (one) => expect(decodeTrace(encodeTrace(one), one.key)).toEqual(one)));
  });

  it('deflate a long trace, and leave a short one readable', () => {
    expect(encodeTrace(SHORT).toString('latin1')).toMatch(/^p\[/);
    const bytes = encodeTrace(LONG);
    expect(bytes.toString('latin1', 0, 1)).toBe('d');
    expect(bytes.length).toBeLessThan(JSON.stringify(LONG).length / 10);
  });

  it('answer the key that was asked for, with what it tells of the moment', () => {
    const asked = { ...SHORT.key, loggedAt: 1_749_974_400_000 };
    expect(decodeTrace(encodeTrace(SHORT), asked)?.key).toEqual(asked);
  });

  it('read what is neither stale nor from this process', () => {
    const written = createTrace(SHORT.records, { stale: true, source: 'UPSTREAM' });
    expect(decodeTrace(encodeTrace(written), written.key)).toMatchObject({ stale: false, source: 'REDIS' });
  });
});

describe('decodeTrace', () => {
  it.each([
    ['short', SHORT],
    ['long', LONG],
  ])('is null for a %s value cut anywhere', (_, one) => {
    const bytes = encodeTrace(one);
    for (let length = 0; length < bytes.length; length += 1) {
      expect(decodeTrace(bytes.subarray(0, length), one.key)).toBeNull();
    }
  });

  it('is null for any bytes of others, and throws at none', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.constantFrom('', 'p', 'd', 's'), (bytes, mark) => {
        expect(decodeTrace(Buffer.concat([Buffer.from(mark), bytes]), SHORT.key)).toBeNull();
      }),
    );
    fc.assert(fc.property(fc.jsonValue(), (value) => expect(decodeTrace(plain(value), SHORT.key)).toBeNull()));
  });

  it.each([1, 3, '2', null])('is null for version %j', (version) => {
    const [current, ...rest] = contentOf(SHORT);
    expect(decodeTrace(plain([current, ...rest]), SHORT.key)).not.toBeNull();
    expect(decodeTrace(plain([version, ...rest]), SHORT.key)).toBeNull();
  });

  it.each([{ ccId: 2 }, { vdn: 171 }, { month: '2025-07' }, { callId: '1749974400-3' }])(
    'is null for the value of another key: %j',
    (other) => expect(decodeTrace(encodeTrace(SHORT), createKey(other))).toBeNull(),
  );

  /** Where a thing stands in the content, and what may not stand there. */
  const WRONG: readonly (readonly [where: string, at: number, value: unknown])[] = [
    ['fetchedAt', 2, null],
    ['fetchedAt', 2, '1749974400000'],
    ['fetchedAt', 2, 1.5],
    ['final', 3, 1],
    ['emptyStreak', 4, null],
    ['records', 5, null],
    ['records', 5, {}],
    ['records', 5, [null]],
    ['records', 5, [{}]],
    ['records', 5, [[]]],
  ];
  it.each(WRONG)('is null where %s (at %i) holds %j', (_, at, value) => {
    expect(decodeTrace(plain(contentOf(SHORT).with(at, value)), SHORT.key)).toBeNull();
  });

  it.each([
    ['a number as text', 1, '5'],
    ['a text as number', 3, 5550100001],
    ['a fraction', 1, 0.5],
    ['no CDR number', 0, null],
  ])('is null where one record of many holds %s', (_, at, value) => {
    const content = contentOf(SHORT);
    const rows = content[5] as unknown[][];
    expect(decodeTrace(plain(content.with(5, [rows[0], rows[1]?.with(at, value)])), SHORT.key)).toBeNull();
  });

  it.each([17, 19])('is null where a record has %i columns', (length) => {
    const content = contentOf(SHORT);
    const [row] = content[5] as unknown[][];
    expect(
      decodeTrace(plain(content.with(5, [Array.from({ length }, (_, i) => row?.[i] ?? null)])), SHORT.key),
    ).toBeNull();
  });

  it('does not unpack a bomb', () => {
    // JSON bears spaces: unpacked whole, this would be a valid value.
    const [whole] = [JSON.stringify(contentOf(SHORT))];
    const packed = (spaces: number) =>
      Buffer.concat([Buffer.from('d'), deflateRawSync(Buffer.concat([Buffer.from(whole), Buffer.alloc(spaces, ' ')]))]);
    expect(decodeTrace(packed(1024 * 1024), SHORT.key)).not.toBeNull();
    const bomb = packed(65 * 1024 * 1024);
    expect(bomb.length).toBeLessThan(100 * 1024);
    expect(decodeTrace(bomb, SHORT.key)).toBeNull();
  });
});
