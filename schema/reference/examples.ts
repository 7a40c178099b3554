import { existsSync, readdirSync, readFileSync } from 'node:fs';
import pino from 'pino';
import { loadConfig } from '../../src/config/config.js';
import { startGateway } from '../../src/gateway.js';
import { startSimulator } from '../../simulator/simulator.js';

/** An operation of `examples/`, and what a gateway before the simulated contact centre answered. */
export interface Example {
  readonly name: string;
  /** The question that it answers: the comment at its head. */
  readonly title: string;
  readonly document: string;
  /** JSON; null: it takes none. */
  readonly variables: string | null;
  /** JSON. What differs from time to time is that of one moment. */
  readonly answer: string;
}

const ACCESS_KEY = 'demo-access-key';
const SECRET_KEY = 'demo-secret-key';

/** What the page shows in place of values that differ each time. */
const MOMENT: Readonly<Record<string, unknown>> = {
  askedAt: '2026-11-28T12:00:00.000Z',
  freshUntil: '2026-12-05T12:00:00.000Z',
  ageMs: 0,
  requestId: '4f6a1c1e-8f57-4f6e-9d0e-1d8f2b7c5a90',
};

/** Runs every operation of a folder against a gateway of its own. Rejects if one is refused as a whole. */
export async function runExamples(folder: URL): Promise<Example[]> {
  const simulator = await startSimulator({ accessKey: ACCESS_KEY, secretKey: SECRET_KEY });
  const env = {
    ...{ PORT: '0', HOST: '127.0.0.1', NODE_ENV: 'test', AUTH_MODE: 'none', DRAIN_MS: '0' },
    ...{ CMS_BASE_URL: simulator.url, CMS_ACCESS_KEY: ACCESS_KEY, CMS_SECRET_KEY: SECRET_KEY },
  };
  const config = loadConfig(env, (path) => readFileSync(path, 'utf8'));
  const gateway = await startGateway(config, pino({ level: 'silent' }));
  try {
    const examples: Example[] = [];
    const names = readdirSync(folder).filter((file) => file.endsWith('.graphql'));
    for (const file of names.sort()) examples.push(await run(`${gateway.url}/graphql`, folder, file));
    return examples;
  } finally {
    await gateway.close();
    await simulator.close();
  }
}

async function run(url: string, folder: URL, file: string): Promise<Example> {
  const text = readFileSync(new URL(file, folder), 'utf8');
  const given = new URL(file.replace('.graphql', '.json'), folder);
  const variables = existsSync(given) ? readFileSync(given, 'utf8').trim() : null;
  const reply = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: text, variables: variables === null ? {} : (JSON.parse(variables) as unknown) }),
  });
  const answer = (await reply.json()) as { readonly data?: unknown };
  if (!reply.ok || answer.data == null)
    throw new Error(`${file} was answered ${reply.status}: ${JSON.stringify(answer)}`);
  const [, title = '', document = ''] = /^((?:#.*\n)*)([^]*)$/.exec(text) ?? [];
  return {
    name: file.replace('.graphql', ''),
    title: title.replaceAll(/^# ?/gm, '').replaceAll('\n', ' ').trim(),
    document: document.trim(),
    variables,
    answer: JSON.stringify(answer, (name, value: unknown) => (name in MOMENT ? MOMENT[name] : value), 2),
  };
}
