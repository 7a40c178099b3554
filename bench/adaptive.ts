/**
 * What CMS_ADAPTIVE_CONCURRENCY is worth when a contact centre loses most of its capacity: throughput, p95 of the time
 * to an answer, failures, and how much waits inside the contact centre. It works on 50 requests at once, then on 5, then
 * on 50 again; 100 ms each. Two loads: 60 clients who each wait for an answer before they ask again; and 100 questions a
 * second whatever happens, which is twice what 5 at once can answer, with short deadlines. Prints Markdown.
 * Run: tsx bench/adaptive.ts [seconds of each phase, 15 by default]
 */
import { setTimeout as pause } from 'node:timers/promises';
import pino from 'pino';
import { loadConfig } from '../src/config.js';
import { startGateway } from '../src/gateway.js';
import { startSimulator } from '../src/simulator/simulator.js';
import { environmentFor } from '../test/support/gateway.js';
import { postOperation } from '../test/support/client.js';

const PHASE_SECONDS = Number(process.argv[2] ?? 15);
const LATENCY_MS = 100;
const PHASES = [
  { name: '50', capacity: 50 },
  { name: '5', capacity: 5 },
  { name: '50 again', capacity: 50 },
];
interface Load {
  readonly name: string;
  /** Clients who wait for their answers; or questions a second. */
  readonly clients?: number;
  readonly rate?: number;
  readonly attemptTimeoutMs: number;
  readonly deadlineMs: number;
}

const LOADS: readonly Load[] = [
  { name: '60 clients', clients: 60, attemptTimeoutMs: 4_000, deadlineMs: 10_000 },
  { name: '100 a second', rate: 100, attemptTimeoutMs: 1_000, deadlineMs: 3_000 },
];

interface Figures {
  asked: number;
  failed: number;
  readonly latencies: number[];
  readonly limits: number[];
  /** Requests under way inside the contact centre. */
  readonly inside: number[];
}

async function run(load: Load, adaptive: boolean): Promise<Figures[]> {
  const simulator = await startSimulator({ latencyMs: LATENCY_MS, capacity: 50 });
  const config = loadConfig(
    {
      ...environmentFor(simulator),
      LOG_LEVEL: 'silent',
      CMS_MAX_CONCURRENCY: '50',
      CMS_ADAPTIVE_CONCURRENCY: String(adaptive),
      CMS_ATTEMPT_TIMEOUT_MS: String(load.attemptTimeoutMs),
      REQUEST_DEADLINE_MS: String(load.deadlineMs),
    },
    () => '',
  );
  const gateway = await startGateway(config, pino({ level: 'silent' }));
  const figures: Figures[] = [];
  let next = 0;
  for (const { capacity } of PHASES) {
    simulator.configure({ capacity });
    const current: Figures = { asked: 0, failed: 0, latencies: [], limits: [], inside: [] };
    figures.push(current);
    const open: Promise<void>[] = [];
    const startedAt = performance.now();
    const going = (): boolean => performance.now() - startedAt < PHASE_SECONDS * 1_000;
    for (let n = 0; n < (load.clients ?? 0); n += 1) open.push(client(current, going));
    while (going()) {
      const due = Math.floor(((performance.now() - startedAt) / 1_000) * (load.rate ?? 0));
      while (current.asked < due) open.push(ask(current));
      const { upstream } = (await (await fetch(`${gateway.url}/readyz`)).json()) as {
        upstream: { concurrency: number };
      };
      current.limits.push(upstream.concurrency);
      current.inside.push(simulator.inFlight);
      await pause(20);
    }
    await Promise.all(open);
  }
  await gateway.close();
  await simulator.close();
  return figures;

  async function client(current: Figures, going: () => boolean): Promise<void> {
    while (going()) await ask(current);
  }

  async function ask(current: Figures): Promise<void> {
    const number = (next += 1);
    current.asked += 1;
    const startedAt = performance.now();
    const callId = `${1_736_000_000 + number}-2`;
    const { body } = await postOperation(
      `${gateway.url}/graphql`,
      `{ call(vdn: ${170 + (number % 5)}, callId: "${callId}") { callId } }`,
    );
    if (body.errors) current.failed += 1;
    else current.latencies.push(performance.now() - startedAt);
  }
}

function percentile(values: readonly number[], share: number): string {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length === 0
    ? '–'
    : String(Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0));
}

console.log(`| load | adaptive | capacity | asked/s | answered/s | failed | p50 ms | p95 ms | inside it (median) | limit (median) |
|---|---|---|---|---|---|---|---|---|---|`);
for (const load of LOADS) {
  for (const adaptive of [false, true]) {
    const figures = await run(load, adaptive);
    figures.forEach(({ asked, failed, latencies, limits, inside }, index) => {
      const cells = [
        load.name,
        String(adaptive),
        PHASES[index]?.name,
        (asked / PHASE_SECONDS).toFixed(0),
        (latencies.length / PHASE_SECONDS).toFixed(1),
        `${((failed / asked) * 100).toFixed(0)} %`,
        percentile(latencies, 0.5),
        percentile(latencies, 0.95),
        percentile(inside, 0.5),
        percentile(limits, 0.5),
      ];
      console.log(`| ${cells.join(' | ')} |`);
    });
  }
}
