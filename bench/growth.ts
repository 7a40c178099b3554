import { ask, get, post } from './ask.js';
import type { LoadGenerator } from './load.js';
import { DOCUMENT_DERIVED, KEYS_PER_LIST, listQuestion, longCall, questionsA, type Question } from './questions.js';
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

/** A question of one length. */
interface Step {
  readonly size: string;
  readonly legs: number;
  /** The texts of its requests. */
  readonly bodies: readonly string[];
  /** Asks each once, and rejects if an answer is not the right one. */
  readonly check: () => Promise<void>;
}

/**
 * Asks for ever more at once: one call with ever more legs, then ever more calls, then what a list of calls came to; by 50
 * connections, and unless quick by one.
 */
export async function measureGrowth(
  server: StartedServer,
  generator: LoadGenerator,
  seconds: number,
  quick: boolean,
): Promise<GrowthRow[]> {
  const rows: GrowthRow[] = [];
  const steps = [
    ...LEGS.map((legs) => stepOf(server, `${legs} legs`, legs, 'A', questionsA([longCall(legs)]))),
    ...KEYS.map((keys) => stepOf(server, `${keys} keys`, keys * LEGS_PER_CALL, 'B', lists(keys))),
    derivedStep(server),
  ];
  for (const { size, legs, bodies, check } of steps) {
    await check();
    for (const connections of quick ? [50] : [50, 1]) {
      await loopDelayP99Ms(server); // begins a new count
      const { requestsPerSecond, serverCpu } = await load(server, bodies, connections);
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

  async function load({ url, headers, program }: StartedServer, bodies: readonly string[], connections: number) {
    const result = await generator.run({ url, headers, bodies, connections, seconds }, program.pid);
    if (result.failures > 0) throw new Error(`${result.failures} requests failed under load`);
    return result;
  }
}

function lists(keys: number): Question[] {
  return Array.from({ length: 20 }, (_, list) => listQuestion(list * 20, keys));
}

function stepOf(
  server: StartedServer,
  size: string,
  legs: number,
  kind: 'A' | 'B',
  questions: readonly Question[],
): Step {
  return {
    size,
    legs,
    bodies: questions.map((question) => server.bodyOf(kind, question)),
    check: async () => {
      for (const question of questions) await ask(server, kind, question);
    },
  };
}

/** `verdict ending totals findings` of each call of a list: derived, not read from its records. */
function derivedStep({ url, headers }: StartedServer): Step {
  const bodies = lists(KEYS_PER_LIST).map(({ variables }) => JSON.stringify({ query: DOCUMENT_DERIVED, variables }));
  return {
    size: `${KEYS_PER_LIST} keys, derived`,
    legs: KEYS_PER_LIST * LEGS_PER_CALL,
    bodies,
    check: async () => {
      for (const body of bodies) {
        const text = await post(url, body, headers);
        const { data } = JSON.parse(text) as { data?: { calls: readonly (DerivedCall | null)[] } };
        if (data?.calls.length !== KEYS_PER_LIST || !data.calls.every(isRight))
          throw new Error(`a wrong answer: ${text.slice(0, 300)}`);
      }
    },
  };
}

interface DerivedCall {
  readonly verdict: string;
  readonly totals: Readonly<Record<string, number>>;
}

/** All calls of the bench have the same story: an agent answers, and the times add up to the whole. */
function isRight(call: DerivedCall | null): boolean {
  if (call?.verdict !== 'ANSWERED') return false;
  const { durationMs, ...parts } = call.totals;
  return durationMs === Object.values(parts).reduce((sum, ms) => sum + ms, 0);
}

/** The delay since it was last asked for: reading it begins a new count. */
async function loopDelayP99Ms({ url, headers }: StartedServer): Promise<number | null> {
  const metrics = await get(new URL('/metrics', url).href, headers);
  const seconds = /^nodejs_eventloop_lag_p99_seconds ([\d.e+-]+)$/m.exec(metrics)?.[1];
  return seconds === undefined ? null : Number(seconds) * 1000;
}
