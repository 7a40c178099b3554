import { AT_ONCE, DISTINCT, IDENTICAL, LATENCY_MS } from './cold.js';
import type { Results } from './results.js';

/** One goal, what was measured for it, and whether that is enough; null: it was not measured. */
export interface Goal {
  readonly goal: string;
  readonly measured: string;
  readonly met: boolean | null;
}

type Kind = 'A' | 'B';

const PEERS = ['mercurius', 'yoga', 'hive-gateway', 'apollo-standalone', 'apollo-fastify'];
const FROM_REDIS = 'warm in Redis but not in memory ≥ 2 × Apollo standalone with its LRU off';
const LOOP_DELAY_MS = 50;
/** As many legs as growth.ts asks for at once. */
const LONGEST = 2_000;
const MOST_MIB = 150;
/** What counts as flat: a leg of a longer answer costs at most so much more than one of any shorter answer. */
const FLAT = 1.1;

/** Every goal, judged by what was measured. */
export function judge(results: Results): Goal[] {
  const rowOf = (name: string) => results.warm.find(({ server }) => server.name === name);
  const rate = (name: string, kind: Kind) => rowOf(name)?.figures[kind]?.requestsPerSecond.median;
  const cpu = (name: string, kind: Kind) => rowOf(name)?.figures[kind]?.cpuMicros?.median;
  const p99 = (name: string) => rowOf(name)?.figures.A?.p99Ms.median;
  const coldOurs = results.cold.find(({ server }) => server.name === 'ours-memory')?.figures;
  /** Judged by processor time, which other work on the machine changes least. */
  const ratio = (kind: Kind, name: string, of: string, least: number, text: string): Goal => {
    const byRate = (rate(name, kind) ?? NaN) / (rate(of, kind) ?? NaN);
    return goal(
      text,
      (cpu(of, kind) ?? NaN) / (cpu(name, kind) ?? NaN),
      (number) => `${number.toFixed(2)} × (by requests/s ${byRate.toFixed(2)} ×)`,
      (number) => number >= least,
    );
  };

  const peerP99s = PEERS.flatMap((name) => p99(name) ?? []);
  const peerP99 = peerP99s.length > 0 ? Math.min(...peerP99s) : NaN;
  const growth = typeof results.growth === 'string' ? [] : results.growth;
  const longest = growth.find(({ legs, connections }) => legs === LONGEST && connections > 1);
  const { replicas } = results;
  const startUp = typeof results.startUpMs === 'string' ? NaN : results.startUpMs.median;

  return [
    ratio('A', 'ours-memory', 'mercurius', 2, 'A in memory ≥ 2 × mercurius + jit + LRU'),
    ratio('A', 'ours-memory', 'hive-gateway', 8, 'A in memory ≥ 8 × Hive Gateway with its memory cache'),
    ratio('A', 'ours-memory', 'plain-memory', 0.5, 'A in memory ≥ 0.50 × plain `node:http` from memory'),
    ratio('B', 'ours-memory', 'mercurius', 10, 'B in memory ≥ 10 × mercurius + jit + LRU'),
    ratio('B', 'ours-memory', 'hive-gateway', 10, 'B in memory ≥ 10 × Hive Gateway with its memory cache'),
    ratio('B', 'ours-memory', 'plain-memory', 0.5, 'B in memory ≥ 0.50 × plain `node:http` from memory'),
    ratio('A', 'ours-redis', 'apollo-standalone-redis', 2, `A ${FROM_REDIS}`),
    ratio('B', 'ours-redis', 'apollo-standalone-redis', 2, `B ${FROM_REDIS}`),
    goal(
      'p99 of A at 50 connections no worse than any peer’s',
      judgedAgainst(p99('ours-memory'), peerP99),
      (value) => `${value.toFixed(2)} ms; best peer ${peerP99.toFixed(2)} ms`,
      (value) => value <= peerP99,
    ),
    goal(
      `${IDENTICAL} identical questions at once: 1 request to the upstream`,
      coldOurs?.identicalUpstream ?? NaN,
      String,
      (value) => value === 1,
    ),
    goal(
      `${DISTINCT} distinct, upstream ${LATENCY_MS} ms, ${AT_ONCE} at a time: ≤ 1.05 × the upstream’s bound`,
      coldOurs?.distinctRatio ?? NaN,
      (value) =>
        `${value.toFixed(3)} ×; the upstream asked directly ${coldOurs?.directRatio?.toFixed(3) ?? 'not measured'} ×`,
      (value) => value <= 1.05,
    ),
    goal(
      'added to one cold answer ≤ 3 ms (median)',
      coldOurs?.addedMs ?? NaN,
      (value) => `${value.toFixed(2)} ms`,
      (value) => value <= 3,
    ),
    goal(
      `memory after the run ≤ ${MOST_MIB} MiB`,
      rowOf('ours-memory')?.residentMib ?? NaN,
      (value) => `${value.toFixed(0)} MiB`,
      (value) => value <= MOST_MIB,
    ),
    goal(
      `cost per leg flat or falling with more legs and more keys (at most ${FLAT} × that of a shorter answer)`,
      worstGrowth(growth),
      (value) => `at most ${value.toFixed(2)} ×`,
      (value) => value <= FLAT,
    ),
    goal(
      `event loop delay at ${LONGEST} legs, 50 connections: p99 ≤ ${LOOP_DELAY_MS} ms`,
      longest?.loopDelayP99Ms ?? NaN,
      (value) => `${value.toFixed(0)} ms`,
      (value) => value <= LOOP_DELAY_MS,
    ),
    goal(
      'start-up to first answer ≤ 1 s (median of 5)',
      startUp,
      (value) => `${(value / 1000).toFixed(2)} s`,
      (value) => value <= 1000,
    ),
    goal(
      'two gateways ≥ 1.8 × one, where cores allow',
      'failure' in replicas ? NaN : replicas.two / replicas.one,
      (value) => `${value.toFixed(2)} ×`,
      (value) => value >= 1.8,
    ),
  ];
}

/** A figure that means something only beside another one; NaN if either is missing. */
function judgedAgainst(value: number | null | undefined, other: number): number {
  return Number.isNaN(other) ? NaN : (value ?? NaN);
}

function goal(text: string, value: number, show: (value: number) => string, fits: (value: number) => boolean): Goal {
  return Number.isFinite(value)
    ? { goal: text, measured: show(value), met: fits(value) }
    : { goal: text, measured: 'not measured', met: null };
}

/** How much dearer a leg gets, at the worst, than in a shorter question of its kind. NaN if nothing was measured. */
function worstGrowth(growth: Exclude<Results['growth'], string>): number {
  const busy = growth.filter(({ connections }) => connections > 1);
  const worst = ['legs', 'keys'].map((kind) => {
    const costs = busy.filter(({ size }) => size.endsWith(kind)).map(({ microsPerLeg }) => microsPerLeg ?? NaN);
    return Math.max(...costs.slice(1).map((cost, index) => cost / Math.min(...costs.slice(0, index + 1))));
  });
  return Math.max(...worst);
}
