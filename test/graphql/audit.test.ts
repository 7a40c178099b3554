import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { NEVER_FOUND, newCallId, startTestGateway, type TestGateway } from '../support/gateway.js';

/** The month of the IDs that `newCallId` makes. */
const MONTH = '2025-01';
const keyText = (callId: string): string => `1:170:${MONTH}:${callId}`;
const CALL = (selection: string) => `query ($callId: ID!) { call(vdn: 170, callId: $callId) { ${selection} } }`;

/** Three ways to the same answer: the engine, and the fast path twice. */
const TIMES = [1, 2, 3];

type Event = Readonly<Record<string, unknown>>;

function eventsIn(lines: readonly string[]): Event[] {
  return lines.map((line) => JSON.parse(line) as Event).filter((event) => event['log'] === 'audit');
}

describe.each(['true', 'false'])('the audit (FAST_PATH=%s)', (fastPath) => {
  let gateway: TestGateway;
  let seen = 0;
  beforeAll(async () => {
    gateway = await startTestGateway({ FAST_PATH: fastPath });
  });
  beforeEach(() => {
    seen = eventsIn(gateway.logLines).length;
  });
  afterAll(() => gateway.close());

  const newEvents = (): Event[] => eventsIn(gateway.logLines).slice(seen);

  it.each(['callerNo', 'calleeNo', 'legs { callerNo }', 'legs { calleeNo }', 'complete ... { a: callerNo }'])(
    'has one event for each operation that shows a number: { %s }',
    async (selection) => {
      const callId = newCallId();
      for (const time of TIMES) {
        const requestId = `${callId}/${time}`;
        const { body } = await gateway.query(CALL(selection), { callId }, { 'x-request-id': requestId });
        expect(body.errors).toBeUndefined();
        expect(newEvents().slice(time - 1)).toEqual([
          expect.objectContaining({ caller: 'anonymous', requestId, numbers: 'whole', calls: [keyText(callId)] }),
        ]);
      }
    },
  );

  it('tells every call once, however often it is shown, and those alone of which a number is shown', async () => {
    const [one, two, empty] = [newCallId(), newCallId(), newCallId(NEVER_FOUND)];
    for (const time of TIMES) {
      await gateway.query(
        `query ($keys: [CallKeyInput!]!, $other: ID!) {
          calls(keys: $keys) { callerNo legs { callerNo calleeNo } }
          again: calls(keys: $keys, refresh: true) { callerNo }
          more: calls(keys: $keys) { calleeNo }
          other: call(vdn: 170, callId: $other) { complete callerNoHash }
        }`,
        { keys: [one, two, one, empty].map((callId) => ({ vdn: 170, callId })), other: newCallId() },
      );
      const event = newEvents()[time - 1];
      expect([...(event?.['calls'] as string[])].sort()).toEqual([keyText(one), keyText(two)]);
    }
    expect(newEvents()).toHaveLength(TIMES.length);
  });

  it('has none for an operation that shows no number', async () => {
    const callId = newCallId();
    for (const selection of ['id complete legs { deviceNo }', 'callerNoHash', '... @skip(if: true) { callerNo } id']) {
      for (const time of TIMES)
        expect([time, (await gateway.query(CALL(selection), { callId })).status]).toEqual([time, 200]);
    }
    const missing = { callId: newCallId(NEVER_FOUND) };
    for (const time of TIMES)
      expect([time, (await gateway.query(CALL('callerNo'), missing)).body.data]).toEqual([time, { call: null }]);
    gateway.simulator.configure({ fault: 'http-500' });
    expect((await gateway.query(CALL('callerNo'), { callId: newCallId() })).body.errors).toHaveLength(1);
    gateway.simulator.configure({ fault: null });
    expect(newEvents()).toEqual([]);
  });
});

describe('the audit with AUDIT_LOG_FILE', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'call-trace-audit-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is a stream of its own, written out when the gateway stops; neither it nor the log holds a number', async () => {
    const file = join(folder, 'audit.log');
    const gateway = await startTestGateway({ AUDIT_LOG_FILE: file, LOG_LEVEL: 'trace' });
    const callId = newCallId();
    const numbers: string[] = [];
    try {
      for (const time of TIMES) {
        const { body } = await gateway.query(CALL('callerNo calleeNo'), { callId }, { 'x-request-id': `r${time}` });
        numbers.push(...Object.values(body.data?.['call'] as Record<string, string>));
      }
    } finally {
      await gateway.close();
    }
    const text = readFileSync(file, 'utf8');
    expect(eventsIn(text.trimEnd().split('\n'))).toEqual(
      TIMES.map((time) => ({
        level: 30,
        time: expect.any(Number),
        log: 'audit',
        caller: 'anonymous',
        requestId: `r${time}`,
        numbers: 'whole',
        calls: [keyText(callId)],
        msg: 'phone numbers were shown',
      })),
    );
    expect(eventsIn(gateway.logLines)).toEqual([]);
    expect(numbers).toHaveLength(2 * TIMES.length);
    for (const number of numbers) expect(text + gateway.logLines.join('')).not.toContain(number);
  });

  it('keeps the gateway from starting if the file cannot be written', async () => {
    await expect(startTestGateway({ AUDIT_LOG_FILE: folder })).rejects.toThrow(
      'AUDIT_LOG_FILE names a file that cannot be written (EISDIR)',
    );
  });
});
