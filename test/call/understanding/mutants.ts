/**
 * `npm run mutants:understanding`: changes one line of the derivation after the other, or one entry of a table, and tells
 * which changes the stories, the tables, the situations and the properties notice. Prints the survivors and how many were
 * noticed. Words behind it choose among the files: `npm run mutants:understanding -- links`.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { lineMutations, type LineMutation } from './mutations.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const FIXTURES = join(ROOT, 'test/fixtures/');
const AT_ONCE = 2;
/** A mutant that runs for so long never ends. Unit: ms. */
const LONGEST_MS = 60_000;

type Fate = 'noticed' | 'SURVIVED' | 'endless';

/** A process that judges; null until it is needed. */
interface Judge {
  process: ChildProcess | null;
}

/** Packages are found from there. */
const folder = mkdtempSync(join(ROOT, 'node_modules/.mutants-'));
process.on('exit', () => {
  rmSync(folder, { recursive: true, force: true });
});
/** Judges one program after the other: starting a process for each would take longer than judging it. */
const JUDGE = join(folder, 'judge.mjs');
writeFileSync(
  JUDGE,
  "process.on('message', async (path) => process.send((await import(path)).firstFailure() === null));",
);

const wanted = lineMutations(ROOT).filter(({ file }) => process.argv.slice(2).every((word) => file.includes(word)));
const left = [...wanted.entries()];
const judges = Array.from({ length: AT_ONCE }, (): Judge => ({ process: null }));
if ((await fateOf(judges[0] ?? { process: null }, null, 'none')) !== 'SURVIVED')
  throw new Error('the checks fail without any mutation');
let survivors = 0;
await Promise.all(judges.map(work));
for (const judge of judges) judge.process?.kill();
console.log(`${wanted.length - survivors} of ${wanted.length} mutants were noticed`);

async function work(judge: Judge): Promise<void> {
  for (let next = left.shift(); next; next = left.shift()) {
    const [index, mutation] = next;
    const fate = await fateOf(judge, mutation, String(index));
    if (fate !== 'SURVIVED') continue;
    survivors += 1;
    const { file, line, was, becomes } = mutation;
    console.log(`SURVIVED ${file}:${line}\n  - ${was}\n  + ${becomes.trim()}`);
  }
}

async function fateOf(judge: Judge, mutation: LineMutation | null, name: string): Promise<Fate> {
  const program = join(folder, `${name}.mjs`);
  try {
    await bundle(mutation, program);
  } catch {
    return 'noticed'; // it does not even compile
  }
  try {
    return await run(judge, program);
  } finally {
    rmSync(program);
  }
}

async function bundle(mutation: LineMutation | null, outfile: string): Promise<void> {
  await build({
    stdin: {
      contents: "export { firstFailure } from './judge.ts';",
      resolveDir: join(ROOT, 'test/call/understanding'),
      loader: 'ts',
    },
    ...{ bundle: true, format: 'esm', platform: 'node', packages: 'external', outfile, logLevel: 'silent' },
    plugins: [
      {
        name: 'mutation',
        setup(plugin) {
          plugin.onLoad({ filter: /fixtures\/fixture\.ts$/ }, () => ({
            contents: `import { readFileSync } from 'node:fs';
              export const fixture = (name) => readFileSync(${JSON.stringify(FIXTURES)} + name, 'utf8');`,
          }));
          if (mutation === null) return;
          plugin.onLoad({ filter: /\.ts$/ }, ({ path }) =>
            path === join(ROOT, mutation.file) ? { contents: mutated(mutation), loader: 'ts' } : null,
          );
        },
      },
    ],
  });
}

function mutated({ file, line, becomes }: LineMutation): string {
  const lines = readFileSync(join(ROOT, file), 'utf8').split('\n');
  lines[line - 1] = becomes;
  return lines.join('\n');
}

function run(judge: Judge, program: string): Promise<Fate> {
  judge.process ??= fork(JUDGE);
  const { process: child } = judge;
  return new Promise((resolve) => {
    const settle = (fate: Fate): void => {
      clearTimeout(timer);
      child.removeAllListeners();
      if (fate === 'endless') {
        child.kill('SIGKILL');
        judge.process = null;
      }
      resolve(fate);
    };
    const timer = setTimeout(settle, LONGEST_MS, 'endless');
    child.once('message', (holds) => {
      settle(holds === true ? 'SURVIVED' : 'noticed');
    });
    child.once('exit', () => {
      settle('endless');
    });
    child.send(program);
  });
}
