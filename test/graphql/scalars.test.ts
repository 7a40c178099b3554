import { describe, expect, it } from '@jest/globals';
import { Kind } from 'graphql';
import { CallMonthScalar, DateTime } from '../../src/graphql/scalars.js';

describe('DateTime', () => {
  it('gives out an instant as ISO 8601 in UTC with milliseconds', () => {
    expect(DateTime.serialize(1_615_717_765_000)).toBe('2021-03-14T10:29:25.000Z');
  });

  it.each(['2021-03-14T18:29:25+08:00', 'whatever', 1_615_717_765_000, 1.5])(
    'lets the variable %j through',
    (value) => {
      expect(DateTime.parseValue(value)).toBe(value);
    },
  );

  it('lets a text and an integer through as literals', () => {
    expect(DateTime.parseLiteral({ kind: Kind.STRING, value: '2021-03-14T10:29:25Z' })).toBe('2021-03-14T10:29:25Z');
    expect(DateTime.parseLiteral({ kind: Kind.INT, value: '1615717765000' })).toBe(1_615_717_765_000);
  });

  it.each([true, {}, []])('refuses the variable %j', (value) => {
    expect(() => DateTime.parseValue(value)).toThrow('DateTime takes a text in ISO 8601 or a number of milliseconds');
  });

  it('refuses a literal of another kind', () => {
    expect(() => DateTime.parseLiteral({ kind: Kind.BOOLEAN, value: true })).toThrow('DateTime takes');
  });
});

describe('CallMonth', () => {
  it('lets a text through in both directions', () => {
    expect(CallMonthScalar.serialize('2021-03')).toBe('2021-03');
    expect(CallMonthScalar.parseValue('2021-03')).toBe('2021-03');
    expect(CallMonthScalar.parseLiteral({ kind: Kind.STRING, value: '2021-03' })).toBe('2021-03');
  });

  it.each([202_103, true, null, {}])('refuses the variable %j', (value) => {
    expect(() => CallMonthScalar.parseValue(value)).toThrow('CallMonth takes a text such as "2021-03"');
  });

  it('refuses a literal of another kind', () => {
    expect(() => CallMonthScalar.parseLiteral({ kind: Kind.INT, value: '202103' })).toThrow('CallMonth takes a text');
  });
});
