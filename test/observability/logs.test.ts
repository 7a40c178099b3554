import { describe, expect, it } from '@jest/globals';
import pino from 'pino';
import { withoutPersonalData } from '../../src/observability/logs.js';

describe('withoutPersonalData', () => {
  const NUMBER = '13800000123';
  const strike = (entry: object, child: object = {}): Record<string, unknown> => {
    const lines: string[] = [];
    const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
    withoutPersonalData(log, ['callerNo', 'calleeNo']).child(child).info(entry, 'seen');
    return JSON.parse(lines[0] ?? '') as Record<string, unknown>;
  };

  it.each<[string, object]>([
    ['at the top', { callerNo: NUMBER }],
    ['in an object', { call: { calleeNo: NUMBER } }],
    ['in a list', { legs: [{ callerNo: NUMBER }, { calleeNo: NUMBER }] }],
    ['in the cause of an error', { err: Object.assign(new Error('odd'), { record: { callerNo: NUMBER } }) }],
    ['four levels deep', { a: { b: { c: { callerNo: NUMBER } } } }],
    ['that is no text', { callerNo: Number(NUMBER) }],
  ])('strikes out what stands under these names: %s', (_, entry) => {
    const line = JSON.stringify(strike(entry));
    expect(line).not.toContain(NUMBER);
    expect(line).toContain('[personal]');
  });

  it('does so for every log made from it, and leaves the rest as it is', () => {
    expect(strike({ call: { callerNo: NUMBER, vdn: 170 } }, { requestId: 'r' })).toMatchObject({
      requestId: 'r',
      call: { callerNo: '[personal]', vdn: 170 },
      msg: 'seen',
    });
  });

  it('changes nothing of what is logged', () => {
    const call = { callerNo: NUMBER };
    strike({ call });
    expect(call).toEqual({ callerNo: NUMBER });
  });
});
