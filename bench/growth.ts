import { ask, get } from './ask.js';
import type { LoadGenerator } from './load.js';
import { listQuestion, longCall, questionsA, type Question } from './questions.js';
import type { StartedServer } from './servers.js';

/** What a longer question costs. */
export interface GrowthRow {
  /** `6 legs` or `10 keys`. */
  readonly size: string;
  readonly legs: number;
  readonly connections: number;
  readonly requestsPerSecond: number;
  /** Processor time of the server for one leg of an answer. Unit: µs. Null if nothing was answered, or nobody tells. */
  readonly microsPerLeg: number | null;
  /** p99 of the event loop's delay, as /metrics tells it; an idle loop has about 11. Unit: ms. Null if it does not. */
  readonly loopDelayP99Ms: number | null;
}

/** Legs of one call, as many as an answer may have with 20 fields of each, and calls of six legs in one question. */
const LEGS = [6, 60, 600, 2_000];
const KEYS = [1, 10, 100, 200];
const LEGS_PER_CALL = 6;

/** Asks for ever more at once: one call with ever more legs, then ever more calls; by 50 connections, and unless quick by one. */
export async function measureGrowth(
  server: StartedServer,
  generator: LoadGenerator,
  seconds: number,
  quick: boolean,
): Promise<GrowthRow[]> {
  const rows: GrowthRow[] = [];
  const steps = [
    ...LEGS.map((legs) => ({
      size: `${legs} legs`,
      legs,
      kind: 'A' as const,
      questions: questionsA([longCall(legs)]),
    })),
    ...KEYS.map((keys) => ({
      size: `${keys} keys`,
      legs: keys * LEGS_PER_CALL,
      kind: 'B' as const,
      questions: Array.from({ length: 20 }, (_, list) => listQuestion(list * 20, keys)),
    })),
  ];
  for (const { size, legs, kind, questions } of steps) {
    for (const question of questions) await ask(server, kind, question);
    for (const connections of quick ? [50] : [50, 1]) {
      await loopDelayP99Ms(server); // begins a new count
      const { requestsPerSecond, serverCpu } = await load(server, kind, questions, connections);
      rows.push({
        size,
        legs,
        connections,
        requestsPerSecond,
        microsPerLeg:
          serverCpu === null || requestsPerSecond === 0 ? null : (serverCpu * 1e6) / (requestsPerSecond * legs),
        loopDelayP99Ms: await loopDelayP99Ms(server),
      });
    }
  }
  return rows;

  async function load(
    { url, headers, bodyOf, program }: StartedServer,
    kind: 'A' | 'B',
    questions: readonly Question[],
    connections: number,
  ) {
    const bodies = questions.map((question) => bodyOf(kind, question));
    const result = await generator.run({ url, headers, bodies, connections, seconds }, program.pid);
    if (result.failures > 0) throw new Error(`${result.failures} requests failed under load`);
    return result;
  }
}

/** The delay since it was last asked for: reading it begins a new count. */
async function loopDelayP99Ms({ url, headers }: StartedServer): Promise<number | null> {
  const metrics = await get(new URL('/metrics', url).href, headers);
  const seconds = /^nodejs_eventloop_lag_p99_seconds ([\d.e+-]+)$/m.exec(metrics)?.[1];
  return seconds === undefined ? null : Number(seconds) * 1000;
}
