import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { constants } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../../cache/redis/support/eventually.js';
import { send } from '../../support/client.js';
import { startGatewayProcess, type GatewayProcess } from '../../support/gateway-process.js';
import { environmentFor, newCallId, startTestGateway, type TestGateway } from '../../support/gateway.js';

let folder: string;
let gateway: TestGateway | undefined;
let program: GatewayProcess | undefined;
let reader: FileHandle | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'call-trace-audit-'));
});
afterEach(async () => {
  await program?.kill();
  await gateway?.close();
  await reader?.close();
  program = gateway = reader = undefined;
  rmSync(folder, { recursive: true });
});

/** The caller's number of a call, as the answer shows it. */
async function numberOf(from: Pick<TestGateway, 'query'>, callId = newCallId()): Promise<string> {
  const { body } = await from.query('query ($id: ID!) { call(vdn: 170, callId: $id) { callerNo } }', { id: callId });
  return String((body.data?.['call'] as { callerNo?: unknown } | null)?.callerNo);
}

async function readinessOf({ url }: { readonly url: string }) {
  const { status, body } = await send(`${url}/readyz`);
  return { status, ...(body as { readonly ready: boolean; readonly audit?: string }) };
}

async function metric({ url }: { readonly url: string }, series: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${series} `))
      ?.slice(series.length),
  );
}

/** A number of the simulator, whole, and masked. */
const WHOLE = /^\d{7,}$/;
const MASKED = /^\*+\d{4}$/;

/** The audit events in a file, by the caller's request. */
function eventsIn(file: string): Record<string, unknown>[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('while audit events cannot be written', () => {
  it('numbers are masked on both paths, the gateway stays ready, and operators are told', async () => {
    gateway = await startTestGateway({ AUDIT_LOG_FILE: '/dev/full' });
    const { url, logLines } = gateway;
    const callId = newCallId();
    await numberOf(gateway, callId); // whole or masked: nobody can know before something is written
    await eventually('it is known', async () => (await readinessOf({ url })).audit === 'failing');
    expect(await readinessOf({ url })).toMatchObject({ status: 200, ready: true });
    for (let asked = 0; asked < 4; asked += 1) expect(await numberOf(gateway, callId)).toMatch(MASKED);
    expect(await metric(gateway, 'calltrace_fast_path_requests_total{outcome="answered"}')).toBeGreaterThan(0);
    expect(await metric(gateway, 'calltrace_audit_writable')).toBe(0);
    expect(logLines.filter((line) => line.includes('the audit log cannot be written'))).toEqual([
      expect.stringMatching(/"level":50,.*"reason":"ENOSPC".*phone numbers are masked until it can/),
    ]);
  });

  it('numbers are shown if AUDIT_REQUIRED is false, and what is lost is counted', async () => {
    gateway = await startTestGateway({
      ...{ AUDIT_LOG_FILE: '/dev/full', AUDIT_REQUIRED: 'false' },
      ...{ RATE_LIMIT_POINTS_PER_MINUTE: '0', LOG_LEVEL: 'warn' },
    });
    const { url } = gateway;
    await numberOf(gateway);
    await eventually('it is known', async () => (await readinessOf({ url })).audit === 'failing');
    expect(await numberOf(gateway)).toMatch(WHOLE);
    expect(await metric(gateway, 'calltrace_audit_events_lost_total')).toBe(0); // they wait yet
  });

  it('numbers are whole again as soon as a reader takes the events, and none is missing', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    reader = await open(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
    gateway = await startTestGateway({ AUDIT_LOG_FILE: pipe, CACHE_EMPTY_TTL_SECONDS: '0' });
    const from = gateway;
    await reader.close();
    reader = undefined;
    const callId = newCallId();
    expect(await numberOf(from, callId)).toMatch(WHOLE);
    await eventually('numbers are masked', async () => MASKED.test(await numberOf(from, callId)));

    reader = await open(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
    await eventually('numbers are whole', async () => WHOLE.test(await numberOf(from, callId)));
    expect((await readinessOf(from)).audit).toBe('up');
    expect(await metric(from, 'calltrace_audit_writable')).toBe(1);
    expect(await metric(from, 'calltrace_audit_events_lost_total')).toBe(0);
    const { bytesRead, buffer } = await reader.read(Buffer.alloc(65_536), 0, 65_536);
    const first = buffer.toString('utf8', 0, bytesRead).split('\n', 1)[0] ?? '';
    expect(JSON.parse(first)).toMatchObject({ log: 'audit', numbers: 'whole', caller: 'anonymous' });
  });

  it('a start says that the file cannot be opened', async () => {
    await expect(startTestGateway({ AUDIT_LOG_FILE: join(folder, 'no', 'folder') })).rejects.toThrow(
      'AUDIT_LOG_FILE names a file that cannot be written (ENOENT)',
    );
  });
});

describe('the audit log of a gateway in production', () => {
  async function start(env: Readonly<Record<string, string>>): Promise<GatewayProcess> {
    gateway = await startTestGateway(); // for its contact centre
    program = await startGatewayProcess({ ...environmentFor(gateway.simulator), ...env });
    return program;
  }

  it('goes on in a new file once the old one is renamed and SIGHUP comes, and misses no event', async () => {
    const file = join(folder, 'audit.log');
    const from = await start({ AUDIT_LOG_FILE: file });
    let asked = 0;
    const ask = async (times: number): Promise<void> => {
      for (; times > 0; times -= 1, asked += 1) expect(await numberOf(from)).toMatch(WHOLE);
    };
    await ask(3);
    await eventually('they are written', () => eventsIn(file).length === 3);
    renameSync(file, `${file}.1`);
    process.kill(from.pid, 'SIGHUP');
    await eventually('there is a new file', async () => {
      await ask(1);
      try {
        return eventsIn(file).length > 0;
      } catch {
        return false;
      }
    });
    process.kill(from.pid, 'SIGHUP'); // harmless where nothing was renamed
    await ask(2);
    process.kill(from.pid, 'SIGTERM');
    await from.ended;
    const events = [...eventsIn(`${file}.1`), ...eventsIn(file)];
    expect(events).toHaveLength(asked);
    expect(new Set(events.map(({ requestId }) => requestId)).size).toBe(asked);
  });

  it('does not keep it from stopping, on a full disk', async () => {
    const from = await start({ AUDIT_LOG_FILE: '/dev/full' });
    await numberOf(from);
    await eventually('it is known', async () => (await readinessOf(from)).audit === 'failing');
    process.kill(from.pid, 'SIGTERM');
    expect(await from.ended).toEqual([0, null]);
  });
});
