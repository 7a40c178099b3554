import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

/** What a host gets from the repository; the packages come from npm, dist/ from the build. */
const FILES = [
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'build.js',
  'start.js',
  'LICENSE',
  'src',
  'simulator',
  'viewer',
  'client/src',
  'schema',
  'deploy',
];

/** A folder on a host without any package, in which everything lies that a build makes. */
export interface Installation {
  readonly folder: string;
  remove(): Promise<void>;
}

/** Builds in a folder of its own, and takes the packages away again. */
export async function buildInstallation(): Promise<Installation> {
  const folder = await mkdtemp(join(tmpdir(), 'call-trace-gateway-'));
  for (const file of FILES) await cp(file, join(folder, file), { recursive: true });
  const packages = join(folder, 'node_modules');
  await symlink(resolve('node_modules'), packages);
  await promisify(execFile)(process.execPath, ['build.js'], { cwd: folder });
  await rm(packages);
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
