import { SETTINGS } from '../src/settings.js';
import { askAll } from './ask.js';
import type { LoadGenerator } from './load.js';
import { questionsA } from './questions.js';
import { startOurs, type Surroundings } from './servers.js';
import { median } from './statistics.js';

/** Answers to A by one worker process and by two, nothing pinned; or why that was not measured. */
export type WorkersRow = { readonly one: number; readonly two: number } | { readonly failure: string };

const CONNECTIONS = 50;

/** Asks one worker and two by turns. Load and workers share the cores, so of two cores little is left to gain. */
export async function measureWorkers(
  surroundings: Surroundings,
  generator: LoadGenerator,
  plan: { readonly rounds: number; readonly seconds: number },
): Promise<WorkersRow> {
  if (!('WORKERS' in SETTINGS.shape)) return { failure: 'there is no setting WORKERS' };
  const rates: Record<'1' | '2', number[]> = { 1: [], 2: [] };
  const questions = questionsA();
  try {
    for (let round = 0; round < plan.rounds; round += 1) {
      for (const workers of ['1', '2'] as const) {
        const variant = { cache: 'memory', by: 'api-key' } as const;
        const server = await startOurs(variant, { ...surroundings, cores: null }, { WORKERS: workers });
        try {
          // Often enough that each worker has been asked for every call.
          for (let pass = 0; pass < 4; pass += 1) await askAll(server, 'A', questions, CONNECTIONS);
          const bodies = questions.map((question) => server.bodyOf('A', question));
          const load = { url: server.url, headers: server.headers, bodies, connections: CONNECTIONS };
          await generator.run({ ...load, seconds: plan.seconds }, server.program.pid);
          const { requestsPerSecond } = await generator.run({ ...load, seconds: plan.seconds }, server.program.pid);
          rates[workers].push(requestsPerSecond);
        } finally {
          await server.program.stop();
        }
      }
    }
    return { one: median(rates[1]), two: median(rates[2]) };
  } catch (error) {
    return { failure: (error as Error).message };
  }
}
