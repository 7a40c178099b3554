import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildInstallation, type Installation } from '../../faults/support/installation.js';
import { startTestGateway, type TestGateway } from '../../support/gateway.js';
import { ENVIRONMENT, startCommand } from './support.js';

const execute = promisify(execFile);

describe('the package of the command line', () => {
  let built: Installation;
  let gateway: TestGateway;
  /** Where the package is installed. */
  let folder: string;
  beforeAll(async () => {
    [built, gateway] = await Promise.all([buildInstallation(), startTestGateway()]);
    folder = await mkdtemp(join(tmpdir(), 'call-trace-package-'));
    await execute('npm', ['pack', './dist/call-trace', '--offline', '--pack-destination', folder], {
      cwd: built.folder,
    });
    const install = ['install', '--offline', '--no-audit', '--no-fund', './call-trace-0.1.0.tgz'];
    await execute('npm', install, { cwd: folder });
  }, 120_000);
  afterAll(async () => {
    await gateway.close();
    await built.remove();
    await rm(folder, { recursive: true });
  });

  it('installs the program in one file, with the licences of what it is made of, and nothing else', async () => {
    const packages = await readdir(join(folder, 'node_modules'));
    expect(packages.filter((name) => !name.startsWith('.'))).toEqual(['call-trace']);
    const files = await readdir(join(folder, 'node_modules/call-trace'));
    expect(files.sort()).toEqual(['LICENSE', 'LICENSES.txt', 'call-trace.js', 'package.json']);
    const licences = await readFile(join(folder, 'node_modules/call-trace/LICENSES.txt'), 'utf8');
    for (const name of ['commander', 'picocolors', 'fast-string-width'])
      expect(licences).toMatch(new RegExp(`^${name} `, 'm'));
    expect(licences).not.toMatch(/^fastify /m);
  });

  it('runs where nothing else is, as one file', async () => {
    // A package.json in a folder above would decide what kind of module it is.
    const empty = await mkdtemp(join(tmpdir(), 'call-trace-alone-'));
    await cp(join(folder, 'node_modules/call-trace/call-trace.js'), join(empty, 'call-trace.js'));
    const { code, stdout, stderr } = await startCommand(
      join(empty, 'call-trace.js'),
      ['show', '170', '1749974400-11', '--quiet'],
      { env: { ...ENVIRONMENT, CALL_TRACE_URL: gateway.url } },
    ).ended;
    await rm(empty, { recursive: true });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Answered after 14 s by agent 2001, /);
  });

  it('has the version of the gateway, and is executable by its name', async () => {
    const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
    const program = join(folder, 'node_modules/.bin/call-trace');
    expect((await startCommand(program, ['--version']).ended).stdout).toBe(`${version}\n`);
  });
});
