import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { scenariosAt } from '../simulator/scenarios.js';
import { postOperation, printed, send } from './support/client.js';

const start = (port: number) =>
  spawn(process.execPath, ['--import', 'tsx', 'src/demo.ts'], {
    env: { PATH: process.env['PATH'], PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });

describe('the demo', () => {
  let demo: ChildProcessByStdio<null, Readable, Readable>;
  let output = '';
  beforeAll(async () => {
    demo = start(0);
    demo.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    demo.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await printed(demo, () => output.includes('Ctrl-C ends it.'));
  });
  afterAll(() => void demo.kill('SIGKILL'));

  const urlOf = (name: string) => new RegExp(`^ +${name} +(http://\\S+)`, 'm').exec(output)?.[1] ?? '';

  it('prints where the graph and the IDE are', async () => {
    expect(urlOf('graph')).toMatch(/^http:\/\/localhost:\d+\/graphql$/);
    const page = await fetch(urlOf('IDE'));
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await page.text()).toContain('1700000000-6');
  });

  it('prints every story and a call of every kind, and each has a trace', async () => {
    const calls = [...output.matchAll(/^ {4}(\d{10}-\d+) +([a-z-]+): (\S.*)$/gm)].map(
      ([, callId = '', name = '', description = '']) => ({ callId, name, description }),
    );
    const scenarios = scenariosAt(Date.now());
    expect(calls.map(({ name, description }) => ({ name, description })).sort(byName)).toEqual(
      scenarios.map(({ name, description }) => ({ name, description })).sort(byName),
    );
    const open = ['in-progress', 'in-progress-talking', 'no-final-record-long-ago'];
    const key = /x-api-key: (\S+)'/.exec(output)?.[1] ?? '';
    const { body } = await postOperation(
      urlOf('graph'),
      'query ($keys: [CallKeyInput!]!) { calls(keys: $keys) { callId complete } }',
      // The description says how to ask for a call whose month its ID does not tell.
      {
        keys: calls.map(({ callId, description }) => ({
          vdn: 170,
          callId,
          month: /month: "(.*)"/.exec(description)?.[1],
        })),
      },
      { 'x-api-key': key },
    );
    expect(body).toEqual({
      data: {
        calls: calls.map(({ callId, name }) => ({ callId, complete: !open.includes(name) })),
      },
    });
  });

  it('says what to do if its port is taken, and exits with 1', async () => {
    const holder = createServer().listen(0);
    await once(holder, 'listening');
    const { port } = holder.address() as AddressInfo;
    const second = start(port);
    let complaint = '';
    second.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    const [code] = (await once(second, 'close')) as [number | null];
    holder.close();
    expect(code).toBe(1);
    expect(complaint).toBe(
      `Port ${port} is taken: end what listens there, or set PORT to another, then start the demo again.\n`,
    );
  });

  it('ends with 0 when it is told to', async () => {
    expect((await send(urlOf('graph').replace('graphql', 'healthz'))).status).toBe(200);
    const ended = once(demo, 'close');
    demo.kill('SIGINT');
    expect(await ended).toEqual([0, null]);
  });
});

function byName(a: { name: string }, b: { name: string }): number {
  return a.name.localeCompare(b.name);
}
