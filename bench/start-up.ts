import { startOurs, type Surroundings } from './servers.js';
import { spread, type Spread } from './statistics.js';

const STARTS = 5;

/** Time from the start of the program to its first answer, one that needs the contact centre. Unit: ms. */
export async function measureStartUp(surroundings: Surroundings): Promise<Spread> {
  const times: number[] = [];
  for (let start = 0; start < STARTS; start += 1) {
    const startedAt = performance.now();
    const server = await startOurs({ cache: 'memory', by: 'api-key' }, surroundings);
    times.push(performance.now() - startedAt);
    await server.program.stop();
  }
  return spread(times);
}
