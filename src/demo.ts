import pino from 'pino';
import pretty from 'pino-pretty';
import { loadConfig } from './config/config.js';
import { startGateway } from './gateway.js';
import { exampleCallId, SCENARIOS } from './simulator/scenarios.js';
import { startSimulator } from './simulator/simulator.js';

/** The gateway beside a simulated contact centre, on embedded settings: nothing else is needed. PORT may be set. */
const ACCESS_KEY = 'demo-access-key';
const SECRET_KEY = 'demo-secret-key';

const simulator = await startSimulator({ accessKey: ACCESS_KEY, secretKey: SECRET_KEY, latencyMs: 120 });
const config = loadConfig(
  {
    PORT: process.env['PORT'],
    NODE_ENV: 'development',
    ANONYMOUS_SCOPES: 'numbers',
    CMS_BASE_URL: simulator.url,
    CMS_ACCESS_KEY: ACCESS_KEY,
    CMS_SECRET_KEY: SECRET_KEY,
  },
  () => {
    throw new Error('the demo reads no files');
  },
);
const log = pino({ level: 'info' }, pretty({ ignore: 'pid,hostname', singleLine: true, sync: true }));

try {
  const gateway = await startGateway(config, log);
  process.stdout.write(greeting(gateway.url));
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

function greeting(url: string): string {
  const calls = SCENARIOS.map(({ name, description }) => {
    // One call goes on; the others are of a month that is over, or that which crosses its end could not be whole.
    const secondsAgo = name === 'in-progress' ? 120 : 40 * 86_400;
    return `    ${exampleCallId(name, Math.floor(Date.now() / 1000) - secondsAgo).padEnd(16)} ${description}`;
  });
  return `
  The call trace gateway answers, with a simulated contact centre behind it (${simulator.url}).

    graph   ${url}/graphql
    IDE     ${url}/          (a query is there already: press Ctrl-Enter)

  The sample call of the interface's page, from another terminal:

    curl -s ${url}/graphql -H 'content-type: application/json' \\
      -d '{"query":"{ call(vdn: 170, callId: \\"1678978542-92\\", month: \\"2021-03\\") { complete endedBy durationMs legs { position deviceType deviceNo leaveReason } } }"}'

  Other calls of VDN 170 (any call ID with the time at its head has a trace):

${calls.join('\n')}

  Ctrl-C ends it.

`;
}
