import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pino from 'pino';
import { createLineStream, openAuditLog, withoutPersonalData } from '../../src/observability/logs.js';
import { eventually } from '../cache/redis/support/eventually.js';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'call-trace-logs-'));
  file = join(folder, 'audit.log');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A log whose lines are kept. */
function keptLog(level = 'trace') {
  const lines: string[] = [];
  return { lines, log: pino({ level }, { write: (line: string) => void lines.push(line) }) };
}

describe('createLineStream', () => {
  it('writes to the end of a file that only its owner can read', () => {
    const stream = createLineStream(file);
    stream.write('one\n');
    stream.flushSync();
    const other = createLineStream(file);
    other.write('two\n');
    other.flushSync();
    expect(readFileSync(file, 'utf8')).toBe('one\ntwo\n');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('writes by itself what nobody flushes', async () => {
    createLineStream(file).write('one\n');
    await eventually('the line is written', () => readFileSync(file, 'utf8') === 'one\n');
  });

  it.each([0, 1, 5_000, 10_000, 50_000])(
    'loses nothing of a flood of %d lines, and keeps their order',
    async (count) => {
      const stream = createLineStream(file);
      const lines = Array.from({ length: count }, (_, n) => `line ${n}\n`);
      for (const line of lines) stream.write(line);
      await stream.flush();
      expect(readFileSync(file, 'utf8')).toBe(lines.join(''));
      stream.write('one more\n');
      await stream.flush();
      expect(readFileSync(file, 'utf8')).toBe(`${lines.join('')}one more\n`);
    },
  );

  it('fails at once if the file cannot be opened', () => {
    expect(() => createLineStream(join(folder, 'no', 'such', 'folder'))).toThrow('ENOENT');
  });
});

describe('withoutPersonalData', () => {
  const NUMBER = '13800000123';
  const strike = (entry: object, child: object = {}): Record<string, unknown> => {
    const { lines, log } = keptLog();
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

describe('openAuditLog', () => {
  const EVENT = { caller: 'key:dashboard', requestId: 'r', numbers: 'masked', calls: ['1:170:2025-01:1-2'] } as const;
  const LINE = { level: 30, log: 'audit', msg: 'phone numbers were shown', ...EVENT };

  it('writes a line of JSON to the file, and none to the log', async () => {
    const { lines, log } = keptLog();
    const { audit, flush } = openAuditLog(log, file);
    audit(EVENT);
    audit(EVENT);
    await flush();
    const written = readFileSync(file, 'utf8').trimEnd().split('\n');
    expect(written.map((line) => JSON.parse(line) as unknown)).toEqual(
      [LINE, LINE].map((line) => ({ ...line, time: expect.any(Number) })),
    );
    expect(lines).toEqual([]);
  });

  it.each(['info', 'error', 'silent'])(
    'writes to the log where there is no file, though that is kept at %s',
    async (level) => {
      const { lines, log } = keptLog(level);
      const { audit, flush } = openAuditLog(log, null);
      audit(EVENT);
      await flush();
      expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([expect.objectContaining(LINE)]);
    },
  );

  it('fails at once if the file cannot be opened', () => {
    expect(() => openAuditLog(keptLog().log, folder)).toThrow('EISDIR');
  });
});
