import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
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
  let folder: string;
  beforeAll(async () => {
    [built, gateway] = await Promise.all([buildInstallation(), startTestGateway()]);
    folder = await mkdtemp(join(tmpdir(), 'call-trace-package-'));
    await execute('npm', ['pack', '--offline', '--pack-destination', folder], { cwd: built.folder });
    await execute('tar', ['--extract', '--gzip', '--file', join(folder, 'call-trace-gateway-0.1.0.tgz')], {
      cwd: folder,
    });
  }, 120_000);
  afterAll(async () => {
    await gateway.close();
    await built.remove();
    await rm(folder, { recursive: true });
  });

  it('holds the program in one file, with the licences of what it is made of', async () => {
    const { stdout } = await execute('tar', [
      '--list',
      '--gzip',
      '--file',
      join(folder, 'call-trace-gateway-0.1.0.tgz'),
    ]);
    const files = stdout.trim().split('\n').sort();
    expect(files.filter((file) => !/README/.test(file))).toEqual([
      'package/LICENSE',
      'package/dist/LICENSES.txt',
      'package/dist/call-trace.js',
      'package/package.json',
    ]);
    const licences = await readFile(join(folder, 'package/dist/LICENSES.txt'), 'utf8');
    for (const name of ['commander', 'picocolors', 'fast-string-width'])
      expect(licences).toMatch(new RegExp(`^${name} `, 'm'));
  });

  it('runs where nothing else is, as one file', async () => {
    const empty = join(folder, 'empty');
    await mkdir(empty);
    await cp(join(folder, 'package/dist/call-trace.js'), join(empty, 'call-trace.js'));
    const { code, stdout, stderr } = await startCommand(
      join(empty, 'call-trace.js'),
      ['show', '170', '1749974400-11', '--quiet'],
      { env: { ...ENVIRONMENT, CALL_TRACE_URL: gateway.url } },
    ).ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Answered after 14 s by agent 2001, /);
  });

  it('has the version of the package, and is executable as it is unpacked', async () => {
    const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
    const program = join(folder, 'package/dist/call-trace.js');
    expect((await startCommand(program, ['--version']).ended).stdout).toBe(`${version}\n`);
  });
});
