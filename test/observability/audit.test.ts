import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pino from 'pino';
import { openAuditLog } from '../../src/observability/audit.js';
import { openDestination } from '../../src/observability/destination.js';
import { eventually } from '../cache/redis/support/eventually.js';

/** Unit: ms. */
const LONG_MS = 20_000;
const EVENT = { caller: 'key:dashboard', requestId: 'r', numbers: 'masked', calls: ['1:170:2025-01:1-2'] } as const;
const LINE = { level: 30, log: 'audit', msg: 'phone numbers were shown', ...EVENT };

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'call-trace-audit-'));
  file = join(folder, 'audit.log');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A log whose lines are kept. */
function keptLog(level = 'trace') {
  const lines: Record<string, unknown>[] = [];
  const write = (line: string): void => void lines.push(JSON.parse(line) as Record<string, unknown>);
  return { lines, log: pino({ level }, { write }) };
}

describe('openAuditLog', () => {
  it('writes a line of JSON to the file, and none to the log', async () => {
    const { lines, log } = keptLog();
    const auditLog = openAuditLog({ log, logDestination: null, file, required: true });
    auditLog.audit(EVENT);
    auditLog.audit(EVENT);
    await auditLog.close(LONG_MS);
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
      const auditLog = openAuditLog({ log, logDestination: null, file: null, required: true });
      auditLog.audit(EVENT);
      await auditLog.close(LONG_MS);
      expect(lines).toEqual([expect.objectContaining(LINE)]);
    },
  );

  it('fails at once if the file cannot be opened', () => {
    const { log } = keptLog();
    expect(() => openAuditLog({ log, logDestination: null, file: folder, required: true })).toThrow('EISDIR');
  });

  it.each([
    [true, 'the audit log cannot be written: phone numbers are masked until it can'],
    [false, 'the audit log cannot be written: phone numbers are shown all the same'],
  ])('says in the log that the file cannot be written, and what follows: required %s', async (required, msg) => {
    const { lines, log } = keptLog();
    const auditLog = openAuditLog({ log, logDestination: null, file: '/dev/full', required });
    expect(auditLog.writable).toBe(true);
    auditLog.audit(EVENT);
    await eventually('it has failed', () => !auditLog.writable);
    expect(lines).toEqual([expect.objectContaining({ level: 50, msg, reason: 'ENOSPC' })]);
    expect(auditLog).toMatchObject({ lost: 0, dropped: 0 });
  });

  it('counts the events that are dropped, in its file or in the log', async () => {
    const own = openAuditLog({ log: keptLog().log, logDestination: null, file: '/dev/full', required: true });
    const logDestination = openDestination('/dev/full', 1_000);
    const log = pino(logDestination);
    const shared = openAuditLog({ log, logDestination, file: null, required: true });
    const calls = Array.from({ length: 100_000 }, (_, n) => `1:170:2025-01:${n}-2`);
    for (let event = 0; event < 10; event += 1) own.audit({ ...EVENT, calls });
    for (let event = 0; event < 10; event += 1) shared.audit(EVENT);
    log.info('a line that is no event');
    expect(own.lost).toBeGreaterThan(0);
    expect(own.dropped).toBe(own.lost);
    expect(shared.lost).toBeGreaterThan(0);
    expect(shared.dropped).toBe(0);
    expect(logDestination.dropped).toBe(shared.lost + 1);
    await eventually('it has failed', () => !shared.writable);
  });
});
