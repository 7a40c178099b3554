/**
 * `npm run mutants`: makes the core wrong in one way after the other, in a copy of the tree, and demands that the model test
 * notices each. Prints a table; exits with 1 if one survives, or if a text that is to be changed is not there (once).
 * Words behind it choose among them: `npm run mutants -- Redis` takes those that have to do with Redis.
 */
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MUTATIONS, type Mutation } from './mutations.js';

type Verdict = 'killed' | 'SURVIVED' | 'NOT THERE' | 'BROKEN';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const COPIED = ['src', 'simulator', 'test', 'schema', 'viewer', 'package.json', 'jest.config.js', 'tsconfig.json'];
/** So many run at a time: each takes a processor and a Redis. */
const AT_ONCE = 2;
/** The same runs each time. */
const SEED = 20_261_127;
/** Runs of the property, for a mutant that the scenes have not noticed. */
const RUNS = 120;

const wanted = MUTATIONS.filter(({ what, file }) =>
  process.argv.slice(2).every((word) => `${what} ${file}`.toLowerCase().includes(word.toLowerCase())),
);
const left = [...wanted];
/** As the tree is now: it may be worked on meanwhile. */
const original = copyOf(ROOT);
process.on('exit', () => rmSync(original, { recursive: true, force: true }));
const verdicts = new Map<Mutation | null, Verdict>();
if ((await run(null)) !== 'SURVIVED') {
  console.log('the model test fails without any mutation');
  process.exit(1);
}
await Promise.all(Array.from({ length: AT_ONCE }, work));
const survivors = wanted.filter((mutation) => verdicts.get(mutation) !== 'killed');
console.log(`${wanted.length - survivors.length} of ${wanted.length} mutants were noticed`);
process.exitCode = survivors.length === 0 ? 0 : 1;

async function work(): Promise<void> {
  for (let mutation = left.shift(); mutation; mutation = left.shift()) {
    const beganAt = performance.now();
    const verdict = await run(mutation);
    verdicts.set(mutation, verdict);
    const seconds = ((performance.now() - beganAt) / 1_000).toFixed(0).padStart(3);
    console.log(`${verdict.padEnd(10)}${seconds} s  ${mutation.file.padEnd(38)}${mutation.what}`);
  }
}

/** A copy of the tree, or of a copy. */
function copyOf(root: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'call-trace-mutant-'));
  for (const name of COPIED) cpSync(join(root, name), join(folder, name), { recursive: true });
  return folder;
}

async function run(mutation: Mutation | null): Promise<Verdict> {
  const folder = copyOf(original);
  try {
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    if (mutation && !mutate(join(folder, mutation.file), mutation.edits)) return 'NOT THERE';
    const byScenes = await test(folder, ['-t', 'keep their promises']);
    return byScenes === 'SURVIVED' && mutation ? await test(folder, ['-t', 'never give']) : byScenes;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** False if a text is not there exactly once. */
function mutate(path: string, edits: Mutation['edits']): boolean {
  let text = readFileSync(path, 'utf8');
  for (const [from, to] of edits) {
    const [before, after, ...others] = text.split(from);
    if (before === undefined || after === undefined || others.length > 0) return false;
    text = before + to + after;
  }
  writeFileSync(path, text);
  return true;
}

function test(folder: string, args: readonly string[]): Promise<Verdict> {
  const child = spawn(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--no-warnings',
      'node_modules/jest/bin/jest.js',
      'test/model/model.test.ts',
      ...args,
    ],
    {
      cwd: folder,
      env: {
        TEST_REDIS_SERVER: 'redis-server',
        ...process.env,
        MODEL_RUNS: String(RUNS),
        MODEL_SEED: String(SEED),
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let printed = '';
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  return new Promise((resolve) => {
    child.on('close', (code) => {
      if (code === 0) return resolve('SURVIVED');
      const isNoticed = /^Tests: +\d+ failed/m.test(printed) && !printed.includes('Test suite failed to run');
      if (!isNoticed) console.log(printed.slice(-2_000));
      resolve(isNoticed ? 'killed' : 'BROKEN');
    });
  });
}
