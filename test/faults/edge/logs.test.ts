import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startSimulator, type Simulator } from '../../../simulator/simulator.js';
import { eventually } from '../../cache/redis/support/eventually.js';
import { postOperation, send } from '../../support/client.js';
import { ACCESS_KEY, environmentFor, newCallId, SECRET_KEY } from '../../support/gateway.js';
import { freePort } from '../../support/free-port.js';

/** Programs start slowly beside other tests. Unit: ms. */
const START_MS = 60_000;
const TEST_MS = 90_000;
/** Far longer than a stop takes whose last flush has a limit. Unit: ms. */
const STOP_MS = 12_000;

let simulator: Simulator;
let child: ChildProcess | undefined;
beforeEach(async () => {
  simulator = await startSimulator({ accessKey: ACCESS_KEY, secretKey: SECRET_KEY });
});
afterEach(async () => {
  if (child && child.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  child = undefined;
  await simulator.close();
});

/** Starts a gateway whose standard output is this; fulfils with its address once it answers. */
async function start(stdout: 'pipe' | number, env: Readonly<Record<string, string>> = {}): Promise<string> {
  const port = await freePort();
  child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts'], {
    env: { PATH: process.env['PATH'], ...environmentFor(simulator), PORT: String(port), ...env },
    stdio: ['ignore', stdout, 'ignore'],
  });
  const url = `http://127.0.0.1:${port}`;
  await eventually(
    'it answers',
    async () => {
      if (child?.exitCode !== null) throw new Error('it did not start');
      return fetch(`${url}/healthz`).then(
        ({ ok }) => ok,
        () => false,
      );
    },
    START_MS,
  );
  return url;
}

/** Whether numbers are shown whole. */
async function showsNumbers(url: string): Promise<boolean> {
  const { body } = await postOperation(
    `${url}/graphql`,
    'query ($id: ID!) { call(vdn: 170, callId: $id) { callerNo } }',
    {
      id: newCallId(),
    },
  );
  return /^\d+$/.test(String((body.data?.['call'] as { callerNo?: unknown } | null)?.callerNo));
}

async function auditOf(url: string): Promise<unknown> {
  return ((await send(`${url}/readyz`)).body as { readonly audit?: unknown }).audit;
}

async function dropped(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^calltrace_log_lines_dropped_total\{log="log"\} (\d+)$/m.exec(text)?.[1]);
}

/** Ends it by SIGTERM; fulfils with how it ended, or `null` if it does not. */
async function stop(): Promise<unknown> {
  const running = child as ChildProcess;
  const ended = once(running, 'exit');
  running.kill('SIGTERM');
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => (timer = setTimeout(resolve, STOP_MS, null)));
  const how = await Promise.race([ended, late]);
  clearTimeout(timer);
  return how;
}

describe('the log of a gateway', () => {
  it(
    'on a full disk neither hangs nor ends it, and masks numbers where it holds the audit',
    async () => {
      const full = openSync('/dev/full', 'w');
      const url = await start(full);
      closeSync(full);
      await eventually('numbers are masked', async () => !(await showsNumbers(url)));
      expect(await auditOf(url)).toBe('failing');
      expect((await send(`${url}/readyz`)).status).toBe(200);
      expect(await stop()).toEqual([0, null]);
    },
    TEST_MS,
  );

  it(
    'whose reader leaves neither hangs nor ends it, and masks numbers where it holds the audit',
    async () => {
      const url = await start('pipe');
      child?.stdout?.destroy();
      await eventually('numbers are masked', async () => !(await showsNumbers(url)));
      expect(await auditOf(url)).toBe('failing');
      expect(await stop()).toEqual([0, null]);
    },
    TEST_MS,
  );

  it(
    'whose reader stalls is bounded, drops are counted, and it goes on with its reader',
    async () => {
      const url = await start('pipe', { RATE_LIMIT_POINTS_PER_MINUTE: '0' });
      const output = child?.stdout;
      if (!output) throw new Error('there is no output');
      output.pause();
      // Each event of so many calls is a line of some kilobytes.
      const keys = Array.from({ length: 200 }, () => ({ vdn: 170, callId: newCallId() }));
      const ask = () =>
        postOperation(`${url}/graphql`, 'query ($keys: [CallKeyInput!]!) { calls(keys: $keys) { callerNo } }', {
          keys,
        });
      await eventually(
        'lines are dropped',
        async () => {
          await Promise.all(Array.from({ length: 50 }, ask));
          return (await dropped(url)) > 0;
        },
        START_MS,
      );
      expect(await auditOf(url)).toBe('failing');
      expect(await showsNumbers(url)).toBe(false);
      let last = '';
      output.on('data', (chunk: Buffer) => (last = (last + chunk.toString()).slice(-10_000)));
      output.resume();
      await eventually('the audit is written', async () => (await auditOf(url)) === 'up');
      expect(await showsNumbers(url)).toBe(true);
      await eventually('the loss is told', () => /"dropped":[1-9]\d*,"msg":"the log is written again/.test(last));
      expect(await stop()).toEqual([0, null]);
    },
    TEST_MS,
  );

  it(
    'whose reader stalls does not keep it from stopping',
    async () => {
      const url = await start('pipe', { LOG_LEVEL: 'trace' });
      child?.stdout?.pause();
      for (let turn = 0; turn < 3; turn += 1)
        await Promise.all(Array.from({ length: 500 }, () => send(`${url}/${'x'.repeat(200)}`)));
      expect(await stop()).toEqual([0, null]);
    },
    TEST_MS,
  );

  it(
    'is written to the last line when it stops, and SIGHUP does not end it',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'call-trace-log-'));
      const file = join(folder, 'log');
      const descriptor = openSync(file, 'a');
      const url = await start(descriptor);
      closeSync(descriptor);
      child?.kill('SIGHUP');
      expect(await showsNumbers(url)).toBe(true);
      expect(await stop()).toEqual([0, null]);
      const text = readFileSync(file, 'utf8');
      rmSync(folder, { recursive: true });
      expect(text).toMatch(/"log":"audit"/);
      expect(text).toMatch(/"msg":"closing: running requests are finished first"}\n$/);
    },
    TEST_MS,
  );
});
