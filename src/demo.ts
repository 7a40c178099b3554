import pino from 'pino';
import pretty from 'pino-pretty';
import { hashKey } from './access/api-keys.js';
import { loadConfig } from './config/config.js';
import { startGateway } from './gateway.js';
import type { ViewerStory } from './http/viewer.js';
import { scenariosAt, type ScenarioEntry } from '../simulator/scenarios.js';
import { startSimulator } from '../simulator/simulator.js';
import { STORIES } from '../simulator/stories.js';
import { buildViewer } from '../viewer/build.js';

/**
 * The gateway beside a simulated contact centre: nothing else is needed. Callers sign in and numbers are masked as in
 * production; keys, call IDs and calls are the same at each start. PORT and HOST may be set.
 */
const ACCESS_KEY = 'demo-access-key';
const SECRET_KEY = 'demo-secret-key';
/** Keys of callers. They open nothing but demos. */
const MASKED_KEY = 'ctg_demo-dashboard-which-sees-masked-numbers-01';
const WHOLE_KEY = 'ctg_demo-supervisor-who-sees-whole-numbers-0001';
const API_KEYS = [
  { name: 'demo-dashboard', sha256: hashKey(MASKED_KEY).toString('hex'), vdns: ['*/*'] },
  { name: 'demo-supervisor', sha256: hashKey(WHOLE_KEY).toString('hex'), vdns: ['*/*'], scopes: ['numbers'] },
];

const simulator = await startSimulator({ accessKey: ACCESS_KEY, secretKey: SECRET_KEY, latencyMs: 120 });
const config = loadConfig(
  {
    PORT: process.env['PORT'],
    HOST: process.env['HOST'] ?? '127.0.0.1',
    NODE_ENV: 'development',
    AUTH_MODE: 'api-key',
    API_KEYS_FILE: 'the keys above',
    NUMBER_HASH_KEY: 'the demo hashes invented numbers alone',
    CMS_BASE_URL: simulator.url,
    CMS_ACCESS_KEY: ACCESS_KEY,
    CMS_SECRET_KEY: SECRET_KEY,
  },
  () => JSON.stringify(API_KEYS),
);
const log = pino({ level: 'info' }, pretty({ ignore: 'pid,hostname', singleLine: true, sync: true }));

try {
  const ideHeaders = { 'x-api-key': MASKED_KEY };
  const viewer = { history: true, key: MASKED_KEY, stories: viewerStories(), files: await buildViewer() };
  const gateway = await startGateway({ ...config, server: { ...config.server, ideHeaders, viewer } }, log);
  process.stdout.write(greeting(`http://localhost:${new URL(gateway.url).port}`));
  const close = (): void => {
    void Promise.all([gateway.close(), simulator.close()]).then(() => process.exit(0));
  };
  process.once('SIGTERM', close);
  process.once('SIGINT', close);
} catch (error) {
  const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
  process.stderr.write(
    taken
      ? `Port ${config.server.port} is taken: end what listens there, or set PORT to another, then start the demo again.\n`
      : `${String((error as Error).stack)}\n`,
  );
  process.exit(1);
}

/** The stories, for the start page. Those that are told as of now have IDs of this start. */
function viewerStories(): ViewerStory[] {
  const stories = scenariosAt(Date.now()).filter(({ kind }) => kind !== 'drawn');
  return stories.map(({ name, description, callId, vdn, month }) => ({
    ...{ name, callId, month },
    description: { en: description, zh: STORIES.find((story) => story.name === name)?.chinese ?? description },
    vdn: vdn ?? 170,
  }));
}

function greeting(url: string): string {
  const scenarios = scenariosAt(Date.now());
  const listed = (kind: ScenarioEntry['kind']): string =>
    scenarios
      .filter((scenario) => scenario.kind === kind)
      .map(({ name, description, callId }) => `    ${callId.padEnd(16)} ${name}: ${description}`)
      .join('\n');
  const transferred = scenarios.find(({ name }) => name === 'attended-transfer')?.callId ?? '';
  return `
  The call trace gateway answers, with a simulated contact centre behind it (${simulator.url}).

    page    ${url}/calls   (a transferred call: ${url}/calls/170/${transferred})
    graph   ${url}/graphql
    IDE     ${url}/          (a query is there already: press Ctrl-Enter)

  The same call in a terminal:

    CALL_TRACE_URL=${url} CALL_TRACE_API_KEY=${MASKED_KEY} \\
      npm run --silent call-trace -- show 170 ${transferred}

  Callers have keys, as in production. A dashboard's key sees phone numbers masked, and a hash that tells them apart:

${curl(url, MASKED_KEY, transferred)}

  A supervisor's key has the scope "numbers" and sees them whole, which is written down below as an audit event:

${curl(url, WHOLE_KEY, transferred)}

  The IDE sends the dashboard's key; put the other one into its tab "Headers" to see the difference.

  Stories of VDN 170, record by record the same at each start:

${listed('story')}

  Two more, whose IDs are of this start:

${listed('story as of now')}

  Calls drawn by lot, the same at each start (any other call ID with a time at its head has a trace, too;
  $(date +%s)-10 is a call that has just begun):

${listed('drawn')}

  Ctrl-C ends it.

`;
}

function curl(url: string, key: string, callId: string): string {
  const query = `{ call(vdn: 170, callId: \\"${callId}\\") { callerNo callerNoHash endedBy legs { deviceType deviceNo } } }`;
  return `    curl -s ${url}/graphql -H 'content-type: application/json' -H 'x-api-key: ${key}' \\
      -d '{"query":"${query}"}'`;
}
