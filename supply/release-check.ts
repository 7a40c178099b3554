/**
 * `npm run release:check`: lists what a release must have, and exits with 1 if something is missing, naming each. Nothing is
 * changed.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { REQUIREMENTS, versionOf, type SourceTree } from './release.js';

/** What a command tells: its exit code 0 means that nothing is missing. */
const COMMANDS: readonly (readonly [needs: string, command: string])[] = [
  ['generated files as their sources make them', 'npm run --silent codegen:check'],
  ['the dashboard as its source makes it', 'node estate/dashboard/print.mjs --check'],
  ['a schema that keeps what was promised', 'npm run --silent schema:check'],
  ['licences that are on the list', 'npm run --silent licenses'],
  ['no grave advisory', 'npm run --silent audit'],
];

const git = (...args: readonly string[]): readonly string[] =>
  spawnSync('git', args, { encoding: 'utf8' }).stdout.split('\n').filter(Boolean);

const tree: SourceTree = {
  files: git('ls-files'),
  read: (path) => (existsSync(path) ? readFileSync(path, 'utf8') : undefined),
  isDirty: git('status', '--porcelain').length > 0,
  tags: git('tag', '--list'),
};

console.log(`A release of version ${versionOf(tree)} needs`);
const told = [
  ...REQUIREMENTS.map((one) => tell(one.needs, one.missing(tree))),
  ...COMMANDS.map(([needs, command]) => tell(needs, failureOf(command))),
];
console.log('and, on the commit that is released, a green .ci/run.');
if (told.includes(false)) process.exitCode = 1;

/** Prints one line for what is needed, and one for each thing that is missing; returns whether nothing is. */
function tell(needs: string, missing: readonly string[]): boolean {
  console.log([`${missing.length === 0 ? '✔' : '✘'} ${needs}`, ...missing.map((one) => `    ${one}`)].join('\n'));
  return missing.length === 0;
}

function failureOf(command: string): readonly string[] {
  const { status, stdout, stderr } = spawnSync(command, { shell: true, encoding: 'utf8' });
  // Where nobody answers who knows of advisories, CI goes on; a release does not.
  const isDone = status === 0 && !stdout.includes('Not audited');
  return isDone ? [] : [`${command} failed:`, ...`${stdout}${stderr}`.trim().split('\n').slice(-20)];
}
