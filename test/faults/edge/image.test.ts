import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startSimulator, type Simulator } from '../../../simulator/simulator.js';
import { postOperation, printed, send } from '../../support/client.js';
import { NODE_FLAGS } from '../../support/gateway-process.js';
import { environmentFor } from '../../support/gateway.js';
import { logLinesOf, startProgram, type Program } from '../../support/program.js';
import { unpackImage, type ImageContents } from '../support/image.js';
import { freePort } from '../../support/free-port.js';

describe('the image', () => {
  let simulator: Simulator;
  let image: ImageContents;
  const programs: Program[] = [];
  const servers: Server[] = [];
  beforeAll(async () => {
    simulator = await startSimulator();
    image = await unpackImage();
  }, 60_000);
  afterEach(async () => {
    for (const server of servers.splice(0)) server.close();
    for (const program of programs.splice(0)) {
      program.kill();
      await program.ended;
    }
  });
  afterAll(async () => {
    await image.remove();
    await simulator.close();
  });

  const run = ([command = '', ...args]: readonly string[], env: Readonly<Record<string, string>>): Program => {
    const program = startProgram(command, args, { cwd: image.folder, env: { ...image.env, ...env } });
    programs.push(program);
    return program;
  };
  /** Starts the gateway, and waits for the line that says where it listens. */
  const startGateway = async (env: Readonly<Record<string, string>>): Promise<string> => {
    const program = run(image.command, { ...environmentFor(simulator), NODE_ENV: 'production', ...env });
    const url = () => logLinesOf(program).find((line) => line['msg'] === 'the graph is at /graphql')?.['url'];
    await printed(program.process, () => url() !== undefined);
    if (url() === undefined) throw new Error(`it did not start:\n${program.stdout()}${program.stderr()}`);
    return String(url());
  };
  const exitOfHealthCheck = async (env: Readonly<Record<string, string>>): Promise<number | null> => {
    const [code] = await run(image.healthCheck, env).ended;
    return code;
  };

  it('is of Node 24', () => {
    expect(image.base).toMatch(/^node:24\.\d+\.\d+-/);
  });

  it('gives node the flags that npm start and the unit for systemd give it', () => {
    const unit = readFileSync('deploy/call-trace-gateway.service', 'utf8');
    expect(NODE_FLAGS.length).toBeGreaterThan(0);
    expect(image.command.slice(1, -1)).toEqual(NODE_FLAGS);
    expect(unit).toContain(`ExecStart=/usr/bin/node ${NODE_FLAGS.join(' ')} dist/main.js`);
  });

  it('holds no package, no source map and no TypeScript', () => {
    expect(image.files.filter((file) => /node_modules|\.map$|\.ts$/.test(file))).toEqual([]);
  });

  it('holds the licences of the packages that the bundle is made of', () => {
    const licences = image.files.filter((file) => /licenses?(\.txt)?$/i.test(file));
    expect(licences.sort()).toEqual([
      'LICENSE',
      'dist/LICENSES.txt',
      'dist/call-trace/LICENSE',
      'dist/call-trace/LICENSES.txt',
    ]);
  });

  it('starts, answers, and serves the IDE with nothing but its files', async () => {
    const url = await startGateway({ IDE: 'true' });
    const { body } = await postOperation(
      `${url}/graphql`,
      '{ call(vdn: 170, callId: "1700000000-2") { legs { deviceType } } }',
    );
    expect(body).toEqual({
      data: { call: { legs: ['IVR', 'SKILL_QUEUE', 'AGENT'].map((deviceType) => ({ deviceType })) } },
    });
    const page = await fetch(`${url}/`);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  });

  it('starts the simulator and the tool for API keys, too', async () => {
    const tool = run(['node', 'dist/api-key.js', '--name', 'dashboard', '--vdns', '1/170'], {});
    expect([await tool.ended, tool.stdout()]).toEqual([[0, null], expect.stringMatching(/^ctg_/)]);
    const other = run(['node', 'dist/simulator/main.js'], { SIMULATOR_PORT: '0' });
    await printed(other.process, () => other.stdout().includes('Calls to ask for'));
    expect(other.stdout()).toContain('listens on http://127.0.0.1:');
  });

  describe('its health check', () => {
    it('starts no Node', () => {
      expect(image.healthCheck[0]).not.toMatch(/node/);
    });

    it.each(['127.0.0.1', '127.0.0.77', '0.0.0.0', '::1', '::', 'localhost'])(
      'finds a gateway at HOST=%s and an odd PORT, and none once it is gone',
      async (HOST) => {
        const at = { HOST, PORT: String(await freePort(HOST)) };
        await startGateway(at);
        expect(await exitOfHealthCheck(at)).toBe(0);
        const [gateway] = programs;
        gateway?.kill();
        await gateway?.ended;
        expect(await exitOfHealthCheck(at)).toBe(1);
      },
    );

    it('asks at ADMIN_PORT where there is one', async () => {
      const at = { HOST: '127.0.0.1', PORT: String(await freePort('127.0.0.1')) };
      const ADMIN_PORT = String(await freePort('127.0.0.1'));
      await startGateway({ ...at, ADMIN_PORT });
      expect((await send(`http://127.0.0.1:${ADMIN_PORT}/healthz`)).status).toBe(200);
      expect(await exitOfHealthCheck({ ...at, ADMIN_PORT })).toBe(0);
      expect(await exitOfHealthCheck({ ...at, ADMIN_PORT: String(await freePort('127.0.0.1')) })).toBe(1);
    });

    it.each([
      ['another status', 'HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n'],
      ['nothing', ''],
      ['no HTTP', 'SSH-2.0-server\r\n'],
    ])('is not content with %s', async (_, reply) => {
      const server = createServer((socket) => void socket.on('error', () => undefined).write(reply));
      servers.push(server.listen(0, '127.0.0.1'));
      await once(server, 'listening');
      expect(await exitOfHealthCheck({ PORT: String((server.address() as AddressInfo).port) })).toBe(1);
    });
  });
});
