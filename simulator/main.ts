import { scenariosAt } from './scenarios.js';
import { startSimulator } from './simulator.js';

/** The keys with which it can be asked, unless the environment gives others. They open nothing but simulators. */
const ACCESS_KEY = 'demo-access-key';
const SECRET_KEY = 'demo-secret-key';

const { env } = process;

const simulator = await startSimulator({
  port: readInteger('SIMULATOR_PORT', 28_443),
  host: env['SIMULATOR_HOST'] ?? '127.0.0.1',
  latencyMs: readInteger('SIMULATOR_LATENCY_MS', 0),
  seed: readInteger('SIMULATOR_SEED', 1),
  accessKey: env['CMS_ACCESS_KEY'] ?? ACCESS_KEY,
  secretKey: env['CMS_SECRET_KEY'] ?? SECRET_KEY,
  timeZone: env['CMS_TIME_ZONE'] ?? 'UTC',
});

say(`The contact-centre simulator listens on ${simulator.url}`);
say(`Its behaviour and counts: GET ${simulator.url}/control; change them with PATCH.`);
say(
  env['CMS_ACCESS_KEY'] === undefined && env['CMS_SECRET_KEY'] === undefined
    ? `Its keys: CMS_ACCESS_KEY=${ACCESS_KEY} CMS_SECRET_KEY=${SECRET_KEY}`
    : 'Its keys: those of CMS_ACCESS_KEY and CMS_SECRET_KEY here.',
);
say('Calls to ask for, in any VDN, or in the one that is named:');
for (const { name, description, callId, vdn } of scenariosAt(Date.now())) {
  say(`  ${callId}  ${vdn === null ? '' : `VDN ${vdn}, `}${name}: ${description}`);
}

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
