/**
 * The comparison with peers: `npm run bench`, or `npm run bench -- --quick`; `--only=ours-memory,mercurius` leaves the
 * other servers out. Writes bench/RESULTS.md; with `--only`, prints it instead. `--against <ref>`: see against.ts.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startSimulator } from '../simulator/simulator.js';
import { AT_ONCE, measureCold, type ColdRow } from './cold.js';
import { measureGrowth } from './growth.js';
import { createLoadGenerator } from './load.js';
import { coreTimes, describeMachine, divideCores, otherWork, stolenSince } from './machine.js';
import { ACCESS_KEY, makeCredentials, SECRET_KEY } from './ours.js';
import { startProgram, stopAll } from './program.js';
import { questionsA, questionsB } from './questions.js';
import { report } from './report.js';
import { startRestService } from './rest.js';
import { bodyOf, SERVERS, startOurs, type StartedServer, type Surroundings } from './servers.js';
import { measureStartUp } from './start-up.js';
import { measureWarm } from './warm.js';
import { measureReplicas } from './replicas.js';
import { freePort } from '../test/support/free-port.js';

const quick = process.argv.includes('--quick');
const only = process.argv
  .find((argument) => argument.startsWith('--only='))
  ?.slice('--only='.length)
  .split(',');
const PLAN = quick
  ? { rounds: 3, seconds: 2, warmSeconds: 1, growthSeconds: 2, replicaRounds: 1 }
  : { rounds: 5, seconds: 6, warmSeconds: 4, growthSeconds: 4, replicaRounds: 3 };
/** Of these alone --quick measures everything that is asked cold. */
const QUICK_COLD = ['mercurius', 'ours-memory'];
const RESULTS = fileURLToPath(new URL('RESULTS.md', import.meta.url));

const startedAt = new Date();
const folder = mkdtempSync(join(tmpdir(), 'call-trace-bench-'));
const say = (line: string): void => {
  const seconds = ((Date.now() - startedAt.getTime()) / 1000).toFixed(0);
  process.stdout.write(`${seconds.padStart(5)} s  ${line}\n`);
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void cleanUp().then(() => process.exit(1)));
}
try {
  await bench();
} finally {
  await cleanUp();
}
process.exit(); // connections that are kept alive would keep the process, too

async function bench(): Promise<void> {
  const otherWorkBefore = await otherWork();
  const timesBefore = coreTimes();
  const cores = divideCores();
  say(`other work takes ${(otherWorkBefore * 100).toFixed(0)} % of the cores`);
  const simulator = await startSimulator({ accessKey: ACCESS_KEY, secretKey: SECRET_KEY });
  const rest = await startRestService(AT_ONCE);
  const surroundings: Surroundings = {
    restUrl: rest.url,
    contactCentreUrl: simulator.url,
    redisUrl: await startRedis(cores?.load),
    credentials: await makeCredentials(folder),
    folder,
    cores,
    answersFile: writeReadyAnswers(),
  };
  const generator = createLoadGenerator(folder, cores?.load);
  const servers = SERVERS.filter(({ name }) => only?.includes(name) ?? true);

  say(`starting ${servers.length} servers; load by ${generator.name}`);
  const started: { server: (typeof SERVERS)[number]; started: StartedServer | Error }[] = [];
  for (const server of servers) {
    const outcome = await server.start(surroundings).catch((error: unknown) => error as Error);
    if (outcome instanceof Error) say(`${server.name}: ${outcome.message}`);
    started.push({ server, started: outcome });
  }
  const warm = await measureWarm(started, generator, PLAN, say);
  for (const { started: one } of started) if (!(one instanceof Error)) await one.program.stop();

  const cold: ColdRow[] = [];
  for (const server of servers.filter(({ hasUpstream }) => hasUpstream)) {
    const row = await measureCold(
      server,
      surroundings,
      { simulator, rest },
      quick && !QUICK_COLD.includes(server.name),
    );
    say(`cold, ${server.name}: ${row.failure ?? JSON.stringify(row.figures)}`);
    cold.push(row);
  }

  say('growth');
  const growth = await orReason(async () => {
    const server = await startOurs({ cache: 'memory', by: 'api-key' }, surroundings);
    try {
      return await measureGrowth(server, generator, PLAN.growthSeconds, quick);
    } finally {
      await server.program.stop();
    }
  });
  say('start-up');
  const startUpMs = await orReason(() => measureStartUp(surroundings));
  say('replicas');
  const replicas = await measureReplicas(surroundings, {
    rounds: PLAN.replicaRounds,
    seconds: PLAN.seconds,
  });

  const page = report(
    { warm, cold, growth, startUpMs, replicas },
    {
      startedAt,
      minutes: (Date.now() - startedAt.getTime()) / 60_000,
      quick,
      machine: describeMachine(),
      generator: generator.name,
      cores: cores
        ? `server on ${cores.server}; load, upstream and Redis on ${cores.load}`
        : 'nothing is pinned: no taskset, or one core',
      plan: `${PLAN.rounds} rounds of ${PLAN.seconds} s each`,
      otherWorkBefore,
      otherWorkAfter: await otherWork(),
      stolen: stolenSince(timesBefore),
      versions: versions(),
    },
  );
  if (only) process.stdout.write(page);
  else writeFileSync(RESULTS, page);
  say(only ? 'done' : 'done: bench/RESULTS.md');
  await rest.close();
  await simulator.close();
}

/** Writes what the plain server answers. Returns the file. */
function writeReadyAnswers(): string {
  const answersFile = join(folder, 'answers.json');
  const answers = [
    ...questionsA().map((question) => ({
      body: bodyOf('A', question),
      answer: JSON.stringify({ data: question.data }),
    })),
    ...questionsB().map((question) => ({
      body: bodyOf('B', question),
      answer: JSON.stringify({ data: question.data }),
    })),
  ];
  writeFileSync(answersFile, JSON.stringify(answers));
  return answersFile;
}

/** A Redis of its own that keeps nothing on disk, with a database for each server; fulfils once it takes connections. */
async function startRedis(cores: string | undefined): Promise<string> {
  const port = await freePort();
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const output = join(folder, 'redis.log');
  const command = [process.env['REDIS_SERVER'] ?? 'redis-server', ...settings, '--dir', folder];
  const redis = startProgram(command, {}, output, cores);
  while (!readFileSync(output, 'utf8').includes('Ready to accept connections')) {
    if (!redis.running) throw new Error(`Redis did not start: ${redis.lastWords()}`);
    await pause(20);
  }
  return `redis://127.0.0.1:${port}`;
}

function versions(): Record<string, string> {
  const readVersions = (file: string): Record<string, string> =>
    (JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as { dependencies: Record<string, string> })
      .dependencies;
  const redis = execFileSync(process.env['REDIS_SERVER'] ?? 'redis-server', ['--version'], { encoding: 'utf8' });
  const jit = JSON.parse(readFileSync(new URL('node_modules/graphql-jit/package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return {
    ...readVersions('package.json'),
    'graphql-jit': jit.version,
    redis: /v=([\d.]+)/.exec(redis)?.[1] ?? 'unknown',
  };
}

async function orReason<T>(measure: () => Promise<T>): Promise<T | string> {
  try {
    return await measure();
  } catch (error) {
    say((error as Error).message);
    return (error as Error).message;
  }
}

async function cleanUp(): Promise<void> {
  await stopAll();
  rmSync(folder, { recursive: true, force: true });
}
