import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { FailureCause } from '../../src/upstream/failure.js';
import { createOperatorLog } from '../../src/upstream/operator-log.js';
import { createTestClock } from '../support/traces.js';
import { createLogRecorder } from './support/log-recorder.js';

const ENDPOINT = { index: 1, baseUrl: 'https://b.example' };
const OK: FailureCause = { outcome: 'ok', code: null };
const EXPIRED: FailureCause = { outcome: 'tls', code: 'CERT_HAS_EXPIRED' };
const BUSY: FailureCause = { outcome: 'http_5xx', code: 'HTTP_503' };

/** A log whose windows pass as its clock does. */
function createTold() {
  const clock = createTestClock();
  const { log, lines } = createLogRecorder();
  const operatorLog = createOperatorLog(log, clock);
  return {
    lines,
    clock,
    operatorLog,
    note: (...causes: FailureCause[]) => causes.forEach((cause) => operatorLog.attempt(cause, ENDPOINT)),
    pass: (ms: number) => {
      clock.advance(ms);
      jest.advanceTimersByTime(ms);
    },
  };
}

describe('the log of failing requests', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('tells the first failure after a start at once, with its cause, its code and the address', () => {
    const { lines, note } = createTold();
    note(OK, EXPIRED);
    expect(lines).toEqual([
      {
        level: 'warn',
        cause: 'tls',
        code: 'CERT_HAS_EXPIRED',
        endpoint: 1,
        baseUrl: 'https://b.example',
        text: 'a request to the contact centre failed: TLS failed: check the certificates, the authority and the name',
      },
    ]);
  });

  it('tells the others of a window in one line, by cause, with their share', () => {
    const { lines, note, pass } = createTold();
    note(EXPIRED);
    for (let n = 0; n < 100; n += 1) note(n % 5 === 0 ? BUSY : OK);
    expect(lines).toHaveLength(1);
    pass(30_000);
    expect(lines.slice(1)).toEqual([
      {
        level: 'warn',
        requests: 100,
        failed: 20,
        failedPercent: 20,
        queueFull: 0,
        causes: { 'http_5xx HTTP_503': 20 },
        text: 'requests to the contact centre failed in the last 30 s',
      },
    ]);
  });

  it('writes one line for each window as long as there are failures, and one when a whole window had none', () => {
    const { lines, note, pass } = createTold();
    for (let second = 0; second < 90; second += 1) {
      note(BUSY);
      pass(1_000);
    }
    pass(120_000);
    expect(lines.map(({ level }) => level)).toEqual(['warn', 'warn', 'warn', 'warn', 'info']);
  });

  it('tells a failure at once again after a minute without one, and not before', () => {
    const { lines, note, pass } = createTold();
    note(BUSY);
    pass(59_999);
    note(BUSY);
    expect(lines.map(({ level }) => level)).toEqual(['warn', 'info']);
    pass(60_000);
    note(EXPIRED);
    expect(lines.at(-1)).toMatchObject({ cause: 'tls' });
  });

  it('tells of a full queue, and how often', () => {
    const { lines, operatorLog, pass } = createTold();
    for (let n = 0; n < 60; n += 1) operatorLog.overload();
    pass(30_000);
    expect(lines).toMatchObject([
      { level: 'warn', cause: 'queue_full' },
      { level: 'warn', requests: 0, failed: 0, queueFull: 59, causes: {} },
    ]);
  });

  it('takes clients that leave for no failure', () => {
    const { lines, note, pass } = createTold();
    note(OK, { outcome: 'abandoned', code: null });
    pass(120_000);
    expect(lines).toEqual([]);
  });

  it('leaves no timer behind once closed', () => {
    const { operatorLog, note } = createTold();
    note(BUSY);
    operatorLog.close();
    expect(jest.getTimerCount()).toBe(0);
  });
});
