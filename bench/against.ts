/**
 * What today's tree costs against a commit: `npm run bench -- --against <ref>`; `--rounds 20 --seconds 5` for a closer
 * look. Both are built and started as in production, side by side before one simulator, and take turns. What is compared
 * is the processor time of a gateway for one answer, round by round: other work on the machine changes that least, and
 * both alike.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startSimulator } from '../simulator/simulator.js';
import { askAll } from './ask.js';
import { createLoadGenerator, type LoadGenerator } from './load.js';
import { cpuSeconds, describeMachine, divideCores } from './machine.js';
import { ACCESS_KEY, makeCredentials, SECRET_KEY } from './ours.js';
import { stopAll } from './program.js';
import { newKey, questionsA, questionsB, type Question } from './questions.js';
import { startOurs, type StartedServer } from './servers.js';
import { median, medianInterval } from './statistics.js';

/** Processor time of a gateway for one answer. Unit: µs. */
type Cost = (gateway: StartedServer) => Promise<number>;

interface Goal {
  readonly name: string;
  /** The most that today's tree may take, as a multiple of what the commit takes; 1: no more, beyond what is noise. */
  readonly most: number;
  /** Returns how to measure the goal in one round: both gateways are asked the same. */
  readonly inRound: (round: number) => Cost;
}

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CONNECTIONS = 50;
/** Cold questions of one round, and how many are asked at once. */
const COLD = 1_000;
const COLD_AT_ONCE = 20;
/** The first index whose call nobody asks for while warm. */
const FIRST_COLD = 10_000;

const { values } = parseArgs({
  options: {
    against: { type: 'string' },
    rounds: { type: 'string', default: '12' },
    seconds: { type: 'string', default: '3' },
  },
});
const [rounds, seconds] = [Number(values.rounds), Number(values.seconds)];
const folder = mkdtempSync(join(tmpdir(), 'call-trace-against-'));
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void cleanUp().then(() => process.exit(1)));
try {
  process.stdout.write(await compare(values.against ?? 'HEAD'));
} finally {
  await cleanUp();
}
process.exit(); // connections that are kept alive would keep the process, too

async function compare(ref: string): Promise<string> {
  const tree = build(ref);
  const cores = divideCores();
  const simulator = await startSimulator({ accessKey: ACCESS_KEY, secretKey: SECRET_KEY });
  const surroundings = {
    contactCentreUrl: simulator.url,
    credentials: await makeCredentials(folder),
    folder,
    cores,
  };
  const start = (main?: string): Promise<StartedServer> =>
    startOurs({ cache: 'memory', by: 'api-key' }, { ...surroundings, main });
  const gateways = { today: await start(), before: await start(join(tree, 'dist/main.js')) };
  const generator = createLoadGenerator(folder, cores?.load);
  const goals = goalsBy(generator);
  for (const gateway of [gateways.today, gateways.before]) {
    await askAll(gateway, 'A', questionsA(), CONNECTIONS);
    await askAll(gateway, 'B', questionsB(), CONNECTIONS);
    for (const { inRound } of goals) await inRound(0)(gateway); // V8 has compiled the code
  }

  const ratios = goals.map((): number[] => []);
  for (let round = 1; round <= rounds; round += 1) {
    for (const [index, { name, inRound }] of goals.entries()) {
      const cost = inRound(round);
      const first = round % 2 === 0 ? gateways.today : gateways.before;
      const second = round % 2 === 0 ? gateways.before : gateways.today;
      const costs = new Map([[first, await cost(first)]]);
      costs.set(second, await cost(second));
      const [today = NaN, before = NaN] = [gateways.today, gateways.before].map((gateway) => costs.get(gateway));
      if (Number.isNaN(today / before))
        throw new Error('the system does not tell what processor time a process has used');
      ratios[index]?.push(today / before);
      process.stderr.write(
        `round ${round} of ${rounds}, ${name}: ${today.toFixed(1)} µs, ${ref} ${before.toFixed(1)} µs\n`,
      );
    }
  }
  await simulator.close();
  return report(ref, goals, ratios, generator.name);
}

/** Builds a commit in a folder of its own, with the packages that it names. Returns that folder. */
function build(ref: string): string {
  const tree = join(folder, 'tree');
  const archive = join(folder, 'tree.tar');
  mkdirSync(tree);
  execFileSync('git', ['archive', '--output', archive, ref], { cwd: ROOT });
  execFileSync('tar', ['-xf', archive, '-C', tree]);
  const packages = [ROOT, tree].map((one) => readFileSync(join(one, 'package-lock.json'), 'utf8'));
  const npm = (...args: string[]) => execFileSync('npm', args, { cwd: tree, stdio: ['ignore', 'ignore', 'inherit'] });
  if (packages[0] === packages[1]) symlinkSync(join(ROOT, 'node_modules'), join(tree, 'node_modules'));
  else npm('ci', '--loglevel=error');
  npm('run', 'build');
  return tree;
}

function goalsBy(generator: LoadGenerator): readonly Goal[] {
  const warm = (kind: 'A' | 'B', questions: readonly Question[]): Cost => {
    return async (gateway) => {
      const { url, headers, program } = gateway;
      const bodies = questions.map((question) => gateway.bodyOf(kind, question));
      const load = { url, headers, bodies, connections: CONNECTIONS, seconds };
      const { serverCpu, requestsPerSecond, failures } = await generator.run(load, program.pid);
      if (failures > 0) throw new Error(`${failures} requests failed under load`);
      return ((serverCpu ?? NaN) / requestsPerSecond) * 1e6;
    };
  };
  const cold = (round: number): Cost => {
    const keys = Array.from({ length: COLD }, (_, index) => newKey(FIRST_COLD + round * COLD + index));
    return async (gateway) => {
      const before = cpuSeconds(gateway.program.pid) ?? NaN;
      await askAll(gateway, 'A', questionsA(keys), COLD_AT_ONCE);
      return (((cpuSeconds(gateway.program.pid) ?? NaN) - before) / COLD) * 1e6;
    };
  };
  return [
    { name: 'A warm in memory', most: 1, inRound: () => warm('A', questionsA()) },
    { name: 'B warm in memory', most: 1, inRound: () => warm('B', questionsB()) },
    { name: 'a cold question', most: 1.1, inRound: cold },
  ];
}

function report(ref: string, goals: readonly Goal[], ratios: readonly (readonly number[])[], load: string): string {
  const lines = goals.map(({ name, most }, index) => {
    const all = ratios[index] ?? [];
    const interval = medianInterval(all);
    const between = interval ? `${interval.low.toFixed(3)}–${interval.high.toFixed(3)}` : 'too few rounds';
    return `| ${name} | ${median(all).toFixed(3)} | ${between} | ${verdict(median(all), interval, most)} |\n`;
  });
  return `Processor time for one answer, today's tree as a multiple of ${ref}: median of ${rounds} rounds, 95 % interval.
${describeMachine()}; load by ${load}.

| question | ratio | interval | |
|---|---|---|---|
${lines.join('')}`;
}

/** `most`: what the median may be. */
function verdict(ratio: number, interval: ReturnType<typeof medianInterval>, most: number): string {
  if (!interval) return '–';
  const { low, high } = interval;
  if (low <= 1 && high >= 1) return 'unchanged';
  if (high < 1) return 'cheaper';
  return ratio > most ? `**dearer** (at most ${most} ×)` : `dearer, within ${most} ×`;
}

async function cleanUp(): Promise<void> {
  await stopAll();
  rmSync(folder, { recursive: true, force: true });
}
