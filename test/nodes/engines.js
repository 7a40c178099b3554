/** What a production install says of the Node.js that it runs on, and what docs/releases.md says of that. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { onPath } from '../programs.js';

/** Returns the packages that want another Node.js than this one, as `npm ci` warns of them. `node`: the path of its program. */
export function engineWarnings(node) {
  const { status, stderr } = spawnSync(node, [npm(), 'ci', '--omit=dev', '--dry-run', '--ignore-scripts'], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`npm ci failed: ${stderr}`);
  const packages = [...stderr.matchAll(/EBADENGINE\s+package: '(.+)@/g)].map(([, name]) => name);
  return [...new Set(packages)].sort();
}

/** Returns the packages that docs/releases.md lists for Node.js 20. */
export function documentedWarnings() {
  const [, section = ''] = /^### Node 20\n([^]*?)(?=^#|(?![^]))/m.exec(readFileSync('docs/releases.md', 'utf8')) ?? [];
  return [...section.matchAll(/^\| `([^`]+)` \|/gm)].map(([, name]) => name).sort();
}

/** npm as a program that any Node.js can run. */
function npm() {
  const beside = join(dirname(process.execPath), '../lib/node_modules/npm/bin/npm-cli.js');
  return process.env.npm_execpath ?? onPath(['npm']) ?? beside;
}
