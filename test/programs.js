import { spawnSync } from 'node:child_process';
import { accessSync, chmodSync, constants, existsSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The path of the first of these programs that is on the PATH; undefined if none is. */
export function onPath(names) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'];
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

const CHROMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC_CHROME = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

/** The path of a Chromium or Chrome: what TEST_BROWSER names, else one that is there, else one that is installed. Undefined: none. */
export function findBrowser(purpose) {
  return (
    process.env.TEST_BROWSER ??
    onPath(CHROMES) ??
    (existsSync(MAC_CHROME) ? MAC_CHROME : install('chromium', CHROMES, purpose))
  );
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Installs a Debian package where that may be done without a question; the path of the first of its programs, undefined
 * if there is none after all. `purpose` is for whom reads along: `the tests`.
 */
export function install(name, programs, purpose) {
  const apt = onPath(['apt-get']);
  const root = process.getuid?.() === 0;
  const sudo = root ? undefined : onPath(['sudo']);
  const may = apt && (root || (sudo && spawnSync(sudo, ['-n', 'true']).status === 0));
  if (!may) return undefined;
  console.error(`Installing Debian's ${name} for ${purpose} …`);
  const run = (...command) => {
    const [program, ...rest] = root ? command : [sudo, '-n', ...command];
    return spawnSync(program, rest, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  };
  withoutServices(root, () => {
    if (run(apt, 'install', '-y', '--no-install-recommends', name).status !== 0) {
      run(apt, 'update');
      run(apt, 'install', '-y', '--no-install-recommends', name);
    }
  });
  return onPath(programs);
}

/** Debian asks this file before a package starts its service: 101 means no. */
function withoutServices(root, work) {
  const policy = '/usr/sbin/policy-rc.d';
  const ours = root && !existsSync(policy);
  if (ours) {
    writeFileSync(policy, '#!/bin/sh\nexit 101\n');
    chmodSync(policy, 0o755);
  }
  try {
    work();
  } finally {
    if (ours) rmSync(policy);
  }
}
