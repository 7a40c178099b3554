import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { askAll } from './ask.js';
import { createLoadGenerator, type LoadGenerator } from './load.js';
import { questionsA } from './questions.js';
import { startOurs, type StartedServer, type Surroundings } from './servers.js';
import { median } from './statistics.js';

/** Answers to A by one gateway and by two; or why that was not measured. */
export type ReplicasRow = { readonly one: number; readonly two: number } | { readonly failure: string };

/** To each gateway. */
const CONNECTIONS = 25;

/** A gateway and its load, together on one core. */
interface Pair {
  readonly server: StartedServer;
  readonly generator: LoadGenerator;
}

/**
 * Asks one gateway and two by turns, each with a load generator of its own on the core that it runs on: what a second
 * core adds, without a third one for the load.
 */
export async function measureReplicas(
  surroundings: Surroundings,
  plan: { readonly rounds: number; readonly seconds: number },
): Promise<ReplicasRow> {
  const cores = surroundings.cores?.all.slice(0, 2) ?? [];
  if (cores.length < 2) return { failure: 'there are no two cores to which programs can be bound' };
  const rates: Record<'one' | 'two', number[]> = { one: [], two: [] };
  const questions = questionsA();
  const pairs: Pair[] = [];
  try {
    for (const core of cores) {
      const folder = join(surroundings.folder, `core-${core}`);
      mkdirSync(folder);
      const bound = { ...surroundings, cores: { server: core, load: core, all: [core] } };
      const server = await startOurs({ cache: 'memory', by: 'api-key' }, bound);
      pairs.push({ server, generator: createLoadGenerator(folder, core) });
      await askAll(server, 'A', questions, CONNECTIONS);
      await rateOf(pairs.slice(-1)); // its code is compiled
    }
    for (let round = 0; round < plan.rounds; round += 1) {
      rates.one.push(await rateOf(pairs.slice(0, 1)));
      rates.two.push(await rateOf(pairs));
    }
    return { one: median(rates.one), two: median(rates.two) };
  } catch (error) {
    return { failure: (error as Error).message };
  } finally {
    await Promise.all(pairs.map(({ server }) => server.program.stop()));
  }

  async function rateOf(asked: readonly Pair[]): Promise<number> {
    const results = await Promise.all(
      asked.map(({ server, generator }) => {
        const bodies = questions.map((question) => server.bodyOf('A', question));
        const load = {
          url: server.url,
          headers: server.headers,
          bodies,
          connections: CONNECTIONS,
          seconds: plan.seconds,
        };
        return generator.run(load, server.program.pid);
      }),
    );
    return results.reduce((sum, { requestsPerSecond }) => sum + requestsPerSecond, 0);
  }
}
