import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startSimulator, type Simulator } from '../../../simulator/simulator.js';
import { eventually } from '../../cache/redis/support/eventually.js';
import { reached, send } from '../../support/client.js';
import { environmentFor, newCallId } from '../../support/gateway.js';
import { startGatewayProcess, type GatewayProcess } from '../../support/gateway-process.js';
import { connectRaw } from '../../support/raw.js';

/** Long enough for all that a stop may wait for, but not for a request that has no end. Unit: ms. */
const STOPPED_WITHIN_MS = 8_000;

describe('a gateway that is told to stop', () => {
  let simulator: Simulator;
  const gateways: GatewayProcess[] = [];
  beforeEach(async () => {
    simulator = await startSimulator({ accessKey: 'demo-access-key', secretKey: 'demo-secret-key' });
  });
  afterEach(async () => {
    for (const gateway of gateways.splice(0)) await gateway.kill();
    await simulator.close();
  });

  const start = async (env: Readonly<Record<string, string>> = {}): Promise<GatewayProcess> => {
    const gateway = await startGatewayProcess({ ...environmentFor(simulator), ...env });
    gateways.push(gateway);
    return gateway;
  };
  const isClosing = (gateway: GatewayProcess) => () => gateway.lines.some((line) => line.includes('closing'));
  const endOf = (gateway: GatewayProcess): Promise<unknown> =>
    Promise.race([gateway.ended, pause(STOPPED_WITHIN_MS, 'still alive', { ref: false })]);

  it('serves on for its drain time, is not ready, and says that each reply is the last', async () => {
    const gateway = await start({ DRAIN_MS: '3000' });
    const kept = await connectRaw(gateway.url);
    const ask = 'GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n';
    kept.socket.write(ask);
    expect(await kept.until('"ok"')).toMatch(/connection: keep-alive/i);
    process.kill(gateway.pid, 'SIGTERM');
    await eventually('it is closing', isClosing(gateway));
    expect((await fetch(`${gateway.url}/readyz`)).status).toBe(503);
    expect((await gateway.query('{ __typename }')).body).toEqual({ data: { __typename: 'Query' } });
    kept.socket.write(ask);
    expect(await kept.closed()).toMatch(/"ok"[^]*connection: close[^]*"ok"/i);
    expect(await endOf(gateway)).toEqual([0, null]);
  });

  it('ends requests that are half sent, head or body', async () => {
    const gateway = await start();
    const head = await connectRaw(gateway.url);
    head.socket.write('POST /graphql HTTP/1.1\r\nhost: x\r\n');
    const body = await connectRaw(gateway.url);
    body.socket.write(
      'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{"query"',
    );
    expect((await send(`${gateway.url}/healthz`)).status).toBe(200); // both have come by now
    process.kill(gateway.pid, 'SIGTERM');
    expect(await endOf(gateway)).toEqual([0, null]);
    await Promise.all([head.closed(), body.closed()]);
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('finishes what runs, though %s comes again', async (signal) => {
    simulator.configure({ capacity: 0 });
    const gateway = await start();
    const reply = gateway.query(`{ call(vdn: 170, callId: "${newCallId()}") { complete } }`);
    await reached(() => simulator.inFlight === 1);
    process.kill(gateway.pid, 'SIGTERM');
    await eventually('it is closing', isClosing(gateway));
    for (let i = 0; i < 3; i++) {
      process.kill(gateway.pid, signal);
      await pause(100);
    }
    simulator.configure({ capacity: Infinity });
    expect((await reply).body).toEqual({ data: { call: { complete: true } } });
    expect(await gateway.ended).toEqual([0, null]);
  });

  it('sends a slow reader its whole answer', async () => {
    const gateway = await start({ REQUEST_DEADLINE_MS: '30000' });
    const aliases = Array.from({ length: 40 }, (_, i) => `${'long'.repeat(50)}${i}: calleeNo`).join(' ');
    const keys = Array.from({ length: 100 }, () => ({ vdn: 170, callId: newCallId() }));
    const body = JSON.stringify({
      query: `query ($keys: [CallKeyInput!]!) { calls(keys: $keys) { legs { ${aliases} } } }`,
      variables: { keys },
    });
    const outgoing = request(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
    }).end(body);
    const [incoming] = (await once(outgoing, 'response')) as [import('node:http').IncomingMessage];
    process.kill(gateway.pid, 'SIGTERM');
    await eventually('it is closing', isClosing(gateway));
    let bytes = 0;
    for await (const chunk of incoming) {
      bytes += (chunk as Buffer).length;
      await pause(5);
    }
    expect(incoming.statusCode).toBe(200);
    expect(bytes).toBe(Number(incoming.headers['content-length']));
    expect(bytes).toBeGreaterThan(1024 * 1024);
    expect(await endOf(gateway)).toEqual([0, null]);
  });

  it('ends though nobody reads its log', async () => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts'], {
      env: { PATH: process.env['PATH'], ...environmentFor(simulator), LOG_LEVEL: 'trace' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      let first = '';
      while (!/"url":"http:[^"]*","msg":"the graph/.test(first)) {
        const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
        first += chunk.toString();
      }
      const url = /"url":"(http:[^"]*)","msg":"the graph/.exec(first)?.[1] ?? '';
      child.stdout.pause();
      // More than a pipe holds, and what waits here.
      for (let i = 0; i < 1_000; i++) await (await fetch(`${url}/${'x'.repeat(200)}`)).text();
      child.kill('SIGTERM');
      const ended = Promise.race([once(child, 'exit'), pause(STOPPED_WITHIN_MS, 'still alive', { ref: false })]);
      expect(await ended).toEqual([0, null]);
    } finally {
      child.kill('SIGKILL');
    }
  });
});

describe('a gateway that cannot listen', () => {
  it('ends with 1, though it has opened Redis by then', async () => {
    const simulator = await startSimulator({ accessKey: 'demo-access-key', secretKey: 'demo-secret-key' });
    const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts'], {
      env: {
        PATH: process.env['PATH'],
        ...environmentFor(simulator),
        PORT: new URL(simulator.url).port,
        REDIS_URL: 'redis://127.0.0.1:9',
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    try {
      const ended = Promise.race([once(child, 'exit'), pause(20_000, 'still alive', { ref: false })]);
      expect(await ended).toEqual([1, null]);
    } finally {
      child.kill('SIGKILL');
      await simulator.close();
    }
  });
});
