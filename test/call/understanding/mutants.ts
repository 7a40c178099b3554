/**
 * `npm run mutants:understanding`: changes one line of the derivation after the other, or one entry of a table, and tells
 * which changes the stories, the tables, the situations and the properties catch. Prints the survivors, and how many
 * mutants there were of each fate. Words behind it choose files: `npm run mutants:understanding -- links`.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { EQUIVALENTS, isEquivalent } from './equivalents.js';
import { createTypeCheck } from './mutant-types.js';
import { lineMutations, mutatedText, type LineMutation } from './mutations.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const FIXTURES = join(ROOT, 'test/fixtures/');
const AT_ONCE = 2;
/** A mutant that runs for so long never ends. Unit: ms. */
const LONGEST_MS = 120_000;

/**
 * What became of a mutant. `caught`: a check failed. `invalid`: it does not compile, or cannot be loaded. `crashed`: the
 * process that judged it died without a verdict. `endless`: it was still running after LONGEST_MS.
 */
const FATES = ['caught', 'SURVIVED', 'equivalent', 'invalid', 'crashed', 'endless'] as const;
type Fate = (typeof FATES)[number];

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
  `process.on('message', async (path) => {
    const program = await import(path).catch(() => null);
    process.send(program === null ? 'invalid' : program.firstFailure() === null ? 'SURVIVED' : 'caught');
  });`,
);

const all = lineMutations(ROOT);
const words = process.argv.slice(2);
const wanted = all.filter(({ file }) => words.length === 0 || words.some((word) => file.includes(word)));
const left = [...wanted.entries()];
const compiles = createTypeCheck(ROOT);
const judges = Array.from({ length: AT_ONCE }, (): Judge => ({ process: null }));
if ((await verdictOf(judges[0] ?? { process: null }, null, 'none')) !== 'SURVIVED')
  throw new Error('the checks fail without any mutation');
const counts = new Map<Fate, number>(FATES.map((fate) => [fate, 0]));
await Promise.all(judges.map(work));
for (const judge of judges) judge.process?.kill();
for (const one of EQUIVALENTS)
  if (!all.some((mutation) => isEquivalent(mutation, one))) console.log(`no such mutant: ${one.file} ${one.becomes}`);
console.log(`${wanted.length} mutants: ${FATES.map((fate) => `${counts.get(fate) ?? 0} ${fate}`).join(', ')}`);

async function work(judge: Judge): Promise<void> {
  for (let next = left.shift(); next; next = left.shift()) {
    const [index, mutation] = next;
    const fate = await fateOf(judge, mutation, String(index));
    counts.set(fate, (counts.get(fate) ?? 0) + 1);
    if (fate === 'caught' || fate === 'equivalent' || fate === 'invalid') continue;
    const { file, line, was, becomes } = mutation;
    console.log(`${fate} ${file}:${line}\n  - ${was}\n  + ${becomes.trim()}`);
  }
}

async function fateOf(judge: Judge, mutation: LineMutation, name: string): Promise<Fate> {
  if (!compiles(mutation)) return 'invalid';
  const verdict = await verdictOf(judge, mutation, name);
  const isArgued = EQUIVALENTS.some((one) => isEquivalent(mutation, one));
  if (isArgued && verdict === 'caught') console.log(`caught, though argued equivalent: ${mutation.becomes.trim()}`);
  return isArgued && verdict === 'SURVIVED' ? 'equivalent' : verdict;
}

/** Bundles the checks with a mutant, or with none, and runs them. */
async function verdictOf(judge: Judge, mutation: LineMutation | null, name: string): Promise<Fate> {
  const program = join(folder, `${name}.mjs`);
  try {
    await bundle(mutation, program);
  } catch {
    return 'invalid';
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
            path === join(ROOT, mutation.file) ? { contents: mutatedText(ROOT, mutation), loader: 'ts' } : null,
          );
        },
      },
    ],
  });
}

function run(judge: Judge, program: string): Promise<Fate> {
  judge.process ??= fork(JUDGE);
  const { process: child } = judge;
  return new Promise((resolve) => {
    const settle = (fate: Fate): void => {
      clearTimeout(timer);
      child.removeAllListeners();
      if (fate === 'endless') child.kill('SIGKILL');
      if (fate === 'endless' || fate === 'crashed') judge.process = null;
      resolve(fate);
    };
    const timer = setTimeout(settle, LONGEST_MS, 'endless');
    child.once('message', settle);
    child.once('exit', () => {
      settle('crashed');
    });
    child.send(program);
  });
}
