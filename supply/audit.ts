import { spawnSync } from 'node:child_process';
import { verdictOf } from './audit-verdict.js';

/** `npm run audit`: exit 1 if anything that runs in production has a high or critical advisory. */
const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json'], {
  encoding: 'utf8',
  timeout: 120_000,
  shell: process.platform === 'win32',
});
const { exitCode, text } = verdictOf(stdout);
console.log(text);
process.exitCode = exitCode;
