import { askAll } from './ask.js';
import type { LoadGenerator } from './load.js';
import { questionsA } from './questions.js';
import { startOurs, type StartedServer, type Surroundings } from './servers.js';
import { median } from './statistics.js';

/** Answers to A by one gateway and by two, nothing pinned; or why that was not measured. */
export type ReplicasRow = { readonly one: number; readonly two: number } | { readonly failure: string };

/** Of all gateways together. */
const CONNECTIONS = 50;

/** Asks one gateway and two by turns. Load and gateways share the cores, so of two cores little is left to gain. */
export async function measureReplicas(
  surroundings: Surroundings,
  generator: LoadGenerator,
  plan: { readonly rounds: number; readonly seconds: number },
): Promise<ReplicasRow> {
  const rates: Record<'one' | 'two', number[]> = { one: [], two: [] };
  const questions = questionsA();
  const variant = { cache: 'memory', by: 'api-key' } as const;
  const servers: StartedServer[] = [];
  try {
    for (let count = 0; count < 2; count += 1) {
      const server = await startOurs(variant, { ...surroundings, cores: null });
      servers.push(server);
      await askAll(server, 'A', questions, CONNECTIONS);
    }
    for (let round = 0; round < plan.rounds; round += 1) {
      rates.one.push(await rateOf(servers.slice(0, 1)));
      rates.two.push(await rateOf(servers));
    }
    return { one: median(rates.one), two: median(rates.two) };
  } catch (error) {
    return { failure: (error as Error).message };
  } finally {
    await Promise.all(servers.map((server) => server.program.stop()));
  }

  async function rateOf(asked: readonly StartedServer[]): Promise<number> {
    const results = await Promise.all(
      asked.map((server) => {
        const bodies = questions.map((question) => server.bodyOf('A', question));
        const connections = CONNECTIONS / asked.length;
        const load = { url: server.url, headers: server.headers, bodies, connections, seconds: plan.seconds };
        return generator.run(load, server.program.pid);
      }),
    );
    return results.reduce((sum, { requestsPerSecond }) => sum + requestsPerSecond, 0);
  }
}
