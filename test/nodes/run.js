/**
 * `npm run nodes`: the other versions of Node.js than the one that runs this. Installs their programs (Linux on x64 only;
 * elsewhere TEST_NODE_22, TEST_NODE_24 and TEST_NODE_26 name them), then
 *
 *   npm run nodes -- smoke          runs what `npm run build` made, and asks npm what it says of a production install
 *   npm run nodes -- suite 24 …     runs the tests on Node 24; further arguments go on to jest
 */
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { delimiter, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { documentedWarnings, engineWarnings } from './engines.js';
import { smoke } from './smoke.js';
import { ONE_NODE } from './one-node.js';

const MAJORS = ['22', '24', '26'];
const folder = fileURLToPath(new URL('.', import.meta.url));
const [task, ...args] = process.argv.slice(2);

if (task === 'smoke') await smokeAll();
else if (task === 'suite' && MAJORS.includes(args[0])) runSuite(args[0], args.slice(1));
else stop(`Usage: npm run nodes -- smoke, or npm run nodes -- suite ${MAJORS.join('|')} [arguments of jest]`);

async function smokeAll() {
  const failures = [];
  for (const node of [process.execPath, ...MAJORS.map(programOf)]) {
    const version = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim();
    const allowed = version.startsWith('v20.') ? documentedWarnings() : [];
    const warnings = engineWarnings(node);
    const problems = [
      ...(String(warnings) === String(allowed)
        ? []
        : [`npm ci warns of [${warnings.join()}], docs/releases.md lists [${allowed.join()}]`]),
      ...(await smoke(node).then(
        () => [],
        (error) => [error.message],
      )),
    ];
    failures.push(...problems.map((problem) => `${version}: ${problem}`));
    if (problems.length === 0)
      console.log(`${version}: the build runs; a production install warns of ${warnings.join(', ') || 'nothing'}`);
  }
  if (failures.length > 0) stop(failures.join('\n'));
}

/** Runs the tests whose outcome can depend on Node.js. What the tests start is of the same version. */
function runSuite(major, jestArgs) {
  const node = programOf(major);
  const ignored = ['--testPathIgnorePatterns', '/node_modules/', ...ONE_NODE];
  const { status } = spawnSync(node, ['test/run.js', ...jestArgs, ...ignored], {
    stdio: 'inherit',
    env: { ...process.env, PATH: [dirname(node), process.env.PATH].join(delimiter) },
  });
  process.exitCode = status ?? 1;
}

/** The program of a version, installed if need be. */
function programOf(major) {
  const given = process.env[`TEST_NODE_${major}`];
  if (given) return given;
  const program = `${folder}node_modules/node-${major}/bin/node`;
  const installed = `${folder}node_modules/.package-lock.json`;
  const isOld = !existsSync(installed) || statSync(installed).mtimeMs < statSync(`${folder}package-lock.json`).mtimeMs;
  if (isOld) {
    const options = { cwd: folder, stdio: 'inherit' };
    const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--loglevel=error'], options);
    if (status !== 0) stop(`npm ci failed in test/nodes: the programs of other Node.js are for Linux on x64 only.`);
  }
  if (!existsSync(program)) stop(`npm has Node.js ${major} for Linux on x64 only: name one in TEST_NODE_${major}.`);
  return program;
}

function stop(message) {
  console.error(message);
  process.exit(1);
}
