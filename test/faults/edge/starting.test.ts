import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startSimulator, type Simulator } from '../../../simulator/simulator.js';
import { eventually } from '../../cache/redis/support/eventually.js';
import { postOperation, printed } from '../../support/client.js';
import { environmentFor } from '../../support/gateway.js';
import { logLinesOf, startProgram, type Program } from '../../support/program.js';
import { buildInstallation, type Installation } from '../support/installation.js';

describe('npm start', () => {
  let simulator: Simulator;
  let host: Installation;
  const programs: Program[] = [];
  beforeAll(async () => {
    simulator = await startSimulator();
    host = await buildInstallation();
  }, 60_000);
  afterEach(async () => {
    for (const program of programs.splice(0)) {
      program.kill();
      await program.ended;
    }
  });
  afterAll(async () => {
    await host.remove();
    await simulator.close();
  });

  const npmStart = (env: Readonly<Record<string, string>>): Program => {
    const program = startProgram('npm', ['start'], { cwd: host.folder, env });
    programs.push(program);
    return program;
  };
  /** Waits for the line that says where it listens. */
  const urlOf = async (program: Program): Promise<string> => {
    const url = () => logLinesOf(program).find((line) => line['msg'] === 'the graph is at /graphql')?.['url'];
    await printed(program.process, () => url() !== undefined);
    if (url() === undefined) throw new Error(`it did not start:\n${program.stdout()}${program.stderr()}`);
    return String(url());
  };
  const isServing = (url: string): Promise<boolean> =>
    fetch(`${url}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    );

  it('runs what was built on a host without packages, and builds nothing', async () => {
    const program = npmStart(environmentFor(simulator));
    const { body } = await postOperation(
      `${await urlOf(program)}/graphql`,
      '{ call(vdn: 170, callId: "1700000000-2") { complete } }',
    );
    expect(body).toEqual({ data: { call: { complete: true } } });
    expect(program.stdout()).not.toContain('build.js');
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('ends the gateway when npm is sent %s', async (signal) => {
    const program = npmStart(environmentFor(simulator));
    const url = await urlOf(program);
    expect(await isServing(url)).toBe(true);
    program.process.kill(signal);
    await program.ended;
    await eventually('nobody holds the port', async () => !(await isServing(url)));
  });

  it('takes what .env says, and what the environment says before it', async () => {
    const env = { ...environmentFor(simulator), CMS_CC_ID: '7', LOG_LEVEL: 'fatal' };
    const file = join(host.folder, '.env');
    await writeFile(
      file,
      ['# A comment', ...Object.entries(env).map(([name, value]) => `${name}=${value}`)].join('\n'),
    );
    try {
      const url = await urlOf(npmStart({ LOG_LEVEL: 'info' }));
      const { body } = await postOperation(`${url}/graphql`, '{ call(vdn: 170, callId: "1700000000-2") { ccId } }');
      expect(body).toEqual({ data: { call: { ccId: 7 } } });
    } finally {
      await rename(file, `${file}.old`);
    }
  });

  it('says in one line what to do where nothing was built', async () => {
    const [dist, elsewhere] = [join(host.folder, 'dist'), join(host.folder, 'elsewhere')];
    await rename(dist, elsewhere);
    try {
      const program = npmStart(environmentFor(simulator));
      const [code] = await program.ended;
      expect(code).toBe(1);
      const complaint = program
        .stderr()
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('npm '));
      expect(complaint).toEqual([expect.stringContaining('npm ci && npm run build')]);
    } finally {
      await rename(elsewhere, dist);
    }
  });

  it('names every file that cannot be read, before it listens', async () => {
    const program = npmStart({
      ...environmentFor(simulator),
      AUTH_MODE: 'api-key',
      ANONYMOUS_SCOPES: '',
      API_KEYS_FILE: join(host.folder, 'no-keys.json'),
      CMS_CA_FILE: join(host.folder, 'no-authority.pem'),
      CODES_FILE: join(host.folder, 'no-codes.json'),
      REDIS_URL_FILE: join(host.folder, 'no-address'),
    });
    expect(await program.ended).toEqual([1, null]);
    for (const name of ['API_KEYS_FILE', 'CMS_CA_FILE', 'CODES_FILE', 'REDIS_URL_FILE'])
      expect(program.stderr()).toMatch(new RegExp(`${name} names a file that cannot be read \\(ENOENT\\)`));
    expect(logLinesOf(program)).toEqual([]);
  });
});

describe('the first line of the log', () => {
  const programs: Program[] = [];
  afterEach(async () => {
    for (const program of programs.splice(0)) {
      program.kill();
      await program.ended;
    }
  });

  const firstLineOf = async (env: Readonly<Record<string, string>>) => {
    const program = startProgram(process.execPath, ['--import', 'tsx', 'src/main.ts'], { env });
    programs.push(program);
    await printed(program.process, () => logLinesOf(program).length > 0);
    return { ...logLinesOf(program)[0], all: program.stdout() };
  };
  const NOBODY = environmentFor({ url: 'http://127.0.0.1:9' });

  it('tells version, revision, Node, who may ask, and that there is no Redis', async () => {
    const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
    expect(await firstLineOf({ ...NOBODY, REVISION: '4f2a9c1' })).toMatchObject({
      msg: 'the call trace gateway starts',
      version,
      revision: '4f2a9c1',
      node: process.version,
      authMode: 'none',
      redis: 'none: memory only',
      contactCentre: ['http://127.0.0.1:9'],
      host: '127.0.0.1',
      port: 0,
    });
  });

  it('tells the address of Redis without its user and password', async () => {
    const line = await firstLineOf({
      ...NOBODY,
      REDIS_URL: 'redis+sentinel://someone:hunter2@127.0.0.1:9,127.0.0.2:9/traces',
    });
    expect(line).toMatchObject({ revision: 'unknown', redis: 'redis+sentinel://127.0.0.1:9,127.0.0.2:9/traces' });
    expect(line.all).not.toMatch(/someone|hunter2/);
  });
});
