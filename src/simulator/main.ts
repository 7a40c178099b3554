import { SCENARIOS, exampleCallId } from './scenarios.js';
import { startSimulator } from './simulator.js';

/** How long ago the example calls that are shown began: their month is over, so even one that crosses its end is whole. */
const EXAMPLE_AGE_SECONDS = 40 * 86_400;

const { env } = process;

const simulator = await startSimulator({
  port: readInteger('SIMULATOR_PORT', 28_443),
  host: env['SIMULATOR_HOST'] ?? '127.0.0.1',
  latencyMs: readInteger('SIMULATOR_LATENCY_MS', 0),
  seed: readInteger('SIMULATOR_SEED', 1),
  accessKey: env['CMS_ACCESS_KEY'] ?? 'demo-access-key',
  secretKey: env['CMS_SECRET_KEY'] ?? 'demo-secret-key',
  timeZone: env['CMS_TIME_ZONE'] ?? 'UTC',
});

const exampleStart = Math.floor(Date.now() / 1000) - EXAMPLE_AGE_SECONDS;
say(`The contact-centre simulator listens on ${simulator.url}`);
say(`Its behaviour and counts: GET ${simulator.url}/control; change them with PATCH.`);
say('Calls to ask for, in any VDN:');
for (const { name, description } of SCENARIOS) say(`  ${exampleCallId(name, exampleStart)}  ${name}: ${description}`);

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    void simulator.close().then(() => say('The contact-centre simulator has stopped.'));
  });
}

function readInteger(name: string, fallback: number): number {
  const text = env[name];
  if (text === undefined || text === '') return fallback;
  if (/^\d+$/.test(text)) return Number(text);
  throw new RangeError(`${name} must be a whole number, 0 or more`);
}

function say(sentence: string): void {
  process.stdout.write(`${sentence}\n`);
}
