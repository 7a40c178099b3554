import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startSimulator, type Simulator } from '../simulator/simulator.js';
import { postOperation, printed, reached, send } from './support/client.js';
import { environmentFor, newCallId } from './support/gateway.js';

/** The production entry, as a process of its own. */
interface Program {
  readonly process: ChildProcess;
  /** Exit code and signal, once it has ended. */
  readonly ended: Promise<[code: number | null, signal: string | null]>;
  readonly stdout: () => string;
  readonly stderr: () => string;
}

describe('the program', () => {
  let simulator: Simulator;
  const programs: Program[] = [];
  beforeEach(async () => {
    simulator = await startSimulator();
  });
  afterEach(async () => {
    for (const program of programs.splice(0)) {
      program.process.kill('SIGKILL');
      await program.ended;
    }
    await simulator.close();
  });

  const start = (env: Readonly<Record<string, string>>): Program => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts'], {
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [out, err]: [string[], string[]] = [[], []];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk.toString()));
    const ended = once(child, 'close') as Program['ended'];
    const program = { process: child, ended, stdout: () => out.join(''), stderr: () => err.join('') };
    programs.push(program);
    return program;
  };

  const linesOf = (program: Program) =>
    program
      .stdout()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  /** Waits for the line that says where it listens. */
  const urlOf = async (program: Program): Promise<string> => {
    const url = () => linesOf(program).find((line) => line['msg'] === 'the graph is at /graphql')?.['url'];
    await printed(program.process, () => program.stdout().endsWith('\n') && url() !== undefined);
    return String(url());
  };

  it('exits with 1, naming every bad variable and no value, before it listens', async () => {
    const program = start({ PORT: '70000', CMS_BASE_URL: 'nowhere', CMS_SECRET_KEY: 'hunter2', CMS_CC_ID: 'hunter2' });
    expect(await program.ended).toEqual([1, null]);
    expect(program.stdout()).toBe('');
    const [head, ...problems] = program.stderr().trimEnd().split('\n');
    expect(head).toBe('The configuration cannot be used:');
    const named = problems.map((line) => /^ {2}- (\w+) (must be|is missing)/.exec(line)?.[1]);
    expect(named.sort()).toEqual(['AUTH_MODE', 'CMS_ACCESS_KEY', 'CMS_BASE_URL', 'CMS_CC_ID', 'PORT']);
    expect(program.stderr()).not.toContain('hunter2');
  });

  it('exits with 1 if its port is taken', async () => {
    const program = start({ ...environmentFor(simulator), PORT: new URL(simulator.url).port });
    expect(await program.ended).toEqual([1, null]);
    expect(program.stderr()).toContain('EADDRINUSE');
  });

  it('starts, answers, and logs one line of JSON per event', async () => {
    const program = start({ ...environmentFor(simulator), NODE_ENV: 'production' });
    const url = await urlOf(program);
    const { body } = await postOperation(
      `${url}/graphql`,
      '{ call(vdn: 170, callId: "1678978542-92", month: "2021-03") { complete } }',
      {},
      { 'x-request-id': 'first' },
    );
    expect(body).toEqual({ data: { call: { complete: true } } });
    await printed(program.process, () => program.stdout().includes('first'));
    expect(linesOf(program)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ level: 30, url, msg: 'the graph is at /graphql' }),
        expect.objectContaining({ level: 30, requestId: 'first', status: 200, msg: 'request' }),
      ]),
    );
  });

  it('starts without a contact centre and without Redis', async () => {
    const program = start({
      ...environmentFor({ url: 'http://127.0.0.1:9' }),
      REDIS_URL: 'redis://127.0.0.1:9',
    });
    const url = await urlOf(program);
    expect(await send(`${url}/healthz`)).toMatchObject({ status: 200 });
    expect((await send(`${url}/readyz`)).body).toMatchObject({ redis: 'down' });
    program.process.kill('SIGTERM');
    expect(await program.ended).toEqual([0, null]);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('answers what runs after %s, and exits with 0', async (signal) => {
    simulator.configure({ capacity: 0 });
    const program = start(environmentFor(simulator));
    const url = await urlOf(program);
    const reply = postOperation(`${url}/graphql`, `{ call(vdn: 170, callId: "${newCallId()}") { complete } }`);
    await reached(() => simulator.inFlight === 1);
    program.process.kill(signal);
    await printed(program.process, () => program.stdout().includes('closing'));
    await expect(send(`${url}/healthz`)).rejects.toThrow();
    simulator.configure({ capacity: Infinity });
    expect((await reply).body).toEqual({ data: { call: { complete: true } } });
    expect(await program.ended).toEqual([0, null]);
  });

  it('is not kept from its exit by connections on which nothing runs', async () => {
    const program = start(environmentFor(simulator));
    const url = await urlOf(program);
    const agent = new Agent({ keepAlive: true });
    const [incoming] = (await once(get(`${url}/healthz`, { agent }), 'response')) as [NodeJS.ReadableStream];
    await once(incoming.resume(), 'end');
    const silent = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => undefined);
    await once(silent, 'connect');
    const toldAt = performance.now();
    program.process.kill('SIGTERM');
    expect(await program.ended).toEqual([0, null]);
    // Node alone would wait 5 s for the first, and the whole time to stop (15 s) for the second.
    expect(performance.now() - toldAt).toBeLessThan(4000);
    agent.destroy();
  });
});
