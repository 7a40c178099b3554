import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../../cache/redis/support/eventually.js';
import { send } from '../../support/client.js';
import { startGatewayProcess, type GatewayProcess } from '../../support/gateway-process.js';
import { environmentFor, newCallId, startTestGateway, type TestGateway } from '../../support/gateway.js';

/** A process that compiles all sources, beside other suites. Unit: ms. */
const START_MS = 90_000;
const DOCUMENT = 'query ($id: ID!) { call(vdn: 170, callId: $id) { callerNo } }';
/** A number of the simulator, whole, and masked. */
const WHOLE = /^\d{7,}$/;
const MASKED = /^\*+\d{4}$/;

/** Returns the caller's number of a new call, as the answer shows it, and the call's ID. */
async function askNumber(from: Pick<TestGateway, 'query'>): Promise<{ number: string; callId: string }> {
  const callId = newCallId();
  const { body } = await from.query(DOCUMENT, { id: callId });
  return { callId, number: String((body.data?.['call'] as { callerNo?: unknown } | null)?.callerNo) };
}

async function auditStateOf({ url }: { readonly url: string }): Promise<unknown> {
  const { body } = await send(`${url}/readyz`);
  return (body as { readonly audit?: unknown }).audit;
}

const holds = (path: string, callId: string): boolean =>
  existsSync(path) && readFileSync(path, 'utf8').includes(callId);

describe('the file of the audit log, after SIGHUP', () => {
  let parent: string;
  let folder: string;
  let file: string;
  let gateway: TestGateway;
  let program: GatewayProcess;
  beforeAll(async () => {
    parent = mkdtempSync(join(tmpdir(), 'call-trace-audit-file-'));
    folder = join(parent, 'audit');
    mkdirSync(folder);
    file = join(folder, 'audit.log');
    gateway = await startTestGateway(); // for its contact centre
    program = await startGatewayProcess({ ...environmentFor(gateway.simulator), AUDIT_LOG_FILE: file });
  }, START_MS);
  afterAll(async () => {
    await program.kill();
    await gateway.close();
    rmSync(parent, { recursive: true });
  });

  /** Sends SIGHUP, and waits for a reply that is sent after it. */
  const hangUp = async (): Promise<void> => {
    process.kill(program.pid, 'SIGHUP');
    await auditStateOf(program);
  };

  it('is opened once its folder is back, whatever often that failed, and no other descriptor is closed', async () => {
    const away = `${folder}-away`;
    renameSync(folder, away);
    for (let times = 0; times < 15; times += 1) await hangUp();
    mkdirSync(folder);
    await hangUp();
    await eventually('events are in the new file', async () => {
      const { number, callId } = await askNumber(program);
      await auditStateOf(program);
      return WHOLE.test(number) && holds(file, callId);
    });
    await hangUp();
    for (let times = 0; times < 20; times += 1) expect((await askNumber(program)).number).toMatch(WHOLE);
    rmSync(away, { recursive: true });
    expect(program.lines.filter((line) => /EBADF|MaxListeners|UV_/.test(line))).toEqual([]);
  });

  it.each([
    [
      'ENOENT',
      'its folder is gone',
      () => renameSync(folder, `${folder}-away`),
      () => renameSync(`${folder}-away`, folder),
    ],
    [
      'EISDIR',
      'a folder has its name',
      () => {
        linkSync(file, `${file}.1`);
        mkdirSync(`${file}.d`);
        symlinkSync(`${file}.d`, `${file}.l`);
        renameSync(`${file}.l`, file); // at once: between two steps the file would be missing
      },
      () => rmSync(file),
    ],
  ])(
    'is not written if it cannot be opened (%s: %s): numbers are masked until it can',
    async (code, _, spoil, mend) => {
      await eventually('numbers are whole', async () => WHOLE.test((await askNumber(program)).number));
      const before = program.lines.length;
      spoil();
      await hangUp();
      await eventually('it is known', async () => (await auditStateOf(program)) === 'failing');
      for (let times = 0; times < 3; times += 1) expect((await askNumber(program)).number).toMatch(MASKED);
      expect(await auditStateOf(program)).toBe('failing');
      await eventually('the log has the reason', () =>
        program.lines.slice(before).some((line) => line.includes(`"reason":"${code}","msg":"the audit log cannot`)),
      );

      mend(); // and no other SIGHUP
      await eventually('numbers are whole again', async () => WHOLE.test((await askNumber(program)).number));
      expect(await auditStateOf(program)).toBe('up');
      const { callId } = await askNumber(program);
      await eventually('its event is in the file', () => holds(file, callId));
    },
  );
});

describe('the file of the audit log, on a full disk', () => {
  it('is written again once it is replaced, though its last lines on the full disk never are', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'call-trace-audit-file-'));
    const file = join(folder, 'audit.log');
    symlinkSync('/dev/full', file);
    const gateway = await startTestGateway({ AUDIT_LOG_FILE: file });
    try {
      await eventually('numbers are masked', async () => MASKED.test((await askNumber(gateway)).number));
      expect(await auditStateOf(gateway)).toBe('failing');
      unlinkSync(file);
      await eventually('numbers are whole again', async () => WHOLE.test((await askNumber(gateway)).number));
      expect(await auditStateOf(gateway)).toBe('up');
      const { callId } = await askNumber(gateway);
      await eventually('their events are in the new file', () => holds(file, callId));
    } finally {
      await gateway.close();
      rmSync(folder, { recursive: true });
    }
  });
});

describe('the file of the audit log, without SIGHUP', () => {
  let folder: string;
  let file: string;
  let gateway: TestGateway;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'call-trace-audit-file-'));
    file = join(folder, 'audit.log');
    gateway = await startTestGateway({ AUDIT_LOG_FILE: file });
  });
  afterEach(async () => {
    await gateway.close();
    rmSync(folder, { recursive: true });
  });

  it.each([
    ['deleted', () => unlinkSync(file)],
    ['renamed', () => renameSync(file, `${file}.1`)],
  ])('is created again soon after it was %s', async (_, remove) => {
    const { callId } = await askNumber(gateway);
    await eventually('its event is in the file', () => holds(file, callId));
    remove();
    await eventually('a new event is in a new file', async () => {
      const asked = await askNumber(gateway);
      return holds(file, asked.callId);
    });
    const last = await askNumber(gateway);
    await eventually('the next one is, too', () => holds(file, last.callId));
    expect(await auditStateOf(gateway)).toBe('up');
  });
});
