import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startSimulator } from '../../simulator/simulator.js';
import { ACCESS_KEY, environmentFor, newCallId, SECRET_KEY } from '../support/gateway.js';
import { startGatewayProcess } from '../support/gateway-process.js';
import { startSecured, type Credentials, type Secured } from './support/secured.js';

const DOCUMENT = `query ($keys: [CallKeyInput!]!) { calls(keys: $keys) { id callerNo calleeNo legs { callerNo } } }`;

describe('whoever is shown phone numbers', () => {
  let folder: string;
  let secured: Secured;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'call-trace-audit-'));
    secured = await startSecured({ AUDIT_LOG_FILE: join(folder, 'audit.log') });
  });
  afterEach(async () => {
    await secured.close();
    rmSync(folder, { recursive: true });
  });

  it('is written down: who, which calls, whole or masked, and the request; never a number', async () => {
    const { gateway, keys } = secured;
    const [own, others] = [newCallId(), newCallId()];
    const forged = 'x"}\n{"log":"audit","caller":"key:innocent"';
    const asked: [string, string, Credentials][] = [
      ['key:dashboard', 'masked', keys.dashboard],
      ['key:auditor', 'whole', keys.auditor],
      ['token:alice', 'masked', await secured.token()],
      ['token:alice', 'whole', await secured.token({ scope: 'numbers' })],
      [
        expect.stringMatching(/^token:[\w.@:|+~-]+$/) as unknown as string,
        'masked',
        await secured.token({ sub: forged }),
      ],
    ];
    const numbers = new Set<string>();
    const expected: object[] = [];
    // The third time, at the latest, the fast path answers.
    for (let time = 0; time < 3; time += 1) {
      for (const [caller, shown, credentials] of asked) {
        const variables = {
          keys: [
            { vdn: 170, callId: own },
            { vdn: 170, callId: own },
            { vdn: 171, callId: others },
          ].slice(0, time + 1),
        };
        const { headers, body } = await gateway.query(DOCUMENT, variables, { ...credentials, 'x-request-id': 'a b"}' });
        const [call] = body.data?.['calls'] as Record<string, string>[];
        numbers.add(call?.['callerNo'] ?? '').add(call?.['calleeNo'] ?? '');
        const requestId = headers.get('x-request-id');
        expected.push({ log: 'audit', caller, requestId, numbers: shown, calls: [`1:170:2025-01:${own}`] });
      }
    }
    await gateway.query('{ call(vdn: 170, callId: "1736000000-2") { complete callerNoHash } }', {}, keys.auditor);
    await gateway.close();
    const text = readFileSync(join(folder, 'audit.log'), 'utf8');
    const lines = text.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as object)).toEqual(
      expected.map((event) => expect.objectContaining(event)),
    );
    expect(numbers.size).toBe(4);
    for (const number of numbers) expect(text + gateway.logLines.join('')).not.toContain(number);
    expect(gateway.logLines.filter((line) => line.includes('"log":"audit"'))).toEqual([]);
  });

  it('is written down though the gateway is told to stop at once', async () => {
    const simulator = await startSimulator({ accessKey: ACCESS_KEY, secretKey: SECRET_KEY });
    const file = join(folder, 'process.log');
    const program = await startGatewayProcess({ ...environmentFor(simulator), AUDIT_LOG_FILE: file });
    try {
      const keys = [{ vdn: 170, callId: newCallId() }];
      for (let time = 0; time < 5; time += 1) await program.query(DOCUMENT, { keys });
      process.kill(program.pid, 'SIGTERM');
      await program.ended;
      expect(readFileSync(file, 'utf8').match(/"log":"audit"/g)).toHaveLength(5);
    } finally {
      await program.kill();
      await simulator.close();
    }
  });
});
