import { ask, askAll } from './ask.js';
import type { LoadGenerator } from './load.js';
import { residentMib } from './machine.js';
import { questionsA, questionsB, type Question } from './questions.js';
import type { Server, StartedServer } from './servers.js';
import { spread, type Spread } from './statistics.js';

/** What one server did with one question, over all rounds. */
export interface WarmFigures {
  readonly requestsPerSecond: Spread;
  readonly p99Ms: Spread;
  /** Processor time of the server for one request. Unit: µs. Null where the system does not tell. */
  readonly cpuMicros: Spread | null;
  /** The generator used all of its core: the server might have done more. */
  readonly loadSaturated: boolean;
}

/** What became of one server. */
export interface WarmRow {
  readonly server: Server;
  readonly figures: Readonly<Partial<Record<'A' | 'B', WarmFigures>>>;
  /** After the last round. Unit: MiB. */
  readonly residentMib: number | null;
  /** Why there are no figures, or not all. */
  readonly failure: string | null;
}

/** How long and how often. */
export interface WarmPlan {
  readonly rounds: number;
  readonly seconds: number;
  readonly warmSeconds: number;
}

const CONNECTIONS = 50;
const SATURATED = 0.95;
const KINDS = ['A', 'B'] as const;
const QUESTIONS: Readonly<Record<'A' | 'B', readonly Question[]>> = { A: questionsA(), B: questionsB() };
/** So many answers are compared after each round. */
const SAMPLE = 5;

interface Run {
  readonly server: Server;
  readonly started: StartedServer;
  readonly results: Record<'A' | 'B', Awaited<ReturnType<LoadGenerator['run']>>[]>;
  failure: string | null;
}

/**
 * Asks every server both questions, by turns: each round each server once with each. A server is filled and compared
 * before, and compared again after each turn; one that fails is out, and the rest go on.
 */
export async function measureWarm(
  servers: readonly { readonly server: Server; readonly started: StartedServer | Error }[],
  generator: LoadGenerator,
  plan: WarmPlan,
  say: (line: string) => void,
): Promise<WarmRow[]> {
  const runs: Run[] = [];
  for (const { server, started } of servers) {
    if (started instanceof Error) continue;
    const run: Run = { server, started, results: { A: [], B: [] }, failure: null };
    runs.push(run);
    await attempt(run, async () => {
      for (const kind of KINDS) await askAll(started, kind, QUESTIONS[kind], CONNECTIONS);
      for (const kind of KINDS) await load(run, kind, plan.warmSeconds);
    });
    say(`${server.name}: ${run.failure ?? 'warm, all answers right'}`);
  }
  for (let round = 1; round <= plan.rounds; round += 1) {
    for (const kind of KINDS) {
      const rates: string[] = [];
      for (const run of runs) {
        if (run.failure !== null) continue;
        await attempt(run, async () => {
          const result = await load(run, kind, plan.seconds);
          for (const question of QUESTIONS[kind].slice(0, SAMPLE)) await ask(run.started, kind, question);
          run.results[kind].push(result);
          rates.push(`${run.server.name} ${result.requestsPerSecond.toFixed(0)}`);
        });
      }
      say(`round ${round} of ${plan.rounds}, ${kind}: ${rates.join(', ')} requests/s`);
    }
  }
  return servers.map(({ server, started }) => {
    const run = runs.find((one) => one.server === server);
    if (!run) return { server, figures: {}, residentMib: null, failure: (started as Error).message };
    const measured = KINDS.filter((kind) => run.results[kind].length > 0);
    return {
      server,
      figures: Object.fromEntries(measured.map((kind) => [kind, figuresOf(run.results[kind])])),
      residentMib: residentMib(run.started.program.pid),
      failure: run.failure,
    };
  });

  async function load({ started }: Run, kind: 'A' | 'B', seconds: number): Promise<Run['results']['A'][number]> {
    const bodies = QUESTIONS[kind].map((question) => started.bodyOf(kind, question));
    const { url, headers, program } = started;
    const result = await generator.run({ url, headers, bodies, connections: CONNECTIONS, seconds }, program.pid);
    if (result.failures > 0) throw new Error(`${result.failures} requests failed under load`);
    return result;
  }
}

async function attempt(run: Run, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const words = run.started.program.running ? '' : `; it ended: ${run.started.program.lastWords()}`;
    run.failure = `${(error as Error).message}${words}`;
  }
}

function figuresOf(results: Run['results']['A']): WarmFigures {
  const cpu = results.flatMap(({ serverCpu, requestsPerSecond }) =>
    serverCpu === null ? [] : [(serverCpu / requestsPerSecond) * 1e6],
  );
  return {
    requestsPerSecond: spread(results.map((result) => result.requestsPerSecond)),
    p99Ms: spread(results.map((result) => result.p99Ms)),
    cpuMicros: cpu.length > 0 ? spread(cpu) : null,
    loadSaturated: results.some(({ loadCpu, serverCpu }) => (loadCpu ?? 0) > SATURATED && (serverCpu ?? 1) < SATURATED),
  };
}
