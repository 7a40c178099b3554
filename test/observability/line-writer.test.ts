import { describe, expect, it } from '@jest/globals';
import pino from 'pino';
import { createLineWriter } from '../../src/observability/line-writer.js';

const CLOCK = { timestamp: () => ',"time":1771000000000' };

describe('a line writer', () => {
  it.each(['info', 'debug'] as const)('writes what pino writes at %s, from a log and from its children', (level) => {
    const lines: string[] = [];
    const log = pino({ level: 'debug', ...CLOCK }, { write: (line: string) => void lines.push(line) });
    for (const one of [log, log.child({ log: 'audit' }), log.child({ a: { b: 1 } }).child({ c: 'ü"' })]) {
      one[level]({ requestId: 'r1', status: 200 }, 'a "request"');
      createLineWriter(one, level, 'a "request"')?.(',"requestId":"r1","status":200');
      expect(lines[1]).toBe(lines[0]);
      lines.length = 0;
    }
  });

  it('is none where the log does not keep the level', () => {
    expect(createLineWriter(pino({ level: 'info' }, { write: () => undefined }), 'debug', 'request')).toBeNull();
  });
});
