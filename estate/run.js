/**
 * `npm run estate`: the proof that the gateway fits an estate, on a machine that has nothing but the sources and Node. Installs
 * what the proof needs, then runs its steps one after another; says what each checks and how long it took. With `--update`
 * it writes the files that the steps compare.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const estate = fileURLToPath(new URL('.', import.meta.url));
const JEST = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js', '--config'];

/** What each step checks, and its command. */
const STEPS = [
  {
    checks: 'federation: composed with neighbours by two composers, and asked through two routers',
    command: [process.execPath, ...JEST, 'estate/jest.config.js', 'estate/federation'],
  },
  {
    checks: 'dashboard: as its source makes it, of metrics that a gateway serves',
    command: [process.execPath, ...JEST, 'estate/jest.config.js', 'estate/dashboard'],
  },
  {
    checks:
      'Kubernetes: the chart by Helm 3 and 4, typed, held to policies; what it refuses; the gateway with its environment',
    command: [process.execPath, ...JEST, 'estate/jest.config.js', 'estate/kubernetes'],
  },
];

if (isOld(`${root}/node_modules/.package-lock.json`, `${root}/package-lock.json`))
  step('the packages of the gateway', root, ['npm', 'ci', '--loglevel=error']);
if (isOld(`${estate}/node_modules/.package-lock.json`, `${estate}/package-lock.json`))
  step('the packages of the estate', estate, ['npm', 'ci', '--ignore-scripts', '--loglevel=error']);
for (const { checks, command } of STEPS) step(checks, root, command);

/** Runs a step; ends with its status if it fails. */
function step(what, cwd, [program, ...args]) {
  console.log(`\n▶ ${what}`);
  const begin = performance.now();
  const { status } = spawnSync(program, args, {
    cwd,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ESTATE_UPDATE: String(process.argv.includes('--update')) },
  });
  const seconds = ((performance.now() - begin) / 1_000).toFixed(1);
  console.log(`${status === 0 ? '✔' : '✘'} ${what}: ${seconds} s`);
  if (status !== 0) process.exit(status ?? 1);
}

function isOld(made, source) {
  return !existsSync(made) || statSync(made).mtimeMs < statSync(source).mtimeMs;
}
