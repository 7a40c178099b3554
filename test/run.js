/**
 * `npm test`: makes sure that there are a Redis server and a browser to test with, then runs jest.
 * Arguments go on to jest: `npm test -- test/call`.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, chmodSync, constants, existsSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const redisServer =
  process.env.TEST_REDIS_SERVER ??
  onPath(['redis-server', 'valkey-server']) ??
  install('redis-server', ['redis-server']);
if (!redisServer) {
  stop(`The tests start, stop and join Redis servers of their own, and there is no program for that. Give them one in one of these ways:
  - install one, so that redis-server or valkey-server is on the PATH (Debian: apt-get install redis-server; macOS: brew install redis);
  - set TEST_REDIS_SERVER to the path of one;
  - on Debian, run them as root or with passwordless sudo: they then install redis-server themselves.`);
}

const CHROMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC_CHROME = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
const browser =
  process.env.TEST_BROWSER ?? onPath(CHROMES) ?? (existsSync(MAC_CHROME) ? MAC_CHROME : install('chromium', CHROMES));
if (!browser) {
  stop(`The tests need a browser for the IDE's page, and there is none. Give them one in one of these ways:
  - install Chromium or Chrome, so that it is on the PATH (Debian: apt-get install chromium);
  - set TEST_BROWSER to the path of one;
  - on Debian, run them as root or with passwordless sudo: they then install chromium themselves.`);
}

const jest = spawnSync(
  process.execPath,
  [
    '--experimental-vm-modules',
    '--expose-gc',
    '--no-warnings',
    'node_modules/jest/bin/jest.js',
    ...process.argv.slice(2),
  ],
  {
    stdio: 'inherit',
    env: { ...process.env, TEST_REDIS_SERVER: redisServer, TEST_BROWSER: browser },
  },
);
process.exitCode = jest.status ?? 1;

function onPath(names) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'];
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Installs a Debian package where that may be done without a question, and says which program came of it. */
function install(name, programs) {
  const apt = onPath(['apt-get']);
  const root = process.getuid?.() === 0;
  const sudo = root ? undefined : onPath(['sudo']);
  const may = apt && (root || (sudo && spawnSync(sudo, ['-n', 'true']).status === 0));
  if (!may) return undefined;
  console.error(`Installing Debian's ${name} for the tests …`);
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

function stop(message) {
  console.error(message);
  process.exit(1);
}
