/**
 * `npm run bench`: makes sure that all is there that the comparison needs (the dependencies of the product and of the
 * bench, a build, a Redis server, wrk), then runs it. Arguments go on to it: `npm run bench -- --quick`. With
 * `--against <ref>` today's tree is compared with that commit, which needs neither the peers nor Redis.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { install, onPath } from '../test/programs.js';

const PURPOSE = 'the bench';
const root = fileURLToPath(new URL('..', import.meta.url));
const bench = fileURLToPath(new URL('.', import.meta.url));
const isAgainst = process.argv.some((argument) => /^--against(=|$)/.test(argument));
const hasWrk = onPath(['wrk']) ?? install('wrk', ['wrk'], PURPOSE);

if (!existsSync(`${root}/node_modules`)) run(root, 'npm', 'ci');
if ((!isAgainst || !hasWrk) && isOld(`${bench}/node_modules/.package-lock.json`, `${bench}/package-lock.json`)) {
  // The lock file decides, but an optional dependency of another system that it does not know must not stop the bench.
  run(bench, 'npm', 'install', '--no-save', '--ignore-scripts', '--loglevel=error');
}
run(root, 'npm', 'run', 'build');

const redis = isAgainst
  ? ''
  : (onPath(['redis-server', 'valkey-server']) ?? install('redis-server', ['redis-server'], PURPOSE));
if (redis === undefined)
  stop('The bench needs redis-server or valkey-server on the PATH, and may not install it here.');
if (!hasWrk) {
  console.error('There is no wrk, and it may not be installed here: autocannon puts on the load, and less of it.');
}

const program = `${bench}/${isAgainst ? 'against' : 'main'}.ts`;
const { status } = spawnSync(process.execPath, ['--import', 'tsx', program, ...process.argv.slice(2)], {
  stdio: 'inherit',
  cwd: root,
  env: { ...process.env, REDIS_SERVER: redis },
});
process.exitCode = status ?? 1;

function run(cwd, program, ...args) {
  console.error(`${program} ${args.join(' ')} …`);
  if (spawnSync(program, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] }).status !== 0) {
    stop(`${program} ${args.join(' ')} failed`);
  }
}

function isOld(made, source) {
  return !existsSync(made) || statSync(made).mtimeMs < statSync(source).mtimeMs;
}

function stop(message) {
  console.error(message);
  process.exit(1);
}
